"""Missions end to end, as processes: outcomes, events, limits, and that nothing is left of them."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.missions.mission_process import MissionProcess, alive

from podium.core.protocol.events import (
    AgentComplete,
    AgentError,
    AgentStart,
    GateResult,
    OrchestratorStarted,
    OrchestratorStopped,
    RoundComplete,
    RoundStart,
)
from podium.core.protocol.program_channels import ControlRequest
from podium.core.protocol.requests import ControlCommand

Start = Callable[[str], MissionProcess]


def agent(name: str, script: str, more: str = "") -> str:
    return f"[[agents]]\nid = '{name}'\ncommand = ['sh', '-c', '''{script}''']\n{more}\n"


def gate(script: str, name: str = "tests") -> str:
    return f"[[gates]]\nname = '{name}'\ncommand = '''{script}'''\n"


MISSION = (sys.executable, "-P", "-m", "podium", "mission")
HEAD = "name = 'Try'\nmax_rounds = 3\n"

STUBBORN = """
( setsid sh -c 'trap "" TERM INT HUP; echo $$ > stubborn; while :; do sleep 1; done' & )
while [ ! -s stubborn ]; do sleep 0.05; done
"""
"""A grandchild in a session of its own that ignores being asked to end."""


def test_a_mission_ends_when_all_gates_pass(start_mission: Start) -> None:
    mission = start_mission(
        HEAD
        + agent("builder", 'echo "working in $PODIUM_ROUND"; echo x >> work', "prompt = 'Build it'")
        + gate("test $(wc -l < work) -ge 2")
        + gate("true", "style")
    )
    assert mission.finish() == 0
    events = mission.events
    started = events[0]
    assert isinstance(started, OrchestratorStarted)
    assert (started.name, started.max_rounds, started.agents, started.resumed) == ("Try", 3, 1, False)
    assert events[1] == RoundStart(1, 3)
    assert events[2] == AgentStart("builder", 1, "builder")
    assert isinstance(events[3], AgentComplete)
    assert events[4] == RoundComplete(1, (GateResult("tests", False), GateResult("style", True)))
    assert events[8] == RoundComplete(2, (GateResult("tests", True), GateResult("style", True)))
    assert events[9] == OrchestratorStopped("done", 2, 0)
    assert len(events) == 10
    assert "Round 2/3" in mission.log
    assert "│ working in 2" in mission.log
    assert "gate failed: exited with 1" in mission.log
    assert "✓ Done" in mission.log
    assert "\x1b" not in mission.log


def test_gates_that_never_pass_end_it_with_1(start_mission: Start) -> None:
    mission = start_mission(HEAD + agent("builder", "true") + gate("echo the reason; exit 7"))
    assert mission.finish() == 1
    assert mission.names.count("round:start") == 3
    end = mission.events[-1]
    assert end == OrchestratorStopped("failed", 3, 1, reason="still failing: tests")
    assert "│ the reason" in mission.log
    assert "exited with 7" in mission.log


def test_without_gates_it_ends_well_after_its_rounds(start_mission: Start) -> None:
    mission = start_mission(HEAD + agent("builder", "true"))
    assert mission.finish() == 0
    assert mission.names.count("round:complete") == 3


def test_a_bad_file_prints_every_fault_and_exits_with_2(start_mission: Start) -> None:
    mission = start_mission("name = 5\n[[agents]]\nid = 'a'\ncommand = ['no-such-program-here']\nprmpt = ''")
    assert mission.finish() == 2
    assert mission.names == []
    for part in (
        "3 faults",
        "name",
        "agents[0].command",
        "no-such-program-here",
        "agents[0].prmpt",
        "prompt",
    ):
        assert part in mission.log


def test_agents_that_fail_or_cannot_start_do_not_end_it(start_mission: Start, tmp_path: Path) -> None:
    (tmp_path / "broken").write_text("#!/no/such/interpreter\n")
    (tmp_path / "broken").chmod(0o755)
    mission = start_mission(
        "name = 'Try'\nmax_rounds = 1\n"
        "[[agents]]\nid = 'broken'\ncommand = ['./broken']\n"
        + agent("failing", "exit 3")
        + agent("killed", "kill -9 $$")
        + agent("last", "echo still here")
        + gate("true")
    )
    assert mission.finish() == 0
    reasons = {event.agent: event.reason for event in mission.events if isinstance(event, AgentError)}
    assert reasons["broken"] == "could not start: ./broken names an interpreter that does not exist"
    assert reasons["failing"] == "exited with 3"
    assert reasons["killed"] == "ended by signal 9 (SIGKILL)"
    assert "still here" in mission.log


def test_what_an_agent_reports_is_merged(start_mission: Start) -> None:
    report = 'echo \'{"event": "agent:complete", "data": %s}\' >&$PODIUM_EVENTS_FD; '
    mission = start_mission(
        "name = 'Try'\nmax_rounds = 1\n"
        + agent(
            "paid",
            report % '{"costUsd": 0.25, "simulated": true, "summary": "did it"}'
            + "echo nonsense >&$PODIUM_EVENTS_FD; "
            + report % '{"agent": "somebody else", "costUsd": 0.5, "summary": "did more"}',
        )
        + agent("silent", "true")
        + agent("sorry", 'echo \'{"event":"agent:error","data":{"reason":"no key"}}\' >&$PODIUM_EVENTS_FD')
        + agent("dead", report % '{"costUsd": 0.25}' + "exit 4")
    )
    assert mission.finish() == 3
    ended = {event.agent: event for event in mission.events if isinstance(event, AgentComplete | AgentError)}
    paid, silent, sorry, dead = ended["paid"], ended["silent"], ended["sorry"], ended["dead"]
    assert isinstance(paid, AgentComplete)
    assert (paid.cost_usd, paid.simulated, paid.summary) == (0.75, True, "did more")
    assert isinstance(silent, AgentComplete)
    assert silent.cost_usd is None
    assert isinstance(sorry, AgentError)
    assert sorry.reason == "no key"
    assert isinstance(dead, AgentError)
    assert (dead.cost_usd, dead.reason) == (0.25, "exited with 4")
    end = mission.events[-1]
    assert isinstance(end, OrchestratorStopped)
    assert (end.cost_usd, end.simulated) == (1.0, True)
    assert "$1.00 simulated" in mission.log


def test_agents_know_where_they_are_and_get_their_prompt(start_mission: Start, tmp_path: Path) -> None:
    (tmp_path / "agent").write_text(
        """#!/bin/sh
        printf "%s|" "$1" "$PODIUM_PROMPT" $PODIUM_MISSION $PODIUM_ROUND $PODIUM_AGENT "$PWD" \\
            ${PODIUM_CONTROL_FD-none} > out
        cat >> out
        """
    )
    mission = start_mission(
        "name = 'Try'\nmax_rounds = 1\n[[agents]]\nid = 'a'\nprompt = \"two\\nlines\"\n"
        "command = ['sh', 'agent', '{prompt}']"
    )
    assert mission.finish() == 0
    assert (tmp_path / "out").read_text() == f"two\nlines|two\nlines|Try|1|a|{tmp_path}|none|"


def test_at_most_max_concurrency_agents_run_at_once(start_mission: Start, tmp_path: Path) -> None:
    script = "touch running.$PODIUM_AGENT; ls running.* | wc -l >> seen; sleep 0.3; rm running.$PODIUM_AGENT"
    mission = start_mission(
        "name = 'Try'\nmax_rounds = 1\nmax_concurrency = 2\n"
        + "".join(agent(name, script) for name in "abcd")
    )
    assert mission.finish() == 0
    seen = [int(line) for line in (tmp_path / "seen").read_text().split()]
    assert len(seen) == 4
    assert max(seen) <= 2
    starts = [event.agent for event in mission.events if isinstance(event, AgentStart)]
    assert starts == ["a", "b", "c", "d"]


def test_a_timeout_ends_the_whole_tree(start_mission: Start, tmp_path: Path) -> None:
    mission = start_mission(
        "name = 'Try'\nmax_rounds = 1\n" + agent("slow", STUBBORN + "sleep 60", "timeout = 0.5")
    )
    assert mission.finish() == 1
    assert not alive(tmp_path / "stubborn")
    error = next(event for event in mission.events if isinstance(event, AgentError))
    assert error.reason == "ended after its timeout of 0.5 s"


def test_what_an_agent_leaves_behind_is_ended(start_mission: Start, tmp_path: Path) -> None:
    mission = start_mission("name = 'Try'\nmax_rounds = 1\n" + agent("quick", STUBBORN))
    assert mission.finish() == 0
    assert not alive(tmp_path / "stubborn")
    assert any(isinstance(event, AgentComplete) for event in mission.events)


def test_a_gate_that_hangs_fails_after_its_timeout(start_mission: Start) -> None:
    mission = start_mission(
        "name = 'Try'\nmax_rounds = 1\n" + agent("quick", "true") + gate("sleep 60") + "timeout = 0.3\n"
    )
    assert mission.finish() == 1
    assert "ended after its timeout" in mission.log


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_it_and_leaves_nothing(
    start_mission: Start, tmp_path: Path, number: signal.Signals
) -> None:
    mission = start_mission(
        HEAD + agent("slow", STUBBORN + "sleep 60") + agent("next", "true") + gate("true")
    )
    mission.until(lambda: (tmp_path / "stubborn").exists() and "agent:start" in mission.names)
    mission.signal(number)
    assert mission.finish() == 130
    assert not alive(tmp_path / "stubborn")
    end = mission.events[-1]
    assert isinstance(end, OrchestratorStopped)
    assert (end.outcome, end.rounds, end.exit_code) == ("stopped", 1, 130)
    assert mission.names.count("agent:start") == 1
    assert "■ Stopped" in mission.log
    assert "not started" in mission.log


@pytest.mark.parametrize(("check", "code"), [("true", 0), ("false", 130)])
def test_finish_round_ends_after_the_running_agents_and_the_gates(
    start_mission: Start, tmp_path: Path, check: str, code: int
) -> None:
    mission = start_mission(
        HEAD + agent("slow", "while [ ! -e go ]; do sleep 0.05; done") + agent("next", "true") + gate(check)
    )
    mission.until(lambda: "agent:start" in mission.names)
    mission.control(ControlRequest(5, ControlCommand.COMMENT, "hello"))
    mission.control(ControlRequest(6, ControlCommand.FINISH_ROUND))
    mission.until(lambda: mission.names.count("control:ack") == 2)
    (tmp_path / "go").touch()
    assert mission.finish() == code
    assert [wire.data for wire in mission.wire if wire.event == "control:ack"] == [{"id": 5}, {"id": 6}]
    names = [name for name in mission.names if name != "orchestrator:log"]
    assert names[-3:] == ["agent:complete", "round:complete", "orchestrator:stopped"]
    assert mission.names.count("agent:start") == 1


def test_stop_now_ends_at_once(start_mission: Start) -> None:
    mission = start_mission(HEAD + agent("slow", "sleep 60") + gate("true"))
    mission.until(lambda: "agent:start" in mission.names)
    mission.control(ControlRequest(1, ControlCommand.STOP_NOW))
    assert mission.finish() == 130
    assert mission.names[-2:] == ["agent:error", "orchestrator:stopped"]


def test_a_flood_of_output_is_cut_and_cannot_touch_the_terminal(start_mission: Start) -> None:
    mission = start_mission(
        "name = 'Try'\nmax_rounds = 1\n"
        + agent("loud", r"printf '\033[2J\033]0;title\007\377 shown\n'; yes | head -n 5000")
    )
    assert mission.finish() == 0
    assert "│ � shown" in mission.log
    assert "… 3,001 more lines not shown" in mission.log
    assert "title" not in mission.log
    assert "\x1b" not in mission.log


def test_a_terminal_nobody_reads_does_not_hold_up_a_stop(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    file.write_text("name = 'Try'\n" + agent("loud", "echo $$ > pid; exec yes"))
    master, slave = pty.openpty()
    with subprocess.Popen([*MISSION, "run", "--yes", str(file)], stdout=slave, stdin=slave) as process:
        while not (tmp_path / "pid").exists() or not select.select([master], [], [], 0.05)[0]:
            assert process.poll() is None
        process.terminate()
        assert process.wait(30) == 130
    assert not alive(tmp_path / "pid")
    os.close(master)
    os.close(slave)


def test_a_log_nobody_wants_any_more_ends_it(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    file.write_text("name = 'Try'\n" + agent("loud", "echo $$ > pid; while echo x; do sleep 0.1; done"))
    with subprocess.Popen([*MISSION, "run", "--yes", str(file)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        while not (tmp_path / "pid").exists():  # It may be stopped before it has begun otherwise.
            assert process.poll() is None
            time.sleep(0.02)
        process.stdout.close()
        assert process.wait(30) == 130
    assert not alive(tmp_path / "pid")


def test_a_fault_of_podium_itself_has_an_exit_code_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    file.write_text("name = 'Try'\n" + agent("a", "true"))
    script = (
        "import sys; from podium.missions import command_line; from podium.missions.rounds import round_run\n"
        "def broken(*_): raise ZeroDivisionError('boom')\n"
        "round_run.Turn = broken\n"
        f"sys.exit(command_line.main(['run', '--yes', {str(file)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 70
    assert b"boom" in done.stdout


def test_it_runs_from_a_plain_shell_without_channels(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text("name = 'Try'\nmax_rounds = 1\n" + agent("a", "true") + gate("true"))
    done = subprocess.run(
        [*MISSION, "run", "--yes", "m.toml"], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0
    checked = subprocess.run([*MISSION, "check", "m.toml"], cwd=tmp_path, capture_output=True, check=False)
    assert checked.returncode == 0
    assert "valid mission: 1 agent, 1 gate" in checked.stdout.decode()
