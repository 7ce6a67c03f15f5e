"""Many workers come and go: row 25."""

import statistics

import pytest

from tests.bench.scale import measure
from tests.conftest import Figure


@pytest.mark.fault(25)
@pytest.mark.parametrize(
    ("workers", "rounds"),
    [(10, 2), pytest.param(100, 3, marks=[pytest.mark.slow, pytest.mark.timeout(900)])],
)
def test_workers_that_came_and_went_leave_nothing(workers: int, rounds: int, figure: Figure) -> None:
    found = measure(workers, rounds)
    before = found.before
    figure("descriptors left", max(after.descriptors for after in found.after) - before.descriptors)
    figure("threads left", max(after.threads for after in found.after) - before.threads)
    figure("zombies", max(after.children for after in found.after))
    figure(
        "memory",
        max(after.mebibytes for after in found.after) / before.mebibytes * 100 - 100,
        "% more",
        limit=5,
    )
    figure("idle worker", statistics.median(found.private), "MiB", limit=25)
    assert all(after.within(0.2, before) for after in found.after), found
