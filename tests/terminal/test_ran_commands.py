"""Commands by number: which failed, what each was, what it printed; bytes in, lists out."""

import pytest

from podium.core.protocol.marks import CommandState, RanCommand
from podium.terminal import Emulator
from podium.terminal.output.ran_commands import MAX_OUTPUT_ROWS, command_output
from tests.terminal.helpers import emulator
from tests.terminal.test_shell_commands import PROMPT, Clock
from tests.terminal.test_shell_marks import mark, run

RUNNING, ENDED = CommandState.RUNNING, CommandState.ENDED
ALL = 1 << 40


def output(made: Emulator, number: int = 0) -> str | None:
    found = made.command_output(number)
    return found.text if found is not None else None


def numbers(made: Emulator, before: int = ALL, most: int = 100) -> list[int]:
    return [one.number for one in made.ran_commands(before, most)[0]]


def test_what_is_told_of_a_command() -> None:
    clock, wall = Clock(), Clock()
    made = Emulator(40, 10, 100, clock)
    made.terminal.wall_clock = wall
    made.feed(b"\x1b]7;file:///tmp\x07" + PROMPT + b"cd /usr\r\n" + mark("C"))
    clock.now, wall.now = clock.now + 2.5, 5000.0
    made.feed(
        b"\x1b]7;file:///usr\x07"
        + mark("D;0")
        + PROMPT
        + b"ls |\r\n"
        + mark("C;cmdline_url=ls%20%7C%0Awc")
        + b"7"
    )
    assert made.ran_commands(ALL, 10) == (
        [
            RanCommand(1, 0, ENDED, "cd /usr", "/tmp", 0, 100.0, 2.5),
            RanCommand(2, 1, RUNNING, "ls |\nwc", "/usr", None, 5000.0, 0.0),
        ],
        False,
    )
    found = made.command_output(2)
    assert found is not None
    assert (found.command.number, found.line, found.text, found.left_out) == (2, "ls |\nwc", "7", 0)


def test_the_folder_is_the_one_it_was_run_in() -> None:
    here, there = b"\x1b]7;file:///here\x07", b"\x1b]7;file:///there\x07"
    made = emulator(40, 9, run("z") + PROMPT + here + b"a\r\n" + mark("C") + there + mark("D;0") + run("b"))
    assert [one.folder for one in made.ran_commands(ALL, 9)[0]] == ["", "/here", "/there"]


def test_one_that_was_typed_as_several_has_one_number() -> None:
    clock = Clock()
    made = Emulator(20, 9, 100, clock)
    made.feed(PROMPT + b"a\r\nb\r\n" + mark("C") + b"1\r\n")
    clock.now += 2
    made.feed(mark("C") + b"2\r\n")
    clock.now += 1
    made.feed(mark("D;0") + run("next") + PROMPT)
    assert [(one.number, one.seconds) for one in made.ran_commands(ALL, 9)[0]] == [(1, 3.0), (2, 0.0)]
    assert output(made, 1) == "1\n2\n"
    # A shell in a shell.
    made = emulator(20, 9, PROMPT + b"bash\r\n" + mark("C") + PROMPT + b"ls\r\n" + mark("C") + b"x\r\n")
    made.feed(mark("D;0") + PROMPT + b"exit\r\n" + mark("C") + mark("D;0") + PROMPT)
    assert numbers(made) == [1, 2, 3]
    assert output(made, 2) == "x\n"


def test_prompts_at_which_nothing_was_run_have_no_number() -> None:
    made = emulator(20, 9, run("a", "x") + PROMPT + b"\r\n" + mark("D;130") + run("b", "y", code=1) + PROMPT)
    assert numbers(made) == [1, 2]
    assert [output(made, n) for n in (0, 1, 2, 3)] == ["y\n", "x\n", "y\n", None]
    assert output(emulator(20, 5, b"no marks")) is None
    assert output(emulator(20, 5, PROMPT)) is None


def test_a_list_goes_back_a_page_at_a_time() -> None:
    made = Emulator(20, 5, 500)
    made.feed(b"".join(run(f"c{n}", "out") for n in range(1, 60)) + PROMPT)
    assert numbers(made, most=3) == [57, 58, 59]
    assert made.ran_commands(ALL, 3)[1]
    assert numbers(made, 57, 3) == [54, 55, 56]
    assert numbers(made, 3, 3) == [1, 2]
    assert not made.ran_commands(3, 3)[1]
    assert numbers(made, 1, 3) == []
    assert output(made, 40) == "out\n"


def test_numbers_stay_when_lines_go_and_flow() -> None:
    made = Emulator(30, 4, 12)
    made.feed(b"".join(run(f"c{n}", f"output-of-number-{n}") for n in range(1, 20)) + PROMPT)
    kept = numbers(made)
    assert kept[-1] == 19
    assert len(kept) < 10
    assert output(made, 1) is None
    made.resize(9, 4)
    assert output(made, 19) == "output-of-number-19\n"
    assert numbers(made)[-1] == 19


