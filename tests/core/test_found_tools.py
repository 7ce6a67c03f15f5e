"""Programs on a PATH in, tools with their versions out; nothing that they do lasts."""

import os
import sys
import time
from pathlib import Path

import pytest

from podium.core.adapters.found_tools import FoundTool, MissingTool, ToolVersions, find_tools, state_source
from podium.core.adapters.registry import load_adapters
from podium.core.system.process_table import process_entry, still_running

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Shell scripts stand for the tools.")
ADAPTERS = load_adapters().adapters


def program(folder: Path, name: str, text: str = "exit 0") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def environment(*folders: str | Path) -> dict[str, str]:
    return {"PATH": os.pathsep.join(map(str, folders))}


def test_tools_are_found_on_the_path_that_programs_get(tmp_path: Path) -> None:
    path = program(tmp_path / "bin", "claude")
    tools = find_tools([ADAPTERS["claude"], ADAPTERS["gemini"]], environment(tmp_path / "bin"))
    assert tools.found == (FoundTool("claude", "Claude Code", str(path)),)
    assert tools.missing == (MissingTool("Gemini CLI", ADAPTERS["gemini"].install),)


def test_what_nobody_works_with_in_a_terminal_is_neither(tmp_path: Path) -> None:
    tools = find_tools([ADAPTERS["command"]], environment(tmp_path))
    assert not tools.found
    assert not tools.missing


@pytest.mark.parametrize("place", [".", "bin", ""])
def test_a_program_of_the_folder_podium_was_started_in_is_none(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "bin", "claude")
    program(tmp_path, "claude")
    monkeypatch.chdir(tmp_path)
    assert not find_tools([ADAPTERS["claude"]], environment(place)).found


def test_what_can_not_be_run_is_missing(tmp_path: Path) -> None:
    program(tmp_path, "claude").chmod(0o644)
    (tmp_path / "codex").mkdir()
    assert not find_tools([ADAPTERS["claude"], ADAPTERS["codex"]], environment(tmp_path)).found


@pytest.mark.parametrize(
    ("prints", "version"),
    [
        ("echo '2.1.330 (Claude Code)'", "2.1.330"),
        ("echo 'codex-cli 0.171.0'", "0.171.0"),
        ("echo warning >&2; echo; echo 'aider 0.86.2'", "0.86.2"),
        ("echo 'v1.0.102-beta.3+7618fb'", "1.0.102-beta.3+7618fb"),
        ("exit 1", ""),
        ("echo none", ""),
        ("printf '\\033]0;1\\007'", ""),
        ("head -c 100000000 /dev/zero", ""),
        ("echo 1.2; echo; exec sleep 60", "1.2"),
        ("exec sleep 60", ""),
        ("read line; echo 9.9", "9.9"),
        ("kill -9 $$", ""),
    ],
)
def test_the_version_is_what_it_says_soon(prints: str, version: str, tmp_path: Path) -> None:
    path = program(tmp_path, "tool", prints)
    seconds = 0.3 if prints == "exec sleep 60" else 30.0
    assert ToolVersions(seconds).of(str(path), dict(os.environ)) == version


def test_a_child_that_it_leaves_behind_does_not_hold_it_up_and_is_ended(tmp_path: Path) -> None:
    path = program(tmp_path, "tool", f"sleep 60 & echo $! > {tmp_path}/pid; echo 3.4.5")
    assert ToolVersions(30.0).of(str(path), dict(os.environ)) == "3.4.5"
    left = process_entry(int((tmp_path / "pid").read_text()))
    until = time.monotonic() + 30
    while left is not None and still_running([left]) and time.monotonic() < until:
        time.sleep(0.01)
    assert left is None or not still_running([left])


def test_a_program_is_asked_once_until_it_is_another(tmp_path: Path) -> None:
    count = tmp_path / "asked"
    path = program(tmp_path, "tool", f"echo x >> {count}; echo 1.0")
    versions = ToolVersions()
    assert [versions.of(str(path), dict(os.environ)) for _ in range(3)] == ["1.0"] * 3
    assert count.read_text() == "x\n"
    program(tmp_path, "tool", f"echo x >> {count}; echo 2.0.1")
    assert versions.of(str(path), dict(os.environ)) == "2.0.1"


def test_a_program_that_is_gone_has_no_version(tmp_path: Path) -> None:
    assert ToolVersions().of(str(tmp_path / "gone"), {}) == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("claude", "tells its state itself"),
        ("gemini", "its state is read from its screen"),
        ("amp", "its state is guessed"),
    ],
)
def test_how_its_state_will_be_known_is_said(name: str, words: str) -> None:
    assert state_source(ADAPTERS[name]) == words
    assert state_source(ADAPTERS[name], hooked=True) == "its hooks tell its state"
