"""Blanks: those that were written are text at any width; one where a wide character did not fit is none."""

import random

import pytest

from podium.core.protocol.line_flow import flowed, joined
from podium.terminal import Emulator
from tests.terminal.helpers import emulator, position, shown
from tests.terminal.rules import check_rules

PARTS = (
    " ",
    "  ",
    "a",
    "word",
    "漢字",
    "港",
    "👍🏽",
    "☝🏽",
    "का",
    "क्षा",
    "é",
    "한",
    "👨\u200d👩\u200d👧",
    "     ",
    "x" * 9,
    "☁\ufe0f",
    "\u3000",
)


def random_line(rng: random.Random) -> str:
    return "".join(rng.choices(PARTS, k=rng.randint(1, 14))).strip(" ") + "."


def copied(made: Emulator) -> str:
    return made.text_between((0, 0), (10**6, 0)).rstrip("\n")


def through_saved_lines(made: Emulator) -> str:
    """The text that rooms without a terminal make of its lines."""
    lines = made.lines_between(0, 10**4)[1]
    return "\n".join("".join(run.text for run in runs) for runs in joined(lines, made.columns)).rstrip("\n ")


@pytest.mark.parametrize("block", range(4))
def test_no_written_blank_is_lost_at_any_width(block: int) -> None:
    rng = random.Random(block)
    for _ in range(50):
        lines = [random_line(rng) for _ in range(12)]
        made = Emulator(rng.randint(2, 40), rng.randint(1, 6), 10_000)
        made.feed("\r\n".join(lines).encode())
        text = "\n".join(lines)
        if made.columns > 2:
            assert copied(made) == text
            assert through_saved_lines(made) == text
        for _ in range(4):
            made.resize(rng.randint(3, 60), rng.randint(1, 8))
            check_rules(made)
            assert copied(made) == text, lines
            assert through_saved_lines(made) == text


def test_two_thousand_lines_narrow_and_wide_again() -> None:
    rng = random.Random(7)
    lines = [random_line(rng) for _ in range(2000)]
    made = Emulator(80, 24, 50_000)
    made.feed("\r\n".join(lines).encode())
    for columns in (5, 80, 3, 17, 80):
        made.resize(columns, 24)
        assert copied(made).split("\n") == lines


def test_a_written_blank_in_the_last_column_is_text() -> None:
    made = emulator(5, 4, "abcd 漢字".encode())
    assert copied(made) == "abcd 漢字"
    assert through_saved_lines(made) == "abcd 漢字"
    made.resize(12, 4)
    assert shown(made)[0] == "abcd 漢字"


def test_a_blank_where_a_wide_character_did_not_fit_is_none() -> None:
    for data in (
        "abcd漢字",
        "abcd☁\ufe0f字",
        "abcdx\r\x1b[Kabcd漢字",
        "\x1b[41m\x1b[K\x1b[mabcd漢字",
        "     \rabcd漢字",
    ):
        made = emulator(5, 4, data.encode())
        text = "abcd☁\ufe0f字" if "☁" in data else "abcd漢字"
        assert copied(made) == text
        assert through_saved_lines(made) == text
        made.resize(12, 4)
        assert shown(made)[0] == text


def test_a_filler_that_is_drawn_over_is_text_again() -> None:
    made = emulator(5, 4, "abcd漢字\x1b[1;5H \x1b[2;1H".encode())
    assert copied(made) == "abcd\n漢字", "the row that was written to its end does not go on"
    made = emulator(5, 4, "abcd漢字\x1b[1;5H e".encode())
    assert copied(made) == "abcd e 字"


def test_lines_say_which_blank_is_a_filler() -> None:
    made = emulator(5, 4, "abcd漢\r\nabcd 漢\r\n".encode())
    lines = made.lines_between(0, 4)[1]
    assert [(line.wrapped, line.filler) for line in lines] == [
        (True, True), (False, False), (True, False), (False, False),
    ]  # fmt: skip
    assert [(line.wrapped, line.filler) for line in flowed(made.lines_between(0, 4)[1], 5, 3)] == [
        (True, False), (False, False), (True, False), (True, True), (False, False),
    ]  # fmt: skip


