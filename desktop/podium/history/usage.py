"""What runs have cost, by day and instance."""

import msgspec

from podium.core.ids import InstanceId
from podium.history.database import Database

MOST_ROWS = 5000


class Usage(msgspec.Struct, frozen=True):
    """The runs of one instance that started on one day (local time, ``2026-01-31``). Costs are in US dollars, real and
    simulated apart; None where nothing told.
    """

    day: str
    instance: InstanceId
    runs: int
    cost_usd: float | None
    simulated_usd: float | None
    tokens_in: int | None
    tokens_out: int | None


def usage(database: Database, since: float, until: float) -> tuple[Usage, ...]:
    """Of the runs that started from ``since`` to before ``until`` (seconds since 1970), the newest day first; at most
    5,000 rows.
    """
    with database.reading() as connection:
        found = connection.execute(
            "SELECT date(started_at, 'unixepoch', 'localtime') AS day, instance, count(*),"
            " sum(CASE WHEN cost_simulated THEN NULL ELSE cost_usd END),"
            " sum(CASE WHEN cost_simulated THEN cost_usd END), sum(tokens_in), sum(tokens_out)"
            " FROM runs WHERE started_at >= ? AND started_at < ?"
            " GROUP BY day, instance ORDER BY day DESC, instance LIMIT ?",
            (since, until, MOST_ROWS),
        ).fetchall()
    return tuple(Usage(*values) for values in found)
