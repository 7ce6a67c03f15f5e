"""What a start may say of a mission's model, what it would do, and what reaches a mission that runs."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from podium.control.http_server.openapi import document
from tests.control.running import Running

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


@pytest.fixture
def podium(tmp_path: Path) -> Iterator[Running]:
    running = Running(home=tmp_path)
    yield running
    running.close()


def mission(folder: Path, script: str, max_rounds: int = 1) -> str:
    """A mission of one agent whose gate always fails; the path of its file."""
    file = folder / "mission.toml"
    file.write_text(
        f"name = 'Try'\nmax_rounds = {max_rounds}\n"
        f"[[agents]]\nid = 'one'\ncommand = ['/bin/sh', '-c', '''{script}''']\n"
        "[[gates]]\nname = 'tests'\ncommand = 'false'\n"
    )
    return str(file)


def start(podium: Running, id: str, file: str, **more: Any) -> None:
    """Start a mission and agree to what it runs."""
    folder = str(Path(file).parent)
    podium.post(f"/api/orchestrator/{id}/start", kind="mission", mission=file, folder=folder, **more)
    podium.wait_for(id, text="Run it")
    podium.post(f"/api/orchestrator/{id}/input", text="y\n")


WAITS = 'touch "begun-$PODIUM_ROUND"; while [ ! -e "go-$PODIUM_ROUND" ]; do sleep 0.05; done'


def test_a_running_mission_hears_a_comment_and_gets_more_rounds(podium: Running, tmp_path: Path) -> None:
    file = mission(tmp_path, f'echo "$PODIUM_MODEL:$PODIUM_FEEDBACK" > "heard-$PODIUM_ROUND"; {WAITS}')
    start(podium, "m", file, model="first")
    podium.wait((tmp_path / "begun-1").exists, "round 1")
    podium.post("/api/orchestrator/m/control", command="comment", text="Mind the gap")
    podium.post("/api/orchestrator/m/config", turns=2, model="second", budget=5)
    assert podium.status("POST", "/api/orchestrator/m/config", turns=0) == 422
    assert podium.status("POST", "/api/orchestrator/m/config", budget=0) == 422
    assert podium.status("POST", "/api/orchestrator/m/config", model="a\nb") == 422
    (tmp_path / "go-1").touch()
    podium.wait((tmp_path / "begun-2").exists, "round 2")
    info = podium.get("/api/orchestrator/m/status")
    assert (info["round"], info["maxRounds"]) == (2, 2)
    (tmp_path / "go-2").touch()
    podium.wait_for("m", exit=True)
    assert (tmp_path / "heard-1").read_text() == "first:\n"
    second = (tmp_path / "heard-2").read_text()
    assert second.startswith("second:")
    assert "Mind the gap" in second
    shown = " ".join(podium.screen("m").split())
    for note in ("Comment: Mind the gap", "2 rounds at most from now on", "budget is $5.00 from now on"):
        assert note in shown


def test_the_next_start_may_name_another_model(podium: Running, tmp_path: Path) -> None:
    file = mission(tmp_path, 'echo "$PODIUM_MODEL" >> models')
    start(podium, "m", file, model="first")
    podium.wait_for("m", exit=True)
    for body in ({}, {"model": "second"}, {}, {"kind": "mission", "mission": file, "model": "third"}):
        podium.post("/api/orchestrator/m/start", **body)
        podium.wait_for("m", exit=True)
    assert (tmp_path / "models").read_text().split() == ["first", "first", "second", "second", "third"]


def test_only_missions_have_a_model(podium: Running, tmp_path: Path) -> None:
    file = mission(tmp_path, "true")
    for body in (
        {"kind": "shell", "model": "x"},
        {"kind": "command", "command": ["/bin/true"], "model": "x"},
        {"kind": "mission", "mission": file, "model": ""},
        {"kind": "mission", "mission": file, "model": "a\nb"},
        {"kind": "mission", "mission": file, "model": "x" * 129},
        {"kind": "mission", "mission": file, "model": "x", "env": {"PODIUM_MODEL": "y"}},
    ):
        assert podium.status("POST", "/api/orchestrator/one/start", **body) == 422
        assert podium.status("POST", "/api/orchestrator/one/start", dryRun=True, **body) == 422
    answer = podium.wire().post("/api/orchestrator/one/start", {"kind": "shell", "model": "x"})
    assert "“env”" in answer.json["error"]["hint"]
    assert podium.get("/api/orchestrator/instances")["instances"] == []


def test_a_dry_run_says_what_would_run_and_does_nothing(podium: Running, tmp_path: Path) -> None:
    path = "/api/orchestrator/one/start"
    file = mission(tmp_path, "touch ran", max_rounds=4)
    plan = podium.post(
        path, kind="mission", mission=file, folder=str(tmp_path), theme="rose", model="swift", dryRun=True
    )
    assert plan["argv"][0] == sys.executable
    assert plan["argv"][-3:] == ["mission", "run", file]
    named = {name: plan[name] for name in ("id", "new", "kind", "theme", "folder", "model")}
    assert named == {
        "id": "one", "new": True, "kind": "mission", "theme": "rose", "folder": str(tmp_path), "model": "swift",
    }  # fmt: skip
    check = plan["check"]
    assert (check["ok"], check["agents"], check["gates"], check["maxRounds"]) == (True, ["one"], ["tests"], 4)
    Path(file).write_text("nam = 'x'\n")
    check = podium.post(path, kind="mission", mission=file, dryRun=True)["check"]
    assert check["ok"] is False
    assert "nam" in {fault["key"] for fault in check["faults"]}
    plan = podium.post(path, kind="command", command=["/bin/cat", "-n"], dryRun=True)
    assert (plan["argv"], plan["check"]) == (["/bin/cat", "-n"], None)
    assert podium.post(path, kind="shell", dryRun=True)["argv"] == ["/bin/sh", "-l"]
    assert podium.status("POST", path, dryRun=True) == 404
    assert podium.get("/api/orchestrator/instances")["instances"] == []
    assert not (tmp_path / "ran").exists()


def test_a_dry_run_of_what_there_is(podium: Running) -> None:
    podium.start("one", "/bin/cat")
    assert podium.status("POST", "/api/orchestrator/one/start", dryRun=True) == 409
    podium.post("/api/orchestrator/one/stop")
    podium.wait_for("one", exit=True)
    plan = podium.post("/api/orchestrator/one/start", dryRun=True)
    assert (plan["new"], plan["argv"], plan["folder"]) == (False, ["/bin/cat"], "/tmp")
    assert podium.status("POST", "/api/orchestrator/one/start", kind="shell", dryRun=True) == 409
    assert podium.get("/api/orchestrator/one/status")["state"] != "running"


def test_ctl_starts_with_a_model_and_says_what_would_run(podium: Running, tmp_path: Path) -> None:
    file = mission(tmp_path, "true")
    said = podium.ctl("start", "m", "--mission", file, "--model", "swift", "--dry-run")
    assert "m would be created and started:" in said
    assert f"mission run {file}" in said
    assert "swift" in said
    assert "A valid mission: agents 1, gates 1, rounds 1 at most." in said
    Path(file).write_text("nam = 'x'\n")
    said = podium.ctl("start", "m", "--mission", file, "--dry-run", status=1)
    assert "Not a valid mission:" in said
    assert "nam" in said
    said = podium.ctl("start", "c", "--dry-run", "--", "/bin/echo", "two words")
    assert "It runs /bin/echo 'two words'" in said
    podium.ctl("start", "c", "--model", "swift", "--", "/bin/true", status=1)
    assert podium.get("/api/orchestrator/instances")["instances"] == []


def test_a_start_is_described_with_both_answers() -> None:
    assert (
        b'{"anyOf":[{"$ref":"#/components/schemas/InstanceInfo"},{"$ref":"#/components/schemas/StartPlan"}]}'
        in (document())
    )
