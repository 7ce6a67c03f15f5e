"""What the person tells a mission that runs: comments and settings, and the model agents have that name none."""

import json
import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from tests.missions.mission_process import MissionProcess
from tests.missions.mission_shell import mission

from podium.core.missions.state import AgentMemory, TurnState, read_state, state_path
from podium.core.protocol.events import OrchestratorLog, OrchestratorStarted, RoundStart
from podium.core.protocol.program_channels import ControlRequest
from podium.core.protocol.requests import ControlCommand
from podium.missions.rounds.run_settings import read_config
from podium.missions.turns.comments import (
    LONGEST,
    as_comment,
    feedback_text,
    queue_comment,
    return_comments,
    take_comments,
)

Start = Callable[[str], MissionProcess]

WAITS = 'touch "begun-$PODIUM_ROUND"; while [ ! -e "go-$PODIUM_ROUND" ]; do sleep 0.05; done'


def head(max_rounds: int, more: str = "") -> str:
    return f"name = 'Try'\nmax_rounds = {max_rounds}\n{more}\n"


def agent(name: str, script: str, more: str = "") -> str:
    return f"[[agents]]\nid = '{name}'\ncommand = ['sh', '-c', '''{script}''']\nprompt = 'Build it'\n{more}\n"


def heard(name: str) -> str:
    """Writes what the agent is given in each round into ``NAME-ROUND``."""
    return f'printf "%s\\n==\\n%s" "$PODIUM_PROMPT" "$PODIUM_FEEDBACK" > {name}-$PODIUM_ROUND'


FAILS = "[[gates]]\nname = 'tests'\ncommand = 'false'\n"


def tell(run: MissionProcess, *requests: ControlRequest) -> None:
    """Send ``requests`` and wait until all are acknowledged."""
    before = run.names.count("control:ack")
    for request in requests:
        run.control(request)
    run.until(lambda: run.names.count("control:ack") == before + len(requests))


def config(id: int, **values: object) -> ControlRequest:
    return ControlRequest(id, ControlCommand.CONFIG, json.dumps(values))


def notes(run: MissionProcess) -> list[str]:
    return [event.text for event in run.events if isinstance(event, OrchestratorLog)]


def test_a_comment_reaches_every_agent_in_its_next_turn_and_once(
    start_mission: Start, tmp_path: Path
) -> None:
    run = start_mission(
        head(3) + agent("first", f"{heard('first')}\n{WAITS}") + agent("second", heard("second")) + FAILS
    )
    run.until((tmp_path / "begun-1").exists)
    tell(run, ControlRequest(4, ControlCommand.COMMENT, "Use tabs.\nEverywhere."))
    for number in (1, 2, 3):
        (tmp_path / f"go-{number}").touch()
    assert run.finish() == 1
    assert {"id": 4} in [wire.data for wire in run.wire if wire.event == "control:ack"]
    assert "Comment: Use tabs." in notes(run)
    assert "Comment: Use tabs." in run.log
    said = {path.name: path.read_text() for path in tmp_path.glob("*-[123]") if path.stat().st_size}
    with_it = {name for name, text in said.items() if "Use tabs.\nEverywhere." in text}
    # The second agent's turn of round 1 began after the comment, the first one's before it.
    assert with_it == {"first-2", "second-1"}
    prompt, _, feedback = said["first-2"].partition("\n==\n")
    assert prompt.startswith("Build it\n\n")
    assert prompt.endswith(feedback)


def test_a_comment_outlives_a_kill(start_mission: Start, tmp_path: Path) -> None:
    run = start_mission(head(2) + agent("one", f"{heard('one')}\n{WAITS}") + FAILS)
    run.until((tmp_path / "begun-1").exists)
    tell(run, ControlRequest(1, ControlCommand.COMMENT, "Mind the gap"))
    run.signal(signal.SIGKILL)
    run.finish()
    assert "Mind the gap" not in (tmp_path / "one-1").read_text()
    for number in (1, 2):
        (tmp_path / f"go-{number}").touch()
    assert mission("resume", "--yes", tmp_path / "mission.toml", folder=tmp_path).code == 1
    assert "Mind the gap" in (tmp_path / "one-1").read_text()
    assert "Mind the gap" not in (tmp_path / "one-2").read_text()


