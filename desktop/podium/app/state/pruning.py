"""Keeps the history small and sound while a window is open: what is too old goes in small pieces, others' jobs in
between, and a database that is too big to be checked at each start is checked once a day beside everything else.
"""

import contextlib
import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from podium.core.config.settings import History
from podium.history import retention, runs
from podium.history.database import Database, check_database
from podium.history.schema import UnusableDatabase
from podium.history.writer import HistoryThread

_CHECK: Final = "check"
_CHECK_EVERY: Final = 86_400.0

_log = logging.getLogger(__name__)

Step = Callable[[Database], bool]
"""Does one piece of something; returns whether there may be more."""


class Pruning:
    """All of it is done on the history's thread, but the check, which has one of its own while it lasts."""

    def __init__(self, history: HistoryThread) -> None:
        self._history = history
        self._closing = False

    def close(self) -> None:
        """Begin nothing new; a check that runs ends with the program, and is due again."""
        self._closing = True

    def begin(self, keep: History) -> None:
        """Forget what is too old, make the file smaller if that is worth it, and have it checked if that is due."""

        def old_runs(database: Database) -> bool:
            return bool(
                runs.prune_some(database, now=time.time(), keep_days=keep.keep_days, keep_runs=keep.keep_runs)
            )

        def old_costs(database: Database) -> bool:
            return retention.fold_costs(database, now=time.time(), keep_days=keep.keep_days)

        def old_session_costs(database: Database) -> bool:
            return retention.fold_session_costs(database, now=time.time(), keep_days=keep.keep_days)

        def old_waits(database: Database) -> bool:
            return retention.fold_blocked(database, now=time.time(), keep_days=keep.keep_days)

        self._go_on([old_runs, old_costs, old_session_costs, old_waits, _shrink, self._check_if_due])

    def _go_on(self, steps: list[Step]) -> None:
        """A piece is a job of its own: what was submitted meanwhile comes before the next."""
        if not steps or self._closing:
            return

        def then(more: bool) -> None:
            self._go_on(steps if more else steps[1:])

        self._history.submit(steps[0], then)

    def _check_if_due(self, database: Database) -> bool:
        path = database.path
        if path is not None and retention.due(database, _CHECK, _CHECK_EVERY):
            with contextlib.suppress(RuntimeError):  # No thread is to be had: there is another start.
                threading.Thread(target=self._check, args=(path,), name="history-check", daemon=True).start()
        return False

    def _check(self, path: Path) -> None:
        checked = check_database(path)

        def conclude(database: Database) -> None:
            if database.file != checked.file:
                return
            if checked.damaged:
                raise UnusableDatabase(checked.damaged)
            retention.done(database, _CHECK)

        if checked.file is not None:
            self._history.submit(conclude)


def _shrink(database: Database) -> bool:
    try:
        return retention.shrink(database)
    except sqlite3.Error as error:
        # It needs room, and no other transaction; the next start tries again.
        _log.warning("The history could not be made smaller: %s", error)
        return False
