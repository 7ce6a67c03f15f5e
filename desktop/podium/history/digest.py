"""What happened since a moment: which runs ended, and what was spent."""

from typing import Final

import msgspec

from podium.core.costs import Cost
from podium.core.runs import Run, RunOutcome
from podium.history import costs
from podium.history.database import Database
from podium.history.values import columns, record

MOST_RUNS: Final = 50
"""Runs of one digest; its counts count all."""

_COLUMNS: Final = columns(Run)
_ENDED: Final = "outcome != 'running' AND ended_at >= ?"


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """``ended`` are the last runs that ended, the newest end first; ``outcomes`` counts all of them. ``cost`` is what
    missions and interactive sessions cost, without ``simulated_usd``.
    """

    ended: tuple[Run, ...] = ()
    outcomes: dict[RunOutcome, int] = {}
    cost: Cost = Cost()
    simulated_usd: float | None = None


def past(database: Database, since: float, most: int = MOST_RUNS) -> Past:
    """What happened from ``since`` (seconds since 1970) on."""
    with database.reading() as connection:
        ended = connection.execute(
            f"SELECT {_COLUMNS} FROM runs WHERE {_ENDED} ORDER BY ended_at DESC, id DESC LIMIT ?",
            (since, most),
        ).fetchall()
        outcomes = connection.execute(
            f"SELECT outcome, count(*) FROM runs WHERE {_ENDED} GROUP BY outcome ORDER BY outcome", (since,)
        ).fetchall()
        spent = costs.usage(database, since, most=0)
    return Past(
        ended=tuple(record(Run, values) for values in ended),
        outcomes={RunOutcome(outcome): count for outcome, count in outcomes},
        cost=spent.real,
        simulated_usd=spent.simulated.usd,
    )
