"""Costs in the history, ``/api/usage`` and ``ctl usage`` out."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from podium.core.system.app_dirs import history_path
from podium.history import costs
from tests.control.running import Running
from tests.history.test_long_use import a_history

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


@pytest.fixture
def podium() -> Iterator[Running]:
    a_history(history_path(), 30_000, days=360, agents=40)
    running = Running(home=Path.home())
    yield running
    running.close()


@pytest.mark.fault("H1")
def test_usage_counts_all_and_says_what_it_does_not_list(podium: Running) -> None:
    used = podium.get("/api/usage?since=0")
    assert len(used["rows"]) == costs.MOST_ROWS
    assert used["more"] > 1000
    assert used["costUsd"] == pytest.approx(300.0)
    lines = podium.ctl("usage", "--days", "400").splitlines()
    assert lines[-2].split()[:2] == ["all", "$300.00"]
    assert lines[-1].startswith(f"{used['more']:,} older rows are not shown; the sums count them.")
    week = podium.get(f"/api/usage?since={time.time() - 7 * 86_400}")
    assert week["more"] == 0
    assert len(podium.ctl("usage", "--days", "7").splitlines()) == len(week["rows"]) + 2
