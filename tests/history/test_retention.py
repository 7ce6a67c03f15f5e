"""Old and new costs in, which of them become sums of days out; and when upkeep is due."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from podium.core.costs import Cost, CostEntry
from podium.history import costs, retention
from podium.history.database import Database
from tests.history.opening import opened

DAY = retention.DAY
NOW = 1_700_000_000.0
A_DOLLAR = Cost(1.0)


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    with opened(path) as database:
        yield database


def add(database: Database, run: str, *ages: float, cost: Cost = A_DOLLAR, agent: str = "a") -> None:
    """A cost of ``run`` for each of ``ages`` in days."""
    for age in ages:
        costs.add(database, CostEntry(f"{run}/{agent}/{age}/{cost}", run, agent, 1, NOW - age * DAY, cost))


def single(database: Database, *names: str) -> list[int]:
    """How many costs of each run are still single ones."""
    return [len(costs.of_run(database, run)) for run in names]


def fold(database: Database, keep_days: float, **more: Any) -> int:
    pieces = 0
    while retention.fold_costs(database, now=NOW, keep_days=keep_days, **more):
        pieces += 1
    return pieces


@pytest.mark.parametrize(
    ("keep_days", "left"), [(30, [1, 1, 1]), (9.5, [0, 1, 1]), (2.5, [0, 0, 1]), (0, [0, 0, 1])]
)
def test_what_is_older_than_the_days_to_keep_is_summed_and_two_days_always_stay(
    database: Database, keep_days: float, left: list[int]
) -> None:
    for run, age in (("old", 10), ("later", 9), ("new", 1.5)):
        add(database, run, age)
    fold(database, keep_days)
    assert single(database, "old", "later", "new") == left
    assert costs.usage(database).real.usd == 3.0


def test_a_run_stays_single_as_long_as_it_costs_something_and_others_do_not(database: Database) -> None:
    add(database, "goes on", 20, 19, 1)
    add(database, "over", 20, 19)
    fold(database, 5)
    assert single(database, "goes on", "over") == [3, 0]


def test_too_many_costs_are_summed_from_the_oldest_on_and_no_more_than_there_are_too_many(
    database: Database,
) -> None:
    for number in range(10):
        add(database, f"r{number}", 20 - number)
    pieces = fold(database, 365, most_entries=6, at_once=3)
    assert single(database, *(f"r{number}" for number in range(10))) == [0] * 4 + [1] * 6
    assert pieces == 2


def test_of_too_many_costs_those_of_two_days_stay(database: Database) -> None:
    add(database, "old", 3)
    for number in range(5):
        add(database, f"r{number}", 0.1 * (number + 1))
    fold(database, 365, most_entries=2)
    assert single(database, "old", *(f"r{number}" for number in range(5))) == [0, 1, 1, 1, 1, 1]


def test_a_piece_is_no_bigger_than_it_may_be(database: Database) -> None:
    for number in range(7):
        add(database, f"r{number}", 20)
    assert retention.fold_costs(database, now=NOW, keep_days=5, at_once=3)
    assert sum(single(database, *(f"r{number}" for number in range(7)))) == 4
    assert retention.fold_costs(database, now=NOW, keep_days=5, most_entries=0, at_once=3)
    assert sum(single(database, *(f"r{number}" for number in range(7)))) == 1


def test_a_cost_that_takes_the_place_of_one_that_is_gone_stays_single(database: Database) -> None:
    """SQLite gives the numbers of removed rows to new ones."""
    add(database, "old", 20)
    assert retention.fold_costs(database, now=NOW, keep_days=5)
    add(database, "new", 1)
    add(database, "old too", 20)
    assert retention.fold_costs(database, now=NOW, keep_days=5)
    assert single(database, "old", "new", "old too") == [0, 1, 0]
    assert costs.usage(database).real.usd == 3.0


def test_sums_that_come_to_sums_keep_what_is_known_guessed_and_simulated(database: Database) -> None:
    pieces = {
        "money": (Cost(2.0), Cost(3.0)),
        "guess": (Cost(1.0, estimated=True), Cost(1.0)),
        "guess too": (Cost(1.0), Cost(1.0, estimated=True)),
        "tokens": (Cost(None, 5, 7), Cost(None, 6, None)),
        "huge": (Cost(1.0, 2**62), Cost(1.0, 2**63 - 1)),
        "half": (Cost(0.25, 1), Cost(0.5, 1)),
        "played": (Cost(4.0, simulated=True), Cost(5.0, simulated=True)),
    }
    for number in range(2):
        for agent, parts in pieces.items():
            add(database, f"{agent} {number}", 20, cost=parts[number], agent=agent)
        fold(database, 5)
    found = {row.agent: row for row in costs.usage(database).rows}
    assert {agent: row.entries for agent, row in found.items()} == dict.fromkeys(pieces, 2)
    assert {agent: row.cost_usd for agent, row in found.items()} == {
        "money": 5.0,
        "guess": 2.0,
        "guess too": 2.0,
        "tokens": None,
        "huge": 2.0,
        "half": 0.75,
        "played": 9.0,
    }
    assert (found["tokens"].tokens_in, found["tokens"].tokens_out) == (11, 7)
    assert found["money"].tokens_in is None
    assert found["huge"].tokens_in == 9 * 10**18
    assert {agent for agent, row in found.items() if row.estimated} == {"guess", "guess too"}
    assert {agent for agent, row in found.items() if row.simulated} == {"played"}


class Pages:
    """A file of so many pages of 4 KiB; says how much it was told to give back."""

    def __init__(
        self, count: int, free: int, *, in_pieces: bool = True, path: Path | None = Path("x")
    ) -> None:
        self.path = path
        self.vacuumed: list[int | None] = []
        self._found = {
            "page_size": 4096,
            "page_count": count,
            "freelist_count": free,
            "auto_vacuum": 2 if in_pieces else 0,
        }

    def reading(self) -> "Pages":
        return self

    def __enter__(self) -> "Pages":
        return self

    def __exit__(self, *_: object) -> None: ...

    def execute(self, text: str) -> SimpleNamespace:
        return SimpleNamespace(fetchone=lambda: (self._found[text.removeprefix("PRAGMA ")],))

    def vacuum(self, pages: int | None) -> bool:
        self.vacuumed.append(pages)
        return True


@pytest.mark.parametrize(
    ("count", "free", "more", "vacuumed"),
    [
        (3000, 1000, {}, [1000]),
        (3000, 999, {}, []),
        (3000, 1000, {"in_pieces": False}, [None]),
        (2047, 2000, {}, []),
        (2048, 2000, {}, [1000]),
        (3000, 2000, {"path": None}, []),
    ],
    ids=["a third is free", "less is free", "an old file", "small", "not small", "in memory"],
)
def test_a_big_file_of_which_a_third_is_free_is_shrunk(
    count: int, free: int, more: dict[str, Any], vacuumed: list[int | None]
) -> None:
    pages = Pages(count, free, **more)
    assert retention.shrink(cast(Database, pages)) is bool(vacuumed)
    assert pages.vacuumed == vacuumed


def test_upkeep_is_due_when_it_was_never_done_or_long_ago_or_in_the_future(database: Database) -> None:
    assert retention.due(database, "check", 100, NOW)
    retention.done(database, "check", NOW)
    assert [retention.due(database, "check", 100, NOW + later) for later in (-1, 0, 99, 100)] == [
        True,
        False,
        False,
        True,
    ]
    assert retention.due(database, "fold", 100, NOW)
    retention.done(database, "check", NOW + 200)
    assert not retention.due(database, "check", 100, NOW + 250)
