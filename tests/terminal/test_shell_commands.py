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


CLICKS = mark("A;click_events=1") + b"$ " + mark("B")


@pytest.mark.parametrize(
    ("data", "place", "sent"),
    [
        (CLICKS + b"ls", (0, 3), b"\x1b[<0;4;1M"), (CLICKS + b"ls", (0, 19), b"\x1b[<0;20;1M"),
        (CLICKS + b"ls", (0, 0), b"\x1b[<0;1;1M"), (b"\r\n" + CLICKS + b"ls", (3, 5), b"\x1b[<0;6;4M"),
        # fish itself marks no input, and Podium's own script marks the prompt once more.
        (mark("A;click_events=1") + b"$ ls", (0, 3), b"\x1b[<0;4;1M"),
        (mark("A;click_events=1") + mark("A;cl=line") + b"$ " + mark("B") + b"ls", (0, 2), b"\x1b[<0;3;1M"),
        (mark("A;cl=line;click_events=1;aid=7") + b"$ " + mark("B"), (0, 2), b"\x1b[<0;3;1M"),
        (mark("A;click_events=1") + b"a\r\nb$ " + mark("B"), (0, 0), b"\x1b[<0;1;1M"),
        (CLICKS + b"if\r\n" + mark("A;k=s") + b"> " + mark("B"), (1, 2), b"\x1b[<0;3;2M"),
        # Rows counted from the prompt's own.
        (b"\r\n" + mark("A;click_events=2") + b"$ ", (2, 4), b"\x1b[<0;5;2M"),
        (b"\r\n" * 7 + CLICKS, (7, 2), b"\x1b[<0;3;5M"),
        (b"\r\n" * 7 + mark("A;click_events=2"), (7, 2), b"\x1b[<0;3;1M"),
        # The prompt began above the screen.
        (mark("A;click_events=1") + b"a\r\n$ " + mark("B") + b"x" * 82, (3, 2), b"\x1b[<0;3;3M"),
        # Above the prompt, below the screen, while a program runs, and when the shell has changed its mind.
        (b"\r\n" + CLICKS, (0, 2), b""), (CLICKS, (9, 2), b""), (CLICKS + b"\r\n" + mark("C"), (1, 2), b""),
        (CLICKS + b"\r\n" + mark("C") + mark("D;0") + PROMPT + b"ab", (1, 2), LEFT * 2),
        (CLICKS + mark("A;click_events=0") + mark("B") + b"ab", (0, 2), LEFT * 2),
        (CLICKS + b"\x1b[?1049h", (0, 2), b""),
        (mark("A;click_events=3") + b"$ " + mark("B") + b"ab", (0, 2), LEFT * 2),
    ],
)  # fmt: skip
def test_a_click_goes_to_a_shell_that_asked_for_it(data: bytes, place: tuple[int, int], sent: bytes) -> None:
    assert emulator(20, 5, data).encode_move(*place) == sent


def test_a_shell_that_ended_hears_of_no_clicks() -> None:
    made = emulator(20, 5, CLICKS + b"ab")
    made.reset_after_exit()
    assert made.encode_move(0, 2) == LEFT * 2


LINES = mark("A;cl=m") + b"$ " + mark("B") + b"for\r\n  x\r\nend"


@pytest.mark.parametrize(
    ("data", "place", "keys"),
    [
        (LINES, (0, 2), LEFT * 11), (LINES, (0, 19), LEFT * 8), (LINES, (1, 2), LEFT * 5), (LINES, (2, 9), b""),
        (LINES, (3, 0), b""), (LINES + b"\x1b[2A", (2, 1), RIGHT * 8), (LINES + b"\x1b[2A\x1b[3G", (9, 9), b""),
        (LINES + b"\x1b[2A", (4, 4), RIGHT * 10), (LINES.replace(b"cl=m", b"cl=line"), (0, 2), b""),
        (LINES.replace(b"cl=m", b"cl=w"), (0, 2), b""),
    ],
)  # fmt: skip
def test_keys_go_from_line_to_line_where_the_prompt_says_so(
    data: bytes, place: tuple[int, int], keys: bytes
) -> None:
    assert emulator(20, 6, data).encode_move(*place) == keys


BACK = b"\x1b[0m\x1b[%dD"


@pytest.mark.parametrize(
    ("typed", "column", "keys"),
    [
        (b"git\x1b[90m commit" + BACK % 7, 9, b""), (b"git\x1b[90m commit" + BACK % 7, 3, LEFT * 2),
        (b"git\x1b[90m commit" + BACK % 7, 5, b""), (b"\x1b[34mgi\x1b[38;5;240mt" + BACK % 1, 19, b""),
        (b"g\x1b[38;2;85;85;85mit st" + BACK % 5, 19, b""), (b"g\x1b[2mit" + BACK % 2, 19, b""),
        # At the right edge stands a prompt of its own.
        (b"g\x1b[90mit\x1b[0m\x1b[18G\x1b[32mhi\x1b[0m\x1b[4G", 12, b""),
        # Typed: in the text's own colours, as a comment, or grey all along.
        (b"git commit" + BACK % 7, 9, RIGHT * 4), (b"git \x1b[36mst" + BACK % 2, 9, RIGHT * 2),
        (b"ls \x1b[90m# grey" + BACK % 3, 11, RIGHT * 3), (b"\x1b[90mls\x1b[34m -l" + BACK % 5, 7, RIGHT * 5),
        (b"a\x1b[38;2;240;240;240mb" + BACK % 1, 9, RIGHT), (b"a\x1b[38;2;200;20;20mb" + BACK % 1, 9, RIGHT),
        (b"a\x1b[38;5;255mb" + BACK % 1, 9, RIGHT),
    ],
)  # fmt: skip
def test_a_click_on_a_suggestion_does_not_take_it_over(typed: bytes, column: int, keys: bytes) -> None:
    assert emulator(20, 5, PROMPT + typed).encode_move(0, column) == keys


def test_a_suggestion_may_begin_in_the_next_row() -> None:
    made = emulator(20, 5, PROMPT + b"x" * 18 + b"\x1b[90myz\x1b[0m\x1b[2G\x1b[2D")
    assert made.encode_move(1, 2) == b""


def test_without_marks_the_cursor_stays() -> None:
    assert emulator(20, 5, b"$ hello").encode_move(0, 3) == b""


def test_whether_a_prompt_is_free() -> None:
    made = emulator(20, 5)
    assert (made.at_prompt, made.input_is_empty) == (False, False)
    for data, found in (
        (PROMPT, (True, True)), (b"x", (True, False)), (b"\b \b", (True, True)), (b"a\r\n" + mark("C"), (False, False)),
        (mark("D;0") + PROMPT, (True, True)), (b"echo '\r\n" + mark("P;k=s") + b"> " + mark("B"), (True, False)),
        (b"'\r\n" + mark("C") + mark("D;0") + PROMPT, (True, True)),
        (b"\x1b[?1049h", (False, False)), (b"\x1b[?1049l", (True, True)),
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
