"""Budgets and the cost book alone: costs in, shares and sentences out. No agent runs."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from podium.core.costs import Cost, CostEntry, Day, Grant, LedgerBusy
from podium.core.missions.spec import AgentSpec, Mission
from podium.core.missions.state import AgentMemory, MissionState
from podium.missions.costs.book import CostBook
from podium.missions.costs.budget import Budgets, Share, day_budget

NOON = 1_790_000_000.0
A, B = AgentSpec("a", name="Ann"), AgentSpec("b")


class FakeLedger:
    """Grants ``granted`` where it is set, else what is wanted."""

    def __init__(self) -> None:
        self.renewed = False
        self.entries: list[CostEntry] = []
        self.rewritten: list[Sequence[CostEntry]] = []
        self.spent: float | None = None
        self.asked = 0
        self.error: OSError | None = None
        self.granted: Grant | None = None
        self.reservations: list[tuple[str, float | None, Day | None, int]] = []
        self.released: list[str] = []

    def take_notice(self) -> str:
        return ""

    def add(self, *entries: CostEntry) -> None:
        if self.error is not None:
            raise self.error
        self.entries += entries

    def rewrite(self, run: str, entries: Sequence[CostEntry]) -> None:
        self.rewritten.append(list(entries))

    def of_run(self, run: str) -> Sequence[CostEntry]:
        return list(self.entries)

    def spent_since(self, moment: float) -> float | None:
        self.asked += 1
        if self.error is not None:
            raise self.error
        return self.spent

    def reserve(self, run: str, agent: str, wanted: float | None, day: Day | None, among: int) -> Grant:
        self.reservations.append((agent, wanted, day, among))
        return self.granted or Grant(wanted)

    def release(self, run: str, agent: str) -> None:
        self.released.append(agent)


class Money:
    """A mission's budgets over a ledger that does as it is told."""

    def __init__(self, *, mission: float | None = None, day: float | None = None) -> None:
        self.ledger = FakeLedger()
        self.state = MissionState("run", "/m.toml")
        self.now = 0.0
        self.wall = NOON
        self.book = self.new_book()
        self.notes: list[str] = []
        spec = Mission(Path("/m.toml"), "Try", Path("/"), (A, B), budget_usd=mission)
        self.budgets = Budgets(spec, self.book, day, self.notes.append)
        self._number = 0

    def new_book(self) -> CostBook:
        return CostBook(self.ledger, self.state, "/m.toml", wall=lambda: self.wall, clock=lambda: self.now)

    def spend(self, agent: AgentSpec, usd: float | None, *, simulated: bool = False) -> None:
        self._number += 1
        self.book.add(agent.id, 1, 1, self._number, Cost(usd, 1, simulated=simulated))


def test_a_share_is_the_smallest_of_all_that_is_free() -> None:
    money = Money(mission=10.0)
    rich = AgentSpec("a", budget_usd=3.0)
    assert money.budgets.reserve(rich, 2) == Share(3.0)
    money.budgets.release(rich)
    money.spend(rich, 1.0)
    assert money.budgets.reserve(rich, 2) == Share(2.0)
    money.budgets.release(rich)
    assert money.budgets.reserve(rich, 9) == Share(1.0)
    assert money.budgets.reserve(AgentSpec("c", budget_usd=100.0), 1) == Share(8.0)


def test_agents_at_work_together_never_get_the_same_money() -> None:
    money = Money(mission=9.0)
    assert money.budgets.reserve(A, 2) == Share(4.5)
    assert money.budgets.holders == {"a"}
    money.spend(A, 1.5)
    # What is spent of a share is not held as well: 9 − 1.5 spent − 3 held.
    assert money.budgets.reserve(B, 1) == Share(4.5)
    last = money.budgets.reserve(AgentSpec("c"), 1)
    assert (last.usd, last.reason) == (None, "")
    assert last.wait == "the other agents have reserved what is left of $9.00"
    money.budgets.release(A)
    assert money.budgets.holders == {"b"}
    assert money.budgets.reserve(AgentSpec("c"), 1) == Share(3.0)


def test_a_new_reservation_replaces_the_agents_old_one() -> None:
    money = Money(mission=10.0)
    assert [money.budgets.reserve(A, 2).usd for _ in range(3)] == [5.0, 5.0, 5.0]


def test_an_agent_that_overspends_holds_nothing_of_the_others() -> None:
    money = Money(mission=10.0)
    assert money.budgets.reserve(A, 5) == Share(2.0)
    money.spend(A, 4.0)
    assert money.budgets.reserve(B, 1) == Share(6.0)


def test_nothing_left_is_a_reason_and_no_share() -> None:
    money = Money(mission=2.0)
    money.spend(A, 2.0)
    assert money.budgets.reserve(B, 1) == Share(
        reason="the mission’s budget of $2.00 is used up ($2.00 spent)"
    )
    assert money.budgets.holders == frozenset()
    poor = AgentSpec("a", name="Ann", budget_usd=2.0)
    own = Money()
    own.spend(A, 2.5)
    assert own.budgets.reserve(poor, 1).reason == "the budget of Ann of $2.00 is used up ($2.50 spent)"


