"""The costs of agents, entry by entry, for all instances: an entry that is added twice counts once."""

import time
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from podium.core.costs import Cost, CostEntry, CostSource
from podium.history.database import Database
from podium.history.values import storable

_COLUMNS: Final = (
    "id, run, agent, round, at, mission, instance, usd, tokens_in, tokens_out, estimated, simulated"
)
_PLACES: Final = ", ".join("?" * 12)
_INSERT: Final = f"INSERT INTO costs ({_COLUMNS}) VALUES ({_PLACES}) ON CONFLICT (id) DO NOTHING"
MOST_ROWS: Final = 10_000
"""Rows of one usage listing; its sums count all."""
_LONG_AGO: Final = -1e12
_FAR_OFF: Final = 1e12
FROM_STATE: Final = "/state"
"""The suffix of an entry's id for costs that a run's state file has and a lost history has not."""

# sum() fails at the first integer overflow, for good; a sum of doubles is exact up to 2^53 and never fails.
TOKENS: Final = "CASE WHEN count({0}) THEN CAST(min(total({0}), 9e18) AS INTEGER) END"
SUMS: Final = f"""
    sum(usd) AS usd, {TOKENS.format("tokens_in")} AS tokens_in, {TOKENS.format("tokens_out")} AS tokens_out,
    max(estimated) AS estimated
"""
DAY_OF_ENTRY: Final = "date(at, 'unixepoch', 'localtime')"


def _all_of(source: CostSource, entries: str, days: str, agent: str) -> str:
    """Single costs and sums of days, of which ``agent`` is the column that says who spent them."""
    what = (
        f"instance, {agent} AS agent, '{source}' AS source, simulated, usd, tokens_in, tokens_out, estimated"
    )
    return f"""
        SELECT {DAY_OF_ENTRY} AS day, {what}, 1 AS entries FROM {entries} WHERE at >= :since AND at < :until
        UNION ALL
        SELECT day, {what}, entries FROM {days} WHERE day BETWEEN :first_day AND :last_day
    """


ALL_COSTS: Final = " UNION ALL ".join(
    (
        _all_of(CostSource.MISSION, "costs", "cost_days", "agent"),
        _all_of(CostSource.INTERACTIVE, "session_costs", "session_cost_days", "tool"),
    )
)
"""Costs with the columns of ``DailyUsage``, for ``bounds``."""

_USAGE: Final = f"""
    WITH groups AS MATERIALIZED (
        SELECT day, instance, agent, source, simulated, {SUMS}, sum(entries) AS entries
        FROM ({ALL_COSTS}) GROUP BY day, instance, agent, source, simulated
    )
    SELECT NULL, NULL, NULL, NULL, simulated, {SUMS}, count(*) FROM groups GROUP BY simulated
    UNION ALL
    SELECT * FROM (SELECT * FROM groups ORDER BY day DESC, instance, agent, source, simulated LIMIT :most)
"""


_SPENT: Final = """
    SELECT sum(usd) FROM (
        SELECT usd FROM costs WHERE at >= ? AND NOT simulated
        UNION ALL
        SELECT usd FROM cost_days WHERE day >= ? AND NOT simulated
    )
"""


