"""How long runs waited for a person, by day; of runs that are long over, by day and instance."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from podium.core.blocked import Blocked
from podium.history.database import Database
from podium.history.values import storable

_RECORD: Final = """
    INSERT INTO blocked VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (day, instance, run) DO UPDATE SET
        seconds = max(seconds, excluded.seconds),
        questions = max(questions, excluded.questions),
        longest = max(longest, excluded.longest)
"""
SUMS: Final = "sum(seconds) AS seconds, sum(questions) AS questions, max(longest) AS longest"
_AT_ONCE: Final = 500


class BlockedDay(msgspec.Struct, frozen=True):
    """The waits of one run on one local day, ``2026-01-31``; ``run`` is "" for those of runs that are long over."""

    day: str
    instance: str
    run: str
    blocked: Blocked


def record(database: Database, days: Iterable[BlockedDay]) -> None:
    """Write them, all or none. What is known of the same run and day only grows."""
    with database.writing() as connection:
        for one in days:
            key = (storable(one.day), storable(one.instance), storable(one.run))
            blocked = one.blocked
            connection.execute(_RECORD, (*key, blocked.seconds, blocked.questions, blocked.longest))


def of_day(database: Database, day: str) -> tuple[BlockedDay, ...]:
    """All of one day."""
    with database.reading() as connection:
        found = connection.execute("SELECT * FROM blocked WHERE day = ?", (storable(day),)).fetchall()
    return tuple(BlockedDay(day, instance, run, Blocked(*sums)) for day, instance, run, *sums in found)


def of_runs(database: Database, runs: Sequence[str]) -> dict[str, Blocked]:
    """By run, of those that waited at all."""
    known: dict[str, Blocked] = {}
    with database.reading() as connection:
        for start in range(0, len(runs), _AT_ONCE):
            some = [storable(run) for run in runs[start : start + _AT_ONCE] if run]
            places = ", ".join("?" * len(some))
            known |= {
                run: Blocked(*sums)
                for run, *sums in connection.execute(
                    f"SELECT run, {SUMS} FROM blocked WHERE run IN ({places}) GROUP BY run", some
                )
            }
    return known
