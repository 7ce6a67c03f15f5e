"""Scrollback, absolute line numbers, copied text and frames."""

import pytest

from podium.core.protocol.frames import DEFAULT_ATTRIBUTES, MovedRow, Run, ScreenMode, Style
from podium.terminal import Emulator
from podium.terminal.output.frames import MAX_ATTRIBUTES, FrameSource
from podium.terminal.screen.lines.packed import pack, unpack
from podium.terminal.screen.row import Row
from tests.terminal.helpers import emulator, shown
from tests.terminal.mirror import Mirror, attribute_table, line_cells


def same_cells(one: Row, other: Row, columns: int) -> bool:
    """Two rows of one terminal show the same."""
    return [(one.char(x), one.style_code(x)) for x in range(columns)] == [
        (other.char(x), other.style_code(x)) for x in range(columns)
    ]


def numbered(lines: int, scrollback: int = 100) -> Emulator:
    return emulator(20, 4, b"\r\n".join(b"line %d" % n for n in range(lines)), scrollback)


def test_lines_that_leave_the_top_are_kept() -> None:
    made = numbered(10)
    assert made.scrollback_length == 6
    assert "".join(cell.char for cell in made.line(0)).rstrip() == "line 0"
    assert "".join(cell.char for cell in made.line(9)).rstrip() == "line 9"


def test_the_oldest_lines_go_first_and_numbers_stay() -> None:
    made = numbered(50, scrollback=10)
    assert (made.scrollback_length, made.oldest_line, made.first_line) == (10, 36, 46)
    assert made.text_between((36, 0), (36, 19)) == "line 36"


def test_no_scrollback_at_all() -> None:
    made = numbered(50, scrollback=0)
    assert (made.scrollback_length, made.oldest_line, made.first_line) == (0, 46, 46)


def test_the_alternate_screen_and_inner_regions_leave_no_scrollback() -> None:
    made = emulator(20, 4, b"\x1b[?1049h" + b"x\r\n" * 20)
    assert made.scrollback_length == 0
    made = emulator(20, 4, b"\x1b[2;4r\x1b[4;1H" + b"x\r\n" * 20)
    assert made.scrollback_length == 0
    made = emulator(20, 4, b"\x1b[1;3r\x1b[3;1H" + b"x\r\n" * 20)
    assert made.scrollback_length == 20


def test_clearing_the_scrollback() -> None:
    made = numbered(10)
    made.feed(b"\x1b[3J")
    assert (made.scrollback_length, made.oldest_line, made.first_line) == (0, 6, 6)
    made = numbered(10)
    made.clear_scrollback()
    assert made.scrollback_length == 0
    assert shown(made)[3] == "line 9"


def test_packed_rows_come_back_as_they_were() -> None:
    made = emulator(20, 1, "a\x1b[31mb\x1b[m 日本\x1b[4me\u0301\x1b[m 👨\u200d👩\u200d👧 \x1b[42m  ".encode())
    row = made.terminal.rows[0]
    again: Row = unpack(pack(row, made.terminal.styles), 20, made.terminal.styles)
    assert same_cells(again, row, 20)


def test_lines_between_bring_their_own_attributes() -> None:
    made = emulator(10, 2, "\x1b[31mred\x1b[m\r\nplain\r\n\x1b[1m日本\x1b[m\r\nlast".encode())
    first, lines, entries = made.lines_between(0, 3)
    assert first == 0
    table = attribute_table(entries)
    assert table[lines[0].runs[0].attribute].foreground == 1
    assert lines[1].runs == (Run("plain", 0, 1),)
    assert lines[2].runs[0].text == "日本"
    assert lines[2].runs[0].width == 2
    assert table[lines[2].runs[0].attribute].style == Style.BOLD
    assert line_cells(lines[2], table, 10)[4] == (" ", DEFAULT_ATTRIBUTES)


