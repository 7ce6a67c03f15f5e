"""``podium ctl hooks``: shown first, agreed to, and said plainly where it can't be done. No Podium runs."""

import io
import json
from pathlib import Path

import pytest

from podium.control.ctl.command_line import main
from podium.control.ctl.exits import ASKS, DONE, REFUSED, USAGE

SETTINGS = '{\n  // mine\n  "model": "opus"\n}\n'


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person with settings for Claude Code and no tool installed."""
    home = tmp_path / "home"
    (home / ".claude").mkdir(parents=True)
    (home / ".claude" / "settings.json").write_text(SETTINGS)
    for name in ("CLAUDE_CONFIG_DIR", "CODEX_HOME", "GEMINI_CLI_HOME", "COPILOT_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.chdir(tmp_path)
    answer(monkeypatch, None)
    return home


def answer(monkeypatch: pytest.MonkeyPatch, text: str | None) -> None:
    """A person at the terminal who types ``text``; None is nobody."""
    typed = io.StringIO(text or "")
    typed.isatty = lambda: text is not None  # type: ignore[method-assign]
    monkeypatch.setattr("sys.stdin", typed)


def standing(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, str]:
    """Where the hooks of each tool stand, for the user."""
    capsys.readouterr()
    assert main(["hooks", "status", *arguments, "--json"]) == DONE
    tools = json.loads(capsys.readouterr().out)["tools"]
    return {one["tool"]: one["user"]["state"] for one in tools}


def test_nobody_there_to_agree_changes_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hooks", "install", "claude"]) == ASKS
    told = capsys.readouterr()
    assert '+  "hooks": {' in told.out
    assert "add --yes" in told.err
    assert (home / ".claude" / "settings.json").read_text() == SETTINGS


@pytest.mark.parametrize(
    ("typed", "status", "installed"),
    [("y\n", DONE, True), ("YES\n", DONE, True), ("n\n", REFUSED, False), ("\n", REFUSED, False), ("", REFUSED, False)],
)  # fmt: skip
def test_a_person_agrees_or_does_not(
    typed: str, status: int, installed: bool, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, typed)
    assert main(["hooks", "install", "claude"]) == status
    assert ((home / ".claude" / "settings.json").read_text() != SETTINGS) is installed


@pytest.mark.parametrize("tool", ["claude", "codex", "gemini", "opencode", "copilot"])
def test_each_tool_has_its_hooks_and_then_no_trace_of_them(
    tool: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    assert standing(capsys)[tool] == "none"
    assert main(["hooks", "install", tool, "--yes"]) == DONE
    assert standing(capsys)[tool] == "installed"
    assert main(["hooks", "install", tool, "--yes"]) == DONE
    assert "already" in capsys.readouterr().out
    assert main(["hooks", "remove", tool, "--yes"]) == DONE
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before
    assert sorted(path.name for path in home.iterdir()) == [".claude"]
    assert main(["hooks", "remove", tool, "--yes"]) == DONE
    assert "no hooks" in capsys.readouterr().out


def test_a_project_has_its_own(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = tmp_path / "project"
    project.mkdir()
    assert main(["hooks", "install", "claude", "--project", str(project), "--yes"]) == DONE
    assert (home / ".claude" / "settings.json").read_text() == SETTINGS
    capsys.readouterr()
    assert main(["hooks", "status", "claude", "--project", str(project), "--json"]) == DONE
    (row,) = json.loads(capsys.readouterr().out)["tools"]
    assert (row["user"]["state"], row["project"]["state"]) == ("none", "installed")
    assert main(["hooks", "remove", "claude", "--project", str(project), "--yes"]) == DONE
    assert list(project.iterdir()) == []
    assert main(["hooks", "install", "claude", "--project", str(tmp_path / "nowhere"), "--yes"]) == REFUSED
    assert "is not there" in capsys.readouterr().err


def test_another_folder_of_the_tool_is_the_one(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / "own"))
    assert main(["hooks", "install", "claude", "--yes"]) == DONE
    assert (home / ".claude" / "settings.json").read_text() == SETTINGS
    assert "PODIUM_INSTANCE" in (tmp_path / "own" / "settings.json").read_text()


def test_settings_with_a_fault_are_said_with_their_line(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / ".claude" / "settings.json").write_text('{\n  "model" "opus"\n}\n')
    assert main(["hooks", "install", "claude", "--yes"]) == REFUSED
    assert "settings.json, line 2: a colon is missing" in capsys.readouterr().err
    assert standing(capsys)["claude"] == "unreadable"


def test_what_is_installed_is_said_with_its_version(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "bin" / "codex"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho 'codex-cli \033[31m1.2.3'\necho more\n")
    program.chmod(0o755)
    assert main(["hooks", "status"]) == DONE
    told = capsys.readouterr().out
    assert "Codex: codex-cli" in told
    assert "1.2.3" in told
    assert "\033" not in told
    assert "Claude Code: not found" in told
    assert "OSC 7501" in told


def test_install_needs_a_tool(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hooks", "install"]) == USAGE
    assert "name the tool: claude" in capsys.readouterr().err
