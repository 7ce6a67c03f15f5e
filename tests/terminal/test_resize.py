"""Resizing: text flows, the cursor stays on its text, nothing is lost."""

import random

import pytest

from podium.core.protocol.frames import Line
from podium.core.protocol.line_flow import flowed
from podium.terminal import Emulator
from tests.terminal.helpers import emulator, position, processor_seconds, shown
from tests.terminal.rules import check_rules


def history(made: Emulator) -> list[str]:
    return ["".join(cell.char for cell in made.line(n)).rstrip() for n in range(made.scrollback_length)]


def line_text(line: Line) -> str:
    return "".join(run.text for run in line.runs).rstrip()


def test_long_lines_flow_to_fewer_columns_and_back() -> None:
    made = emulator(10, 4, b"abcdefgh\r\nxy")
    made.resize(5, 4)
    assert shown(made) == ["abcde", "fgh", "xy", ""]
    assert position(made) == (2, 2)
    made.resize(10, 4)
    assert shown(made) == ["abcdefgh", "xy", "", ""]
    assert position(made) == (2, 1)


def test_lines_of_their_own_are_not_joined() -> None:
    made = emulator(5, 4, b"abcde\r\nfgh")
    made.resize(10, 4)
    assert shown(made) == ["abcde", "fgh", "", ""]


def test_wrapped_lines_are_joined() -> None:
    made = emulator(5, 4, b"abcdefgh")
    made.resize(10, 4)
    assert shown(made) == ["abcdefgh", "", "", ""]
    assert position(made) == (8, 0)


def test_coloured_blanks_make_no_rows() -> None:
    made = emulator(10, 4, b"ab\x1b[41m\x1b[K\r\ncd")
    made.resize(4, 4)
    assert shown(made) == ["ab", "cd", "", ""]
    assert [made.cell(x, 0).bg for x in range(4)] == ["default", "default", 1, 1]
    # Between texts they are part of the line.
    made = emulator(10, 4, b"ab\x1b[41m\x1b[K\x1b[1;9Hx")
    made.resize(4, 4)
    assert shown(made) == ["ab", "", "x", ""]


def test_scrollback_flows_too() -> None:
    made = emulator(10, 2, b"0123456789abcde\r\nB\r\nC\r\nD")
    assert history(made) == ["0123456789", "abcde", "B"]
    made.resize(20, 2)
    assert history(made) == ["0123456789abcde", "B"]
    made.resize(4, 2)
    assert history(made) == ["0123", "4567", "89ab", "cde", "B"]
    assert shown(made) == ["C", "D"]


def test_fewer_lines_go_to_the_scrollback_and_come_back() -> None:
    made = emulator(10, 6, b"\r\n".join(b"line%d" % n for n in range(6)))
    made.resize(10, 3)
    assert history(made) == ["line0", "line1", "line2"]
    assert shown(made) == ["line3", "line4", "line5"]
    assert position(made) == (5, 2)
    made.resize(10, 6)
    assert history(made) == []
    assert shown(made) == [f"line{n}" for n in range(6)]
    assert position(made) == (5, 5)


def test_blank_lines_below_the_cursor_go_first() -> None:
    made = emulator(10, 6, b"a\r\nb")
    made.resize(10, 3)
    assert history(made) == []
    assert shown(made) == ["a", "b", ""]
    made.resize(10, 5)
    assert shown(made) == ["a", "b", "", "", ""]


def test_what_is_below_the_cursor_leaves_first_and_comes_back() -> None:
    made = emulator(10, 5, b"a\r\nb\r\nc\r\nd\r\ne\x1b[3;2H")
    made.resize(10, 2)
    assert history(made) == ["a"]
    assert shown(made) == ["b", "c"]
    assert position(made) == (1, 1)
    made.resize(10, 5)
    assert history(made) == []
    assert shown(made) == ["a", "b", "c", "d", "e"]
    assert position(made) == (1, 2)


def test_lines_come_back_from_the_scrollback_only_when_the_cursor_is_on_the_last_row() -> None:
    data = b"\r\n".join(b"%d" % n for n in range(6))
    made = emulator(10, 4, data)
    made.resize(10, 6)
    assert shown(made) == ["0", "1", "2", "3", "4", "5"]
    made = emulator(10, 4, data + b"\x1b[2;1H")
    made.resize(10, 6)
    assert shown(made) == ["2", "3", "4", "5", "", ""]
    assert history(made) == ["0", "1"]


