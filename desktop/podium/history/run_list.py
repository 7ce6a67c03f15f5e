"""Runs as a list shows them: in any order, with their waits, and what all that pass a filter come to."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

import msgspec

from podium.core.blocked import Blocked
from podium.core.runs import Run
from podium.history import blocked
from podium.history.database import Database
from podium.history.runs import MOST_RUNS, RunFilter, conditions
from podium.history.values import columns, record

MOST_SUMS: Final = 1_000
"""Days, and instances, of one answer; the newest, and those with the most runs."""


class RunOrder(StrEnum):
    """What a list of runs is sorted by."""

    STARTED = "started"
    OUTCOME = "outcome"
    INSTANCE = "instance"
    FOLDER = "folder"
    ROUNDS = "rounds"
    LENGTH = "length"
    BLOCKED = "blocked"
    COST = "cost"


class ListedRun(msgspec.Struct, frozen=True):
    """A run and how long it waited for a person."""

    run: Run
    blocked: Blocked = Blocked()


class RunRows(msgspec.Struct, frozen=True):
    """Rows of a list from ``offset`` on; ``more`` says whether others follow."""

    rows: tuple[ListedRun, ...]
    offset: int
    more: bool


class RunSum(msgspec.Struct, frozen=True, kw_only=True):
    """What several runs came to. ``usd`` is what was paid, None when nothing is known; simulated costs are left out."""

    runs: int = 0
    done: int = 0
    """Done, or done in part."""
    failed: int = 0
    """Failed or crashed."""
    usd: float | None = None
    estimated: bool = False
    """Some of it is priced from tokens."""
    seconds: float = 0.0
    """Of those runs whose length is known."""
    folders: int = 0
    blocked: Blocked = Blocked()


class RunSums(msgspec.Struct, frozen=True):
    """Of all that pass a filter; by the local day they started (``2026-01-31``), the newest first; by instance, those
    with the most runs first, each with the name that its newest run had.
    """

    total: RunSum
    days: tuple[tuple[str, RunSum], ...]
    instances: tuple[tuple[str, str, RunSum], ...]


_WAITS: Final = "(SELECT total(seconds) FROM blocked WHERE blocked.run = runs.id)"
_SORT_KEYS: Final[Mapping[RunOrder, str]] = {
    RunOrder.STARTED: "started_at",
    RunOrder.OUTCOME: "outcome",
    RunOrder.INSTANCE: "name COLLATE NOCASE",
    RunOrder.FOLDER: "folder",
    RunOrder.ROUNDS: "coalesce(rounds, -1)",
    RunOrder.LENGTH: "coalesce(seconds, CASE WHEN outcome = 'running' THEN 9e18 ELSE -1.0 END)",
    RunOrder.BLOCKED: _WAITS,
    RunOrder.COST: "coalesce(cost_usd, -1.0)",
}
_COLUMNS: Final = columns(Run)
_DAY: Final = "strftime('%Y-%m-%d', started_at, 'unixepoch', 'localtime')"
_WAITED: Final = """
    (SELECT run, total(seconds) AS seconds, total(questions) AS questions, max(longest) AS longest
     FROM blocked WHERE run != '' GROUP BY run)
"""
_NEWEST_NAME: Final = """
    (SELECT name FROM runs AS newest WHERE newest.instance = facts.instance
     ORDER BY newest.started_at DESC, newest.id DESC LIMIT 1)
"""
_SUMS: Final = """
    count(*), total(outcome IN ('done', 'partial')), total(outcome IN ('failed', 'crashed')), sum(usd),
    max(CASE WHEN usd IS NOT NULL THEN cost_estimated ELSE 0 END), total(seconds), count(DISTINCT folder),
    total(waited), total(questions), max(longest)
"""


def rows(
    database: Database,
    wanted: RunFilter | None = None,
    *,
    order: RunOrder = RunOrder.STARTED,
    ascending: bool = False,
    offset: int = 0,
    limit: int = 200,
) -> RunRows:
    """Runs that pass the filter, at most ``limit`` (1 to 1000) from ``offset`` on. What is equal comes newest first."""
    limit, offset = max(1, min(limit, MOST_RUNS)), max(0, offset)
    given, values = conditions(wanted or RunFilter())
    where = " AND ".join(given) or "1"
    direction = "ASC" if ascending else "DESC"
    first = f"{_SORT_KEYS[order]} {direction}"
    then = f"id {direction}" if order is RunOrder.STARTED else "started_at DESC, id DESC"
    with database.reading() as connection:
        found = connection.execute(
            f"SELECT {_COLUMNS} FROM runs WHERE {where} ORDER BY {first}, {then} LIMIT ? OFFSET ?",
            (*values, limit + 1, offset),
        ).fetchall()
        runs = [record(Run, row) for row in found[:limit]]
        waits = blocked.of_runs(database, [run.id for run in runs])
    listed = tuple(ListedRun(run, waits.get(run.id, Blocked())) for run in runs)
    return RunRows(listed, offset, len(found) > limit)


def sums(database: Database, wanted: RunFilter | None = None, most: int = MOST_SUMS) -> RunSums:
    """What the runs that pass the filter came to. A run and all of its waits count for the day it started on."""
    given, values = conditions(wanted or RunFilter())
    where = " AND ".join(given) or "1"
    facts = f"""
        SELECT {_DAY} AS day, instance, name, started_at, outcome, folder, cost_estimated, runs.seconds AS seconds,
            CASE WHEN NOT cost_simulated THEN cost_usd END AS usd, waits.seconds AS waited, questions, longest
        FROM runs LEFT JOIN {_WAITED} AS waits ON waits.run = runs.id WHERE {where}
    """
    with database.reading() as connection:
        total = connection.execute(f"SELECT {_SUMS} FROM ({facts})", values).fetchone()
        days = connection.execute(
            f"SELECT day, {_SUMS} FROM ({facts}) WHERE day IS NOT NULL GROUP BY day ORDER BY day DESC LIMIT ?",
            (*values, most),
        ).fetchall()
        instances = connection.execute(
            f"SELECT instance, {_NEWEST_NAME}, {_SUMS} FROM ({facts}) AS facts GROUP BY instance"
            " ORDER BY count(*) DESC, instance LIMIT ?",
            (*values, most),
        ).fetchall()
    return RunSums(
        _sum_of(total),
        tuple((day, _sum_of(row)) for day, *row in days),
        tuple((instance, name, _sum_of(row)) for instance, name, *row in instances),
    )


def outlived(database: Database, run: Run, at: float) -> bool:
    """Whether another run of the same instance began after this one and before ``at``."""
    with database.reading() as connection:
        found = connection.execute(
            "SELECT 1 FROM runs WHERE instance = ? AND started_at > ? AND started_at <= ? AND id != ? LIMIT 1",
            (run.instance, run.started_at, at, run.id),
        ).fetchone()
    return found is not None


def _sum_of(row: Any) -> RunSum:
    runs, done, failed, usd, estimated, seconds, folders, waited, questions, longest = row
    return RunSum(
        runs=runs,
        done=int(done),
        failed=int(failed),
        usd=usd,
        estimated=bool(estimated),
        seconds=seconds,
        folders=folders,
        blocked=Blocked(waited, int(min(questions, 9e18)), longest or 0.0),
    )