def test_without_any_budget_nothing_is_reserved_but_the_agent_holds_its_place() -> None:
    money = Money()
    assert money.budgets.reserve(A, 3) == Share()
    assert money.budgets.holders == {"a"}
    assert money.ledger.reservations == []
    money.budgets.release(A)
    assert money.ledger.released == []


def test_the_day_is_asked_for_every_share_and_told_of_its_end() -> None:
    money = Money(mission=8.0, day=5.0)
    money.ledger.granted = Grant(1.5)
    assert money.budgets.reserve(A, 2) == Share(1.5)
    [(agent, wanted, day, among)] = money.ledger.reservations
    assert (agent, wanted, among) == ("a", 4.0, 2)
    assert day is not None
    assert day.usd == 5.0
    assert 0 <= NOON - day.since < 86_400
    assert time.localtime(day.since)[3:6] == (0, 0, 0)
    # The mission holds no more for it than the day has granted.
    money.ledger.granted = None
    assert money.budgets.reserve(B, 1) == Share(6.5)
    money.budgets.release(A)
    assert money.ledger.released == ["a"]
    money.budgets.release(A)
    assert money.ledger.released == ["a"]


def test_a_day_that_others_hold_is_waited_for_and_one_that_is_spent_is_not() -> None:
    money = Money(day=5.0)
    money.ledger.granted = Grant(0.0, 3.0, 2.0)
    share = money.budgets.reserve(A, 1)
    assert share.usd is None
    assert share.wait.startswith("agents at work, of other missions too, have reserved $2.00")
    assert money.budgets.holders == frozenset()
    money.ledger.granted = Grant(0.0, 5.0, 0.0)
    money.ledger.spent = 5.0
    assert money.budgets.reserve(A, 1) == Share(reason="the day’s budget of $5.00 is used up ($5.00 spent)")
    money.budgets.release(A)
    assert money.ledger.released == ["a"], "the ledger had a note that it waits"


@pytest.mark.parametrize(
    ("spent", "notes", "used_up"),
    [
        (1.59, [], False),
        (1.6, ["$1.60 of the mission’s budget of $2.00 is spent (80%)"], False),
        (1.99, ["$1.99 of the mission’s budget of $2.00 is spent (100%)"], False),
        (2.0, [], True),
        (2.004, [], True),
        (2.5, ["$0.50 more than the mission’s budget of $2.00 is spent"], True),
    ],
)
def test_a_warning_at_four_fifths_and_the_end_at_all_of_it(
    spent: float, notes: list[str], used_up: bool
) -> None:
    money = Money(mission=2.0)
    money.spend(A, spent)
    for _ in range(3):
        assert bool(money.budgets.used_up()) is used_up
    assert money.notes == notes


def test_a_budget_that_is_changed_warns_again() -> None:
    money = Money(mission=2.0)
    money.spend(A, 1.9)
    assert money.budgets.used_up() == ""
    money.budgets.change_mission_budget(2.0)
    money.budgets.used_up()
    assert len(money.notes) == 1
    money.budgets.change_mission_budget(1.0)
    assert money.budgets.used_up()
    money.budgets.change_mission_budget(1.95)
    assert money.budgets.used_up() == ""
    assert len(money.notes) == 3


def test_the_day_counts_beside_the_mission() -> None:
    money = Money(mission=10.0, day=3.0)
    money.ledger.spent = 2.9
    assert money.budgets.used_up() == ""
    money.spend(A, 0.2)
    assert money.budgets.used_up() == "the day’s budget of $3.00 is used up ($3.10 spent)"
    money.ledger.error = OSError("it is damaged")
    money.now += 10.0
    assert money.budgets.used_up() == "the day’s budget of $3.00 can’t be checked: it is damaged"


def test_an_overshoot_is_told_from_half_a_cent_on() -> None:
    money = Money(mission=2.0, day=3.0)
    money.spend(A, 2.004)
    money.ledger.spent = 3.25 - 2.004  # What waits to be written is added.
    assert money.budgets.overshoot() == [
        "The day’s budget of $3.00 was overshot by $0.25 ($3.25 spent)",
    ]
    money.spend(A, 0.5)
    assert money.budgets.overshoot()[0] == "The mission’s budget of $2.00 was overshot by $0.50 ($2.50 spent)"


def test_an_agent_that_does_not_tell_its_cost_is_named_once() -> None:
    money = Money(mission=2.0)
    for _ in range(2):
        money.budgets.reserve(A, 1)
        money.spend(A, None)
        money.budgets.release(A)
    assert money.notes == ["Ann does not tell what it costs: no budget can hold it"]


def test_simulated_costs_are_named_once_where_there_is_a_day() -> None:
    for day, notes in ((None, 0), (3.0, 1)):
        money = Money(day=day)
        money.budgets.note_simulated(A, Cost(1.0))
        assert money.notes == []
        for _ in range(2):
            money.budgets.note_simulated(A, Cost(1.0, simulated=True))
        assert len(money.notes) == notes


