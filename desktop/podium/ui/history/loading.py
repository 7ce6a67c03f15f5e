"""Asks the history for what the page shows; answers to older questions are dropped."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final, Protocol

import msgspec
from PySide6.QtCore import QObject, Signal, SignalInstance

from podium.history import run_list
from podium.history.database import Database
from podium.history.run_list import ListedRun, RunRows, RunSums
from podium.history.runs import MOST_RUNS, RunFilter
from podium.ui.history.wanted import Wanted

PAGE: Final = 200


class AskHistory(Protocol):
    """Asks the history on its own thread; one of the two is called on the window's."""

    def __call__(
        self,
        work: Callable[[Database], Any],
        then: Callable[[Any], None],
        failed: Callable[[Exception], None],
    ) -> None: ...


class Loaded(msgspec.Struct, frozen=True):
    """The first rows, what the days of the plot came to, and the instances of the range, whatever else is wanted."""

    wanted: Wanted
    today: date
    rows: RunRows
    sums: RunSums
    plotted: RunSums
    everything: RunSums
    any_runs: bool
    """Whether there is any run at all."""


class RunLoading(QObject):
    """Loads from the start, or goes on where the last rows ended."""

    loaded = Signal(object)
    """Loaded: all is to be shown anew."""
    more_loaded = Signal(object)
    """RunRows that follow."""
    failed = Signal(str)
    """Words for a person; what was shown does not go with what is wanted."""
    more_failed = Signal(str)
    """The rows that follow can't be had; words for a person."""

    def __init__(self, ask: AskHistory, today: Callable[[], date], parent: QObject) -> None:
        super().__init__(parent)
        self._ask = ask
        self._today = today
        self._newest: object = None
        self._wanted = Wanted()
        self._filter = self._wanted.filter(today())

    def load(self, wanted: Wanted, count: int = PAGE) -> None:
        """At least ``count`` rows from the start, as far as there are so many."""
        token = self._newest = object()
        today = self._today()
        self._wanted = wanted
        self._filter = filter = wanted.filter(today)

        def read(database: Database) -> Loaded:
            with database.reading():
                rows = _first_rows(database, wanted, filter, count)
                plotted = run_list.sums(database, wanted.plotted(today))
                sums = plotted if wanted.day is None else run_list.sums(database, filter)
                everything = run_list.sums(database, wanted.range(today))
                any_runs = bool(rows.rows or run_list.rows(database, limit=1).rows)
            return Loaded(wanted, today, rows, sums, plotted, everything, any_runs)

        self._ask(
            read,
            lambda found: self.loaded.emit(found) if token is self._newest else None,
            lambda error: self._on_failed(token, error, self.failed),
        )

    def load_more(self, offset: int) -> None:
        """The rows from ``offset`` on, unless something else is wanted meanwhile."""
        token, wanted, filter = self._newest, self._wanted, self._filter

        def read(database: Database) -> RunRows:
            return run_list.rows(
                database, filter, order=wanted.order, ascending=wanted.ascending, offset=offset, limit=PAGE
            )

        self._ask(
            read,
            lambda found: self.more_loaded.emit(found) if token is self._newest else None,
            lambda error: self._on_failed(token, error, self.more_failed),
        )

    def _on_failed(self, token: object, error: Exception, failed: SignalInstance) -> None:
        if token is self._newest:
            failed.emit(f"The history can't be read: {error or type(error).__name__}")


def _first_rows(database: Database, wanted: Wanted, filter: RunFilter, count: int) -> RunRows:
    found: list[ListedRun] = []
    more = True
    while more and len(found) < count:
        limit = min(count - len(found), MOST_RUNS)
        rows = run_list.rows(
            database, filter, order=wanted.order, ascending=wanted.ascending, offset=len(found), limit=limit
        )
        found += rows.rows
        more = rows.more
    return RunRows(tuple(found), 0, more)
