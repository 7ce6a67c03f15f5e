"""What each instance and each day came to: runs, costs of missions and of interactive sessions, waits for a person."""

from typing import Any, Final

import msgspec

from podium.core.blocked import Blocked
from podium.core.costs import Cost
from podium.history.costs import ALL_COSTS, TOKENS, bounds
from podium.history.database import Database

MOST_ROWS: Final = 1_000
"""Days, and instances, of one summary; its total counts all."""

_REAL: Final = "CASE WHEN NOT simulated THEN {0} END"
# A run that goes on, or did at that time, is one of it, whenever it began.
_FACTS: Final = f"""
    SELECT day, instance, {_REAL.format("usd")} AS usd, CASE WHEN simulated THEN usd END AS played,
        {_REAL.format("tokens_in")} AS tokens_in, {_REAL.format("tokens_out")} AS tokens_out,
        {_REAL.format("estimated")} AS estimated, 0.0 AS seconds, 0 AS questions, 0.0 AS longest, 0 AS runs
    FROM ({ALL_COSTS})
    UNION ALL
    SELECT day, instance, NULL, NULL, NULL, NULL, 0, seconds, questions, longest, 0
    FROM blocked WHERE day BETWEEN :first_day AND :last_day
    UNION ALL
    SELECT NULL, instance, NULL, NULL, NULL, NULL, 0, 0.0, 0, 0.0, 1
    FROM runs WHERE started_at < :until
        AND (outcome = 'running' OR coalesce(ended_at, started_at + coalesce(seconds, 0.0)) >= :since)
"""
_SUMS: Final = f"""
    sum(usd) AS usd, sum(played) AS played, {TOKENS.format("tokens_in")} AS tokens_in,
    {TOKENS.format("tokens_out")} AS tokens_out, max(coalesce(estimated, 0)) AS estimated,
    sum(seconds) AS seconds, CAST(min(total(questions), 9e18) AS INTEGER) AS questions, max(longest) AS longest,
    sum(runs) AS runs
"""
_SUMMARY: Final = f"""
    WITH facts AS MATERIALIZED (
        SELECT day, instance, {_SUMS} FROM ({_FACTS}) GROUP BY day, instance
    ),
    days AS (SELECT day, {_SUMS} FROM facts WHERE day IS NOT NULL GROUP BY day),
    instances AS (SELECT instance, {_SUMS} FROM facts GROUP BY instance)
    SELECT 'total', '', {_SUMS}, count(*) FROM facts
    UNION ALL SELECT 'days', '', {_SUMS}, count(*) FROM days
    UNION ALL SELECT 'instances', '', {_SUMS}, count(*) FROM instances
    UNION ALL SELECT * FROM (SELECT 'day', *, 0 FROM days ORDER BY day DESC LIMIT :most)
    UNION ALL SELECT * FROM (
        SELECT 'instance', *, 0 FROM instances
        ORDER BY coalesce(usd, 0.0) DESC, seconds DESC, runs DESC, instance LIMIT :most
    )
"""


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """A sum. ``cost`` is what was paid, ``simulated_usd`` what nobody paid; None is unknown."""

    cost: Cost = Cost()
    simulated_usd: float | None = None
    blocked: Blocked = Blocked()
    runs: int = 0
    """Runs that went on at that time; of a single day it is not told."""


class UsageSummary(msgspec.Struct, frozen=True, kw_only=True):
    """``days``, the newest first (local time, ``2026-11-25``), and ``instances``, the dearest first; ``more_…`` is how
    many others are left out. ``total`` counts all.
    """

    days: tuple[tuple[str, Usage], ...]
    more_days: int
    instances: tuple[tuple[str, Usage], ...]
    more_instances: int
    total: Usage


def summary(database: Database, since: float, until: float, most: int = MOST_ROWS) -> UsageSummary:
    """What was used from ``since`` until before ``until`` (seconds since 1970). Of waits, and of costs of days so long
    ago that only their sums are kept, all of a day counts.
    """
    with database.reading() as connection:
        found = connection.execute(_SUMMARY, {**bounds(since, until), "most": most}).fetchall()
    counts = {kind: count for kind, *_, count in found}
    days = tuple((key, _usage_of(sums)) for kind, key, *sums, _ in found if kind == "day")
    instances = tuple((key, _usage_of(sums)) for kind, key, *sums, _ in found if kind == "instance")
    return UsageSummary(
        days=days,
        more_days=counts["days"] - len(days),
        instances=instances,
        more_instances=counts["instances"] - len(instances),
        total=next(_usage_of(sums) for kind, _, *sums, _ in found if kind == "total"),
    )


def _usage_of(sums: list[Any]) -> Usage:
    usd, played, tokens_in, tokens_out, estimated, seconds, questions, longest, runs = sums
    return Usage(
        cost=Cost(usd, tokens_in, tokens_out, bool(estimated)),
        simulated_usd=played,
        blocked=Blocked(seconds or 0.0, questions or 0, longest or 0.0),
        runs=runs or 0,
    )
