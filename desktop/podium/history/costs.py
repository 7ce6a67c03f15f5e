"""What agents cost, entry by entry, for all instances together: told twice, it counts once."""

import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from podium.core.costs import Cost, CostEntry
from podium.history.database import Database, open_database
from podium.history.values import storable

_COLUMNS: Final = (
    "id, run, agent, round, at, mission, instance, usd, tokens_in, tokens_out, estimated, simulated"
)
_MOST: Final = 10_000


class Usage(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A sum of costs: of one day (local time, ``2026-11-25``), instance and agent. None is unknown, not nothing."""

    day: str
    instance: str
    agent: str
    cost_usd: float | None
    tokens_in: int | None
    tokens_out: int | None
    estimated: bool
    simulated: bool
    entries: int


def add(database: Database, entry: CostEntry) -> None:
    """Write ``entry`` down; one with a known id changes nothing."""
    cost = entry.cost
    values = (
        entry.id,
        entry.run,
        entry.agent,
        entry.round,
        entry.at,
        entry.mission,
        entry.instance,
        cost.usd,
        cost.tokens_in,
        cost.tokens_out,
        cost.estimated,
        cost.simulated,
    )
    places = ", ".join("?" * len(values))
    with database.writing() as connection:
        connection.execute(
            f"INSERT INTO costs ({_COLUMNS}) VALUES ({places}) ON CONFLICT (id) DO NOTHING",
            [storable(value) for value in values],
        )


def of_run(database: Database, run: str) -> list[CostEntry]:
    """All entries of a run, the oldest first; 10,000 at most."""
    with database.reading() as connection:
        found = connection.execute(
            f"SELECT {_COLUMNS} FROM costs WHERE run = ? ORDER BY at, id LIMIT ?", (run, _MOST)
        ).fetchall()
    return [_entry(row) for row in found]


def spent_since(database: Database, moment: float) -> float | None:
    """Real US dollars from ``moment`` on; None when nothing was told."""
    with database.reading() as connection:
        spent: float | None = connection.execute(
            "SELECT sum(usd) FROM costs WHERE at >= ? AND NOT simulated", (moment,)
        ).fetchone()[0]
    return spent


def usage(database: Database, since: float | None = None, until: float | None = None) -> tuple[Usage, ...]:
    """Sums by day, instance and agent, the newest day first; 10,000 at most. The bounds are seconds since 1970."""
    with database.reading() as connection:
        found = connection.execute(
            """
            SELECT date(at, 'unixepoch', 'localtime') AS day, instance, agent, sum(usd), sum(tokens_in),
                sum(tokens_out), max(estimated), max(simulated), count(*)
            FROM costs WHERE at >= ? AND at < ?
            GROUP BY day, instance, agent ORDER BY day DESC, instance, agent LIMIT ?
            """,
            (since if since is not None else -1e12, until if until is not None else 1e12, _MOST),
        ).fetchall()
    return tuple(
        Usage(
            day=day,
            instance=instance,
            agent=agent,
            cost_usd=usd,
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            estimated=bool(estimated),
            simulated=bool(simulated),
            entries=entries,
        )
        for day, instance, agent, usd, tokens_in, tokens_out, estimated, simulated, entries in found
    )


def _entry(row: tuple[Any, ...]) -> CostEntry:
    id, run, agent, round, at, mission, instance, usd, tokens_in, tokens_out, estimated, simulated = row
    cost = Cost(usd, tokens_in, tokens_out, bool(estimated), bool(simulated))
    return CostEntry(id, run, agent, round, at, cost, mission, instance)


class HistoryLedger:
    """The cost ledger of a program without a history's thread, such as ``podium mission``. One thread only."""

    def __init__(self, path: Path) -> None:
        """Opens the database at its first use."""
        self._path = path
        self._database: Database | None = None

    def add(self, entry: CostEntry) -> None:
        """Raises OSError when it can't be kept."""
        self._try(lambda database: add(database, entry))

    def of_run(self, run: str, since: float) -> Sequence[CostEntry]:
        """``since`` only says where to look in ledgers that are sorted by time."""
        try:
            return [entry for entry in of_run(self._opened(), run) if entry.at >= since - 1]
        except (sqlite3.Error, OSError):
            return []

    def spent_since(self, moment: float) -> float | None:
        try:
            return spent_since(self._opened(), moment)
        except (sqlite3.Error, OSError):
            return None

    def close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    def _try(self, work: Any) -> None:
        for attempt in range(2):
            database = self._opened()
            try:
                work(database)
                if not database.moved():
                    return
            except sqlite3.Error as error:
                if attempt:
                    raise OSError(f"The costs can't be written to {self._path}: {error}") from error
                time.sleep(0.2)
            self.close()  # Another program may have set the file aside; open what is there now.

    def _opened(self) -> Database:
        if self._database is None:
            opened = open_database(self._path)
            if opened.database.path is None:
                opened.database.close()
                raise OSError(opened.notice)
            self._database = opened.database
        return self._database
