"""The demo's projects and missions: made anywhere, really repaired, and they end as the demo promises."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from podium.core.instances import Kind, ThemeName
from podium.core.missions.file import load_mission
from podium.core.protocol.events import (
    AgentComplete,
    AgentError,
    FilesChanged,
    OrchestratorStopped,
    ProgramEvent,
    RoundComplete,
    decode_line,
    typed_event,
)
from podium.core.protocol.program_channels import EventWriter, open_event_channel
from podium.core.system.pipes.streams import DescriptorStream
from podium.demo.agent import ScriptedAgent, demo_speed
from podium.demo.git import git
from podium.demo.plan import make_demo
from podium.demo.projects import make_project
from podium.demo.script import Step, Turn, load_script
from podium.repositories.git import GitError


def run_mission(project: Path, speed: str = "50") -> tuple[int, list[ProgramEvent], str]:
    """Run a project's mission; return its exit code, events and log."""
    channel = open_event_channel()
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "podium", "mission", "run", "mission.toml"],
        cwd=project,
        env={**os.environ, **channel.environment, "PODIUM_DEMO_SPEED": speed},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=(channel.program,),
    )
    os.close(channel.program)
    with os.fdopen(channel.host, "rb") as pipe:
        wire = [decode_line(line) for line in pipe]
    out, _ = process.communicate(timeout=60)
    events = [event for item in wire if (event := typed_event(item.event, item.data)) is not None]
    return process.returncode, events, out.decode()


def is_repaired(project: Path) -> bool:
    return subprocess.run(["sh", "tests/run.sh"], cwd=project, capture_output=True).returncode == 0


def test_the_demo_has_four_instances_one_for_each_theme(tmp_path: Path) -> None:
    specs = make_demo(tmp_path / "new" / "demo")
    assert [spec.theme for spec in specs] == list(ThemeName)
    assert [spec.kind for spec in specs] == [Kind.MISSION, Kind.SHELL, Kind.MISSION, Kind.COMMAND]
    assert len({spec.id for spec in specs}) == 4
    harbor, shell, lantern, show = specs
    assert harbor.folder == shell.folder != lantern.folder
    assert show.command[-1] == "demo-show"
    for spec in (harbor, lantern):
        project = Path(spec.folder)
        assert load_mission(Path(spec.mission)).folder == project
        assert not is_repaired(project)
        assert git(project, "status", "--porcelain") == ""
    assert make_demo(tmp_path / "new" / "demo") == specs


def test_projects_need_nothing_from_the_persons_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gitconfig").write_text("[commit]\ngpgsign = true\n[core]\nhooksPath = /nowhere\n[user\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.delenv("HOME", raising=False)
    project = make_project("lantern", tmp_path)
    assert git(project, "log", "--format=%an") == "Podium demo"


def test_without_git_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match="Install git"):
        make_project("lantern", tmp_path)


@pytest.mark.parametrize("name", ["harbor", "lantern"])
def test_every_agent_of_a_mission_has_its_part_in_the_script(name: str, tmp_path: Path) -> None:
    mission = load_mission(make_project(name, tmp_path) / "mission.toml")
    for agent in mission.agents:
        assert agent.command == ("podium", "demo-agent", name, agent.id)
        assert load_script(name).turn(agent.id, 1) is not None


@pytest.mark.lengthy
def test_harbor_is_repaired_in_three_rounds(tmp_path: Path) -> None:
    project = make_project("harbor", tmp_path)
    code, events, log = run_mission(project)
    assert code == 0
    rounds = [event for event in events if isinstance(event, RoundComplete)]
    assert [item.gates[0].passed for item in rounds] == [False, False, True]
    assert all(item.simulated and item.cost_usd for item in rounds)
    end = events[-1]
    assert isinstance(end, OrchestratorStopped)
    assert (end.outcome, end.rounds, end.simulated) == ("done", 3, True)
    assert end.cost_usd == pytest.approx(1.20)
    assert sum(isinstance(event, AgentComplete) for event in events) == 9
    assert any(isinstance(event, FilesChanged) and "lib/fee.sh" in event.files for event in events)
    assert is_repaired(project)
    assert git(project, "status", "--porcelain") == ""
    assert set(git(project, "log", "--format=%an").split("\n")) == {
        "planner",
        "builder",
        "reviewer",
        "Podium demo",
    }
    assert "9 passed, 0 failed" in log

    code, events, _ = run_mission(project)  # Started again on what is repaired already.
    assert code == 0
    assert not any(isinstance(event, AgentError) for event in events)


@pytest.mark.lengthy
def test_lantern_fails_in_one_round_and_recovers_in_the_next(tmp_path: Path) -> None:
    project = make_project("lantern", tmp_path)
    code, events, _ = run_mission(project)
    assert code == 0
    rounds = [event for event in events if isinstance(event, RoundComplete)]
    assert [item.gates[0].passed for item in rounds] == [False, True]
    errors = [event for event in events if isinstance(event, AgentError)]
    assert [(error.agent, error.round, error.simulated) for error in errors] == [("inspector", 1, True)]
    assert errors[0].reason == "the repair turned port green"
    assert is_repaired(project)
    assert git(project, "status", "--porcelain") == ""


def test_a_step_that_cannot_be_done_is_the_agents_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("something else\n")
    channel = open_event_channel()
    steps = (Step(edit="file", find="old", replace="new", wait=0),)
    agent = ScriptedAgent(
        Turn("a", 1, 0.1, steps), tmp_path, EventWriter(DescriptorStream(channel.program)), 1.0
    )
    assert agent.play() == 1
    wire = decode_line(os.read(channel.host, 4096).rstrip())
    assert (wire.event, wire.data["reason"]) == ("agent:error", "file is not as expected")
    os.close(channel.host)
    os.close(channel.program)


def test_scripts_with_slips_of_the_finger_are_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"edti": "file"}, Step)


@pytest.mark.parametrize(
    ("text", "speed"), [("20", 20.0), ("", 1.0), ("fast", 1.0), ("0", 1.0), ("nan", 1.0)]
)
def test_the_speed_is_a_usable_number(text: str, speed: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PODIUM_DEMO_SPEED", text)
    assert demo_speed() == speed