def test_the_cursors_row_stays_and_what_it_pushes_out_below_comes_back() -> None:
    for columns in (10, 8):
        made = emulator(10, 4, b"a\r\nb\r\nc\r\nd\x1b[1;2H")
        made.resize(columns, 2)
        assert shown(made) == ["a", "b"]
        assert position(made) == (1, 0)
        made.resize(10, 3)
        assert shown(made) == ["a", "b", "c"]
        made.resize(10, 4)
        assert shown(made) == ["a", "b", "c", "d"]


def test_rows_cut_off_below_survive_what_the_program_draws() -> None:
    made = emulator(10, 4, b"a\r\nb\r\nc\r\nd\x1b[1;2H")
    made.resize(10, 2)
    made.feed(b"x")
    made.resize(10, 4)
    assert shown(made) == ["ax", "b", "c", "d"]


def test_rows_cut_off_below_end_with_the_screen_below_the_cursor() -> None:
    made = emulator(10, 4, b"a\r\nb\r\nc\r\nd\x1b[1;2H")
    made.resize(10, 2)
    made.feed(b"\x1b[J")
    made.resize(10, 4)
    assert shown(made) == ["a", "", "", ""]


def test_rows_cut_off_below_never_stand_between_newer_lines() -> None:
    made = emulator(10, 4, b"a\r\nb\r\nc\r\nd\x1b[1;2H")
    made.resize(10, 2)
    made.feed(b"\r\n1\r\n2\r\n3")
    made.resize(8, 3)
    assert history(made) == ["a"]
    assert shown(made) == ["1", "2", "3"]
    made.resize(10, 8)
    assert history(made) == []
    assert shown(made) == ["a", "1", "2", "3", "c", "d", "", ""]


def test_a_change_of_size_there_and_back_shows_the_same() -> None:
    for y in range(1, 9):
        made = emulator(10, 8, b"\r\n".join(b"line%d" % n for n in range(8)) + b"\x1b[%d;3H" % y)
        before, at = shown(made), position(made)
        for size in ((10, 3), (10, 1), (10, 5), (30, 4), (10, 8)):
            made.resize(*size)
        assert shown(made) == before
        assert position(made) == at


def test_a_cursor_that_was_never_saved_stays_home() -> None:
    made = emulator(10, 3, b"a\r\nb\r\nc\r\nd")
    made.resize(10, 5)
    made.feed(b"\x1b8")
    assert position(made) == (0, 0)


def test_a_pending_wrap_survives() -> None:
    made = emulator(5, 3, b"abcde")
    made.resize(5, 4)
    made.feed(b"f")
    assert shown(made)[:2] == ["abcde", "f"]
    made = emulator(10, 3, b"abcde")
    made.resize(5, 3)
    made.feed(b"f")
    assert shown(made)[:2] == ["abcde", "f"]


def test_wide_characters_stay_whole() -> None:
    made = emulator(6, 3, "日本語".encode())
    made.resize(5, 3)
    assert shown(made) == ["日本", "語", ""]
    made.resize(6, 3)
    assert shown(made) == ["日本語", "", ""]


def test_attributes_flow_with_the_text() -> None:
    made = emulator(6, 3, b"\x1b[31mabc\x1b[44mdef")
    made.resize(4, 3)
    assert [made.cell(x, 0).fg for x in range(4)] == [1, 1, 1, 1]
    assert (made.cell(3, 0).bg, made.cell(1, 1).bg, made.cell(2, 1).bg) == (4, 4, "default")


def test_the_alternate_screen_is_cut_and_the_main_one_flows_behind_it() -> None:
    made = emulator(10, 4, b"0123456789abc\r\nB\x1b[?1049h\x1b[Hfull screen")
    made.resize(5, 4)
    assert shown(made)[0] == "full"
    made.feed(b"\x1b[?1049l")
    assert shown(made) == ["01234", "56789", "abc", "B"]
    assert position(made) == (1, 3)
    made.resize(10, 4)
    assert shown(made) == ["0123456789", "abc", "B", ""]


