"""*Export*: runs are read part by part and written beside the window's thread; the file is there as a whole or not at
all.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from podium.core.background import RunInBackground
from podium.core.system.whole_file import WholeFile
from podium.history import run_list
from podium.history.database import Database
from podium.history.run_export import RunTable, TableFormat
from podium.history.run_list import RunOrder, RunRows
from podium.history.runs import MOST_RUNS, RunFilter
from podium.ui.history.loading import AskHistory

FILTERS: Final = {
    TableFormat.CSV: "Table (*.csv)",
    TableFormat.JSON: "Data for scripts (*.json)",
}


class RunExport:
    """One export: all runs that pass the filter, in the order shown."""

    def __init__(
        self,
        ask: AskHistory,
        run: RunInBackground,
        path: Path,
        format: TableFormat,
        wanted: tuple[RunFilter, RunOrder, bool],
        said: Callable[[str], None],
    ) -> None:
        """``wanted`` is the filter, the order, and whether it is upwards; ``said`` gets how it ended, for a person."""
        self._ask = ask
        self._run = run
        self._path = path
        self._wanted = wanted
        self._said = said
        self._table = RunTable(format)
        self._file: WholeFile | None = None
        self._count = 0

    def begin(self) -> None:
        def open_file() -> None:
            self._file = WholeFile(self._path)
            self._write(self._table.begin())

        self._run(open_file, lambda _: self._read(0), self._fail)

    def _read(self, offset: int) -> None:
        filter, order, ascending = self._wanted

        def read(database: Database) -> RunRows:
            return run_list.rows(
                database, filter, order=order, ascending=ascending, offset=offset, limit=MOST_RUNS
            )

        self._ask(read, self._on_read, self._fail)

    def _on_read(self, rows: RunRows) -> None:
        self._count += len(rows.rows)

        def write() -> None:
            self._write(self._table.add(rows.rows))
            if not rows.more:
                self._write(self._table.end())
                assert self._file is not None
                self._file.finish()

        def then(_: object) -> None:
            if rows.more:
                self._read(rows.offset + len(rows.rows))
            else:
                noun = "run" if self._count == 1 else "runs"
                self._said(f"{self._count:,} {noun} written to {self._path.name}")

        self._run(write, then, self._fail)

    def _write(self, text: str) -> None:
        assert self._file is not None
        self._file.write(text.encode("utf-8", "replace"))

    def _fail(self, error: Exception) -> None:
        words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        self._said(f"{self._path.name} was not written: {words or type(error).__name__}.")
        file, self._file = self._file, None
        if file is not None:
            self._run(file.discard, lambda _: None, lambda _: None)
