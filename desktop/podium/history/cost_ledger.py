"""The cost ledger of a program without a history's thread, such as ``podium mission``."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from podium.core.costs import CostEntry, Day, Grant, LedgerBusy
from podium.core.system.process_identity import lives, own_identity
from podium.history import costs, reservations, salvage
from podium.history.database import Database, open_database
from podium.history.database_files import Identity
from podium.history.database_problems import DATABASE_ERRORS, DatabaseProblem, problem_of

_ATTEMPTS: Final = 3
"""Tries: with the open database, after reopening it, and in a new file when it is damaged."""
_PAUSE: Final = 0.2
_PATIENCE_MS: Final = 500
"""Milliseconds to wait for a lock: the thread has other work, and the caller asks again."""

Answer = TypeVar("Answer")


class HistoryLedger:
    """For one thread only. Every method raises OSError when the history can't be read or written; it is LedgerBusy
    when another program holds it just now.
    """

    def __init__(self, path: Path) -> None:
        """Opens the database at its first use."""
        self._path = path
        self._database: Database | None = None
        self._file: Identity | None = None
        self._owner = own_identity()
        self.renewed = False
        """The file was set aside or replaced since this was last set back: what was written may be lost."""
        self._notice = ""

    def open(self) -> None:
        """Open it before the states of missions change: a lost history is rebuilt from them."""
        self._do(lambda _: None)

    def take_notice(self) -> str:
        """The notices from opening it since the last call, for a person."""
        notice, self._notice = self._notice, ""
        return notice

    def add(self, *entries: CostEntry) -> None:
        """Add entries, all or none; known ones change nothing."""
        self._do(lambda database: costs.add_all(database, entries))

    def rewrite(self, run: str, entries: Sequence[CostEntry]) -> None:
        """Write all entries of a run again into a file that may lack some."""
        self._do(lambda database: costs.rewrite(database, run, entries))

    def of_run(self, run: str) -> Sequence[CostEntry]:
        return self._do(lambda database: costs.of_run(database, run))

    def spent_since(self, moment: float) -> float | None:
        return self._do(lambda database: costs.spent_since(database, moment))

    def reserve(self, run: str, agent: str, wanted: float | None, day: Day | None, among: int) -> Grant:
        """See ``reservations.reserve``; what this process reserved is free when it has ended, however it ends."""
        return self._do(
            lambda database: reservations.reserve(
                database, run, agent, wanted, day, among, self._owner, lives
            )
        )

    def release(self, run: str, agent: str) -> None:
        self._do(lambda database: reservations.release(database, run, agent))

    def close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    def _do(self, work: Callable[[Database], Answer]) -> Answer:
        known_damaged: Identity | None = None
        for attempt in range(1, _ATTEMPTS + 1):
            database = self._opened(known_damaged)
            try:
                answer = work(database)
                if not database.moved() or attempt == _ATTEMPTS:
                    return answer
            except DATABASE_ERRORS as error:
                problem = problem_of(error, self._path)
                if problem is DatabaseProblem.BUSY:
                    raise LedgerBusy(f"another program holds {self._path}") from error
                damaged = problem is DatabaseProblem.DAMAGED
                if attempt == _ATTEMPTS or (attempt > 1 and not damaged):
                    raise OSError(f"The costs can't be kept in {self._path}: {error}") from error
                # The first time it may be no more than this connection's view of it.
                known_damaged = database.file if damaged and attempt > 1 else None
                time.sleep(_PAUSE)
            self.close()  # Another program may have set the file aside; open what is there now.
        raise AssertionError  # The last attempt returns or raises.

    def _opened(self, known_damaged: Identity | None) -> Database:
        if self._database is None:
            opened = open_database(self._path, known_damaged=known_damaged, fill=salvage.fill)
            if opened.database.path is None:
                opened.database.close()
                raise OSError(opened.notice)
            opened.database.wait_at_most(_PATIENCE_MS)
            self._database = opened.database
            self.renewed = self.renewed or self._file not in (None, opened.database.file)
            self._file = opened.database.file
            self._notice = f"{self._notice} {opened.notice}".strip()
        return self._database