def test_sizes_are_clamped() -> None:
    made = emulator(10, 4, b"abc")
    made.resize(0, 0)
    assert (made.columns, made.lines) == (2, 1)
    made.resize(-5, 10**9)
    assert (made.columns, made.lines) == (2, 4096)
    assert len(Emulator(0, -1).display) == 1


def test_margins_and_tabs_after_a_resize() -> None:
    made = emulator(10, 4, b"\x1b[2;3r")
    made.resize(30, 5)
    made.feed(b"\x1b[5;1Ha\tb\tc")
    assert shown(made)[4] == "a       b       c"


def test_a_reflow_starts_a_line_epoch_and_a_change_of_height_does_not() -> None:
    made = emulator(10, 2, b"a\r\nb\r\nc\r\nd")
    assert (made.line_epoch, made.first_line, made.oldest_line) == (0, 2, 0)
    made.resize(10, 3)
    assert (made.line_epoch, made.first_line, made.oldest_line) == (0, 1, 0)
    made.resize(12, 3)
    assert made.line_epoch == 1


def test_a_reflow_of_a_full_scrollback_is_quick() -> None:
    made = Emulator(120, 40, 10_000)
    made.feed(b"".join(b"\x1b[32m%05d\x1b[m %s\r\n" % (n, b"word " * 21) for n in range(10_100)))
    cost = processor_seconds(lambda: made.resize(119, 40)) + processor_seconds(lambda: made.resize(60, 40))
    assert cost < 3
    assert made.scrollback_length == 10_000


@pytest.mark.lengthy
@pytest.mark.parametrize(
    "line",
    [b"\x1b[41m" + b" " * 1_000_000, "e\u0301".encode() * 300_000, b"x" * 1_000_000],
    ids=["coloured blanks", "marks", "text"],
)
def test_a_reflow_of_one_line_that_fills_the_scrollback_ends(line: bytes) -> None:
    made = emulator(80, 24, line, scrollback=10_000)
    cost = processor_seconds(lambda: made.resize(79, 24))
    assert cost < 10, "what looked at all of the line for each of its rows took a minute"
    check_rules(made)


def test_marks_follow_their_cells_when_a_line_flows() -> None:
    made = emulator(6, 6, "abcde\u0301fg\u0301日\u0301hi ".encode())
    made.resize(4, 6)
    assert shown(made) == ["abcd", "e\u0301fg\u0301", "日\u0301hi", "", "", ""]
    made.resize(12, 6)
    assert shown(made)[:2] == ["abcde\u0301fg\u0301日\u0301hi", ""]


def test_a_mark_on_a_blank_at_the_end_of_a_line_is_kept() -> None:
    made = emulator(6, 3, "abcd \u0301".encode())
    made.resize(4, 3)
    assert shown(made) == ["abcd", " \u0301", ""]


def test_a_mark_on_the_blank_in_front_of_a_wide_character_stays_there() -> None:
    made = emulator(5, 4, "abcd \u0301日x".encode())
    assert made.text_between((0, 0), (1, 4)) == "abcd \u0301日x"
    made.resize(12, 4)
    check_rules(made)
    assert shown(made)[0] == "abcd \u0301日x"


@pytest.mark.parametrize("seed", range(20))
def test_saved_lines_flow_as_the_terminals_own_do(seed: int) -> None:
    """``line_flow`` serves rooms without a terminal; what it makes of lines is what ``reflow`` makes of rows."""
    rng = random.Random(seed)
    words = ("word", "港灯", "ひ", "x" * 30, " ", "👩\u200d🚀", "é")
    lines = ["".join(rng.choices(words, k=rng.randint(0, 12))).rstrip() for _ in range(12)]
    made = Emulator(rng.randint(4, 40), 3, 1000)
    made.feed("\r\n".join([*lines, "end"]).encode())
    before = made.columns
    kept = made.lines_between(0, 1000)[1]
    made.resize(rng.randint(4, 60), 3)
    after = made.lines_between(0, 1000)[1]
    saved = list(flowed(kept, before, made.columns))
    while after and not after[-1].runs:
        after.pop()
    assert [line_text(line) for line in saved] == [line_text(line) for line in after]
    assert [line.wrapped for line in saved] == [line.wrapped for line in after]