def test_who_has_not_heard_a_comment_is_not_done(start_mission: Start, tmp_path: Path) -> None:
    run = start_mission(head(3) + agent("one", f"{heard('one')}\n{WAITS}\necho 'PODIUM: DONE'"))
    run.until((tmp_path / "begun-1").exists)
    tell(run, ControlRequest(1, ControlCommand.COMMENT, "One more thing"))
    for number in (1, 2, 3):
        (tmp_path / f"go-{number}").touch()
    assert run.finish() == 0
    assert "One more thing" in (tmp_path / "one-2").read_text()
    assert not (tmp_path / "one-3").exists()


def test_a_comment_nobody_hears_any_more_says_so(start_mission: Start, tmp_path: Path) -> None:
    run = start_mission(head(1) + agent("one", WAITS))
    run.until((tmp_path / "begun-1").exists)
    tell(
        run, ControlRequest(1, ControlCommand.COMMENT, "Too late"), ControlRequest(2, ControlCommand.COMMENT)
    )
    (tmp_path / "go-1").touch()
    assert run.finish() == 0
    assert "The last comment came too late: no agent has heard it" in notes(run)
    assert "An empty comment was passed over" in notes(run)


def test_a_config_raises_the_rounds_and_a_resume_keeps_them(start_mission: Start, tmp_path: Path) -> None:
    run = start_mission(head(1) + agent("one", WAITS) + FAILS)
    run.until((tmp_path / "begun-1").exists)
    tell(run, config(1, maxRounds=3))
    (tmp_path / "go-1").touch()
    run.until((tmp_path / "begun-2").exists)
    assert RoundStart(2, 3) in run.events
    run.signal(signal.SIGKILL)
    run.finish()
    (tmp_path / "go-2").touch()
    (tmp_path / "go-3").touch()
    again = MissionProcess(tmp_path / "mission.toml", "resume")
    try:
        assert again.finish() == 1
        started = again.events[0]
        assert isinstance(started, OrchestratorStarted)
        assert started.max_rounds == 3
        assert RoundStart(3, 3) in again.events
        assert "3 rounds at most" in notes(again)
    finally:
        again.close()


def test_a_file_that_is_changed_later_wins(start_mission: Start, tmp_path: Path) -> None:
    text = head(2) + agent("one", WAITS) + FAILS
    run = start_mission(text)
    run.until((tmp_path / "begun-1").exists)
    tell(run, config(1, maxRounds=9))
    run.signal(signal.SIGINT)
    assert run.finish() == 130
    (tmp_path / "go-1").touch()
    (tmp_path / "mission.toml").write_text(text.replace("max_rounds = 2", "max_rounds = 1"))
    assert mission("resume", "--yes", tmp_path / "mission.toml", folder=tmp_path).code == 1
    state = read_state(state_path(tmp_path / "mission.toml"))
    assert state is not None
    assert (state.max_rounds, state.rounds_done) == (1, 1)


def test_a_config_changes_the_budget(start_mission: Start, tmp_path: Path) -> None:
    pay = """printf '{"event":"agent:complete","data":{"costUsd":0.5}}\\n' >&$PODIUM_EVENTS_FD"""
    run = start_mission(
        head(9, "budget_usd = 100.0") + agent("one", f"{pay}\n{WAITS}") + FAILS,
    )
    run.until((tmp_path / "begun-1").exists)
    tell(run, config(1, budgetUsd=0.25))
    assert run.finish() == 130
    assert "the mission’s budget of $0.25 is used up" in run.log
    assert run.names.count("round:start") == 1


def test_a_model_is_for_those_that_name_none_from_their_next_turn_on(
    start_mission: Start, tmp_path: Path
) -> None:
    says = 'echo "$PODIUM_MODEL" >> {}-model'
    run = start_mission(
        head(2)
        + agent("own", says.format("own"), "model = 'mine'")
        + agent("any", says.format("any") + f"\n{WAITS}")
        + FAILS
    )
    run.until((tmp_path / "begun-1").exists)
    tell(run, config(1, model="swift"))
    (tmp_path / "go-1").touch()
    (tmp_path / "go-2").touch()
    assert run.finish() == 1
    assert (tmp_path / "own-model").read_text().split("\n") == ["mine", "mine", ""]
    assert (tmp_path / "any-model").read_text().split("\n") == ["", "swift", ""]


