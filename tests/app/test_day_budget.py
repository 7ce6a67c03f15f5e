"""Costs of missions and of sessions in, what is told of the day's budget out."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from podium.app.state.day_budget import DayBudget
from podium.core.costs import Cost, CostEntry, SessionCost
from podium.history import costs, session_costs
from podium.history.database import Database
from tests.history.keeping import Keeper, keeping

NOON = time.mktime((2026, 3, 2, 12, 0, 0, 0, 0, -1))
DAY = 86_400.0


class Watch:
    def __init__(self, keeper: Keeper) -> None:
        self.keeper = keeper
        self.wall = NOON
        self.told: list[str] = []
        self.handed: list[tuple[Callable[[Any], None], object]] = []
        self.budget = DayBudget(
            keeper.history, lambda *answer: self.handed.append(answer), wall=lambda: self.wall
        )
        self.budget.reached.connect(self.told.append)
        self._number = 0

    def spend(self, *, missions: float = 0.0, sessions: float = 0.0, **more: Any) -> None:
        self._number += 1
        id, at = str(self._number), self.wall

        def work(database: Database) -> None:
            if missions:
                costs.add(database, CostEntry(id, "r", "a", 1, at, Cost(missions), "/m.toml", "api"))
            if sessions:
                cost = Cost(sessions, **more)
                found = SessionCost(id=id, tool="claude", session="s", instance="api", at=at, cost=cost)
                session_costs.record(database, [found])

        self.keeper.do(work)
        self.budget.look()
        self.wait()

    def wait(self) -> None:
        self.keeper.kept()  # What was asked before is answered by now.
        handed, self.handed = self.handed, []
        for receive, value in handed:
            receive(value)

    def shares(self) -> list[str]:
        return [text.split(" was")[0] for text in self.told]


@pytest.fixture
def watch(tmp_path: Path, qapp: object) -> Iterator[Watch]:
    with keeping(tmp_path / "history.db") as keeper:
        yield Watch(keeper)


def test_it_is_told_at_four_fifths_and_at_the_whole_once_each(watch: Watch) -> None:
    watch.budget.set_usd(10.0)
    for sessions in (3.0, 0.5, 0.25, 0.25, 1.0, 1.0):
        watch.spend(missions=1.0, sessions=sessions)
    assert watch.shares() == ["$8.00", "$10.00"]
    assert watch.told[0] == (
        "$8.00 was spent today, of a budget of $10.00: $4.00 by missions, $4.00 by agents that you work with. "
        "Only missions stop at the budget, and only their own costs count for that."
    )


def test_more_at_once_is_told_once(watch: Watch) -> None:
    watch.budget.set_usd(10.0)
    watch.spend(sessions=40.0)
    watch.spend(sessions=1.0)
    assert watch.shares() == ["$40.00"]


@pytest.mark.parametrize(
    "spent", [{"missions": 40.0}, {"sessions": 7.99}, {"sessions": 40.0, "simulated": True}]
)
def test_what_missions_tell_themselves_and_what_is_little_is_not_told(
    watch: Watch, spent: dict[str, Any]
) -> None:
    watch.budget.set_usd(10.0)
    watch.spend(**spent)
    assert watch.told == []


def test_without_a_budget_there_is_nothing_to_tell(watch: Watch) -> None:
    watch.spend(sessions=40.0)
    watch.budget.set_usd(0.0)
    watch.wait()
    assert watch.told == []
    watch.budget.set_usd(20.0)
    watch.wait()
    assert watch.shares() == ["$40.00"]


def test_it_is_told_again_the_next_day_and_of_another_budget(watch: Watch) -> None:
    watch.budget.set_usd(10.0)
    watch.spend(sessions=40.0)
    watch.budget.set_usd(10.0)
    watch.wait()
    watch.budget.set_usd(20.0)
    watch.wait()
    watch.wall += DAY
    watch.spend(sessions=1.0)
    watch.spend(sessions=16.0)
    assert watch.shares() == ["$40.00", "$40.00", "$17.00"]


def test_a_history_that_is_closed_says_nothing(watch: Watch) -> None:
    watch.keeper.history.close(60)
    watch.budget.set_usd(10.0)
    assert watch.told == []
