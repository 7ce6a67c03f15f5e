"""Commands of a marking shell: what was typed, printed and came of it; and the cursor's way in what is typed."""

import pytest

from podium.core.protocol.marks import CommandState, ShellCommand
from podium.terminal import Emulator
from tests.terminal.helpers import emulator
from tests.terminal.test_shell_marks import mark, run

TYPED, RUNNING, ENDED = CommandState.TYPED, CommandState.RUNNING, CommandState.ENDED
PROMPT = mark("A") + b"$ " + mark("B")


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def commands(made: Emulator, first: int = 0, last: int = 1 << 20) -> list[ShellCommand]:
    return made.commands_between(first, last)


def test_commands_and_what_became_of_them() -> None:
    clock = Clock()
    made = Emulator(20, 10, 100, clock)
    made.feed(PROMPT + b"make\r\n" + mark("C") + b"one\r\n")
    clock.now += 41.25
    made.feed(b"two\r\n" + mark("D;2") + PROMPT + b"\r\n" + mark("D;2") + PROMPT + b"top\r\n" + mark("C"))
    clock.now += 3
    assert commands(made) == [
        ShellCommand(0, ENDED, (0, 2), (1, 0), (3, 0), 2, 41.25, "make"),
        ShellCommand(3, TYPED, (3, 2)),
        ShellCommand(4, RUNNING, (4, 2), (5, 0), seconds=3.0, text="top"),
    ]
    made.reset_after_exit()
    assert commands(made)[-1].state is ENDED
    made.feed(mark("D") + PROMPT)
    assert [one.state for one in commands(made)] == [ENDED, TYPED, ENDED, TYPED]
    assert commands(made)[2].exit_code is None


@pytest.mark.parametrize(
    ("first", "last", "lines"),
    [(0, 0, [0]), (1, 1, [0]), (3, 3, [2]), (2, 4, [2, 4]), (5, 99, [4]), (0, 99, [0, 2, 4]), (-5, -1, [])],
)
def test_the_commands_of_some_lines(first: int, last: int, lines: list[int]) -> None:
    made = emulator(20, 4, run("a") + b"x\r\n" + run("b") + b"y\r\n" + PROMPT)
    assert [one.line for one in commands(made, first, last)] == lines


def test_lines_above_the_first_prompt_are_of_no_command() -> None:
    made = emulator(20, 9, b"welcome\r\nto\r\n" + run("a") + PROMPT)
    assert commands(made, 0, 1) == []
    assert [one.line for one in commands(made, 0, 2)] == [2]
    assert made.prompt_before(2) is None
    assert made.prompt_after(-1) == commands(made, 2, 2)[0]


def test_from_prompt_to_prompt() -> None:
    made = Emulator(20, 3, 10_000)
    for n in range(50):
        made.feed(run(f"c{n}", "out " * n))
    made.feed(PROMPT)
    found, line = [], made.first_line + 3
    while (one := made.prompt_before(line)) is not None:
        found.append(line := one.line)
        assert made.prompt_after(line - 1) == one
    assert len(found) == 51
    assert found == sorted(set(found), reverse=True)
    assert made.prompt_after(found[0]) is None


def test_a_prompt_that_is_drawn_again_changes_nothing() -> None:
    clock = Clock()
    made = Emulator(20, 5, 100, clock)
    made.feed(PROMPT + b"make\r\n" + mark("C"))
    clock.now += 2
    whole_prompt = mark("D;1") + PROMPT
    made.feed(whole_prompt + b"x")
    before = commands(made)
    made.feed(b"\r\x1b[K" + whole_prompt + b"x")
    assert commands(made) == before
    assert (before[0].exit_code, before[0].seconds) == (1, 2.0)


def test_full_screen_programs_run_no_commands() -> None:
    made = emulator(
        20, 5, PROMPT + b"vim\r\n" + mark("C") + b"\x1b[?1049h" + PROMPT + mark("C") + mark("D;0")
    )
    assert commands(made) == []
    made.feed(b"\x1b[?1049l")
    assert [one.state for one in commands(made)] == [RUNNING]
    made.feed(mark("D;0"))
    assert [one.state for one in commands(made)] == [ENDED]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (b"echo a b  \r\n" + mark("C"), "echo a b"),
        (b"x" * 45 + b"\r\n" + mark("C"), "x" * 45),
        (b"echo 'a\r\n" + mark("P;k=s") + b"> " + mark("B") + b"b'\r\n" + mark("C") + b"a\r\nb\r\n", "echo 'a\nb'"),
        (b"echo x        right\r\n" + mark("C;cmdline_url=echo%20x%0A%C3%A9"), "echo x\né"),
        (b"echo x\r\n" + mark("C;cmdline_url=a%1b[31m"), "echo x"),
        (b"echo x\r\n" + mark("C;cmdline_url=%ff"), "echo x"),
        (b"echo x\r\n" + mark("C;cmdline_url=" + "y" * 5000), "echo x"),
        (b"half ty", "half ty"), (b"", ""), (b"\r\n" + mark("C"), ""),
    ],
)  # fmt: skip
def test_the_command_line(typed: bytes, text: str) -> None:
    made = emulator(20, 9, run("before") + PROMPT + typed)
    assert made.command_text(1) == text
    assert made.command_text(2) == text


