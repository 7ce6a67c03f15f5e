"""Marks of a shell (OSC 133 and 7): where they are said, and what becomes of them when their lines move."""

import socket

import pytest

from podium.core.protocol.marks import MarkKind, ShellMark
from podium.terminal import Emulator
from podium.terminal.screen.marks import MAX_MARKS
from podium.terminal.screen.row_mark import MAX_FOLDERS
from podium.terminal.screen.scrollback import MAX_MARKED
from tests.terminal.helpers import emulator

PROMPT, CONTINUATION, INPUT = MarkKind.PROMPT, MarkKind.CONTINUATION, MarkKind.INPUT
OUTPUT, DONE, FOLDER = MarkKind.OUTPUT, MarkKind.DONE, MarkKind.FOLDER
Short = tuple[int, int, MarkKind]


def mark(letter: str) -> bytes:
    return f"\x1b]133;{letter}\x07".encode()


def run(command: str, output: str = "", code: int = 0) -> bytes:
    """A prompt with a command, its output and its end, as an integrated shell prints them."""
    text = "".join(f"{line}\r\n" for line in output.split())
    return b"%s$ %s%s\r\n%s%s%s" % (
        mark("A"), mark("B"), command.encode(), mark("C"), text.encode(), mark(f"D;{code}"),
    )  # fmt: skip


def marks(made: Emulator) -> list[Short]:
    found = made.marks_between(made.oldest_line, made.first_line + made.lines)
    return [(one.line, one.column, one.kind) for one in found]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (run("ls", "a b"), [(0, 0, PROMPT), (0, 2, INPUT), (1, 0, OUTPUT), (3, 0, DONE)]),
        (run("cd") + run("x"), [(0, 0, PROMPT), (0, 2, INPUT), (1, 0, OUTPUT), (1, 0, DONE), (1, 0, PROMPT),
                                (1, 2, INPUT), (2, 0, OUTPUT), (2, 0, DONE)]),
        (mark("A;aid=1;cl=m;k=i") + mark("B;x"), [(0, 0, PROMPT), (0, 0, INPUT)]),
        (mark("A;k=s") + mark("P;k=c"), [(0, 0, CONTINUATION)]), (mark("A") + b"x" + mark("P;k=r"), [(0, 0, PROMPT)]),
        (mark("N;aid=2") + b"$ " + mark("I"), [(0, 0, PROMPT), (0, 2, INPUT)]), (mark("L") + mark("Z") + mark(""), []),
        (mark("A") + mark("A") + b"\r" + mark("A"), [(0, 0, PROMPT)]), (b"x" * 10 + mark("A"), [(0, 10, PROMPT)]),
        # A clear screen has no marks; a cleared line keeps its own, as the shell clears it when it prints its prompt.
        (run("ls") + b"\x1b[2J", []), (run("ls") + b"\x1b[H\x1b[J", [(0, 0, PROMPT), (0, 2, INPUT)]),
        (run("ls") + b"\x1b[1J", [(1, 0, OUTPUT), (1, 0, DONE)]), (run("ls") + b"\x1b[H\x1b[2K",
         [(0, 0, PROMPT), (0, 2, INPUT), (1, 0, OUTPUT), (1, 0, DONE)]), (run("ls") + b"\x1bc", []),
        # They move with their rows, and go with them.
        (b"\n" + mark("A") + b"\x1b[H\x1b[L", [(2, 0, PROMPT)]),
        (b"\n" + mark("A") + b"\x1b[H\x1b[M", [(0, 0, PROMPT)]),
        (mark("A") + b"\x1b[M", []), (b"\n\n" + mark("A") + b"\x1b[2;3r\x1b[2;1H\x1bM", []),
        (b"\n\n" + mark("A") + b"\x1b[2;3r\x1b[3;1H\n", [(1, 0, PROMPT)]), (mark("A") + b"\x1b[T", [(1, 0, PROMPT)]),
        # Programs on the alternate screen mark nothing there, and nothing below it.
        (mark("A") + b"\x1b[?1049h\x1b[2J" + mark("B") + b"\x1b[?1049l", [(0, 0, PROMPT)]),
        (b"\x1b[?1049h" + mark("A"), []),
    ],
)  # fmt: skip
def test_where_marks_are(data: bytes, found: list[Short]) -> None:
    assert marks(emulator(10, 4, data)) == found


def test_exit_codes() -> None:
    made = emulator(10, 8)
    for text in ("D", "D;0", "D;130", "D;-1", "D;aid=3", "D;1;aid=3", "D;9999999999", "D;x"):
        made.feed(mark(text) + b"\r\n")
    assert [one.exit_code for one in made.marks_between(0, 8)] == [None, 0, 130, -1, None, 1, None, None]


def test_marks_scroll_and_are_trimmed_with_their_lines() -> None:
    made = Emulator(20, 3, 500)
    for n in range(600):
        made.feed(run(f"c{n}", f"out{n}"))
    assert len(made.marks_between(0, 1 << 40)) == sum(
        len(made.marks_between(line, line)) for line in range(made.oldest_line, made.first_line + 3)
    )
    for found in made.marks_between(made.oldest_line, made.first_line):
        text = made.text_between((found.line, 0), (found.line, 19))
        assert {PROMPT: "$ c", INPUT: "$ c", OUTPUT: "out", DONE: "$ c"}[found.kind] in text
    assert made.mark_before(made.oldest_line, PROMPT) is None
    made.feed(b"\x1b[3J")
    assert made.mark_before(made.first_line, PROMPT) is None


