"""What tools leave in, their sessions and what these used out."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from podium.agent_sessions.store import home_of
from podium.agent_sessions.watch import RunWatch
from tests.agent_sessions.stores import (
    EXPECTED,
    PRICES,
    PROJECT,
    TOOLS,
    WHEN,
    fill,
    sessions_of,
    store,
    transcript,
)


def watch(tool: str, since: float = WHEN) -> RunWatch:
    return RunWatch(tool, sessions_of(tool), PRICES, since)


@pytest.mark.parametrize("tool", TOOLS)
def test_a_session_is_found_by_its_folder_and_by_its_id(tmp_path: Path, tool: str) -> None:
    fill(tmp_path, tool)
    expected, kept = EXPECTED[tool], store(tmp_path, tool)
    found = kept.began_since(PROJECT, WHEN)
    assert (found[0].id, found[0].began) == (expected.session, expected.began)
    assert kept.began_since("/home/ann", WHEN) == []
    assert kept.began_since(PROJECT, expected.began + 1) == []
    by_id = kept.find(expected.session)
    assert by_id is not None
    assert by_id.id == expected.session
    assert kept.find(expected.session[:-1] + "x") is None


@pytest.mark.parametrize("tool", TOOLS)
def test_its_use_is_what_the_model_server_told(tmp_path: Path, tool: str) -> None:
    fill(tmp_path, tool)
    expected, run = EXPECTED[tool], watch(tool)
    found = run.look(0, {"HOME": str(tmp_path)}, told=expected.session)
    assert (found.cost.tokens_in, found.cost.tokens_out) == expected.tokens
    assert found.cost.usd == (None if expected.usd is None else pytest.approx(expected.usd))
    assert len(found.used) == expected.messages
    assert found.cost.estimated == (tool == "copilot")
    again = run.look(0, {"HOME": str(tmp_path)})
    assert (again.cost, again.used) == (found.cost, ())


@pytest.mark.parametrize("tool", ["claude", "gemini", "opencode"])
def test_a_session_that_goes_on_counts_what_is_new(tmp_path: Path, tool: str) -> None:
    """Each of them had one more message in a second run."""
    fill(tmp_path, tool)
    found = watch(tool, 1796093800.0).look(0, {"HOME": str(tmp_path)}, told=EXPECTED[tool].session)
    assert (found.cost.tokens_in, found.cost.tokens_out) == (1200, 25)
    if tool == "claude":
        assert found.cost.usd == pytest.approx(0.0034)  # Of 0.017 for all.


def test_a_sum_of_the_session_counts_from_where_it_was(tmp_path: Path) -> None:
    fill(tmp_path, "codex")
    path = transcript(tmp_path, "codex")
    line = next(line for line in path.read_text().splitlines() if "token_count" in line)
    run = watch("codex", 1796093600.0)
    before = run.look(0, {"HOME": str(tmp_path)}, told=EXPECTED["codex"].session)
    assert not before.cost.known
    later = line.replace("2026-12-01T02:52:41", "2026-12-01T02:53:59")
    with path.open("a") as file:
        file.write(f"{later}\n")  # Told again, without more use.
        file.write(
            later.replace('"input_tokens":1200', '"input_tokens":3000', 1).replace(
                '"output_tokens":25', '"output_tokens":60', 1
            )
            + "\n"
        )
    found = run.look(0, {"HOME": str(tmp_path)})
    assert (found.cost.tokens_in, found.cost.tokens_out) == (1800, 35)


Change = Callable[[Path, bytes], None]


def cut(path: Path, data: bytes) -> None:
    path.write_bytes(data[: len(data) // 2])


def replace(path: Path, data: bytes) -> None:
    other = path.with_suffix(".new")
    other.write_bytes(data)
    other.replace(path)


def rewrite(path: Path, data: bytes) -> None:
    path.write_bytes(b"")
    path.write_bytes(data)


def remove(path: Path, _data: bytes) -> None:
    path.unlink()


@pytest.mark.parametrize("tool", ["claude", "codex", "gemini", "copilot"])
@pytest.mark.parametrize("change", [cut, replace, rewrite, remove])
def test_a_transcript_that_was_cut_or_replaced_counts_once(tmp_path: Path, tool: str, change: Change) -> None:
    fill(tmp_path, tool)
    run = watch(tool)
    environment = {"HOME": str(tmp_path)}
    before = run.look(0, environment, told=EXPECTED[tool].session)
    path = transcript(tmp_path, tool)
    data = path.read_bytes()
    change(path, data)
    assert run.look(0, environment).cost == before.cost
    path.write_bytes(data)
    for _ in range(7):
        assert run.look(0, environment).cost == before.cost


@pytest.mark.parametrize("tool", ["claude", "codex", "gemini", "copilot"])
def test_it_is_the_same_however_it_arrives(tmp_path: Path, tool: str) -> None:
    fill(tmp_path, tool)
    run, environment = watch(tool), {"HOME": str(tmp_path)}
    whole = run.look(0, environment, told=EXPECTED[tool].session).cost
    path = transcript(tmp_path, tool)
    data = path.read_bytes()
    path.write_bytes(b"")
    piecewise = watch(tool)
    usable = str(path)
    for end in range(0, len(data) + 97, 97):
        path.write_bytes(data[:end])
        piecewise.look(0, environment, told=EXPECTED[tool].session, transcript=usable)
    assert piecewise.look(0, environment).cost == whole


def test_agents_that_it_sends_out_count_too(tmp_path: Path) -> None:
    fill(tmp_path, "claude")
    path = transcript(tmp_path, "claude")
    parts = path.with_suffix("") / "subagents"
    parts.mkdir(parents=True)
    answer = next(line for line in path.read_text().splitlines() if '"type":"assistant"' in line)
    (parts / "agent-1.jsonl").write_text(answer.replace("msg_0", "msg_part") + "\n")
    found = watch("claude").look(0, {"HOME": str(tmp_path)}, told=EXPECTED["claude"].session)
    assert found.cost.tokens_in == 7200
    assert [one.id for one in store(tmp_path, "claude").began_since(PROJECT, WHEN)] == [
        EXPECTED["claude"].session
    ]


@pytest.mark.parametrize(
    ("tool", "environment", "home"),
    [
        ("claude", {"HOME": "/h"}, "/h/.claude"),
        ("claude", {"HOME": "/h", "CLAUDE_CONFIG_DIR": "/c"}, "/c"),
        ("claude", {"HOME": "/h", "CLAUDE_CONFIG_DIR": "c"}, "/h/.claude"),
        ("claude", {"HOME": "/h", "CLAUDE_CONFIG_DIR": ""}, "/h/.claude"),
        ("codex", {"HOME": "/h", "CODEX_HOME": "/c/"}, "/c"),
        ("gemini", {"HOME": "/h", "GEMINI_CLI_HOME": "/g"}, "/g/.gemini"),
        ("opencode", {"HOME": "/h", "XDG_DATA_HOME": "/d"}, "/d/opencode"),
        ("opencode", {"HOME": "/h"}, "/h/.local/share/opencode"),
        ("copilot", {"HOME": "/h", "COPILOT_HOME": "/c"}, "/c"),
    ],
)
def test_tools_are_where_their_variables_say(tool: str, environment: dict[str, str], home: str) -> None:
    assert home_of(sessions_of(tool), environment) == home


def test_only_a_file_of_this_life_of_a_process_says_its_session(tmp_path: Path) -> None:
    place = fill(tmp_path, "claude")
    (place / "sessions").mkdir()
    (place / "sessions/42.json").write_text('{"pid": 42, "sessionId": "abc-1"}')
    os.utime(place / "sessions/42.json", (1000.0, 1000.0))
    kept = store(tmp_path, "claude")
    found = kept.running(42, 990.0)
    assert found is not None
    assert found.id == "abc-1"
    assert kept.running(42, 1100.0) is None
    assert kept.running(43, 990.0) is None
    (place / "sessions/42.json").write_text('{"pid": 42, "sessionId": "--yes"}')
    assert kept.running(42, 990.0) is None


def test_a_file_name_may_say_the_session(tmp_path: Path) -> None:
    place = fill(tmp_path, "copilot")
    (place / "session-state" / EXPECTED["copilot"].session / "inuse.42.lock").write_text("")
    found = store(tmp_path, "copilot").running(42, 1000.0)
    assert found is not None
    assert found.id == EXPECTED["copilot"].session
