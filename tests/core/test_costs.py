"""Costs in, sums out: unknown is not nothing."""

import pytest

from podium.core.costs import Cost, total

UNKNOWN = Cost()


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (Cost(0.5, 10, 1), Cost(0.25, 5, 2), Cost(0.75, 15, 3)),
        (Cost(0.5), Cost(None, 10), Cost(0.5, 10)),
        (Cost(None, None, 7), Cost(0.5, 10), Cost(0.5, 10, 7)),
        (Cost(0.0), UNKNOWN, Cost(0.0)),
        (UNKNOWN, UNKNOWN, UNKNOWN),
        (Cost(1.0, estimated=True), Cost(1.0), Cost(2.0, estimated=True)),
        (Cost(1.0, simulated=True), Cost(1.0), Cost(2.0, simulated=True)),
    ],
)
def test_a_sum_is_unknown_only_where_both_are_and_keeps_every_doubt(
    one: Cost, other: Cost, both: Cost
) -> None:
    assert one + other == both
    assert other + one == both


def test_a_total_is_the_sum_of_all_and_unknown_of_none() -> None:
    assert total([]) == UNKNOWN
    assert total([Cost(1.0, 1), UNKNOWN, Cost(2.0, 2)]) == Cost(3.0, 3)


def test_a_cost_is_known_by_any_of_its_figures_even_if_it_is_nothing() -> None:
    assert not UNKNOWN.known
    assert not Cost(estimated=True, simulated=True).known
    assert all(cost.known for cost in (Cost(0.0), Cost(None, 0), Cost(None, None, 0)))