def test_a_log_in_between_takes_no_mark_along() -> None:
    made = Emulator(20, 4, 100_000)
    made.feed(run("first"))
    made.feed(b"".join(b"line %d\r\n" % n for n in range(20_000)))
    made.feed(run("second", code=1))
    top = made.marks_between(0, 1)
    assert [one.kind for one in top] == [PROMPT, INPUT, OUTPUT, DONE]
    assert made.mark_after(1, PROMPT) == ShellMark(20_001, 0, PROMPT)
    assert made.mark_before(20_001, PROMPT) == top[0]
    assert made.mark_before(20_002, PROMPT) == ShellMark(20_001, 0, PROMPT)
    assert made.mark_after(20_001, PROMPT) is None
    assert made.mark_after(20_001, DONE) == ShellMark(20_002, 0, DONE, 1)


@pytest.mark.parametrize("columns", [3, 5, 8, 13, 40])
def test_marks_stay_on_their_text_when_the_width_changes(columns: int) -> None:
    made = Emulator(10, 4, 200)
    made.feed(
        run("a-command-that-wraps", "output-that-wraps-too x") * 9 + "字字字字字字".encode() + mark("B")
    )

    def beside() -> list[tuple[MarkKind, str]]:
        found = made.marks_between(made.oldest_line, made.first_line + made.lines)
        end = made.first_line + made.lines
        texts = [made.text_between((one.line, one.column), (end, 0)).replace("\n", "") for one in found]
        return [(one.kind, text[:7]) for one, text in zip(found, texts, strict=True)]

    before = beside()
    for width in (columns, 10, columns, 7, 10):
        made.resize(width, 4)
    assert beside() == before


def test_marks_come_back_with_the_height() -> None:
    made = emulator(10, 6, run("a") + run("b") + run("c"))
    before = marks(made)
    made.resize(10, 2)
    made.resize(10, 6)
    assert marks(made) == before


def test_marks_are_bounded() -> None:
    made = Emulator(20, 3, 100_000)
    for n in range(3 * MAX_MARKS):
        made.feed(b"\x1b[%dG" % (n % 20 + 1) + mark("A"))
    assert len(marks(made)) == MAX_MARKS
    made.feed((mark("A") + b"\r\n") * (MAX_MARKED + 500))
    assert len(made.marks_between(0, 1 << 40)) <= MAX_MARKED + 3
    for n in range(2 * MAX_FOLDERS):
        made.feed(b"\x1b]7;file:///" + b"%d" % n + b"x" * 4000 + b"\x07\r\n")
    assert len(made.terminal.folders._paths) == MAX_FOLDERS
    assert made.folder_at(made.first_line + 1).startswith(f"/{2 * MAX_FOLDERS - 1}x")


def folder(path: str, host: str = "") -> bytes:
    return f"\x1b]7;file://{host}{path}\x07".encode()


def test_each_line_knows_the_folder_it_was_printed_in() -> None:
    made = Emulator(20, 3, 20)
    made.enter_folder("/start")
    made.feed(
        b"one\r\n"
        + folder("/tmp/a%20b")
        + b"two\r\nthree\r\n"
        + folder("/", socket.gethostname())
        + b"four\r\n"
    )
    made.feed(folder("/srv", "localhost") + b"five\r\n" + folder("/secret", "evil.example") + b"six")
    expected = ["/start", "/tmp/a b", "/tmp/a b", "/", "/srv", ""]
    assert [made.folder_at(line) for line in range(6)] == expected
    made.resize(3, 3)
    made.resize(20, 3)
    assert [made.folder_at(line) for line in range(6)] == expected
    made.feed(b"\x1b[2J\x1b[H" + folder("/new") + b"\x1b[2Jx")
    assert made.folder_at(made.first_line) == "/new"
    made.feed(b"\x1b[?1049h")
    assert made.folder_at(made.first_line + 2) == "/new"
    made.feed(b"\x1b[?1049l\x1bc")
    assert made.folder_at(made.first_line) == "/new"


def test_the_folder_of_lines_whose_mark_is_trimmed() -> None:
    made = Emulator(20, 3, 1000)
    made.feed(folder("/a") + b"\r\n" * 600 + folder("/b") + b"".join(b"%d\n" % n for n in range(2000)))
    assert [made.folder_at(line) for line in (made.oldest_line, made.first_line)] == ["/b", "/b"]
    made.clear_scrollback()
    assert made.folder_at(made.first_line) == "/b"


@pytest.mark.parametrize(
    "data",
    [b"\x1b]7;http://x/y\x07", b"\x1b]7;file://[bad/x\x07", b"\x1b]7;/plain\x07", b"\x1b]7;file://\x07",
     b"\x1b]7;file:///a%00b\x07", b"\x1b]7;file:///a%ff\x07", b"\x1b]7;file:///" + b"x" * 5000 + b"\x07",
     b"\x1b]7;file:///a%e2%80%aeb\x07"],
)  # fmt: skip
def test_folders_that_make_no_sense_change_nothing(data: bytes) -> None:
    made = emulator(data=folder("/a") + data)
    assert made.folder_at(0) == "/a"
