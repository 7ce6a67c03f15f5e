"""An adapter, a prompt and a session in, a command line out."""

import os
import subprocess
from pathlib import Path

import pytest
from tests.missions.agent_run import full_environment

from podium.core.adapters.registry import SHIPPED, load_adapters
from podium.missions.agent_command import (
    AgentCommand,
    CommandFault,
    CommandOptions,
    NewSession,
    Permission,
    ResumeSession,
    Session,
    can_resume,
    command_for,
)

ADAPTERS = load_adapters(Path("/nonexistent")).adapters
TOOLS = [name for name in SHIPPED if name != "command"]
UUID = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"


def made(
    name: str,
    prompt: str = "Fix the bug",
    model: str = "",
    session: Session | None = None,
    options: CommandOptions | None = None,
) -> AgentCommand:
    return command_for(
        ADAPTERS[name],
        prompt,
        folder=Path("/work tree"),
        model=model,
        session=session,
        options=options or CommandOptions(scratch=Path("/scratch")),
    )


def test_claude_is_asked_for_json_lines_with_model_session_and_limits() -> None:
    options = CommandOptions(budget_usd=1.5, max_turns=20, scratch=Path("/scratch"))
    argv = made("claude", model="opus", session=NewSession(UUID), options=options).argv
    assert argv == (
        *("claude", "-p", "--output-format", "stream-json", "--verbose", "--model", "opus"),
        *("--session-id", UUID, "--permission-mode", "acceptEdits"),
        *("--max-budget-usd", "1.5", "--max-turns", "20", "--", "Fix the bug"),
    )


def test_what_has_no_value_is_left_out() -> None:
    assert made("claude").argv == (
        *("claude", "-p", "--output-format", "stream-json", "--verbose"),
        *("--permission-mode", "acceptEdits", "--", "Fix the bug"),
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("claude", ["--resume", UUID]),
        ("codex", ["resume", UUID, "--", "Fix the bug"]),
        ("gemini", ["--resume", UUID]),
        ("opencode", ["-s", UUID]),
        ("copilot", [f"--resume={UUID}"]),
        ("amp", ["threads", "continue", UUID]),
        ("cursor-agent", ["--resume", UUID]),
    ],
)
def test_a_session_goes_on(name: str, words: list[str]) -> None:
    assert can_resume(ADAPTERS[name])
    command = made(name, session=ResumeSession(UUID))
    argv = list(command.argv)
    place = argv.index(words[0])
    assert argv[place : place + len(words)] == words
    assert "--session-id" not in argv
    assert command.session_id == ""


@pytest.mark.parametrize(
    ("name", "word"), [("claude", "--fork-session"), ("codex", "fork"), ("opencode", "--fork")]
)
def test_a_copy_of_a_session_goes_on(name: str, word: str) -> None:
    assert word in made(name, session=ResumeSession(UUID, fork=True)).argv


def test_a_tool_that_can_not_copy_a_session_says_so() -> None:
    with pytest.raises(CommandFault, match="Start a fresh one"):
        made("gemini", session=ResumeSession(UUID, fork=True))


@pytest.mark.parametrize("name", ["aider", "command"])
def test_a_tool_without_sessions_begins_afresh(name: str) -> None:
    assert not can_resume(ADAPTERS[name])
    options = CommandOptions(command=("tool",), scratch=Path("/scratch"))
    argv = made(name, session=ResumeSession(UUID), options=options).argv
    assert UUID not in argv


def test_the_id_of_a_new_session_is_known_before_where_the_tool_takes_one() -> None:
    assert made("gemini", session=NewSession(UUID)).session_id == UUID
    assert made("codex", session=NewSession(UUID)).session_id == ""


@pytest.mark.parametrize(
    ("name", "permission", "words"),
    [
        ("claude", Permission.READ, ["--permission-mode", "plan"]),
        ("claude", Permission.FULL, ["--permission-mode", "bypassPermissions"]),
        ("codex", Permission.READ, ["-s", "read-only"]),
        ("codex", Permission.EDIT, ["-s", "workspace-write"]),
        ("codex", Permission.FULL, ["-s", "danger-full-access"]),
        ("gemini", Permission.EDIT, ["--approval-mode", "auto_edit"]),
        ("opencode", Permission.FULL, ["--auto"]),
        ("copilot", Permission.FULL, ["--allow-all-tools"]),
    ],
)
def test_what_an_agent_may_do_is_said_in_the_tools_words(
    name: str, permission: Permission, words: list[str]
) -> None:
    argv = list(made(name, options=CommandOptions(permission=permission, scratch=Path("/s"))).argv)
    place = argv.index(words[0])
    assert argv[place : place + len(words)] == words


@pytest.mark.parametrize("name", TOOLS)
@pytest.mark.parametrize(
    "prompt", ["-rf --help", "--version", "{model} {prompt} {scratch}", "a'b\"c\n$(x)", "ä € 🙂"]
)
def test_a_prompt_is_one_argument_and_never_an_option(name: str, prompt: str) -> None:
    argv = made(name, prompt).argv
    holding = [word for word in argv if prompt in word]
    assert len(holding) == 1
    before = holding[0].removesuffix(prompt)
    after_dashes = "--" in argv and argv.index("--") < argv.index(holding[0])
    assert after_dashes or before.endswith("=") or not holding[0].startswith("-")


