"""A terminal's newest lines as runs, and those printed again: the same screen, dimmed."""

import random

import pytest

from podium.core.protocol.line_flow import covered
from podium.core.protocol.saved_screen import MAX_BYTES, KeptScreen, decode, encode
from podium.terminal import Cell, Emulator
from tests.terminal.helpers import emulator, shown
from tests.terminal.inputs import piece

SEED = 20261125
ROOM = MAX_BYTES


def kept(made: Emulator, scrollback: int = 1000, room: int = ROOM) -> KeptScreen:
    snapshot = made.snapshot(scrollback)
    conversion = snapshot.conversion(snapshot.picture, room)
    while not conversion.done:
        conversion.convert(3)
    lines = tuple(conversion.lines())
    first = snapshot.first + conversion.left_out
    return KeptScreen(made.columns, lines, tuple(conversion.attributes()), len(snapshot.picture), first)


def texts(screen: KeptScreen) -> list[str]:
    return ["".join(run.text for run in line.runs) for line in screen.lines]


def again(screen: KeptScreen, columns: int, lines: int = 4) -> Emulator:
    made = Emulator(columns, lines, 2000)
    made.print_again(screen.lines, screen.columns, screen.table())
    return made


def every_line(made: Emulator) -> list[list[Cell]]:
    lines = [made.line(n) for n in range(made.scrollback_length + made.lines)]
    while lines and all(cell == Cell(" ") for cell in lines[-1]):
        lines.pop()
    return lines


def test_the_screen_and_the_lines_above_it_are_kept_without_blank_lines_at_the_end() -> None:
    made = emulator(10, 4, b"".join(b"line %d\r\n" % n for n in range(9)) + b"\r\n\x1b[A$")
    screen = kept(made, scrollback=3)
    assert texts(screen) == ["line 4", "line 5", "line 6", "line 7", "line 8", "$"]
    assert screen.first == 4


@pytest.mark.parametrize("columns", [7, 10, 12])
def test_a_coloured_line_that_wraps_while_it_scrolls_colours_no_more_than_its_text(columns: int) -> None:
    made = emulator(10, 3, b"one\r\ntwo\r\n\x1b[41m" + b"x" * 14 + b"\x1b[m\x1b[K\r\nlast")
    printed = again(kept(made, scrollback=9), columns, lines=2)
    red = [cell.char for line in every_line(printed) for cell in line if cell.bg == 1]
    assert red == ["x"] * 14


@pytest.mark.parametrize("text", ["a👩மி한글", "ab💻மி漢x", "ab🇩🇪மிमी字"])
@pytest.mark.parametrize("colour", ["", "\x1b[44m", "\x1b]8;;https://example.org\x1b\\"])
def test_a_syllable_that_does_not_fit_wraps_as_a_whole_and_takes_no_text_away(text: str, colour: str) -> None:
    made = emulator(20, 2, f"{colour}{text}".encode())
    for columns in (3, 4, 5):
        printed = again(kept(made), columns, lines=12)
        flowing = emulator(20, 12, f"{colour}{text}".encode())
        flowing.resize(columns, 12)
        assert shown(printed) == shown(flowing)
        assert printed.text_between() == flowing.text_between()


def test_a_full_screen_programs_picture_comes_below_the_text_it_hides() -> None:
    made = emulator(10, 3, b"text\r\n$ vim\x1b[?1049h\x1b[2J\x1b[H\r\n\x1b[7mpicture")
    screen = kept(made)
    assert texts(screen) == ["text", "$ vim", "", "picture"]
    assert screen.picture == 2
    made.feed(b"\x1b[?1049l")
    assert texts(kept(made)) == ["text", "$ vim"]


def test_a_logs_lines_are_parsed_a_part_at_a_time_and_are_the_same() -> None:
    made, parsed = Emulator(40, 4, 2000), Emulator(40, 4, 2000)
    data = b"".join(b"\x1b[32m%05d\x1b[0m some words of a log\r\n" % n for n in range(5000))
    made.feed(data)
    assert made.has_deferred
    parsed.feed(data)
    calls = []
    parse_raw = made.terminal.scrollback.archive.parse
    made.terminal.scrollback.archive.parse = lambda raw: calls.append(raw) or parse_raw(raw)
    snapshot = made.snapshot(1000)
    assert not calls
    conversion = snapshot.conversion([], ROOM)
    while not conversion.done:
        before = len(calls)
        conversion.convert(50)
        assert len(calls) - before <= 1
    assert calls
    assert conversion.lines() == list(kept(parsed).lines)
    assert snapshot.first == kept(parsed).first