def test_a_day_budget_that_cannot_be_told_is_not_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    assert day_budget(file) is None
    file.write_text("[missions]\nday_budget_usd = 2.5\n")
    assert day_budget(file) == 2.5
    file.write_text("[missions]\nday_budget_usd = 'much'\n")
    with pytest.raises(ValueError, match="No mission starts until"):
        day_budget(file)


# The book


def test_costs_of_one_attempt_join_until_they_are_written() -> None:
    money = Money()
    for usd in (0.25, 0.5):
        money.spend(A, usd)
    money.spend(A, 1.0, simulated=True)
    money.spend(B, 2.0)
    assert money.book.unwritten == 3
    money.book.write()
    assert sorted((entry.agent, entry.cost.usd, entry.cost.tokens_in) for entry in money.ledger.entries) == [
        ("a", 0.75, 2),
        ("a", 1.0, 1),
        ("b", 2.0, 1),
    ]
    assert money.book.unwritten == 0
    money.book.write()
    assert len(money.ledger.entries) == 3
    assert money.book.whole.usd == money.state.cost.usd == 3.75
    assert money.state.agents["a"].cost.usd == money.book.of_agent("a").usd == 1.75
    assert (money.book.of_round(1).usd, money.book.of_round(2).usd) == (3.75, None)


def test_a_cost_that_was_told_before_is_not_counted_again() -> None:
    money = Money()
    for number in (1, 2, 2, 1):
        money.book.add("a", 1, 1, number, Cost(1.0))
    money.book.add("a", 1, 2, 1, Cost(1.0))
    assert money.book.whole.usd == 3.0
    money.book.write()
    again = money.new_book()
    again.add("a", 1, 1, 2, Cost(1.0))
    assert again.whole.usd == 3.0
    again.add("a", 1, 1, 3, Cost(1.0))
    assert again.whole.usd == 4.0


def test_costs_that_could_not_be_written_are_written_later_under_the_same_ids() -> None:
    money = Money()
    money.spend(A, 1.0)
    money.ledger.error = LedgerBusy("held")
    with pytest.raises(LedgerBusy):
        money.book.write()
    assert money.book.unwritten == 1
    money.spend(A, 2.0)
    money.ledger.error = None
    money.book.write()
    assert [(entry.id, entry.cost.usd) for entry in money.ledger.entries] == [
        ("run/1/a/1/1", 1.0),
        ("run/1/a/1/2", 2.0),
    ]


def test_a_ledger_that_was_replaced_gets_all_entries_again() -> None:
    money = Money()
    money.spend(A, 1.0)
    money.book.write()
    money.ledger.renewed = True
    money.spend(B, 2.0)
    money.book.write()
    assert [[entry.cost.usd for entry in entries] for entries in money.ledger.rewritten] == [[1.0, 2.0]]
    assert not money.ledger.renewed


def test_what_only_the_state_remembers_was_spent() -> None:
    money = Money(mission=5.0)
    money.state.cost = Cost(3.0)
    money.state.agents = {"a": AgentMemory(cost=Cost(2.0))}
    book = money.new_book()
    assert (book.whole.usd, book.of_agent("a").usd, book.of_agent("b").usd) == (3.0, 2.0, None)
    book.add("a", 1, 1, 1, Cost(0.5))
    assert (book.whole.usd, book.of_agent("a").usd) == (3.5, 2.5)
    book.write()
    again = money.new_book()
    assert (again.whole.usd, again.of_agent("a").usd) == (3.5, 2.5)


def test_the_day_is_asked_about_twice_a_second_at_most_and_own_costs_count_at_once() -> None:
    money = Money()
    money.ledger.spent = 1.0
    assert money.book.spent_today() == 1.0
    money.spend(A, 0.5)
    money.spend(A, 9.0, simulated=True)
    assert money.book.spent_today() == 1.5
    money.now = 0.49
    assert (money.book.spent_today(), money.ledger.asked) == (1.5, 1)
    money.now = 0.5
    assert (money.book.spent_today(), money.ledger.asked) == (1.5, 2)


def test_a_ledger_that_is_held_is_done_without_for_a_minute() -> None:
    money = Money()
    money.ledger.spent = 1.0
    money.book.spent_today()
    money.ledger.error = LedgerBusy("held")
    money.now = 59.0
    assert money.book.spent_today() == 1.0
    money.now = 60.0
    with pytest.raises(LedgerBusy):
        money.book.spent_today()


def test_a_new_day_is_asked_about_at_once() -> None:
    money = Money()
    money.ledger.spent = 1.0
    assert money.book.spent_today() == 1.0
    money.ledger.spent = None
    money.wall += 86_400
    assert money.book.spent_today() is None


def test_costs_are_on_disk_before_money_is_reserved_or_freed() -> None:
    for act in ("reserve", "release"):
        money = Money(day=5.0)
        money.spend(A, 1.0)
        deed: Callable[[], object] = {
            "reserve": lambda money=money: money.book.reserve("a", None, None, 1),
            "release": lambda money=money: money.book.release("a"),
        }[act]
        deed()
        assert [entry.cost.usd for entry in money.ledger.entries] == [1.0]