class DailyUsage(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A sum of costs: of one day (local time, ``2026-11-25``), instance, agent and source, real and simulated ones
    apart. The agent of an interactive session is its tool. None is unknown, not nothing.
    """

    day: str
    instance: str
    agent: str
    source: CostSource
    cost_usd: float | None
    tokens_in: int | None
    tokens_out: int | None
    estimated: bool
    simulated: bool
    entries: int


class UsageTable(msgspec.Struct, frozen=True, kw_only=True):
    """``rows`` are the newest; ``more`` says how many older ones were left out. The sums count all of them."""

    rows: tuple[DailyUsage, ...]
    more: int
    real: Cost
    simulated: Cost


def add(database: Database, entry: CostEntry) -> None:
    """Add ``entry``; one with a known id changes nothing."""
    add_all(database, (entry,))


def add_all(database: Database, entries: Iterable[CostEntry]) -> None:
    """Add them in one transaction. Costs that are added are no longer reserved."""
    with database.writing() as connection:
        for entry in entries:
            added = connection.execute(_INSERT, _values(entry)).rowcount
            usd = entry.cost.usd
            if added and usd is not None and usd > 0 and not entry.cost.simulated:
                connection.execute(
                    "UPDATE reservations SET usd = max(0.0, usd - ?) WHERE run = ? AND agent = ?",
                    (usd, storable(entry.run), storable(entry.agent)),
                )


def rewrite(database: Database, run: str, entries: Iterable[CostEntry]) -> None:
    """Write all entries of a run into a history that may have lost some; they replace the sum from its state file."""
    with database.writing() as connection:
        connection.execute("DELETE FROM costs WHERE id = ?", (storable(run + FROM_STATE),))
        add_all(database, entries)


def of_run(database: Database, run: str) -> list[CostEntry]:
    """All entries of a run, the oldest first."""
    with database.reading() as connection:
        found = connection.execute(
            f"SELECT {_COLUMNS} FROM costs WHERE run = ? ORDER BY at, id", (storable(run),)
        )
        return [entry_of(row) for row in found]


def spent_since(database: Database, moment: float) -> float | None:
    """Real US dollars of all missions from ``moment`` on; None when nothing is known. Of a day of which only its sums
    are kept, be it because the clock was far ahead for a while, all counts.
    """
    with database.reading() as connection:
        spent: float | None = connection.execute(_SPENT, (moment, _day_of(moment, ""))).fetchone()[0]
    return spent


def usage(
    database: Database, since: float | None = None, until: float | None = None, most: int = MOST_ROWS
) -> UsageTable:
    """Sums by day, instance and agent, the newest day first, of missions and of interactive sessions. The bounds are
    seconds since 1970; of a day so long ago that only its sums are kept, all counts.
    """
    with database.reading() as connection:
        found = connection.execute(_USAGE, {**bounds(since, until), "most": most}).fetchall()
    # A sum is a row without a day; its last number says of how many groups.
    sums = [row for row in found if row[0] is None]
    found = [row for row in found if row[0] is not None]
    totals = {bool(row[4]): _sum_of(row[5:9], bool(row[4])) for row in sums}
    return UsageTable(
        rows=tuple(
            DailyUsage(
                day=day,
                instance=instance,
                agent=agent,
                source=CostSource(source),
                cost_usd=usd,
                tokens_in=tokens_in,
                tokens_out=tokens_out,
                estimated=bool(estimated),
                simulated=bool(simulated),
                entries=entries,
            )
            for day, instance, agent, source, simulated, usd, tokens_in, tokens_out, estimated, entries in found
        ),
        more=sum(row[-1] for row in sums) - len(found),
        real=totals.get(False, Cost()),
        simulated=totals.get(True, Cost(simulated=True)),
    )


def bounds(since: float | None, until: float | None) -> dict[str, float | str]:
    """The values that ``ALL_COSTS`` asks for, of a time from ``since`` until before ``until`` (seconds since 1970)."""
    return {
        "since": since if since is not None else _LONG_AGO,
        "until": until if until is not None else _FAR_OFF,
        "first_day": _day_of(since, "0000-00-00"),
        "last_day": _day_of(until - 0.001 if until is not None else None, "9999-99-99"),
    }


def _day_of(moment: float | None, otherwise: str) -> str:
    try:
        return time.strftime("%Y-%m-%d", time.localtime(moment)) if moment is not None else otherwise
    except (OverflowError, ValueError, OSError):
        return "0000" if (moment or 0.0) < 0 else "9999-99-99"


def _sum_of(row: tuple[Any, ...], simulated: bool) -> Cost:
    usd, tokens_in, tokens_out, estimated = row
    return Cost(usd, tokens_in, tokens_out, bool(estimated), simulated)


def _values(entry: CostEntry) -> list[Any]:
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
    return [storable(value) for value in values]


def entry_of(row: tuple[Any, ...]) -> CostEntry:
    """The entry of a row with the columns of ``select_entries``."""
    id, run, agent, round, at, mission, instance, usd, tokens_in, tokens_out, estimated, simulated = row
    cost = Cost(usd, tokens_in, tokens_out, bool(estimated), bool(simulated))
    return CostEntry(id, run, agent, round, at, cost, mission, instance)


def select_entries(condition: str) -> str:
    """The statement that reads entries for ``entry_of``."""
    return f"SELECT {_COLUMNS} FROM costs WHERE {condition}"