def test_known_command_lines_are_bounded() -> None:
    made = Emulator(20, 3, 100_000)
    for n in range(1000):
        made.feed(PROMPT + b"c\r\n" + mark(f"C;cmdline_url={'x' * 900}{n}") + mark("D;0"))
    assert len(made.terminal.command_lines._paths) <= 256
    assert made.command_text(999).endswith("999")
    assert made.command_text(0) == "c"


LEFT, RIGHT = b"\x1b[D", b"\x1b[C"
WIDE = "字é字".encode()


@pytest.mark.parametrize(
    ("typed", "place", "keys"),
    [
        (b"hello", (0, 4), LEFT * 3), (b"hello", (0, 0), LEFT * 5), (b"hello", (0, 19), b""),
        (b"hello\x1b[3D", (0, 6), RIGHT * 2), (b"hello\x1b[3D", (0, 19), RIGHT * 3), (b"hello", (0, 7), b""),
        (WIDE, (0, 2), LEFT * 3), (WIDE, (0, 4), LEFT * 2), (WIDE, (0, 5), LEFT), (WIDE, (0, 6), LEFT),
        ("e\u0301x".encode(), (0, 2), LEFT * 2), (b"ab  ", (0, 4), LEFT * 2), (b"hello", (1, 4), b""),
        (b"x" * 30, (0, 5), LEFT * 27), (b"x" * 30, (1, 3), LEFT * 9),
        (b"x" * 30 + b"\x1b[A\x1b[3G", (1, 12), RIGHT * 30),
        (b"x" * 18, (0, 19), LEFT), (b"x" * 17 + WIDE, (0, 18), LEFT * 4),
        # Nowhere to go: a program runs, or draws the whole screen; another line; no prompt at all.
        (b"cat\r\n" + mark("C") + b"hello", (1, 2), b""), (b"hi\x1b[?1049hhello", (0, 2), b""),
        (b"cat\r\n" + mark("C") + mark("D"), (0, 3), b""), (b"two\r\nlines", (0, 3), b""), (b"hi", (-5, 0), b""),
        (b"hi", (99, 0), b""), (b"\x1b[?1hhi", (0, 2), b"\x1bOD\x1bOD"),
        (b"echo 'a\r\n" + mark("P;k=s") + b"> " + mark("B") + b"bc", (1, 2), LEFT * 2),
        (b"echo 'a\r\n" + mark("P;k=s") + b"> " + mark("B") + b"bc", (0, 4), b""),
    ],
)  # fmt: skip
def test_the_way_of_the_cursor_at_a_prompt(typed: bytes, place: tuple[int, int], keys: bytes) -> None:
    assert emulator(20, 5, PROMPT + typed).encode_move(*place) == keys


def test_without_marks_the_cursor_stays() -> None:
    assert emulator(20, 5, b"$ hello").encode_move(0, 3) == b""


def test_whether_a_prompt_is_free() -> None:
    made = emulator(20, 5)
    assert (made.at_prompt, made.input_is_empty) == (False, False)
    for data, found in (
        (PROMPT, (True, True)), (b"x", (True, False)), (b"\b \b", (True, True)), (b"a\r\n" + mark("C"), (False, False)),
        (mark("D;0") + PROMPT, (True, True)), (b"\x1b[?1049h", (False, False)), (b"\x1b[?1049l", (True, True)),
    ):  # fmt: skip
        made.feed(data)
        assert (made.at_prompt, made.input_is_empty) == found


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("ls -l", "ls -l"),
        ("y" * 60, "y" * 60),
        ("y" * 61, "y" * 59 + "…"),
        ("a%0Ab", "a…"),
        ("a%09b", "a b…"),
    ],
)
def test_what_is_told_with_a_command(line: str, shown: str) -> None:
    (found,) = commands(emulator(20, 9, PROMPT + b"\r\n" + mark(f"C;cmdline_url={line}")))
    assert found.text == shown
