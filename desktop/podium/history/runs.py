"""The runs: one row from a program's start to its end."""

from collections.abc import Callable
from typing import Final

import msgspec

from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.core.runs import Run, RunOutcome
from podium.history.database import Database
from podium.history.values import Stored, columns, record, row, storable

DAY: Final = 86_400.0
MOST_RUNS: Final = 1000
"""The most rows of one answer."""
INTERRUPTED: Final = "Podium ended while it ran."
_LONGEST_SEARCH: Final = 200
_DELETED_AT_ONCE: Final = 500
"""Rows of one piece, so that other programs can write in between."""

OwnerAlive = Callable[[int, str], bool]
"""Whether the window with this pid and this identity is still there (``process_identity.lives``)."""


class RunFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Conditions on the runs that are wanted; None is no condition."""

    instance: InstanceId | None = None
    kind: Kind | None = None
    outcome: RunOutcome | None = None
    since: float | None = None
    """Started then or later."""
    until: float | None = None
    """Started before."""
    text: str = ""
    """In the instance's id or name, in what ran, where, or in why it ended, however it is capitalised."""


class Cursor(msgspec.Struct, frozen=True):
    """The end of a page: the next one begins with what is older."""

    started_at: float
    id: str


class Page(msgspec.Struct, frozen=True):
    """Runs, the newest first, and what to ask the next page with; None after the last."""

    runs: tuple[Run, ...]
    next: Cursor | None


_COLUMNS: Final = columns(Run)
_PLACES: Final = ", ".join(f":{name}" for name in Run.__struct_fields__)
_CHANGES: Final = ", ".join(f"{name} = excluded.{name}" for name in Run.__struct_fields__ if name != "id")
_TEXTS: Final = " || char(10) || ".join(("instance", "name", "what", "folder", "reason"))
_MATCHES: Final = f"instr(folded(CAST({_TEXTS} AS BLOB)), ?)"


def begin(database: Database, run: Run) -> None:
    """A program was started. Once more with the same id changes nothing."""
    _store(database, run, "DO NOTHING")


def progress(database: Database, run: Run) -> None:
    """Rounds, agents, cost, tokens, restarts or seconds are others by now. Takes the whole run: a database that does
    not know of its beginning, because the one that did was set aside, learns of it here. A run that has ended stays
    as it ended.
    """
    _store(database, run, f"DO UPDATE SET {_CHANGES} WHERE outcome = 'running'")


def end(database: Database, run: Run) -> None:
    """The run is over; takes the whole run, as ``progress`` does. The first end counts, unless that was only the
    guess that it was interrupted.
    """
    _store(database, run, f"DO UPDATE SET {_CHANGES} WHERE outcome IN ('running', 'interrupted')")


def _store(database: Database, run: Run, known: str) -> None:
    with database.writing() as connection:
        connection.execute(
            f"INSERT INTO runs ({_COLUMNS}) VALUES ({_PLACES}) ON CONFLICT (id) {known}", row(run)
        )


def get(database: Database, run: str) -> Run | None:
    """The run with this id."""
    with database.reading() as connection:
        found = connection.execute(f"SELECT {_COLUMNS} FROM runs WHERE id = ?", (storable(run),)).fetchone()
    return None if found is None else record(Run, found)


def find(
    database: Database, wanted: RunFilter | None = None, *, before: Cursor | None = None, limit: int = 100
) -> Page:
    """The newest runs that pass the filter, at most ``limit`` (1 to 1000) of those that are older than the cursor."""
    limit = max(1, min(limit, MOST_RUNS))
    given, values = conditions(wanted or RunFilter())
    if before is not None:
        given.append("(started_at, id) < (?, ?)")
        values += [before.started_at, storable(before.id)]
    where = " AND ".join(given) or "1"
    with database.reading() as connection:
        found = connection.execute(
            f"SELECT {_COLUMNS} FROM runs WHERE {where} ORDER BY started_at DESC, id DESC LIMIT ?",
            (*values, limit + 1),
        ).fetchall()
    runs = tuple(record(Run, values) for values in found[:limit])
    return Page(runs, Cursor(runs[-1].started_at, runs[-1].id) if len(found) > limit else None)


