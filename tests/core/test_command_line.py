"""Words in, the program that Windows starts and the one text that it gives it out."""

import os
from pathlib import Path

import pytest

from podium.core.system.windows.command_line import command_line, find_on_path

_SHELL = '"C:\\Windows\\System32\\cmd.exe" /e:ON /v:OFF /d /c '


@pytest.fixture(autouse=True)
def _windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYSTEMROOT", "C:\\Windows")


def test_a_path_with_blanks_is_one_word() -> None:
    argv = ("C:\\Program Files\\git.exe", "log", "two words", 'a "quote"')
    assert command_line(argv) == '"C:\\Program Files\\git.exe" log "two words" "a \\"quote\\""'


@pytest.mark.parametrize(
    ("word", "quoted"),
    [
        ("plain-1.txt", "plain-1.txt"),
        ("", '""'),
        ("two words", '"two words"'),
        ("a&calc", '"a&calc"'),
        ('a" & calc & "b', '"a"" & calc & ""b"'),
        ("%PATH%", '"%%cd:~,%PATH%%cd:~,%"'),
        ("C:\\folder\\", '"C:\\folder\\\\"'),
        ('back\\"quote', '"back\\\\""quote"'),
    ],
    ids=["plain", "empty", "blank", "and", "quotes", "variable", "backslash", "backslash and quote"],
)
def test_cmd_takes_each_word_of_a_batch_file_as_it_is(word: str, quoted: str) -> None:
    assert command_line(("C:\\npm\\claude.CMD", word)) == f'{_SHELL}""C:\\npm\\claude.CMD" {quoted}"'


@pytest.mark.parametrize("word", ["a\nb", "a\rb"], ids=["newline", "return"])
def test_a_batch_file_gets_no_line_break(word: str) -> None:
    with pytest.raises(OSError, match="line break"):
        command_line(("C:\\npm\\claude.cmd", word))


def test_other_programs_do() -> None:
    assert command_line(("claude.exe", "a\nb")) == "claude.exe a\nb"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("claude", "npm/claude.cmd"),
        ("git", "bin/git.exe"),
        ("git.exe", "bin/git.exe"),
        ("python3.11", "bin/python3.11.exe"),
        ("planted", None),
        ("script", None),
    ],
)
def test_a_program_is_found_by_its_endings_and_never_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, found: str | None
) -> None:
    for file in (
        "npm/claude",
        "npm/claude.cmd",
        "npm/script",
        "bin/git.exe",
        "bin/python3.11.exe",
        "here/planted.exe",
        "here/git.exe",
    ):
        path = tmp_path / file
        path.parent.mkdir(exist_ok=True)
        path.touch()
    monkeypatch.chdir(tmp_path / "here")
    folders = ("", ".", f'"{tmp_path / "npm"}"', str(tmp_path / "bin"))
    environment = {"PATH": os.pathsep.join(folders), "PATHEXT": ".COM;.EXE;;.CMD"}
    assert find_on_path(name, environment) == (str(tmp_path / found) if found else None)
    assert find_on_path(name, {}) is None
