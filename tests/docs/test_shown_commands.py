"""Commands of README and docs in, agreement of the real parsers out; the harmless ones run."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from podium.app.startup import arguments
from podium.control.ctl import command_line as ctl
from podium.control.ctl.parser import build_parser as ctl_parser
from podium.missions.command_line import build_parser as mission_parser
from tests.docs.commands import Shown, fenced, inline, pages

FENCED: Final = list(dict.fromkeys(shown for page in pages() for shown in fenced(page)))
SHOWN: Final = list(dict.fromkeys([*FENCED, *(shown for page in pages() for shown in inline(page))]))
HARMLESS: Final = (
    ("--version",),
    ("mission", "new"),
    ("mission", "check"),
    ("mission", "schema"),
    ("mission", "clean", "--list"),
    ("ctl", "completion"),
)
"""What these begin with ends by itself and changes nothing beyond the folder it runs in."""


def refusal(words: tuple[str, ...]) -> object:
    """The exit code with which the parser of these words refuses them; 0 where it takes them, or prints its help."""
    try:
        match words:
            case ("mission", *rest):
                mission_parser().parse_args(rest)
            case ("ctl", *rest):
                ctl._parsed(ctl_parser(), rest)
            case _:
                arguments.parse(words)
    except SystemExit as ended:
        return ended.code
    return 0


@pytest.mark.parametrize("shown", SHOWN, ids=str)
def test_a_command_that_is_shown_is_understood(shown: Shown, capsys: pytest.CaptureFixture[str]) -> None:
    assert refusal(shown.words) == 0, capsys.readouterr().err


def test_a_command_that_does_not_exist_is_noticed() -> None:
    for words in (("mission", "begin"), ("ctl", "wait", "tests"), ("demo", "--fast")):
        assert refusal(words) == 2


def test_every_program_is_shown() -> None:
    firsts = {shown.words[0] if shown.words else "" for shown in FENCED}
    assert {"", "open", "run", "demo", "serve", "mission", "ctl", "--version"} <= firsts


@pytest.mark.lengthy
def test_harmless_commands_do_what_the_pages_say(tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "claude").write_text("#!/bin/sh\n")
    (tools / "claude").chmod(0o755)
    project = tmp_path / "project"
    project.mkdir()
    environment = {
        **os.environ,
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    harmless = dict.fromkeys(
        shown.words for shown in FENCED if any(shown.words[: len(begin)] == begin for begin in HARMLESS)
    )
    assert {begin for begin in HARMLESS if any(words[: len(begin)] == begin for words in harmless)} == set(
        HARMLESS
    )
    # Templates first: the other commands are about the file they write.
    for words in sorted(harmless, key=lambda words: words[:2] != ("mission", "new")):
        done = subprocess.run(
            [sys.executable, "-m", "podium", *words],
            cwd=project,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
        assert done.returncode == 0, f"podium {' '.join(words)}: {done.stderr}"
    assert (project / "mission.toml").is_file()
