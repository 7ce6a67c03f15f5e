"""Costs of interactive sessions of agents' tools, apart from those of missions: budgets are told of them, and hold none
of them up. What is found in a transcript again counts once, however often it is read.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from podium.core.costs import SessionCost
from podium.history.costs import DAY_OF_ENTRY, bounds
from podium.history.database import Database
from podium.history.values import Stored, storable

_NEW: Final = f"""
    INSERT INTO session_costs
    SELECT * FROM (SELECT ? AS id, ? AS tool, ? AS session, ? AS instance, ? AS at, ?, ?, ?, ?, ? AS simulated) AS new
    WHERE length({DAY_OF_ENTRY}) = 10 AND NOT EXISTS (
        SELECT 1 FROM session_cost_days AS days
        WHERE days.day = {DAY_OF_ENTRY}
            AND (days.instance, days.tool, days.simulated) = (new.instance, new.tool, new.simulated)
    )
"""
_SPENT: Final = """
    SELECT sum(usd) FROM (
        SELECT usd FROM session_costs WHERE at >= :since AND NOT simulated
        UNION ALL
        SELECT usd FROM session_cost_days WHERE day >= :first_day AND NOT simulated
    )
"""
_MOST_USD: Final = 1e6
"""US dollars; a single cost of more, or of less than nothing, is a fault of who wrote it."""
_MOST_TOKENS: Final = 10**12


def _larger(column: str) -> str:
    """Of what is known and what is told again; unknown and known make known."""
    return f"{column} = coalesce(max({column}, excluded.{column}), {column}, excluded.{column})"


_CHANGES: Final = ", ".join(
    (
        *map(_larger, ("usd", "tokens_in", "tokens_out")),
        "estimated = CASE WHEN excluded.usd IS NULL THEN estimated ELSE excluded.estimated END",
    )
)


def record(database: Database, found: Iterable[SessionCost]) -> None:
    """Remember them, all or none. Of one that is known already each figure becomes the larger one, since tools write
    down a message several times while it grows; its time and its instance stay. A cost of a day of which only sums
    are kept (``retention.fold_session_costs``) is one of those and changes nothing. Figures that can't be are unknown,
    and what has no date is left out.
    """
    with database.writing() as connection:
        for one in found:
            connection.execute(f"{_NEW} ON CONFLICT (id) DO UPDATE SET {_CHANGES}", _values(one))


def spent_since(database: Database, moment: float) -> float | None:
    """Real US dollars of all sessions from ``moment`` (seconds since 1970) on; None when nothing is known."""
    with database.reading() as connection:
        spent: float | None = connection.execute(_SPENT, bounds(moment, None)).fetchone()[0]
    return spent


def _values(found: SessionCost) -> Sequence[Stored]:
    cost = found.cost
    values = (
        f"{found.tool}/{found.session}/{found.id}",
        found.tool,
        found.session,
        found.instance,
        float(found.at),
        float(cost.usd) if cost.usd is not None and 0 <= cost.usd <= _MOST_USD else None,
        _tokens(cost.tokens_in),
        _tokens(cost.tokens_out),
        cost.estimated,
        cost.simulated,
    )
    return [storable(value) for value in values]


def _tokens(count: int | None) -> int | None:
    return count if count is not None and 0 <= count <= _MOST_TOKENS else None