def test_later_output_leaves_a_snapshot_as_it_was() -> None:
    made = emulator(10, 3, "e\u0301 one\r\n漢字 two".encode())
    snapshot = made.snapshot(10)
    made.feed("\x1b[H\u0301\x1b[2;1Hoverwritten\x1b[2J".encode())
    made.resize(5, 2)
    conversion = snapshot.conversion([], ROOM)
    while not conversion.done:
        conversion.convert(99)
    assert ["".join(run.text for run in line.runs) for line in conversion.lines()] == [
        "e\u0301 one",
        "漢字 two",
    ]


def test_the_oldest_lines_give_way_when_there_is_not_enough_room() -> None:
    made = emulator(80, 4, b"".join(b"%04d " % n + b"x" * 70 + b"\r\n" for n in range(90)))
    screen = kept(made, room=2000)
    assert 10 < len(screen.lines) < 30
    assert texts(screen)[-1].startswith("0089")
    assert len(encode(screen)) <= 2000
    assert screen.first == 90 - len(screen.lines)


@pytest.mark.parametrize("columns", [20, 13, 40])
def test_what_is_printed_again_is_the_same_but_dim(columns: int) -> None:
    original = emulator(
        20,
        4,
        "plain \x1b[1;31mbold red\x1b[0m\r\n"
        "\x1b[4:3;58:2::1:2:3mcurly\x1b[0m \x1b[38;5;200;48;2;1;2;3mcolours\x1b[0m\r\n"
        "\x1b[3;7;9;53mitalic\x1b[0m \x1b[5;8mhidden\x1b[0m \x1b[21mdouble\x1b[0m\r\n"
        "\x1b]8;;https://example.org/\x1b\\link\x1b]8;;\x1b\\ 漢字👩\u200d🚀 e\u0301\r\n"
        "\x1b[44mbar\x1b[K\x1b[0m\r\n\r\n".encode()
        + b"long " * 12
        + "\r\n漢字漢字漢字漢字漢字漢字\r\n$ ".encode(),
        1000,
    )
    repeated = again(kept(original), columns)
    original.resize(columns, 4)
    for old, new in zip(every_line(original), every_line(repeated), strict=True):
        for before, after in zip(old, new, strict=True):
            if before != Cell(" ") and before.char:
                assert after.dim
                assert after == Cell(
                    **{n: getattr(before, n) for n in before.__struct_fields__} | {"dim": True}
                )
    assert repeated.take_replies() == b""
    assert repeated.take_events() == []


def test_long_logs_are_printed_again_unparsed_and_are_the_same() -> None:
    made = Emulator(40, 4, 2000)
    for n in range(1500):
        made.feed(b"\x1b[32m%05d\x1b[0m some words of a log\r\n" % n)
    repeated = again(kept(made), 40)
    assert repeated.has_deferred
    assert shown(repeated)[0].startswith("01497")
    assert repeated.text_between((0, 0), (0, 39)).startswith("00497 some")
    assert repeated.line(0)[0].dim


def test_no_line_of_a_tampered_file_can_do_more_than_show(tmp_path: object) -> None:
    from podium.core.protocol.frames import AttributeEntry, Attributes, Line, Run

    bad = KeptScreen(
        10,
        (Line((Run("a\x1b[2Jb\x07", 1),)), Line((Run("c"),))),
        (AttributeEntry(1, Attributes(link="https://x\x1b\\\x1b[6n")),),
    )
    made = again(bad, 10)
    assert shown(made)[:2] == ["a[2Jb", "c"]
    assert (made.take_replies(), made.take_events()) == (b"", [])


@pytest.mark.parametrize("seed", range(150))
def test_whatever_a_program_does_what_is_kept_can_be_read_and_printed_again(seed: int) -> None:
    rng = random.Random(SEED + seed)
    made = Emulator(rng.randint(2, 30), rng.randint(1, 9), 60)
    for _ in range(rng.randint(1, 60)):
        made.feed(piece(rng))
        if rng.random() < 0.05:
            made.resize(rng.randint(2, 30), rng.randint(1, 9))
    screen, reason = decode(encode(kept(made)))
    assert screen is not None, reason
    assert all(covered(line.runs) <= made.columns for line in screen.lines)
    repeated = again(screen, rng.randint(2, 30))
    assert repeated.take_replies() == b""
