"""Words in, the one text that Windows gives a new process out."""

import pytest

from podium.core.system.command_line import command_line

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
