"""A tool's processes and what they left in, the session they have out: the right one or none."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from podium.agent_sessions.finding import find_session
from podium.agent_sessions.processes import ToolProcesses, find_tool, start_of_others
from podium.agent_sessions.store import StoredSession
from podium.agent_sessions.watch import RunWatch
from tests.agent_sessions.stores import EXPECTED, PRICES, PROJECT, TOOLS, fill, sessions_of, store, transcript

BEFORE, AFTER = -20.0, 20.0
"""Seconds from the beginning of the session."""


def ours(
    tool: str, seconds: float = BEFORE, *words: str, folder: str = PROJECT, pid: int = 42
) -> ToolProcesses:
    return ToolProcesses((pid,), EXPECTED[tool].began + seconds, folder, words, {})


@pytest.fixture
def others(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When other processes of the tool in that folder were started."""
    started: list[float] = []
    monkeypatch.setattr("podium.agent_sessions.finding.start_of_others", lambda *_: started)
    monkeypatch.setattr(ToolProcesses, "open_files", lambda _self: [])
    return started


def id_of(found: StoredSession | None) -> str:
    return found.id if found is not None else ""


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize(
    ("started", "rivals", "found"),
    [
        (BEFORE, [], True),
        (AFTER, [], False),  # It was there before.
        (BEFORE, [AFTER], True),
        (BEFORE, [BEFORE], False),
        (BEFORE, [2 * BEFORE, AFTER], False),
        (BEFORE, [0.0], False),
    ],
)
def test_the_newest_session_is_its_own_if_nobody_else_can_have_begun_it(
    tmp_path: Path, others: list[float], tool: str, started: float, rivals: Sequence[float], found: bool
) -> None:
    fill(tmp_path, tool)
    others += [EXPECTED[tool].began + rival for rival in rivals]
    kept, expected = store(tmp_path, tool), EXPECTED[tool].session
    assert id_of(find_session(tool, kept, ours(tool, started))) == (expected if found else "")
    assert find_session(tool, kept, ours(tool, started), {expected}) is None
    assert find_session(tool, kept, ours(tool, started, folder="/home/ann")) is None
    assert find_session(tool, kept, ours(tool, started), known=True) is None


@pytest.mark.parametrize(
    ("tool", "word"),
    [
        ("claude", "{id}"),
        ("codex", "{id}"),
        ("opencode", "{id}"),
        ("copilot", "--resume={id}"),
        ("gemini", "{id}"),
    ],
)
def test_a_command_line_may_name_it(tmp_path: Path, others: list[float], tool: str, word: str) -> None:
    fill(tmp_path, tool)
    others.append(0.0)
    kept, expected = store(tmp_path, tool), EXPECTED[tool].session
    words = ("--verbose", "x" * 40, word.replace("{id}", expected))
    assert id_of(find_session(tool, kept, ours(tool, AFTER, *words))) == expected
    assert find_session(tool, kept, ours(tool, AFTER, *words), {expected}) is None


def test_what_a_tool_wrote_down_comes_before_all(tmp_path: Path, others: list[float]) -> None:
    place = fill(tmp_path, "claude")
    (place / "sessions").mkdir()
    (place / "sessions/42.json").write_text('{"sessionId": "abc-42"}')
    kept = store(tmp_path, "claude")
    assert id_of(find_session("claude", kept, ours("claude"))) == "abc-42"
    assert id_of(find_session("claude", kept, ours("claude"), known=True)) == "abc-42"
    assert id_of(find_session("claude", kept, ours("claude", pid=43))) == EXPECTED["claude"].session


def test_two_in_one_folder_have_what_each_has_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, "codex")
    first = transcript(tmp_path, "codex")
    second = first.with_name("rollout-2026-12-01T02-53-00-abc-2.jsonl")
    second.write_text(first.read_text().replace(EXPECTED["codex"].session, "abc-2"))
    opened: dict[int, list[str]] = {
        42: [str(first), "/etc/passwd"],
        43: [str(second)],
        44: [str(tmp_path / "x")],
    }
    monkeypatch.setattr(ToolProcesses, "open_files", lambda self: opened[self.pids[0]])
    monkeypatch.setattr("podium.agent_sessions.finding.start_of_others", lambda *_: [0.0])
    kept = store(tmp_path, "codex")
    found = [id_of(find_session("codex", kept, ours("codex", pid=pid), known=True)) for pid in (42, 43, 44)]
    assert found == [EXPECTED["codex"].session, "abc-2", ""]


def test_of_agents_that_codex_sends_out_none_is_the_session(tmp_path: Path) -> None:
    fill(tmp_path, "codex")
    path = transcript(tmp_path, "codex")
    path.write_text(path.read_text().replace('"source":"cli"', '"source":{"subagent":"review"}'))
    assert store(tmp_path, "codex").read(str(path)) is None


def test_a_tool_that_was_started_anew_has_another_session(
    tmp_path: Path, others: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, "opencode")
    environment = {"HOME": str(tmp_path)}
    lives = [ours("opencode")._replace(environment=environment)]
    monkeypatch.setattr("podium.agent_sessions.watch.find_tool", lambda *_: lives[0])
    watch = RunWatch("opencode", sessions_of("opencode"), PRICES, 0.0)
    assert watch.look(42, environment).session == EXPECTED["opencode"].session
    lives[0] = ours("opencode", AFTER, pid=43)._replace(environment=environment)
    assert watch.look(42, environment).session == ""
    assert watch.look(42, environment).cost.tokens_in == 2400


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Two programs called claude in one folder, the first below a shell, the second started later."""
    sleep = shutil.which("sleep")
    assert sleep is not None
    shutil.copy(sleep, tmp_path / "claude")
    own = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "CLAUDE_CONFIG_DIR": "/c"}
    with (tmp_path / "opened").open("w") as file:
        started = [
            subprocess.Popen(
                ["sh", "-c", "echo; claude 60; :"],
                cwd=tmp_path,
                env=own,
                stdout=subprocess.PIPE,
                pass_fds=[file.fileno()],
            ),
            subprocess.Popen([tmp_path / "claude", "60"], cwd=tmp_path),
        ]
    yield started
    for program in started:
        program.kill()
        program.wait()


def test_processes_are_found_below_a_shell_and_beside_it(
    tmp_path: Path, programs: list[subprocess.Popen[bytes]]
) -> None:
    found = None
    while found is None:  # The shell starts it.
        found = find_tool("claude", programs[0].pid)
        assert programs[0].poll() is None
    other = find_tool("claude", programs[1].pid)
    assert other is not None
    assert found.folder == os.path.realpath(tmp_path)
    assert found.words == ("60",)
    assert found.environment["CLAUDE_CONFIG_DIR"] == "/c"
    assert found.open_files() == [str(tmp_path / "opened")]
    assert start_of_others("claude", found.folder, found) == [other.started]
    assert start_of_others("claude", "/", found) == []
    assert find_tool("codex", programs[0].pid) is None
    assert find_tool("claude", 2**30) is None
    for pid in found.pids:
        os.kill(pid, 9)
