"""Money that is reserved: budgets, costs and live processes in, grants out."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from podium.core.costs import Cost, CostEntry, Day, Grant
from podium.core.system.process_identity import ProcessIdentity
from podium.history import costs, reservations
from podium.history.database import Database, open_database

MIDNIGHT = 1_790_000_000.0
DAY = Day(10.0, MIDNIGHT)


class Bank:
    """Reserves for runs, each of a process of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.dead: set[tuple[int, str]] = set()
        self._numbers = 0

    def reserve(
        self, run: str, wanted: float | None = None, among: int = 1, agent: str = "a", day: Day | None = DAY
    ) -> Grant:
        owner = self.owner(run)
        return reservations.reserve(
            self.database, run, agent, wanted, day, among, owner, lambda *who: who not in self.dead
        )

    def owner(self, run: str) -> ProcessIdentity:
        return ProcessIdentity(ord(run[0]), f"boot:{run}")

    def kill(self, run: str) -> None:
        owner = self.owner(run)
        self.dead.add((owner.pid, owner.started))

    def spend(self, run: str, usd: float | None, *, agent: str = "a", simulated: bool = False) -> None:
        self._numbers += 1
        cost = Cost(usd, 1, simulated=simulated)
        costs.add(self.database, CostEntry(str(self._numbers), run, agent, 1, MIDNIGHT + 1, cost))

    def rows(self) -> list[tuple[str, str, float]]:
        with self.database.reading() as connection:
            found = connection.execute("SELECT run, agent, usd FROM reservations ORDER BY run, agent")
            return list(found.fetchall())


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Bank]:
    database = open_database(tmp_path / "history.db").database
    yield Bank(database)
    database.close()


def test_a_grant_is_the_smaller_of_what_is_wanted_and_what_is_free(bank: Bank) -> None:
    assert bank.reserve("x", 4.0) == Grant(4.0, 0.0, 0.0)
    assert bank.reserve("y", 100.0) == Grant(6.0, 0.0, 4.0)
    assert bank.reserve("y", 1.0) == Grant(1.0, 0.0, 4.0), "what it had is replaced"
    assert bank.rows() == [("x", "a", 4.0), ("y", "a", 1.0)]


def test_agents_of_a_run_share_what_is_free(bank: Bank) -> None:
    assert bank.reserve("x", among=4).usd == 2.5
    assert bank.reserve("x", among=3, agent="b").usd == 2.5
    assert bank.reserve("y", among=0).usd == 5.0, "among nobody is among one"


def test_what_is_spent_is_neither_free_nor_reserved(bank: Bank) -> None:
    bank.reserve("x", 4.0)
    bank.spend("x", 3.0)
    assert bank.rows() == [("x", "a", 1.0)]
    assert bank.reserve("y") == Grant(6.0, 3.0, 1.0)
    bank.spend("x", 3.0)
    assert bank.rows()[0] == ("x", "a", 0.0), "it held no more than its share"
    assert bank.reserve("z") == Grant(0.0, 6.0, 6.0)


def test_only_real_costs_of_the_agent_itself_use_its_share_up(bank: Bank) -> None:
    bank.reserve("x", 4.0)
    bank.spend("x", 1.0, agent="b")
    bank.spend("y", 1.0)
    bank.spend("x", 1.0, simulated=True)
    bank.spend("x", None)
    bank.spend("x", -1.0)
    assert bank.rows() == [("x", "a", 4.0)]


def test_a_cost_that_is_told_again_uses_nothing_up(bank: Bank) -> None:
    bank.reserve("x", 4.0)
    for _ in range(3):
        costs.add(bank.database, CostEntry("same", "x", "a", 1, MIDNIGHT + 1, Cost(1.0)))
    assert bank.rows() == [("x", "a", 3.0)]


def test_a_day_that_is_overspent_grants_nothing_and_owes_nothing(bank: Bank) -> None:
    bank.spend("x", 12.0)
    assert bank.reserve("y", 1.0) == Grant(0.0, 12.0, 0.0)
    assert bank.rows() == [], "nobody waits for money that is spent"


def test_costs_before_the_day_do_not_count(bank: Bank) -> None:
    bank.spend("x", 9.0)
    assert bank.reserve("y", day=Day(10.0, MIDNIGHT + 2)).usd == 10.0
    assert bank.reserve("y", day=Day(10.0, MIDNIGHT + 1)).usd == 1.0


def test_without_a_day_what_is_wanted_is_granted_and_held(bank: Bank) -> None:
    assert bank.reserve("x", 3.0, day=None) == Grant(3.0)
    assert bank.reserve("y").usd == 7.0
    assert bank.reserve("z", None, day=None) == Grant(None)
    assert [run for run, _, _ in bank.rows()] == ["x", "y"]


def test_other_runs_that_wait_get_their_part_when_money_is_free(bank: Bank) -> None:
    assert bank.reserve("x").usd == 10.0
    assert bank.reserve("y") == Grant(0.0, 0.0, 10.0)
    assert bank.reserve("x", among=1).usd == 5.0, "y waits: half is for it"
    assert bank.reserve("y").usd == 5.0, "its own waiting does not count against it"
    reservations.release(bank.database, "x", "a")
    assert bank.reserve("z").usd == 5.0, "y waits no more"


def test_what_the_dead_had_reserved_is_free_whoever_has_their_number_now(bank: Bank) -> None:
    bank.reserve("x", 6.0)
    bank.reserve("xx", 1.0)
    bank.kill("x")
    assert bank.reserve("y").usd == 9.0
    assert [run for run, _, _ in bank.rows()] == ["xx", "y"]


def test_release_frees_one_agent_of_one_run(bank: Bank) -> None:
    for run, agent in (("x", "a"), ("x", "b"), ("y", "a")):
        bank.reserve(run, 1.0, agent=agent)
    reservations.release(bank.database, "x", "a")
    assert bank.rows() == [("x", "b", 1.0), ("y", "a", 1.0)]


@pytest.mark.parametrize("among", [1, 2, 3, 7])
def test_shares_never_add_up_to_more_than_the_day(bank: Bank, among: int) -> None:
    grants = [bank.reserve(run, among=among).usd or 0.0 for run in "abcdefgh"]
    assert math.fsum(grants) <= DAY.usd + 1e-9
    assert all(grant >= 0 for grant in grants)