@pytest.mark.parametrize(("ends", "state"), [(mark("D;3") + PROMPT, ENDED), (b"", RUNNING)])
def test_output_that_pushed_its_own_prompt_out_is_still_that_commands(
    ends: bytes, state: CommandState
) -> None:
    made = Emulator(20, 4, 6)
    line = mark("C;cmdline_url=seq%2099")
    made.feed(run("before") + PROMPT + b"\r\n" + line + b"".join(b"%d\r\n" % n for n in range(99)) + ends)
    (found,), older = made.ran_commands(ALL, 9)
    assert (found.number, found.state, found.text, older) == (2, state, "seq 99", False)
    assert found.exit_code == (3 if state is ENDED else None)
    shown = output(made)
    assert shown is not None
    assert shown.splitlines()[-1] == "98"
    assert shown.splitlines()[0].isdigit()
    assert output(made, 2) == shown


def test_a_command_whose_end_is_not_told_ends_at_the_next_prompt() -> None:
    made = emulator(20, 9, PROMPT + b"a\r\n" + mark("C") + b"one\r\ntwo\r\n" + PROMPT + b"b")
    assert output(made) == "one\ntwo\n"
    made = emulator(20, 9, PROMPT + b"a\r\n" + mark("C") + b"one\r\ntwo")
    made.reset_after_exit()
    assert output(made) == "one\ntwo"
    assert made.ran_commands(ALL, 9)[0][0].state is ENDED


def test_a_commands_output_is_bounded() -> None:
    made = Emulator(20, 5, 40_000)
    made.feed(
        PROMPT + b"x\r\n" + mark("C") + b"".join(b"%d\r\n" % n for n in range(20_000)) + mark("D;0") + PROMPT
    )
    found = made.command_output(0)
    assert found is not None
    assert found.text.splitlines()[0] == str(20_000 - MAX_OUTPUT_ROWS)
    assert found.left_out == 20_000 - MAX_OUTPUT_ROWS
    short = command_output(made.terminal, 1, 14)
    assert short is not None
    assert short.text == "19998\n19999\n"
    assert short.left_out == 19_998


def failed(made: Emulator, first: int = 0, most: int = 100) -> tuple[int, int, list[int]]:
    return made.failed_prompts(first, most)


def test_the_prompts_whose_command_failed() -> None:
    made = emulator(20, 6, run("a") + run("b", "x", code=2) + run("c", code=1) + PROMPT)
    assert failed(made) == (0, 4, [1, 3])
    assert failed(made, 3) == (3, 4, [3])
    assert failed(made, 2) == (1, 4, [1, 3])
    assert failed(made, most=1) == (3, 4, [3])
    assert failed(emulator(20, 5)) == (0, 0, [])
    # Given up at the prompt, without a code, and one that still runs.
    made = emulator(
        20, 6, PROMPT + b"^C\r\n" + mark("D;130") + PROMPT + b"\r\n" + mark("C") + mark("D") + PROMPT
    )
    assert failed(made)[2] == []
    made = emulator(20, 6, PROMPT + b"x\r\n" + mark("C") + b"out\r\n" * 9)
    assert failed(made) == (0, 0, [])
    made.feed(mark("D;1"))
    assert failed(made, 5) == (0, 0, [0])


def test_failed_prompts_move_with_their_lines() -> None:
    made = Emulator(30, 4, 8)
    made.feed(b"".join(run("c", "a long line of output", code=1) for _ in range(9)) + PROMPT)
    oldest = made.oldest_line
    assert all(line >= oldest for line in failed(made)[2])
    before = len(failed(made)[2])
    made.resize(12, 4)
    assert made.line_epoch
    assert 0 < len(failed(made)[2]) <= before
    made.feed(b"\x1b[2J\x1b[3J\x1b[H")
    made.clear_scrollback()
    assert failed(made)[2] == []


def test_commands_that_print_nothing_are_found_like_others() -> None:
    # Where such a one ends, the next prompt stands in the very row.
    made = emulator(20, 4, run("a") + run("b", "x") + run("c") + run("d") + PROMPT)
    for _ in range(2):
        assert [output(made, n) for n in (0, 1, 2, 3, 4)] == ["", "", "x\n", "", ""]
        assert made.ran_commands(ALL, 1)[0][0].number == 4
        assert [numbers(made, 4, n) for n in (1, 2)] == [[3], [2, 3]]
        made.feed(b"\r\n" * 9)


def test_older_commands_are_told_of_above_one_that_was_typed_as_several() -> None:
    made = emulator(
        20, 9, run("a", "x") + PROMPT + b"b\r\nc\r\n" + mark("C") + b"1\r\n" + mark("C") + b"2\r\n"
    )
    listed, more = made.ran_commands(ALL, 1)
    assert [one.number for one in listed] == [2]
    assert more