def conditions(wanted: RunFilter) -> tuple[list[str], list[Stored]]:
    """The filter as conditions on ``runs``, all of which hold, and the values in their places."""
    given: list[str] = []
    values: list[Stored] = []
    for condition, value in (
        ("instance = ?", wanted.instance),
        ("kind = ?", wanted.kind),
        ("outcome = ?", wanted.outcome),
        ("started_at >= ?", wanted.since),
        ("started_at < ?", wanted.until),
        (_MATCHES, wanted.text[:_LONGEST_SEARCH].casefold() or None),
    ):
        if value is not None:
            given.append(condition)
            values.append(storable(value) if isinstance(value, str) else value)
    return given, values


def interrupt_abandoned(database: Database, owner_alive: OwnerAlive) -> tuple[Run, ...]:
    """Runs that are “running” though their window is gone become “interrupted”. Returns those, the newest first; of
    several programs that ask at once one gets each.
    """
    with database.reading() as connection:
        owners = connection.execute(
            "SELECT DISTINCT owner_pid, owner_identity FROM runs WHERE outcome = 'running'"
        ).fetchall()
    # Asked outside of a transaction: looking at processes takes its time.
    gone = [owner for owner in owners if not owner_alive(*owner)]
    interrupted: list[Run] = []
    for owner in gone:
        theirs = "outcome = 'running' AND owner_pid = ? AND owner_identity = ?"
        with database.writing() as connection:
            found = connection.execute(f"SELECT {_COLUMNS} FROM runs WHERE {theirs}", owner).fetchall()
            connection.execute(
                f"UPDATE runs SET outcome = 'interrupted', reason = ? WHERE {theirs}", (INTERRUPTED, *owner)
            )
        interrupted += (
            msgspec.structs.replace(record(Run, values), outcome=RunOutcome.INTERRUPTED, reason=INTERRUPTED)
            for values in found
        )
    return tuple(sorted(interrupted, key=lambda run: (run.started_at, run.id), reverse=True))


def prune(database: Database, *, now: float, keep_days: float | None, keep_runs: int | None) -> int:
    """Forget runs that ended more than ``keep_days`` ago, and the oldest beyond ``keep_runs``; None keeps all, and
    what is running always stays. Returns how many are forgotten.
    """
    forgotten = 0
    while some := prune_some(database, now=now, keep_days=keep_days, keep_runs=keep_runs):
        forgotten += some
    return forgotten


def prune_some(database: Database, *, now: float, keep_days: float | None, keep_runs: int | None) -> int:
    """``prune``, a few hundred runs at most: others get to write before the next."""
    forgotten = 0
    if keep_days is not None:
        forgotten = _forget(database, "coalesce(ended_at, started_at) < ?", (now - keep_days * DAY,))
    if keep_runs is not None and not forgotten:
        with database.reading() as connection:
            newest_to_go = connection.execute(
                "SELECT started_at, id FROM runs WHERE outcome != 'running'"
                " ORDER BY started_at DESC, id DESC LIMIT 1 OFFSET ?",
                (max(0, keep_runs),),
            ).fetchone()
        if newest_to_go is not None:
            forgotten = _forget(database, "(started_at, id) <= (?, ?)", newest_to_go)
    return forgotten


def _forget(database: Database, condition: str, values: tuple[Stored, ...]) -> int:
    which = f"SELECT id FROM runs WHERE outcome != 'running' AND {condition} LIMIT {_DELETED_AT_ONCE}"
    with database.writing() as connection:
        return connection.execute(f"DELETE FROM runs WHERE id IN ({which})", values).rowcount