def test_blanks_in_front_of_the_cursor_are_written() -> None:
    made = emulator(10, 4, b"abcde   ")
    made.resize(5, 4)
    assert position(made) == (3, 1)
    made.feed(b"x")
    assert copied(made) == "abcde   x"
    made = emulator(10, 4, b"abcde     ")
    for columns in (5, 10, 5, 7, 5):
        made.resize(columns, 4)
    made.feed(b"x")
    assert copied(made) == "abcde     x"


def test_a_prompt_stays_in_front_of_the_cursor_at_any_width() -> None:
    for columns in range(2, 20):
        made = emulator(20, 5, b"above\r\nhere:~$ ")
        made.resize(columns, 5)
        made.resize(20, 5)
        assert shown(made)[:2] == ["above", "here:~$"]
        assert position(made) == (8, 1)
        made.feed(b"ls")
        assert shown(made)[1] == "here:~$ ls"


def test_where_the_cursor_was_only_moved_to_no_blank_was_written() -> None:
    made = emulator(20, 4, b"a\x1b[1;15H")
    made.resize(5, 4)
    assert position(made) == (4, 0)
    assert shown(made) == ["a", "", "", ""]


def test_the_bulk_path_keeps_blanks_too() -> None:
    lines = ["word 漢字 ab"] * 3000
    made = Emulator(7, 5, 10_000)
    made.feed("".join(line + "\r\n" for line in lines).encode())
    assert copied(made).split("\n") == lines
    made.resize(30, 5)
    assert copied(made).split("\n") == lines


ERASERS = (
    *("\x1b[K", "\x1b[1K", "\x1b[2X", "\x1b[2@", "\x1b[2P", "\x1b[L", "\x1b[M", "\x1b[44m\x1b[K\x1b[m"),
    *("\x1b[A", "\x1b[3D", "\r", "\r\n", "\b", "\x1b[1;39H"),
)


@pytest.mark.parametrize("block", range(4))
def test_what_is_left_after_erasing_is_the_same_at_any_width(block: int) -> None:
    for number in range(60):
        rng = random.Random(block * 1000 + number)
        made = Emulator(rng.randint(6, 40), 8, 5000)
        for _ in range(rng.randint(3, 30)):
            made.feed("".join(rng.choices(PARTS, k=rng.randint(1, 6))).encode())
            made.feed(rng.choice(ERASERS).encode())
        made.feed(b"\x1b[8;1H")
        text = copied(made)
        for _ in range(3):
            # So high that nothing below the cursor is cut off.
            made.resize(rng.randint(3, 60), 200)
            check_rules(made)
            assert copied(made) == text, number


def test_blanks_before_nothing_end_a_line() -> None:
    made = emulator(5, 4, b"abc  def\x1b[2;1H\x1b[K")
    assert copied(made) == "abc"
    made.resize(10, 4)
    assert copied(made) == "abc"


@pytest.mark.parametrize("mark", ["\u0301", "\u200b"])
def test_a_mark_on_a_filler_makes_it_text(mark: str) -> None:
    made = emulator(7, 4, f"abcdef漢字\x1b[1;7H{mark}".encode())
    for columns in (7, 6, 12, 7):
        made.resize(columns, 4)
        check_rules(made)
        assert copied(made).replace(mark, "") == "abcdef 漢字"


@pytest.mark.parametrize("text", ["abcd漢", "ab漢字", "abcdef"])
@pytest.mark.parametrize("width", [2, 3, 4, 6, 7, 8])
def test_a_row_whose_rest_left_the_screen_keeps_its_text_at_any_width(text: str, width: int) -> None:
    made = emulator(5, 2, f"{text}\x1bM\x1bM".encode())
    kept = "abcde" if text == "abcdef" else text[:-1]
    assert copied(made).strip() == kept
    for columns in (width, 5):
        made.resize(columns, 8)
        check_rules(made)
        assert copied(made).strip() == kept
    made.feed(b"\x1b[8;1H\x1b[Anext")
    assert kept in copied(made)
