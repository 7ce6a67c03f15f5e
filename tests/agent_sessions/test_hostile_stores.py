"""Whatever lies in a tool's folder: it is read in bounded pieces, or not at all."""

import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from podium.agent_sessions import plain_files
from podium.agent_sessions.store import Store
from podium.agent_sessions.transcript import MAX_LINE, Transcript
from podium.agent_sessions.usage import SessionUsage
from podium.agent_sessions.watch import RunWatch
from podium.core.costs import Cost
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

Spoil = Callable[[Path], None]


def by_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def by_link(path: Path) -> None:
    path.replace(path.with_suffix(".elsewhere"))
    path.symlink_to(path.with_suffix(".elsewhere"))


def by_loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


def by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def by_zeros(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


def by_depth(path: Path) -> None:
    path.write_bytes(b"[" * 3_000_000 + b"\n" + b'{"a":' * 500_000 + b"\n")


def by_noise(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 5000)


def by_rights(path: Path) -> None:
    path.write_bytes(b"")
    path.chmod(0)


ODD_LINES: list[Any] = [
    None,
    [],
    {},
    {"sessionId": {}, "cwd": 5, "timestamp": [], "type": "assistant", "message": 7},
    {"sessionId": "--yes", "cwd": "\0", "timestamp": "later"},
    {"payload": {"id": "x" * 5000, "cwd": "a\0b", "timestamp": 1e300, "source": "cli"}},
    {
        "type": "assistant",
        "message": {"id": [], "usage": {"input_tokens": -5, "output_tokens": 1e400}},
    },
    {"type": "assistant", "message": {"usage": {"input_tokens": "1e9", "output_tokens": True}}},
    {"type": "gemini", "tokens": {"input": 10**30, "output": None}},
    {"$set": {"messages": {"a": {"type": "gemini", "tokens": []}}}},
    {"type": "event_msg", "payload": {"type": "token_count", "info": None}},
    {"type": "cost-state", "totalCostUSD": "NaN"},
]


def by_odd_values(path: Path) -> None:
    path.write_text(
        "\n".join(json.dumps(line) for line in ODD_LINES)
        + '\n{"type":"cost-state","totalCostUSD":NaN}\n{"type":"cost-state","totalCostUSD":1e999}\n\ud800'.encode(
            "utf-8", "surrogatepass"
        ).decode("utf-8", "replace")
    )


@pytest.mark.parametrize("tool", ["claude", "codex", "gemini", "copilot"])
@pytest.mark.parametrize(
    "spoil",
    [by_pipe, by_link, by_loop, by_folder, by_zeros, by_depth, by_noise, by_rights, by_odd_values],
)
def test_a_transcript_that_is_none_is_left_alone(tmp_path: Path, tool: str, spoil: Spoil) -> None:
    fill(tmp_path, tool)
    path = transcript(tmp_path, tool)
    for other in path.parent.glob("*.jsonl"):
        if other != path:
            other.unlink()
    spoil(path)
    kept, session = store(tmp_path, tool), EXPECTED[tool].session
    assert kept.began_since(PROJECT, 0.0) == []
    assert kept.find(session) is None
    run = RunWatch(tool, sessions_of(tool), PRICES, 0.0)
    found = run.look(0, {"HOME": str(tmp_path)}, told=session, transcript=str(path))
    assert (found.cost, found.used) == (Cost(), ())


def test_of_others_files_none_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, "claude")
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert store(tmp_path, "claude").began_since(PROJECT, 0.0) == []


def test_a_long_line_is_skipped_and_the_next_one_is_read(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(b'{"a": 1}\n{"b": "' + b"x" * (MAX_LINE + 10) + b'"}\n{"c": 2}\n')
    read = Transcript(str(path))
    found: list[object] = []
    more, pieces = True, 0
    while more:
        objects, more = read.read(1 << 20)
        found += objects
        pieces += 1
    assert found == [{"a": 1}, {"c": 2}]
    assert pieces == 5


def test_a_look_reads_so_much_and_no_more(tmp_path: Path) -> None:
    fill(tmp_path, "claude")
    path = transcript(tmp_path, "claude")
    data = path.read_bytes()
    path.write_bytes(data + (b'{"type": "user", "text": "' + b"y" * 100_000 + b'"}\n') * 200)
    run = RunWatch("claude", sessions_of("claude"), PRICES, WHEN)
    looks = [run.look(0, {"HOME": str(tmp_path)}, told=EXPECTED["claude"].session) for _ in range(3)]
    assert [look.more for look in looks] == [True, True, False]


def test_many_messages_are_held_as_a_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("podium.agent_sessions.usage.MAX_MESSAGES", 10)
    usage = SessionUsage(sessions_of("claude"), PRICES, 0.0)
    for number in range(1000):
        tokens = {"input_tokens": 1, "output_tokens": 2}
        message = {"id": f"msg_{number}", "model": "claude-sonnet-4-5", "usage": tokens}
        usage.take({"type": "assistant", "timestamp": 1.0 + number, "message": message})
    assert (usage.cost.tokens_in, usage.cost.tokens_out) == (1000, 2000)
    assert len(usage.take_changed()) == 10


def test_a_folder_of_a_million_is_looked_at_in_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_files, "_MOST_ENTRIES", 50)
    for number in range(200):
        (tmp_path / f"{number}.jsonl").write_text("{}")
    assert len(plain_files.find_files(str(tmp_path), "*.jsonl")) <= 50


