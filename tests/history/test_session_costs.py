"""Costs found in transcripts in, sums out; found again they count once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from podium.core.costs import Cost, CostEntry, CostSource, SessionCost
from podium.history import costs, retention, session_costs
from podium.history.database import Database, open_database
from podium.history.schema import MIGRATIONS
from tests.history.opening import opened

NOW = 1_790_000_000.0
DAY = retention.DAY


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    with opened(path) as database:
        yield database


def a_cost(id: str = "msg 1", cost: Cost | None = None, **more: Any) -> SessionCost:
    usual: dict[str, Any] = {"tool": "claude", "session": "s", "instance": "api", "at": NOW}
    return SessionCost(id=id, cost=cost or Cost(0.25, 100, 10), **{**usual, **more})


def known(database: Database) -> list[tuple[str, str, str, float | None, int | None, int]]:
    return [
        (row.instance, row.agent, row.source, row.cost_usd, row.tokens_in, row.entries)
        for row in costs.usage(database).rows
    ]


def test_a_transcript_that_is_read_again_counts_once(database: Database) -> None:
    transcript = [
        a_cost("msg 1"),
        a_cost("msg 2"),
        a_cost("msg 1", session="t"),
        a_cost("msg 1", tool="codex"),
    ]
    for _ in range(3):
        session_costs.record(database, transcript)
    assert known(database) == [
        ("api", "claude", "interactive", 0.75, 300, 3),
        ("api", "codex", "interactive", 0.25, 100, 1),
    ]


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ([Cost(0.1, 5, 1), Cost(0.3, 5, 7)], Cost(0.3, 5, 7)),
        ([Cost(0.3, 5, 7), Cost(0.1, 5, 1)], Cost(0.3, 5, 7)),
        ([Cost(None, 5, None), Cost(0.2, None, 3, estimated=True)], Cost(0.2, 5, 3, estimated=True)),
        ([Cost(0.2, 5, 3, estimated=True), Cost(None, 6, None)], Cost(0.2, 6, 3, estimated=True)),
        ([Cost(0.2, 5, 3, estimated=True), Cost(0.2, 5, 3)], Cost(0.2, 5, 3)),
        ([Cost(None, None, None)], Cost()),
        ([Cost(-1.0, -5, 2**80)], Cost()),
        ([Cost(float("inf"), 5, 1), Cost(1e9, 5, 1)], Cost(None, 5, 1)),
        ([Cost(1, 5, 1)], Cost(1.0, 5, 1)),
    ],
)
def test_a_message_that_grows_counts_as_large_as_it_got(
    database: Database, told: list[Cost], kept: Cost
) -> None:
    for cost in told:
        session_costs.record(database, [a_cost(cost=cost)])
    assert costs.usage(database).real == kept


@pytest.mark.parametrize("at", [float("nan"), float("inf"), 1e300, -1e300, 1e12])
def test_what_has_no_date_is_left_out_and_holds_up_nothing(database: Database, at: float) -> None:
    session_costs.record(database, [a_cost("1", at=at), a_cost("2")])
    assert [row[-1] for row in known(database)] == [1]
    assert retention.fold_session_costs(database, now=NOW + 10 * DAY, keep_days=1)


def test_it_moves_to_no_other_instance_when_the_session_goes_on_there(database: Database) -> None:
    session_costs.record(database, [a_cost("1")])
    session_costs.record(database, [a_cost("1", instance="web"), a_cost("2", instance="web")])
    assert [row[0] for row in known(database)] == ["api", "web"]


def test_no_budget_counts_it_and_the_usage_names_its_source(database: Database) -> None:
    session_costs.record(database, [a_cost(cost=Cost(3.0))])
    assert costs.spent_since(database, 0) is None
    costs.add(database, CostEntry("r/1", "r", "claude", 1, NOW, Cost(1.0), "/m.toml", "api"))
    assert costs.spent_since(database, 0) == 1.0
    session_costs.record(database, [a_cost("played", Cost(9.0, simulated=True))])
    assert session_costs.spent_since(database, NOW) == 3.0
    assert session_costs.spent_since(database, NOW + 1) is None
    used = costs.usage(database)
    assert used.real.usd == 4.0
    assert [(row.source, row.cost_usd) for row in used.rows if not row.simulated] == [
        (CostSource.INTERACTIVE, 3.0),
        (CostSource.MISSION, 1.0),
    ]
    assert costs.usage(database, since=NOW + 1).rows == ()


def fold(database: Database, keep_days: float, **more: Any) -> int:
    pieces = 0
    while retention.fold_session_costs(database, now=NOW, keep_days=keep_days, **more):
        pieces += 1
    return pieces


def singles(database: Database) -> int:
    with database.reading() as connection:
        count: int = connection.execute("SELECT count(*) FROM session_costs").fetchone()[0]
    return count


def aged(*ages: float) -> list[SessionCost]:
    return [a_cost(f"{age}", at=NOW - age * DAY) for age in ages]


@pytest.mark.parametrize(
    ("keep_days", "most", "left"),
    [(365, 100, 5), (15, 100, 3), (5, 100, 2), (0, 100, 2), (365, 4, 3), (365, 0, 2)],
)
def test_old_ones_become_sums_of_days_that_the_same_transcript_does_not_add_to(
    database: Database, keep_days: float, most: int, left: int
) -> None:
    transcript = aged(20, 20.0001, 10, 1, 0)
    session_costs.record(database, transcript)
    before = costs.usage(database)
    pieces = fold(database, keep_days, most_entries=most)
    assert singles(database) == left
    assert costs.usage(database) == before
    session_costs.record(database, transcript)
    assert (singles(database), fold(database, keep_days, most_entries=most)) == (left, 0)
    assert costs.usage(database) == before
    assert pieces == {5: 0, 3: 1, 2: 2}[left]


def test_the_days_of_others_go_on(database: Database) -> None:
    session_costs.record(database, aged(20))
    fold(database, 5)
    session_costs.record(database, [a_cost("new", at=NOW - 20 * DAY, tool="codex")])
    assert costs.usage(database).real.usd == 0.5
    assert session_costs.spent_since(database, NOW - 20 * DAY) == 0.5


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_a_database_of_an_earlier_version_gets_the_tables(path: Path, version: int) -> None:
    path.parent.mkdir()
    open_database(path, migrations=MIGRATIONS[:version]).database.close()
    with opened(path) as database:
        session_costs.record(database, [a_cost()])
        assert costs.usage(database).real.usd == 0.25
