"""Runs, sums and days in words."""

from datetime import date
from itertools import pairwise

import pytest

from podium.core.blocked import Blocked
from podium.core.instances import Kind
from podium.core.runs import RunOutcome
from podium.history.run_list import RunSum
from podium.ui.history import words
from podium.ui.history.columns import placed
from podium.ui.history.wanted import Wanted
from podium.workspace.views import InstanceState
from tests.history.records import a_run

TODAY = date(2026, 1, 2)


@pytest.mark.parametrize(
    ("day", "title"),
    [
        ("2026-01-02", "Today"),
        ("2026-01-01", "Yesterday"),
        ("2025-12-31", "Wednesday 31 December 2025"),
    ],
)
def test_days(day: str, title: str) -> None:
    assert words.day_title(day, TODAY) == title


@pytest.mark.parametrize(
    ("seconds", "rough", "exact"),
    [
        (0.0, "–", "0:00"),
        (0.4, "1 s", "0:00"),
        (59.9, "59 s", "0:59"),
        (840.0, "14 min", "14:00"),
        (6720.0, "1 h 52", "1:52:00"),
    ],
)
def test_lengths(seconds: float, rough: str, exact: str) -> None:
    assert words.rough_length(seconds) == rough
    assert words.clock_length(seconds) == exact


def test_what_is_not_known_is_a_dash() -> None:
    run = a_run()
    assert {words.cost(run), words.rounds(run), words.tokens(run), words.clock_length(None)} == {"–"}
    assert words.cost(a_run(cost_usd=1.5, cost_estimated=True)) == "$1.50 est."
    assert words.cost(a_run(cost_usd=0.0, cost_simulated=True)) == "$0.00 simulated"
    assert words.tokens(a_run(tokens_out=1200)) == "1,200 out"


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        (
            {"outcome": RunOutcome.FAILED, "exit_code": 2, "kind": Kind.COMMAND},
            (InstanceState.EXITED, "Exited 2"),
        ),
        ({"outcome": RunOutcome.FAILED, "exit_code": 2}, (InstanceState.FAILED, "Failed")),
        (
            {"outcome": RunOutcome.FAILED, "exit_signal": 9, "kind": Kind.COMMAND},
            (InstanceState.EXITED, "Ended by SIGKILL"),
        ),
        ({"outcome": RunOutcome.PARTIAL}, (InstanceState.DONE, "Done in part")),
    ],
)
def test_how_a_run_ended(values: dict[str, object], shown: tuple[InstanceState, str]) -> None:
    assert words.outcome(a_run(**values)) == shown


def test_every_outcome_has_a_word_and_a_shape() -> None:
    for outcome in RunOutcome:
        words.outcome(a_run(outcome=outcome))


def test_sums_of_a_day() -> None:
    assert words.day_sums(RunSum(runs=1)) == "1 run"
    waits = Blocked(1080.0, 3, 600.0)
    assert words.day_sums(RunSum(runs=5, usd=8.04, blocked=waits)) == "5 runs · $8.04 · 18 min blocked"


def test_a_range_ends_today() -> None:
    days = Wanted(days=7).plotted_days(TODAY)
    assert (days[0], days[-1], len(days)) == ("2025-12-27", "2026-01-02", 7)
    assert Wanted(days=7).filter(TODAY).since == words.day_start(date(2025, 12, 27))
    assert Wanted(days=None).filter(TODAY).since is None
    assert len(Wanted(days=None).plotted_days(TODAY)) == 30
    one = Wanted(day="2026-01-01").filter(TODAY)
    assert (one.since, one.until) == words.day_span("2026-01-01")


@pytest.mark.parametrize("width", [300, 520, 700, 820, 1300])
def test_columns_stay_in_the_table_and_off_each_other(width: int) -> None:
    places = list(placed(width).values())
    for (left, size), (following, _) in pairwise(places):
        assert left + size <= following
    if width >= 520:
        assert places[-1][0] + places[-1][1] <= width
