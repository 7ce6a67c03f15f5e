"""The name of the terminal that a program is told, and where its description lies."""

import shutil
import subprocess

import pytest

from podium.core.instances import TerminalName
from podium.core.resources import resource
from podium.worker.program import term
from podium.worker.program.term import terminal_variables


def test_a_name_that_every_computer_knows_is_the_usual_one() -> None:
    assert terminal_variables(TerminalName.XTERM, {"TERMINFO_DIRS": "/x"}) == {
        "TERM": "xterm-256color", "COLORTERM": "truecolor", "TERM_PROGRAM": "Podium",
    }  # fmt: skip


def test_podiums_own_comes_with_its_description() -> None:
    folder = resource("terminfo")
    assert terminal_variables(TerminalName.PODIUM, {}) == {
        "TERM": "podium", "TERMINFO_DIRS": f"{folder}:", "COLORTERM": "truecolor", "TERM_PROGRAM": "Podium",
    }  # fmt: skip
    theirs = terminal_variables(TerminalName.PODIUM, {"TERMINFO_DIRS": "/a:/b"})
    assert theirs["TERMINFO_DIRS"] == f"{folder}:/a:/b"


def test_without_a_description_it_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(term, "resource", lambda *_: resource("no-such-folder"))
    assert terminal_variables(TerminalName.PODIUM, {})["TERM"] == "xterm-256color"


@pytest.mark.skipif(shutil.which("infocmp") is None, reason="there is no infocmp")
def test_ncurses_finds_it_and_all_others() -> None:
    variables = {"PATH": "/usr/bin:/bin", **terminal_variables(TerminalName.PODIUM, {})}
    for name in ("podium", "xterm-256color"):
        subprocess.run(("infocmp", name), env=variables, check=True, capture_output=True)