def test_lines_between_are_clamped() -> None:
    made = numbered(10)
    assert [line.runs[0].text for line in made.lines_between(-5, 7)[1]] == ["line 0", "line 1"]
    assert made.lines_between(8, 100)[0] == 8
    assert len(made.lines_between(8, 100)[1]) == 2
    assert made.lines_between(1000, 5)[1] == []
    assert made.lines_between(0, -1)[1] == []


def test_text_of_the_screen_and_of_ranges() -> None:
    made = numbered(6)
    assert made.text_between() == "line 2\nline 3\nline 4\nline 5"
    assert made.text_between((0, 2), (1, 3)) == "ne 0\nline"
    assert made.text_between((1, 3), (0, 2)) == "ne 0\nline"
    assert made.text_between((0, 2), (2, 5), block=True) == "ne 0\nne 1\nne 2"
    assert made.text_between((-9, 0), (0, 19)) == "line 0"


def test_wrapped_lines_are_copied_as_one() -> None:
    made = emulator(5, 4, b"abcdefgh\r\nx")
    assert made.text_between((0, 0), (2, 4)) == "abcdefgh\nx"
    made = emulator(5, 4, "abcd日x".encode())
    assert made.text_between((0, 0), (1, 4)) == "abcd日x"


def test_copying_the_right_half_takes_the_character() -> None:
    made = emulator(10, 1, "日本".encode())
    assert made.text_between((0, 1), (0, 2)) == "日本"


def test_a_scroll_is_sent_as_moved_rows() -> None:
    made = numbered(4)
    source = FrameSource(made)
    source.take(1)
    made.feed(b"\r\nnew")
    frame = source.take(2)
    assert frame.moved == (MovedRow(0, 1), MovedRow(1, 2), MovedRow(2, 3))
    assert [change.y for change in frame.changed] == [3]
    assert (frame.first_line, frame.oldest_line) == (1, 0)


def test_a_frame_names_only_what_changed() -> None:
    made = numbered(4)
    source = FrameSource(made)
    source.take(1)
    assert not source.pending
    made.feed(b"\x1b[2;1H\x1b[31mX")
    frame = source.take(2)
    assert [change.y for change in frame.changed] == [1]
    assert len(frame.attributes) == 1
    made.feed(b"\x1b[3;1HY")
    assert source.take(3).attributes == ()


def test_pending_sees_cursor_modes_title_and_palette() -> None:
    made = emulator()
    source = FrameSource(made)
    for number, data in enumerate(
        [b"\x1b[3;3H", b"\x1b[?25l", b"\x1b]0;t\x07", b"\x1b]4;1;#fff\x07", b"\x1b[4 q", b"\x1b[?2004h"]
    ):
        source.take(number)
        assert not source.pending
        made.feed(data)
        assert source.pending, data


def test_modes_and_colours_in_a_frame() -> None:
    made = emulator(
        data=b"\x1b[?1049h\x1b[?1002h\x1b[?2004h\x1b[?1004h\x1b[?5h\x1b]4;1;#102030\x07\x1b]11;rgb:f/f/f\x07"
    )
    frame = FrameSource(made).take(1)
    assert frame.modes == (
        ScreenMode.ALTERNATE_SCREEN | ScreenMode.MOUSE_DRAG | ScreenMode.BRACKETED_PASTE | ScreenMode.FOCUS_EVENTS
        | ScreenMode.REVERSE_SCREEN | ScreenMode.ALTERNATE_SCROLL
    )  # fmt: skip
    assert frame.palette == {1: 0x102030, 257: 0xFFFFFF}


def test_too_many_attributes_start_an_epoch() -> None:
    made = Emulator(100, 50)
    source, mirror = FrameSource(made), Mirror()
    epochs = set()
    for number in range(4):
        made.feed(
            b"\x1b[H" + b"".join(b"\x1b[48;2;%d;%d;%dmx" % (number, n >> 8, n & 255) for n in range(5000))
        )
        frame = source.take(number)
        mirror.apply(frame)
        mirror.check(made)
        epochs.add(frame.attribute_epoch)
        assert len(mirror.table) <= MAX_ATTRIBUTES + 5001
    assert len(epochs) == 4


