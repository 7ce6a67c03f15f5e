"""Where a session's older lines are archived, and who is told when some are lost."""

from collections.abc import Callable
from pathlib import Path

from podium.core.protocol.reports import ErrorReport, Report
from podium.terminal.screen.lines.archive import LineStore
from podium.worker.saving.line_file import LineFile


class LineArchive:
    """The store for one session's lines: a file, or the memory where there is no folder for one."""

    def __init__(self, folder: str, emit: Callable[[Report], None]) -> None:
        self._emit = emit
        self._file = LineFile(Path(folder)) if folder else None
        self._told = False

    @property
    def store(self) -> LineStore | None:
        """None for the memory."""
        return self._file

    def check(self, lost: int) -> None:
        """Tell the person, once for a session, that ``lost`` lines are gone, if there are any."""
        if lost and not self._told:
            self._told = True
            reason = (self._file.fault if self._file is not None else "") or "What was stored is damaged"
            self._emit(
                ErrorReport(
                    f"Its oldest lines could not be kept on disk and were dropped ({reason}). Everything else works."
                )
            )

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
