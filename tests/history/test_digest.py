"""Runs and costs in, what happened since a moment out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from podium.core.costs import Cost, CostEntry, SessionCost
from podium.core.runs import RunOutcome
from podium.history import costs, runs, session_costs
from podium.history.database import Database
from podium.history.digest import Past, past
from tests.history.opening import opened
from tests.history.records import NOON, a_run


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    with opened(path) as database:
        yield database


def test_nothing_happened(database: Database) -> None:
    assert past(database, NOON) == Past()


def test_what_ended_since_then_and_what_it_cost(database: Database) -> None:
    ends = [
        ("before", NOON - 1, RunOutcome.DONE),
        ("first", NOON, RunOutcome.FAILED),
        ("second", NOON + 5, RunOutcome.DONE),
        ("third", NOON + 9, RunOutcome.DONE),
        ("goes on", None, RunOutcome.RUNNING),
        ("lost", None, RunOutcome.INTERRUPTED),
    ]
    for id, ended, outcome in ends:
        runs.begin(database, a_run(id=id, started_at=NOON - 100, ended_at=ended, outcome=outcome))
    for number, (at, cost) in enumerate(
        [(NOON - 1, Cost(8.0)), (NOON, Cost(1.0, 5, 1)), (NOON + 1, Cost(4.0, simulated=True))]
    ):
        costs.add(database, CostEntry(str(number), "r", "a", 1, at, cost, "/m.toml", "api"))
    session_costs.record(
        database,
        [SessionCost(id="1", tool="claude", session="s", instance="api", at=NOON + 2, cost=Cost(0.5))],
    )
    found = past(database, NOON)
    assert [run.id for run in found.ended] == ["third", "second", "first"]
    assert found.outcomes == {RunOutcome.DONE: 2, RunOutcome.FAILED: 1}
    assert (found.cost, found.simulated_usd) == (Cost(1.5, 5, 1), 4.0)
    assert [run.id for run in past(database, NOON, most=1).ended] == ["third"]
    assert past(database, NOON, most=1).outcomes == found.outcomes