def test_nonsense_is_a_note(start_mission: Start, tmp_path: Path) -> None:
    run = start_mission(head(1) + agent("one", WAITS))
    run.until((tmp_path / "begun-1").exists)
    requests = [
        ControlRequest(1, ControlCommand.CONFIG, "{"),
        ControlRequest(2, ControlCommand.CONFIG, "[1]"),
        config(3, maxRounds=0),
        config(4, budgetUsd="much", colour="red"),
        config(5, model=None, maxRounds=2),
    ]
    tell(run, *requests)
    (tmp_path / "go-1").touch()
    (tmp_path / "go-2").touch()
    assert run.finish() == 0
    passed_over = [note for note in notes(run) if note.startswith("Passed over in a config: ")]
    assert len(passed_over) == 6
    assert any("colour" in note and "maxRounds" in note for note in passed_over)
    assert "2 rounds at most from now on" in notes(run)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "JSON"),
        ("\ud800", "JSON"),
        ("[" * 50_000, "JSON"),
        ("null", "object"),
        ('{"maxRounds": 1001}', "out of range"),
        ('{"maxRounds": true}', "maxRounds"),
        ('{"maxRounds": 1e400}', ""),
        ('{"budgetUsd": 0}', "out of range"),
        ('{"budgetUsd": 1e9}', "out of range"),
        ('{"model": ""}', "empty"),
        ('{"model": "a\\nb"}', "line break"),
        ('{"model": {}}', "model"),
    ],
)
def test_bounds_are_the_mission_files(text: str, fault: str) -> None:
    wanted = read_config(text)
    assert (wanted.model, wanted.budget_usd, wanted.max_rounds) == (None, None, None)
    assert len(wanted.faults) == 1
    assert fault in wanted.faults[0]


def models(
    tmp_path: Path, action: str, *arguments: str, environment: Mapping[str, str] | None = None
) -> list[str]:
    (tmp_path / "model").unlink(missing_ok=True)
    given = {**os.environ, **(environment or {})}
    done = mission(action, "--yes", *arguments, "m.toml", folder=tmp_path, environment=given)
    assert done.code in (0, 1, 130), done.log
    return (tmp_path / "model").read_text().split("\n")[:-1]


def test_the_model_of_the_command_line_goes_before_the_environments(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(head(1) + agent("one", 'echo "$PODIUM_MODEL" >> model'))
    assert models(tmp_path, "run") == [""]
    assert models(tmp_path, "run", environment={"PODIUM_MODEL": "usual"}) == ["usual"]
    both = models(tmp_path, "run", "--model", "this", environment={"PODIUM_MODEL": "usual"})
    assert both == ["this"]
    bad = mission("run", "--yes", "--model", "a\nb", "m.toml", folder=tmp_path)
    assert bad.code == 2
    assert "can’t be a model" in bad.log


def test_a_resume_keeps_the_model_unless_it_is_given_another(tmp_path: Path) -> None:
    script = 'echo "$PODIUM_MODEL" >> model; kill -INT $PPID; sleep 60'
    (tmp_path / "m.toml").write_text(head(1) + agent("one", script))
    assert models(tmp_path, "run", "--model", "first") == ["first"]
    assert models(tmp_path, "resume", environment={"PODIUM_MODEL": "usual"}) == ["first"]
    assert models(tmp_path, "resume", "--model", "second") == ["second"]
    assert models(tmp_path, "resume") == ["second"]


def test_comments_are_bounded_and_the_latest_stay() -> None:
    memory, turn = AgentMemory(), TurnState()
    assert queue_comment(memory, "a" * (LONGEST - 10))
    assert not queue_comment(memory, "b" * 100)
    assert memory.comments == ["b" * 100]
    take_comments(memory, turn)
    assert queue_comment(memory, "c")
    return_comments(memory, turn)  # Its worktree could not be made: the next turn hears both.
    assert memory.comments == ["b" * 100, "c"]
    take_comments(memory, turn)
    assert (memory.comments, turn.comments) == ([], ["b" * 100, "c"])
    assert feedback_text("Broken.", turn.comments).startswith("Broken.\n\n")
    assert feedback_text("", []) == ""
    assert as_comment(" a\0\x1b[31mb\ud800\r\n\tc ") == "a[31mb\n\tc"
