"""Money that agents at work may still spend: taken from the day's budget before they start, for all missions at once.

What an agent's costs use up of its reservation is no longer reserved (``costs.add_all``), and what a process that is
gone had reserved is free again.
"""

import time

from podium.core.costs import Day, Grant
from podium.core.system.process_identity import ProcessIdentity
from podium.history.costs import spent_since
from podium.history.database import Database
from podium.history.runs import OwnerAlive
from podium.history.values import storable


def reserve(
    database: Database,
    run: str,
    agent: str,
    wanted: float | None,
    day: Day | None,
    among: int,
    owner: ProcessIdentity,
    owner_alive: OwnerAlive,
) -> Grant:
    """Reserve what ``agent`` may spend: at most ``wanted``, and at most its part of what is free of the day's budget
    when ``among`` agents of its run share it. Replaces what it had reserved before.

    When nothing is free because others hold it, it is noted as waiting: what is free then is shared with it, so that
    nobody takes all of it again and again.
    """
    _drop_dead_owners(database, owner_alive)
    own = (storable(run), storable(agent))
    with database.writing() as connection:
        connection.execute("DELETE FROM reservations WHERE run = ? AND agent = ?", own)
        if day is None:
            grant = Grant(wanted)
        else:
            spent = spent_since(database, day.since) or 0.0
            held = connection.execute("SELECT coalesce(sum(usd), 0.0) FROM reservations").fetchone()[0]
            waiting = connection.execute(
                "SELECT count(*) FROM reservations WHERE waiting AND run != ?", (storable(run),)
            ).fetchone()[0]
            part = max(0.0, day.usd - spent - held) / (max(1, among) + waiting)
            grant = Grant(part if wanted is None else min(part, wanted), spent, held)
        waits = day is not None and grant.held > 0 and not grant.usd
        if grant.usd or waits:
            connection.execute(
                "INSERT INTO reservations VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*own, grant.usd, owner.pid, owner.started, time.time(), waits),
            )
    return grant


def release(database: Database, run: str, agent: str) -> None:
    """Free the part of ``agent``'s reservation that it has not spent."""
    with database.writing() as connection:
        connection.execute(
            "DELETE FROM reservations WHERE run = ? AND agent = ?", (storable(run), storable(agent))
        )


def _drop_dead_owners(database: Database, owner_alive: OwnerAlive) -> None:
    with database.reading() as connection:
        owners = connection.execute("SELECT DISTINCT owner_pid, owner_identity FROM reservations").fetchall()
    for owner in owners:
        if not owner_alive(*owner):
            with database.writing() as connection:
                connection.execute(
                    "DELETE FROM reservations WHERE owner_pid = ? AND owner_identity = ?", owner
                )