def test_links_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a.jsonl").write_text("{}")
    (tmp_path / "home").mkdir()
    (tmp_path / "home/x").symlink_to(tmp_path / "real")
    assert plain_files.find_files(str(tmp_path / "home"), "*/*.jsonl") == []
    assert [one.path for one in plain_files.find_files(str(tmp_path), "*/*.jsonl")] == [
        str(tmp_path / "real/a.jsonl")
    ]


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b"not a database" * 100),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        by_pipe,
        by_link,
        by_folder,
        by_zeros,
        lambda path: _sql(path, "DROP TABLE message; DROP TABLE session"),
        lambda path: _sql(
            path, "UPDATE session SET time_created = 'x', id = x'00ff'; UPDATE message SET data = 5"
        ),
        lambda path: _sql(path, "UPDATE session SET id = '--yes'; UPDATE message SET data = '{'"),
        lambda path: _sql(
            path,
            f"DROP TABLE message; DROP TABLE session; CREATE VIEW session AS {ENDLESS} SELECT i AS id, '{PROJECT}' AS"
            " directory, i AS time_created, NULL AS parent_id FROM n;"
            f" CREATE VIEW message AS {ENDLESS} SELECT i AS id, i AS data, i AS session_id, i AS time_updated, i AS"
            " time_created FROM n",
        ),
    ],
)
def test_a_database_that_is_none_is_left_alone(
    tmp_path: Path, spoil: Spoil, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("podium.agent_sessions.database._MOST_SECONDS", 0.05)
    spoil(fill(tmp_path, "opencode") / "opencode.db")
    kept, session = store(tmp_path, "opencode"), EXPECTED["opencode"].session
    assert kept.began_since(PROJECT, 0.0) == []
    assert kept.find(session) is None
    found = RunWatch("opencode", sessions_of("opencode"), PRICES, 0.0).look(
        0, {"HOME": str(tmp_path)}, told=session
    )
    assert (found.cost, found.used) == (Cost(), ())


def test_a_message_that_makes_no_sense_hides_no_other(tmp_path: Path) -> None:
    path = fill(tmp_path, "opencode") / "opencode.db"
    session = EXPECTED["opencode"].session
    whole = store(tmp_path, "opencode").messages(session, 0.0)
    spoilt = "SELECT 'spoilt', session_id, time_created, time_updated, '{' FROM message"
    copy = f"INSERT INTO message {spoilt} WHERE session_id = '{session}' LIMIT 1"
    _sql(path, copy)
    assert whole
    assert store(tmp_path, "opencode").messages(session, 0.0) == whole


def _sql(path: Path, script: str) -> None:
    database = sqlite3.connect(path)
    database.executescript(script)
    database.close()


def test_a_database_that_somebody_writes_to_is_read(tmp_path: Path) -> None:
    path = fill(tmp_path, "opencode") / "opencode.db"
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("BEGIN IMMEDIATE")
    database.execute("UPDATE message SET data = '{}'")
    assert [one.id for one in store(tmp_path, "opencode").began_since(PROJECT, WHEN)]
    database.close()


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("environment", [{}, {"HOME": ""}, {"HOME": "/nonexistent"}, {"HOME": "\0"}])
def test_a_tool_that_left_nothing_has_nothing(
    tool: str, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/nonexistent"))
    kept = Store(tool, sessions_of(tool), environment)
    assert kept.began_since(PROJECT, 0.0) == []
    assert kept.find("abc-12345") is None
    assert kept.running(42, 0.0) is None
