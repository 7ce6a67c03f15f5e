"""Runs, costs and waits in, what each day and each instance came to out."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from podium.core.blocked import Blocked
from podium.core.costs import Cost, CostEntry, SessionCost
from podium.core.ids import InstanceId
from podium.core.runs import RunOutcome
from podium.history import blocked, costs, retention, runs, session_costs, usage
from podium.history.blocked import BlockedDay
from podium.history.database import Database
from podium.history.usage import Usage
from tests.history.opening import opened
from tests.history.records import a_run

DAY = 86_400.0
MIDNIGHT = time.mktime((2026, 3, 2, 0, 0, 0, 0, 0, -1))
NOON = MIDNIGHT + DAY / 2
MONDAY, SUNDAY = "2026-03-02", "2026-03-01"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    with opened(path) as database:
        yield database


def add_cost(database: Database, instance: str, cost: Cost, at: float = NOON) -> None:
    costs.add(database, CostEntry(f"{instance}{at}{cost}", "r", "a", 1, at, cost, "/m.toml", instance))


def add_session(database: Database, instance: str, cost: Cost, at: float = NOON) -> None:
    found = SessionCost(
        id=f"{at}{cost}", tool="claude", session=instance, instance=instance, at=at, cost=cost
    )
    session_costs.record(database, [found])


def add_wait(database: Database, instance: str, sums: Blocked, day: str = MONDAY, run: str = "r") -> None:
    blocked.record(database, [BlockedDay(day, instance, run, sums)])


def add_run(database: Database, instance: str, began: float, ended: float | None, **more: Any) -> None:
    outcome = RunOutcome.RUNNING if ended is None else RunOutcome.DONE
    runs.begin(
        database,
        a_run(
            **{
                "instance": InstanceId(instance),
                "started_at": began,
                "ended_at": ended,
                "outcome": outcome,
                **more,
            }
        ),
    )


def today(database: Database, **more: Any) -> usage.UsageSummary:
    return usage.summary(database, MIDNIGHT, MIDNIGHT + DAY, **more)


def test_nothing_was_used(database: Database) -> None:
    assert today(database) == usage.UsageSummary(
        days=(), more_days=0, instances=(), more_instances=0, total=Usage()
    )


def test_all_kinds_of_use_come_together_by_instance_and_by_day(database: Database) -> None:
    add_cost(database, "api", Cost(1.0, 100, 10))
    add_cost(database, "api", Cost(5.0, 7, 7, simulated=True))
    add_session(database, "api", Cost(2.0, 50, 5, estimated=True))
    add_session(database, "web", Cost(None, 5, None))
    add_wait(database, "api", Blocked(60.0, 2, 40.0))
    add_wait(database, "api", Blocked(30.0, 1, 50.0), run="s")
    add_wait(database, "web", Blocked(10.0, 1, 10.0), SUNDAY)
    add_run(database, "api", NOON, None)
    add_run(database, "docs", NOON, NOON + 5)
    found = today(database)
    api = Usage(
        cost=Cost(3.0, 150, 15, estimated=True),
        simulated_usd=5.0,
        blocked=Blocked(90.0, 3, 50.0),
        runs=1,
    )
    assert found.instances == (
        ("api", api),
        ("docs", Usage(runs=1)),
        ("web", Usage(cost=Cost(None, 5, None))),
    )
    assert found.days == (
        (MONDAY, Usage(cost=Cost(3.0, 155, 15, True), simulated_usd=5.0, blocked=api.blocked)),
    )
    assert found.total == Usage(
        cost=Cost(3.0, 155, 15, estimated=True), simulated_usd=5.0, blocked=api.blocked, runs=2
    )
    both = usage.summary(database, MIDNIGHT - DAY, MIDNIGHT + DAY)
    assert [(day, used.blocked.seconds) for day, used in both.days] == [(MONDAY, 90.0), (SUNDAY, 10.0)]
    assert both.total.blocked == Blocked(100.0, 4, 50.0)


@pytest.mark.parametrize(
    ("began", "ended", "more", "counts"),
    [
        (NOON, None, {}, True),
        (NOON - 9 * DAY, None, {}, True),
        (NOON - 9 * DAY, NOON, {}, True),
        (NOON - 9 * DAY, MIDNIGHT - 1, {}, False),
        (NOON + DAY, None, {}, False),
        (NOON, NOON + 9 * DAY, {}, True),
        # How it ended is not known.
        (NOON - 9 * DAY, None, {"outcome": RunOutcome.INTERRUPTED}, False),
        (NOON - DAY, None, {"outcome": RunOutcome.INTERRUPTED, "seconds": DAY}, True),
    ],
)
def test_a_run_counts_where_it_went_on(
    database: Database, began: float, ended: float | None, more: dict[str, Any], counts: bool
) -> None:
    add_run(database, "api", began, ended, **more)
    assert today(database).total.runs == counts


def test_what_is_left_out_is_counted_all_the_same(database: Database) -> None:
    for number in range(5):
        add_cost(database, f"i{number}", Cost(float(number)), MIDNIGHT - number * DAY + 60)
        add_wait(database, f"w{number}", Blocked(float(number), 1, 1.0))
    found = usage.summary(database, MIDNIGHT - 9 * DAY, MIDNIGHT + DAY, most=3)
    assert [instance for instance, _ in found.instances] == ["i4", "i3", "i2"]
    assert len(found.days) == 3
    assert (found.days[0][0], found.more_days, found.more_instances) == (MONDAY, 2, 7)
    assert (found.total.cost.usd, found.total.blocked.seconds) == (10.0, 10.0)


def test_sums_of_days_are_in_it(database: Database) -> None:
    at = NOON - 30 * DAY
    day = time.strftime("%Y-%m-%d", time.localtime(at))
    add_cost(database, "api", Cost(1.0), at)
    add_session(database, "api", Cost(2.0), at)
    add_wait(database, "api", Blocked(60.0, 1, 60.0), day)
    before = usage.summary(database, 0, MIDNIGHT)
    for fold in (retention.fold_costs, retention.fold_session_costs, retention.fold_blocked):
        assert fold(database, now=NOON, keep_days=5)
    assert usage.summary(database, 0, MIDNIGHT) == before
    assert before.total == Usage(cost=Cost(3.0), blocked=Blocked(60.0, 1, 60.0))


def test_absurd_figures_stop_nothing(database: Database) -> None:
    for number in range(3):
        add_cost(database, f"{number}", Cost(1.0, 2**63 - 1, 2**63 - 1))
        add_wait(database, "api", Blocked(1e300, 2**62, 1e300), run=f"{number}")
    found = today(database)
    assert found.total.cost.tokens_in is not None
    assert found.total.cost.tokens_in >= 2**62
    assert found.total.blocked.questions >= 2**62