@pytest.mark.parametrize("name", TOOLS)
def test_a_prompt_that_is_too_long_for_an_argument_goes_into_a_file(name: str, tmp_path: Path) -> None:
    prompt = "Ä" * 200_000
    command = made(name, prompt, options=CommandOptions(scratch=tmp_path / "scratch"))
    assert all(len(word.encode()) < 128 * 1024 for word in command.argv)
    command.prepare()
    file = tmp_path / "scratch" / "prompt.md"
    assert file.read_text() == prompt
    assert file.stat().st_mode & 0o777 == 0o600
    assert any(str(file) in word for word in command.argv)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_long_prompt_without_a_folder_for_it_says_what_to_do(name: str) -> None:
    with pytest.raises(CommandFault, match="Put the long part into a file"):
        made(name, "x" * 200_000, options=CommandOptions(command=("tool", "{prompt}")))


@pytest.mark.parametrize("name", TOOLS)
def test_hostile_words_are_refused(name: str) -> None:
    with pytest.raises(CommandFault):
        made(name, "a\0b")
    with pytest.raises(CommandFault):
        made(name, model="--dangerously-skip-permissions")
    if can_resume(ADAPTERS[name]):
        with pytest.raises(CommandFault):
            made(name, session=ResumeSession("--last"))
    with pytest.raises(CommandFault):
        made(name, options=CommandOptions(files=("--config",), scratch=Path("/s")))


def test_a_command_of_ones_own_gets_the_prompt() -> None:
    command = made("command", options=CommandOptions(command=("python3", "agent.py", "--task={prompt}")))
    assert command.argv == ("python3", "agent.py", "--task=Fix the bug")
    with pytest.raises(CommandFault, match="no command"):
        made("command")


def test_aider_is_given_its_files_and_leaves_no_history_in_the_work_tree() -> None:
    argv = made("aider", options=CommandOptions(files=("a.py", "b c.py"), scratch=Path("/scratch"))).argv
    assert argv[-2:] == ("a.py", "b c.py")
    assert "/scratch/aider-chat.md" in argv
    assert ADAPTERS["aider"].command.leftovers == (".aider*",)


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("claude", "DISABLE_AUTOUPDATER"),
        ("claude", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"),
        ("opencode", "OPENCODE_DISABLE_AUTOUPDATE"),
        ("opencode", "OPENCODE_DISABLE_MODELS_FETCH"),
        ("copilot", "COPILOT_AUTO_UPDATE"),
        ("gemini", "GEMINI_CLI_SYSTEM_DEFAULTS_PATH"),
    ],
)
def test_a_tool_is_kept_from_the_network_where_it_can_be(name: str, variable: str) -> None:
    command = made(name)
    assert command.environment[variable]
    assert full_environment(command, {variable: "other", "HOME": "/h"})[variable] != "other"


def test_a_tool_does_not_inherit_what_would_confuse_it() -> None:
    environment = full_environment(made("claude"), {"CLAUDECODE": "1", "HOME": "/home/me"})
    assert "CLAUDECODE" not in environment
    assert environment["HOME"] == "/home/me"
    assert environment["PWD"] == "/work tree"


def test_settings_are_written_as_valid_json(tmp_path: Path) -> None:
    import json

    for turns in (None, 7):
        options = CommandOptions(max_turns=turns, scratch=tmp_path / "scratch")
        made("gemini", options=options).prepare()
        settings = json.loads((tmp_path / "scratch" / "gemini-defaults.json").read_text())
        assert settings["model"]["maxSessionTurns"] == (turns or -1)
        assert settings["privacy"] == {"usageStatisticsEnabled": False}


def test_a_report_of_an_earlier_run_is_not_counted_again(tmp_path: Path) -> None:
    command = made("copilot", options=CommandOptions(scratch=tmp_path / "scratch"))
    file = command.reports["usage"]
    command.prepare()
    file.write_text("{}")
    assert command.read_reports() == {"usage": b"{}"}
    command.prepare()
    assert command.read_reports() == {}


def test_a_report_that_is_no_file_or_has_no_end_is_bounded(tmp_path: Path) -> None:
    command = made("copilot", options=CommandOptions(scratch=tmp_path / "scratch"))
    command.prepare()
    os.mkfifo(command.reports["usage"])
    assert command.read_reports() == {}
    command.prepare()
    with command.reports["usage"].open("wb") as file:
        file.truncate(64 << 20)
    assert len(command.read_reports()["usage"]) == 16 << 20


def test_files_are_not_written_through_a_link(tmp_path: Path) -> None:
    command = made("gemini", options=CommandOptions(scratch=tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    (tmp_path / "scratch" / "gemini-defaults.json").symlink_to(tmp_path / "victim")
    with pytest.raises(OSError):
        command.prepare()
    assert not (tmp_path / "victim").exists()


@pytest.mark.parametrize("name", TOOLS)
def test_the_command_line_can_be_handed_to_a_program(name: str, tmp_path: Path) -> None:
    program = tmp_path / ADAPTERS[name].program
    program.write_text('#!/bin/sh\nfor word; do printf "%s\\0" "$word"; done\n')
    program.chmod(0o755)
    command = command_for(
        ADAPTERS[name], "x" * 110_000, folder=tmp_path, options=CommandOptions(scratch=tmp_path / "scratch")
    )
    command.prepare()
    environment = full_environment(command, {"PATH": f"{tmp_path}:{os.environ['PATH']}"})
    done = subprocess.run(command.argv, env=environment, capture_output=True, check=True)
    assert tuple(done.stdout.decode().split("\0")[:-1]) == command.argv[1:]
