"""pyte's face stays true, and well-formed plain streams give what stock pyte gives."""

import random

import pyte
import pytest

from podium.terminal import Emulator
from tests.terminal.helpers import emulator, shown

# Where we differ from stock pyte on purpose, so that the streams below stay clear of it:
# - the cursor stays on the last column in a pending wrap (pyte: one past it), and moves from there;
# - LF, CUU and RI respect the scroll region only from inside it, and DECSTBM homes the cursor;
# - DECSC keeps one cursor, not a stack; NEL returns the carriage; SCOSC, REP, SU, SD and others exist;
# - erasing takes the background colour alone; reversed text erased is not reversed;
# - wide characters wrap whole and clusters take one cell; controls inside sequences are executed;
# - the main screen survives the alternate one; control strings never print;
# - ICH never leaves a cell beyond the last column, DL gives fresh rows, ED 3 clears only the scrollback;
# - 256-colour and RGB colours keep what was asked for instead of the nearest name.


def plain_stream(rng: random.Random, columns: int, lines: int) -> bytes:
    parts: list[bytes] = []
    for _ in range(60):
        kind = rng.randint(0, 11)
        if kind <= 4:
            # Never up to the last column, where pyte's cursor stands elsewhere.
            parts.append(b"\r" + bytes(rng.choices(b"abcdefg XYZ", k=rng.randint(1, columns - 2))))
        elif kind == 5:
            parts.append(b"\r\n")
        elif kind == 6:
            parts.append(b"\x1b[%d;%dH" % (rng.randint(1, lines), rng.randint(1, columns - 1)))
        elif kind == 7:
            parts.append(b"\x1b[%dm" % rng.choice((0, 1, 3, 4, 7, 31, 42, 39, 49, 22, 24, 27, 94, 103)))
        elif kind == 8:
            parts.append(rng.choice((b"\x1b[K", b"\x1b[1K", b"\x1b[2K", b"\x1b[J", b"\x1b[2J")))
        elif kind == 9:
            parts.append(b"\x1b[%d" % rng.randint(1, 3) + rng.choice((b"A", b"B", b"D", b"P", b"X", b"L")))
        elif kind == 10:
            parts.append(
                b"\x1b[m\x1b[%dG" % rng.randint(1, columns - 1) + rng.choice((b"\x08", b"\x1b7", b"\x1b8\r"))
            )
        else:
            parts.append("é→ñ".encode())
            parts.append(b"\r")
    return b"".join(parts)


@pytest.mark.lengthy
def test_plain_streams_give_what_pyte_gives() -> None:
    for seed in range(200):
        rng = random.Random(seed)
        columns, lines = rng.randint(8, 40), rng.randint(2, 12)
        # One DECSC at most: pyte keeps a stack of them.
        data = plain_stream(rng, columns, lines).replace(b"\x1b7", b"").replace(b"\x1b8", b"")
        stock = pyte.Screen(columns, lines)
        pyte.ByteStream(stock).feed(data)
        ours = Emulator(columns, lines)
        ours.feed(data)
        assert ours.display == stock.display, seed
        assert (ours.cursor.x, ours.cursor.y) == (min(stock.cursor.x, columns - 1), stock.cursor.y), seed
        for y in range(lines):
            for x in range(columns):
                mine, theirs = ours.buffer[y][x], stock.buffer[y][x]
                if theirs.data != " ":
                    assert mine == theirs, (seed, x, y)


def test_it_is_a_pyte_screen_and_a_pyte_stream_drives_it() -> None:
    made = Emulator(20, 4)
    assert isinstance(made, pyte.Screen)
    stream = pyte.ByteStream(made)
    stream.feed(b"hello\x1b[2;3H\x1b[1;31mred\x1b[m\x1b]2;title\x07\r\n\ttab\x1b[1;1H\x1b[2P\x1b[?25l")
    assert shown(made) == ["llo", "  red", "        tab", ""]
    assert made.buffer[1][2].fg == "red"
    assert made.buffer[1][2].bold
    assert made.title == "title"
    assert made.cursor.hidden


def test_every_event_of_pytes_stream_is_callable() -> None:
    for event in sorted(pyte.Stream.events):
        made = emulator(20, 4, b"abc")
        handler = getattr(made, event)
        if event in ("draw", "set_title", "set_icon_name"):
            handler("text")
        elif event == "define_charset":
            handler("0", "(")
        elif event in ("set_mode", "reset_mode"):
            handler(25, private=True)
            handler(4)
        elif event in ("report_device_status",):
            handler(6)
        else:
            handler()
        assert len(made.display) == 4


@pytest.mark.parametrize(("final", "event"), sorted(pyte.Stream.csi.items()))
def test_every_control_sequence_pyte_knows_is_known(final: str, event: str) -> None:
    del event
    made = emulator(20, 6, b"abc\r\ndef\r\nghi")
    before = (
        made.display,
        made.cursor.x,
        made.cursor.y,
        made.modes,
        made.mode,
        made.margins,
        made.cursor.attrs,
    )
    made.feed(b"\t\t\x1bH\x1b[2;5H" if final == "g" else b"\x1b[2;2H")
    made.feed(
        b"\x1b["
        + {"h": b"4", "l": b"4", "m": b"1", "n": b"6", "r": b"2;3"}.get(final, b"").__add__(final.encode())
    )
    after = (
        made.display,
        made.cursor.x,
        made.cursor.y,
        made.modes,
        made.mode,
        made.margins,
        made.cursor.attrs,
    )
    assert before != after or made.take_replies()


def test_cursor_mode_margins_and_dirty_are_live() -> None:
    made = emulator(20, 6)
    assert made.margins is None
    assert made.mode >= {pyte.modes.DECAWM, pyte.modes.DECTCEM}
    made.feed(b"\x1b[2;4r\x1b[4h\x1b[20h\x1b[?5h")
    assert (made.margins.top, made.margins.bottom) == (1, 3)
    assert {pyte.modes.IRM, pyte.modes.LNM, pyte.modes.DECSCNM} <= made.mode
    cursor = made.cursor
    made.feed(b"\x1b[3;7H")
    assert (cursor.x, cursor.y) == (6, 2)
    made.dirty.clear()
    assert made.dirty == set()
    made.feed(b"x")
    assert made.dirty == {2}
    cursor.x, cursor.y = 99, -3
    assert (made.cursor.x, made.cursor.y) == (19, 0)


def test_reset_forgets_everything() -> None:
    made = emulator(10, 2, b"a\r\nb\r\nc\x1b[31m\x1b[?1049h\x1b]0;t\x07\x1b[")
    made.reset()
    assert shown(made) == ["", ""]
    assert (made.title, made.scrollback_length, made.alternate_screen) == ("", 0, False)
    made.feed(b"x")
    assert made.cell(0, 0).fg == "default"