def test_graphemes_travel_as_runs_of_their_own() -> None:
    made = emulator(20, 1, "xe\u0301☁\ufe0f👍🏽y".encode())
    line = made.lines_between(0, 1)[1][0]
    assert [(run.text, run.width) for run in line.runs] == [
        ("x", 1), ("e\u0301", -1), ("☁\ufe0f", -2), ("👍🏽", -2), ("y", 1),
    ]  # fmt: skip


def test_a_line_of_many_colours_is_packed_as_numbers_and_comes_back() -> None:
    parts = [b"\x1b[38;2;%d;0;9;4:3;48;5;%d;58;5;%dmx" % (n, n, n) for n in range(40)]
    made = emulator(50, 1, b"".join(parts) + b"\x1b[1;7;9;53my")
    row = made.terminal.rows[0]
    packed = pack(row, made.terminal.styles)
    assert packed.numbers
    assert packed.kept is None
    assert same_cells(unpack(packed, 50, made.terminal.styles), row, 50)
    made.feed(b"\r\n\r\n")
    cells = made.line(0)
    assert (cells[3].fg, cells[3].bg, cells[3].underline, cells[3].underline_color) == ("#030009", 3, 3, 3)


@pytest.mark.lengthy
def test_a_flood_of_random_colours_stays_small() -> None:
    made = Emulator(120, 40, 500)
    for line in range(550):
        made.feed(
            b"".join(b"\x1b[38;2;%d;%d;%dmx" % (line >> 8, line & 255, n) for n in range(120)) + b"\r\n"
        )
    kept = made.terminal.scrollback.lines(made.oldest_line, made.first_line)
    assert len(kept) == 500
    assert not any(line.kept for line in kept)
    assert sum(len(line.numbers) for line in kept) <= 500 * 120 * 16


def test_ten_thousand_coloured_lines_stay_small() -> None:
    import tracemalloc

    made = Emulator(120, 40, 10_000)
    tracemalloc.start()
    made.feed(b"".join(b"\x1b[32m%05d\x1b[m %s\r\n" % (n, b"word " * 22) for n in range(10_050)))
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert made.scrollback_length == 10_000
    assert size < 8_000_000, size


def test_text_from_a_line_keeps_the_blanks_in_front_of_the_cursor() -> None:
    made = emulator(20, 4, b"one  \r\n$ ")
    assert made.text_from(0).rstrip("\n") == "one\n$ "
    assert emulator(20, 4, b"one\r\n").text_from(0).rstrip("\n") == "one"
    assert emulator(20, 4, b"").text_from(0).strip("\n") == ""
    assert emulator(20, 4, "漢字  x\x1b[2D".encode()).text_from(0).rstrip("\n") == "漢字  x"
    assert emulator(5, 4, b"1234567 ").text_from(0).rstrip("\n") == "1234567 "
    assert emulator(20, 3, b"1\r\n2\r\n3\r\n4\r\n> ").text_from(0).rstrip("\n") == "1\n2\n3\n4\n> "
    assert emulator(20, 3, b"1\r\n2\r\n3\r\n4\r\n> ").text_from(2).rstrip("\n") == "3\n4\n> "
    assert emulator(20, 4, b"above\r\nbelow\x1b[H").text_from(0).rstrip("\n") == "above\nbelow"


@pytest.mark.parametrize(
    ("data", "copied"),
    [
        ("one" + " " * 22 + "\r\ntwo", "one\ntwo"),
        ("one" + " " * 20, "one"),
        (" " * 25 + "\r\n\r\ntwo", "\n\ntwo"),
        ("one" + " " * 20 + "two", "one" + " " * 20 + "two"),
        ("Do\u00adnau\u00addampf\u00adschiff", "Do\u00adnau\u00addampf\u00adschiff"),
    ],
)
def test_copied_lines_are_whole_and_end_in_no_blanks(data: str, copied: str) -> None:
    made = emulator(10, 6, data.encode())
    assert made.text_between().rstrip("\n") == copied
