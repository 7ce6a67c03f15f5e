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
    assert (len(used["days"]), used["moreDays"]) == (361, 0)
    assert sum(day["costUsd"] for day in used["days"]) == pytest.approx(300.0)
    assert sorted(one["instance"] for one in used["instances"]) == [
        f"instance-{number}" for number in range(5)
    ]
    lines = podium.ctl("usage", "--days", "400").splitlines()
    assert len(lines) == 1 + 5 + 1
    assert lines[-1].split()[:5] == ["all", "0", "$300.00", "30,000,000", "3,000,000"]
    week = podium.get(f"/api/usage?since={time.time() - 7 * 86_400}")
    assert week["more"] == 0


def test_what_waited_for_a_person_is_told_by_day_instance_and_run(podium: Running) -> None:
    podium.start("one", "/bin/cat")
    podium.start("two", "/bin/cat")
    podium.post("/api/orchestrator/one/notify", text="Delete it?", state="waiting")
    podium.wait(
        lambda: podium.get("/api/orchestrator/one/status")["question"] == "Delete it?", "the question"
    )
    used = podium.get("/api/usage?since=0")
    [waited] = [one for one in used["instances"] if one["questions"]]
    assert (waited["instance"], waited["questions"], waited["runs"]) == ("one", 1, 1)
    assert 0 < waited["blocked"] <= used["blocked"]
    assert used["days"][0]["questions"] == 1
    later = podium.get("/api/usage?since=0")
    assert later["blocked"] > used["blocked"]
    podium.post("/api/orchestrator/one/notify", state="working")
    podium.wait(lambda: podium.get("/api/orchestrator/one/status")["question"] == "", "the answer")
    after = podium.get("/api/usage?since=0")
    runs = {run["instance"]: run for run in podium.get("/api/history")["runs"]}
    assert runs["one"]["blocked"] == after["blocked"] >= later["blocked"]
    assert (runs["one"]["questions"], runs["two"]["questions"]) == (1, 0)
    assert podium.get(f"/api/history/{runs['one']['id']}") == runs["one"]
    rows = {line.split()[0]: line.split() for line in podium.ctl("usage").splitlines()}
    assert rows["one"][-2] == "1"
    assert rows["two"][1:] == ["1", "–", "–", "–", "–", "–", "–"]
    assert rows["all"][1] == "2"
    podium.ctl("stop", "one")
    podium.ctl("remove", "one")
    assert podium.get("/api/usage?since=0")["blocked"] == after["blocked"]
    assert podium.ctl("usage", "--day", "1999-12-31").splitlines()[-1].split()[1:] == ["0", *"–" * 6]
