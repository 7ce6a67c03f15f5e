"""Missions whose agents are tools: played by fakes on the PATH, read by the real adapters, end to end."""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.missions.mission_process import MissionProcess
from tests.missions.mission_shell import ledger, mission, running, state_of, until
from tests.repositories.git_shell import git, repository

from podium.core.missions.faults import MissionFileError
from podium.core.missions.file import load_mission
from podium.core.missions.state import state_path
from podium.core.protocol.events import AgentComplete, AgentContinuation, AgentError, OrchestratorStopped
from podium.core.system.app_dirs import config_folder

Start = Callable[[str], MissionProcess]
DATA = Path(__file__).parent / "data" / "agent-samples"
FAKE = Path(__file__).with_name("fake_agent.py")

CODEX = r"""
import json, os, sys, time
from pathlib import Path
home = Path(__HOME__)
with (home / "calls").open("a") as file:
    file.write(json.dumps(sys.argv[1:]) + "\n")
runs = len((home / "calls").read_text().splitlines())
def say(**line):
    print(json.dumps(line), flush=True)
say(type="thread.started", thread_id="thread-1")
say(type="turn.started")
if __HANG__ and runs == 1:
    Path("half.txt").write_text("half\n")
    (home / "hanging").touch()
    time.sleep(600)
Path("work.txt").open("a").write(f"run {runs}\n")
text = "Nothing left.\nPODIUM: DONE" if runs >= __DONE__ else f"Did part {runs}."
say(type="item.completed", item={"id": "item_1", "type": "agent_message", "text": text})
# Codex counts over the whole thread.
say(type="turn.completed", usage={"input_tokens": 1000 * runs, "cached_input_tokens": 0, "output_tokens": 100 * runs})
"""


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """Puts a program of a tool's name on the PATH."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)

    def put(name: str, text: str) -> Path:
        path = folder / name
        path.write_text(text)
        path.chmod(0o755)
        return path

    return put


def codex(home: Path, hang: bool = False, done: int = 3) -> str:
    home.mkdir(exist_ok=True)
    values = {"__HOME__": repr(str(home)), "__HANG__": repr(hang), "__DONE__": str(done)}
    text = CODEX
    for name, value in values.items():
        text = text.replace(name, value)
    return f"#!{sys.executable}\n{text}"


def replaying(sample: str, mode: str = "replay") -> str:
    return f'#!/bin/sh\nexec {sys.executable} -I -S {FAKE} {DATA / sample} {mode} -- "$@"\n'


def calls(home: Path) -> list[list[str]]:
    return [json.loads(line) for line in (home / "calls").read_text().splitlines()]


MISSION = """
name = "Try"
max_rounds = 5
stop_when = "agents-done"
[[agents]]
id = "worker"
adapter = "codex"
model = "model-of-mine"
prompt = "Do the work"
"""
PRICES = '[[prices]]\nmodel = "model-of-mine"\ninput = 1000.0\noutput = 10000.0\n'


def test_a_session_goes_on_over_rounds_and_its_cost_is_counted_once(
    tmp_path: Path, tool: Callable[[str, str], Path]
) -> None:
    home = tmp_path / "home"
    tool("codex", codex(home))
    config_folder().mkdir(parents=True)
    (config_folder() / "prices.toml").write_text(PRICES)
    project = repository(tmp_path / "p", {"a.txt": "x\n"})
    file = project / "mission.toml"
    file.write_text(MISSION)
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    first, second, third = calls(home)
    assert "resume" not in first
    for call in (second, third):
        assert call[call.index("resume") + 1] == "thread-1"
        assert call[call.index("-m") + 1] == "model-of-mine"
    assert third[-1] == "Do the work"
    # 1,000 tokens in for a dollar and 100 out for a dollar, each round, though the thread's count grows.
    assert [(entry.cost.tokens_in, entry.cost.tokens_out) for entry in ledger()] == [(1000, 100)] * 3
    assert sum(entry.cost.usd or 0 for entry in ledger()) == pytest.approx(6.0)
    assert all(entry.cost.estimated for entry in ledger())
    assert "$6.00 est. · 3,300 tokens" in done.log
    assert "Did part 1." in done.log
    (branch,) = git(project, "for-each-ref", "--format=%(refname)", "refs/heads/podium").splitlines()
    assert git(project, "show", f"{branch}:work.txt") == "run 1\nrun 2\nrun 3"


def test_killed_in_the_middle_it_goes_on_with_its_session_where_it_was(
    tmp_path: Path, tool: Callable[[str, str], Path]
) -> None:
    home = tmp_path / "home"
    tool("codex", codex(home, hang=True, done=2))
    project = repository(tmp_path / "p", {"a.txt": "x\n"})
    file = project / "mission.toml"
    file.write_text(MISSION)
    with running("run", "--yes", file, folder=project) as process:
        until(
            lambda: (
                (home / "hanging").exists()
                and state_path(file).exists()
                and "worker" in state_of(file).agents
                and state_of(file).agents["worker"].session == "thread-1"
            ),
            "the session",
        )
        process.send_signal(signal.SIGKILL)
    done = mission("resume", file, folder=project)
    assert done.code == 0, done.log
    first, second = calls(home)
    assert "resume" not in first
    assert second[second.index("resume") + 1] == "thread-1"
    assert "You were interrupted" in second[-1]
    (branch,) = git(project, "for-each-ref", "--format=%(refname)", "refs/heads/podium").splitlines()
    assert git(project, "ls-tree", "--name-only", branch).splitlines() == ["a.txt", "half.txt", "work.txt"]
    assert [entry.cost.tokens_in for entry in ledger()] == [2000]


def single(adapter: str, more: str = "") -> str:
    return f"name = 'Try'\nmax_rounds = 1\n[[agents]]\nid = 'a'\nadapter = '{adapter}'\nprompt = 'Go'\n{more}"


def end_of(run: MissionProcess) -> AgentComplete | AgentError:
    (event,) = [event for event in run.events if isinstance(event, AgentComplete | AgentError)]
    return event


def test_what_a_tool_tells_reaches_the_window(start_mission: Start, tool: Callable[[str, str], Path]) -> None:
    tool("claude", replaying("claude/tool-accept"))
    run = start_mission(single("claude"))
    assert run.finish() == 0
    end = end_of(run)
    assert isinstance(end, AgentComplete)
    assert end.cost_usd == pytest.approx(0.0213)
    assert (end.tokens_in, end.tokens_out, end.estimated) == (6000, 105, False)
    assert end.session
    stopped = run.events[-1]
    assert isinstance(stopped, OrchestratorStopped)
    assert stopped.cost_usd == pytest.approx(0.0213)
    assert sum(entry.cost.usd or 0 for entry in ledger()) == pytest.approx(0.0213)
    assert "› " in run.log


@pytest.mark.parametrize(
    ("adapter", "sample", "mode", "more", "reason"),
    [
        ("claude", "claude/err401", "replay", "", "Invalid API key"),
        ("gemini", "gemini/err401", "replay", "", "invalid x-api-key"),
        ("aider", "aider/err401", "replay", "", "AuthenticationError"),
        ("claude", "claude/text", "hang-after", "silence_timeout = 1", "ended after 1 s without progress"),
        ("codex", "codex/text", "hang-first", "timeout = 1", "ended after its timeout of 1 s"),
        ("opencode", "opencode/cut", "replay", "silence_timeout = 2", "circles|without progress"),
    ],
)
def test_failures_are_told_by_what_the_output_says(
    start_mission: Start,
    tool: Callable[[str, str], Path],
    adapter: str,
    sample: str,
    mode: str,
    more: str,
    reason: str,
) -> None:
    tool(adapter, replaying(sample, mode))
    run = start_mission(single(adapter, more))
    assert run.finish() == 1
    end = end_of(run)
    assert isinstance(end, AgentError)
    assert any(part in end.reason for part in reason.split("|")), end.reason


def test_a_limit_with_a_reset_time_is_waited_for(
    start_mission: Start, tool: Callable[[str, str], Path], tmp_path: Path
) -> None:
    limit = '{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":\'$(( $(date +%s) + 2 ))\'}}'
    failed = (
        '{"type":"result","subtype":"success","is_error":true,"api_error_status":429,"result":"limit reached",'
        '"session_id":"s"}'
    )
    good = '{"type":"result","subtype":"success","is_error":false,"result":"All good.","session_id":"s"}'
    tool(
        "claude",
        f"#!/bin/sh\necho x >> {tmp_path}/tries\n"
        f"if [ $(wc -l < {tmp_path}/tries) = 1 ]; then echo '{limit}'; echo '{failed}'; exit 1; fi\necho '{good}'\n",
    )
    run = start_mission(single("claude"))
    assert run.finish() == 0, run.log
    assert isinstance(end_of(run), AgentComplete)
    (again,) = [event for event in run.events if isinstance(event, AgentContinuation)]
    assert again.until is not None
    assert "waiting until" in run.log
    assert "it has reached a limit, until" in run.log


def test_an_adapter_that_is_not_there_or_misused_is_a_fault(
    tmp_path: Path, tool: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    tool("codex", "#!/bin/sh\n")
    file = tmp_path / "m.toml"
    file.write_text(
        "name = 'Try'\n"
        "[[agents]]\nid = 'a'\nadapter = 'codx'\nprompt = 'x'\n"
        "[[agents]]\nid = 'b'\nadapter = 'codex'\ncommand = ['true']\n"
        "[[agents]]\nid = 'c'\nadapter = 'amp'\nrole = 'builder'\npermission = 'all'\n"
        "[[agents]]\nid = 'd'\ncommand = ['true']\npermission = 'full'\n"
    )
    with pytest.raises(MissionFileError) as caught:
        load_mission(file)
    found = {fault.key: f"{fault.reason} {fault.fix}" for fault in caught.value.faults}
    assert set(found) == {
        "agents[0].adapter",
        "agents[1].command",
        "agents[1].prompt",
        "agents[2].adapter",
        "agents[2].permission",
        "agents[3].permission",
    }
    assert "Write “codex”" in found["agents[0].adapter"]
    assert "no program “amp”" in found["agents[2].adapter"]


def test_faults_in_the_persons_own_adapter_are_told_with_the_missions(tmp_path: Path) -> None:
    folder = config_folder() / "adapters"
    folder.mkdir(parents=True)
    (folder / "claude.toml").write_text("name = 5\n")
    file = tmp_path / "m.toml"
    file.write_text(single("claude"))
    with pytest.raises(MissionFileError) as caught:
        load_mission(file)
    assert any("claude.toml" in fault.reason for fault in caught.value.faults)


def test_costs_are_told_while_a_turn_runs_and_counted_once(
    start_mission: Start, tool: Callable[[str, str], Path], tmp_path: Path
) -> None:
    used = '{"id":"m%d","content":[{"type":"text","text":"hi"}],"usage":{"input_tokens":1000,"output_tokens":10}}'
    lines = [
        '{"type":"system","subtype":"init","session_id":"s","model":"model-of-mine"}',
        '{"type":"assistant","message":' + used % 1 + "}",
    ]
    end = (
        '{"type":"result","subtype":"success","is_error":false,"result":"Good.","session_id":"s",'
        '"total_cost_usd":3.0,"usage":{"input_tokens":2000,"output_tokens":50},'
        '"model_usage_since_last_result":{"model-of-mine":{"costUSD":3.0,"inputTokens":2000,"outputTokens":50}}}'
    )
    config_folder().mkdir(parents=True)
    (config_folder() / "prices.toml").write_text(PRICES)
    script = "".join(f"echo '{line}'\n" for line in lines)
    tool("claude", f"#!/bin/sh\n{script}while [ ! -e {tmp_path}/go ]; do sleep 0.05; done\necho '{end}'\n")
    run = start_mission(single("claude"))
    run.until(lambda: "agent:continuation" in run.names)
    (so_far,) = [event for event in run.events if isinstance(event, AgentContinuation)]
    assert so_far.cost_usd == pytest.approx(1.1)
    assert so_far.estimated
    assert len(ledger()) == 1
    (tmp_path / "go").touch()
    assert run.finish() == 0
    end_event = end_of(run)
    assert isinstance(end_event, AgentComplete)
    assert end_event.cost_usd == pytest.approx(3.0)
    assert (end_event.tokens_in, end_event.tokens_out) == (2000, 50)
    assert sum(entry.cost.usd or 0 for entry in ledger()) == pytest.approx(3.0)
    assert sum(entry.cost.tokens_in or 0 for entry in ledger()) == 2000
