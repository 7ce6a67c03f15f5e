"""Removing old history in small pieces: single costs become sums of days, free pages go back to the disk."""

import time
from typing import Final

from podium.history.costs import DAY_OF_ENTRY, SUMS
from podium.history.database import Database

DAY: Final = 86_400.0
MOST_ENTRIES: Final = 100_000
"""Single costs that are kept, about 30 MB; days that are not over yet are kept whole."""
_AT_ONCE: Final = 1_000
"""Rows of one piece: it takes a few milliseconds, so that other programs can write in between."""
_RECENT: Final = 2 * DAY
_LONGEST_DAY: Final = 27 * 3_600.0
"""Seconds; clocks may be set back at its end."""
_FREE_SHARE: Final = 3
"""A file is shrunk when one part in this many is free."""
_SMALL: Final = 8 << 20
"""Bytes; a smaller file is not shrunk."""
_PAGES_AT_ONCE: Final = 1_000


def _sum(column: str, kind: str) -> str:
    """Of a column and what comes to it; unknown and known make known."""
    total = f"coalesce({column}, 0.0) + coalesce(excluded.{column}, 0.0)"
    return f"CASE WHEN coalesce({column}, excluded.{column}) IS NOT NULL THEN CAST(min({total}, 9e18) AS {kind}) END"


_ADDED: Final = f"""
    usd = {_sum("usd", "REAL")},
    tokens_in = {_sum("tokens_in", "INTEGER")},
    tokens_out = {_sum("tokens_out", "INTEGER")},
    estimated = max(estimated, excluded.estimated),
    entries = entries + excluded.entries
"""

_QUIET: Final = """
    SELECT rowid FROM costs WHERE at < :moment AND NOT EXISTS
        (SELECT 1 FROM costs AS later WHERE later.run = costs.run AND later.at >= :moment)
    ORDER BY at LIMIT :most
"""


def fold_costs(
    database: Database,
    *,
    now: float,
    keep_days: float,
    most_entries: int = MOST_ENTRIES,
    at_once: int = _AT_ONCE,
) -> bool:
    """Add single costs up by day and forget them, ``at_once`` at most: those of runs that have cost nothing for
    ``keep_days``, and the oldest beyond ``most_entries`` of runs that have cost nothing for two days. Returns whether
    there may be more to do. All of a piece is done, or nothing: the sums stay what they were.
    """
    recent = now - _RECENT
    before = min(recent, now - keep_days * DAY)
    with database.reading() as connection:
        over = connection.execute(_QUIET, {"moment": before, "most": at_once}).fetchall()
        if not over:
            excess = connection.execute("SELECT count(*) FROM costs").fetchone()[0] - most_entries
            if excess > 0:
                most = min(at_once, excess)
                over = connection.execute(_QUIET, {"moment": recent, "most": most}).fetchall()
    if not over:
        return False
    with database.writing() as connection:
        connection.execute("CREATE TEMP TABLE IF NOT EXISTS folding (entry INTEGER PRIMARY KEY)")
        connection.execute("DELETE FROM folding")
        connection.executemany("INSERT INTO folding VALUES (?)", over)
        # Another window may have folded some of them since they were chosen: what is gone is not added again.
        connection.execute(
            f"""
            INSERT INTO cost_days
            SELECT {DAY_OF_ENTRY}, instance, mission, agent, simulated, {SUMS}, count(*)
            FROM costs WHERE rowid IN (SELECT entry FROM folding)
            GROUP BY 1, 2, 3, 4, 5
            ON CONFLICT (day, instance, mission, agent, simulated) DO UPDATE SET {_ADDED}
            """
        )
        connection.execute("DELETE FROM costs WHERE rowid IN (SELECT entry FROM folding)")
    return True


def fold_session_costs(
    database: Database, *, now: float, keep_days: float, most_entries: int = MOST_ENTRIES
) -> bool:
    """The same for costs of interactive sessions: all of one day, instance and tool at a time, the oldest first. From
    then on that sum takes no more, so that what is found again in a transcript does not count twice.
    """
    with database.writing() as connection:
        oldest, count = connection.execute("SELECT min(at), count(*) FROM session_costs").fetchone()
        too_old = now - (_RECENT if count > most_entries else max(_RECENT, keep_days * DAY))
        if oldest is None or oldest >= too_old:
            return False
        group = connection.execute(
            f"SELECT {DAY_OF_ENTRY}, instance, tool, simulated, at + ? FROM session_costs ORDER BY at LIMIT 1",
            (_LONGEST_DAY,),
        ).fetchone()
        these = f"{DAY_OF_ENTRY} = ? AND instance = ? AND tool = ? AND simulated = ? AND at < ?"
        connection.execute(
            f"""
            INSERT INTO session_cost_days
            SELECT {DAY_OF_ENTRY}, instance, tool, simulated, {SUMS}, count(*)
            FROM session_costs WHERE {these} GROUP BY 1, 2, 3, 4
            ON CONFLICT (day, instance, tool, simulated) DO UPDATE SET {_ADDED}
            """,
            group,
        )
        connection.execute(f"DELETE FROM session_costs WHERE {these}", group)
    return True


def fold_blocked(
    database: Database, *, now: float, keep_days: float, most_entries: int = MOST_ENTRIES
) -> bool:
    """The same for the times that runs waited for a person, a day at a time: what is left says of which instance."""
    with database.writing() as connection:
        oldest, count = connection.execute(
            "SELECT min(day), count(*) FROM blocked WHERE run != ''"
        ).fetchone()
        too_old = now - (_RECENT if count > most_entries else max(_RECENT, keep_days * DAY))
        if oldest is None or oldest >= time.strftime("%Y-%m-%d", time.localtime(too_old)):
            return False
        connection.execute(
            """
            INSERT INTO blocked
            SELECT day, instance, '', sum(seconds), sum(questions), max(longest)
            FROM blocked WHERE day = ? AND run != '' GROUP BY instance
            ON CONFLICT (day, instance, run) DO UPDATE SET
                seconds = seconds + excluded.seconds,
                questions = questions + excluded.questions,
                longest = max(longest, excluded.longest)
            """,
            (oldest,),
        )
        connection.execute("DELETE FROM blocked WHERE day = ? AND run != ''", (oldest,))
    return True


def shrink(database: Database) -> bool:
    """Give free pages back to the disk, where a third of the file is free. Returns whether there may be more to do.

    A file from before Podium 0.2 is rewritten once, which takes a second for every 50 MB that stay.
    """
    if database.path is None:
        return False
    with database.reading() as connection:
        size, pages, free, mode = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_size", "page_count", "freelist_count", "auto_vacuum")
        )
    if pages * size < _SMALL or free * _FREE_SHARE < pages:
        return False
    return database.vacuum(_PAGES_AT_ONCE if mode else None)


def due(database: Database, task: str, seconds: float, now: float | None = None) -> bool:
    """Whether ``task`` was last done more than ``seconds`` ago, or never; a clock set back makes it due too."""
    now = time.time() if now is None else now
    with database.reading() as connection:
        found = connection.execute("SELECT at FROM upkeep WHERE task = ?", (task,)).fetchone()
    return found is None or not 0 <= now - found[0] < seconds


def done(database: Database, task: str, now: float | None = None) -> None:
    """Remember that ``task`` was done just now."""
    with database.writing() as connection:
        connection.execute(
            "INSERT OR REPLACE INTO upkeep VALUES (?, ?)", (task, time.time() if now is None else now)
        )
