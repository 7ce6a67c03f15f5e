"""What programs ask about the direction of lines: bytes in, the lines' flags, answers and keys out."""

import pytest

from podium.core.protocol.frames import Bidi
from podium.core.protocol.requests import KeyInput
from podium.terminal import Emulator
from podium.terminal.output.frames import FrameSource
from tests.terminal.helpers import emulator

ASKED, IMPLICIT, LEFT = Bidi.ASKED, Bidi.ASKED | Bidi.IMPLICIT, Bidi.ASKED | Bidi.RIGHT_TO_LEFT
AUTO = IMPLICIT | Bidi.AUTODETECT
HEBREW = "שלום".encode()


def flags(made: Emulator) -> list[int]:
    """The Bidi flags of all lines, from the oldest on."""
    return [line.bidi for line in made.lines_between(0, 100)[1]]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"plain\r\n" + HEBREW, [0, 0, 0, 0]),
        (b"\x1b[8hA", [IMPLICIT, 0, 0, 0]),
        (b"\x1b[8lA", [ASKED, 0, 0, 0]),
        (b"A\x1b[8h", [IMPLICIT, 0, 0, 0]),
        (b"\x1b[8hA\r\nB\r\n\x1b[8lC", [IMPLICIT, IMPLICIT, ASKED, 0]),
        (b"\x1b[8h\r\n\r\nA", [IMPLICIT, IMPLICIT, IMPLICIT, 0]),
        (b"\x1b[8h\x1b[3;2HA", [IMPLICIT, 0, IMPLICIT, 0]),
        (b"\x1b[8h\x1b[2J", [IMPLICIT] * 4),
        (b"A\r\nB\x1b[1H\x1b[8h\x1b[2;1H\x1b[2K", [IMPLICIT, IMPLICIT, 0, 0]),
        (b"\x1b[2 kA", [LEFT, 0, 0, 0]),
        (b"\x1b[2 kA\r\n\x1b[1 kB\r\n\x1b[2 k\x1b[ kC", [LEFT, ASKED, ASKED, 0]),
        (b"\x1b[9 k\x1b[7 SA", [0, 0, 0, 0]),
        (b"A\x1b[3 S", [LEFT] * 4),
        (b"\x1b[3 S\x1b[0 SA", [ASKED] * 4),
        (b"\x1b[8;4h\x1b[?2501hA", [AUTO, 0, 0, 0]),
        (b"\x1b[?2500;2501hA\x1b[?2501l", [ASKED | Bidi.MIRROR_BOXES, 0, 0, 0]),
        (b"\x1b[8h\x1b[?2501s\x1b[?2501h\x1b[?2501rA", [IMPLICIT, 0, 0, 0]),
        # What wraps is one paragraph, and asking where it goes on changes nothing of it.
        (b"\x1b[8h0123456789ABC", [IMPLICIT, IMPLICIT, 0, 0]),
        (b"0123456789ABC\x1b[H\x1b[8h", [IMPLICIT, IMPLICIT, 0, 0]),
        (b"0123456789ABC\x1b[8h", [0, 0, 0, 0]),
        # The pen's background fills new lines, and they go by what is in force too.
        (b"\x1b[8h\x1b[41mA\r\n\x1b[KB", [IMPLICIT, IMPLICIT, 0, 0]),
        # Everything that ends what a program left on.
        (b"\x1b[8hA\x1b[!p\r\nB", [IMPLICIT, 0, 0, 0]),
        (b"\x1b[8hA\x1bcB", [0, 0, 0, 0]),
        (b"\x1b[8hA\x1b[1M", [0, 0, 0, 0]),
    ],
)
def test_a_line_has_the_direction_that_was_asked_for(data: bytes, expected: list[int]) -> None:
    assert flags(emulator(10, 4, data)) == expected


def test_a_program_that_ends_leaves_no_direction_to_the_next_one() -> None:
    made = emulator(10, 4, b"\x1b[8h\x1b[?1243lA\r\n")
    made.reset_after_exit()
    made.feed(b"\x1b[3HB\x1b[8$p\x1b[?1243$p")
    assert flags(made) == [IMPLICIT, 0, 0, 0]
    assert made.take_replies() == b"\x1b[8;2$y\x1b[?1243;1$y"


def test_a_row_whose_direction_changes_is_sent_again() -> None:
    made = emulator(10, 3, b"A\r\n\r\nB")
    source = FrameSource(made)
    source.take(1)
    made.feed(b"\x1b[H\x1b[8h")
    (changed,) = source.take(2).changed
    assert (changed.y, changed.line.bidi, changed.line.runs[0].text) == (0, IMPLICIT, "A")
    made.feed(b"\x1b[2H\x1b[2 k")
    (changed,) = source.take(3).changed
    assert (changed.y, changed.line.bidi, changed.line.runs) == (1, AUTO & ~8 | Bidi.RIGHT_TO_LEFT, ())
    assert [row.line.bidi for row in FrameSource(made).take(1).changed] == [3, 7, 0]


def test_scrolled_lines_and_reflowed_ones_keep_their_direction() -> None:
    made = emulator(10, 3, b"one\r\n\x1b[8h0123456789ABC\r\n\x1b[31mred\x1b[m\r\n\x1b[8ltwo\r\nthree\r\nfour")
    assert flags(made) == [0, IMPLICIT, IMPLICIT, IMPLICIT, ASKED, ASKED, ASKED]
    made.resize(5, 3)
    assert flags(made) == [0, *[IMPLICIT] * 4, ASKED, ASKED, ASKED]
    made.resize(20, 3)
    assert flags(made) == [0, IMPLICIT, IMPLICIT, ASKED, ASKED, ASKED]


def test_a_log_in_a_direction_that_was_asked_for_is_no_plain_log() -> None:
    log = b"".join(b"line %d\r\n" % number for number in range(5000))
    made = emulator(20, 5, scrollback=10_000)
    made.feed(b"\x1b[8h")
    made.feed(log)
    assert set(flags(made)) == {IMPLICIT}
    assert {line.bidi for line in made.lines_between(4000, 900)[1]} == {IMPLICIT}


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (b"", (2, 2, 2, 1)),
        (b"\x1b[8h", (1, 2, 2, 1)),
        (b"\x1b[?2500h\x1b[?1243l", (2, 1, 2, 2)),
        (b"\x1b[8h\x1b[?2501h\x1b[!p", (2, 2, 2, 1)),
        (b"\x1b[8h\x1b[?2501h\x1b[?2500h", (1, 1, 1, 1)),
    ],
)
def test_the_modes_are_told(data: bytes, answer: tuple[int, ...]) -> None:
    made = emulator(10, 4, data)
    made.feed(b"\x1b[8$p\x1b[?2500$p\x1b[?2501$p\x1b[?1243$p")
    told = b"\x1b[8;%d$y\x1b[?2500;%d$y\x1b[?2501;%d$y\x1b[?1243;%d$y" % answer
    assert made.take_replies() == told


def test_the_persons_setting_is_what_programs_start_from() -> None:
    made = emulator(10, 4)
    made.set_default_bidi(int(Bidi.IMPLICIT | Bidi.AUTODETECT))
    made.feed(b"A\x1b[8$p\x1b[?2501$p\r\n\x1b[?2501lB\x1b[!p\x1b[?2501$p")
    assert flags(made) == [0, IMPLICIT, 0, 0]
    assert made.take_replies() == b"\x1b[8;1$y\x1b[?2501;1$y\x1b[?2501;1$y"


def test_nothing_can_be_asked_for_where_the_person_allows_nothing() -> None:
    made = emulator(10, 4, b"\x1b[8hA\r\n")
    made.set_default_bidi(0, allowed=False)
    made.feed(b"\x1b[8h\x1b[2 k\x1b[3 S\x1b[?2500hB\x1b[8$p\x1b[?2500$p")
    assert flags(made) == [IMPLICIT, IMPLICIT, 0, 0]
    assert made.take_replies() == b"\x1b[8;4$y\x1b[?2500;4$y"
    made.feed(b"\x1b[3HC")
    assert flags(made)[2] == 0


@pytest.mark.parametrize(
    ("data", "runs_left"),
    [
        (b"abc", False),
        (HEBREW, False),
        (b"\x1b[8h" + HEBREW, False),
        (b"\x1b[8h\x1b[?2501h" + HEBREW, True),
        (b"\x1b[8h\x1b[?2501h12 " + HEBREW, True),
        (b"\x1b[8h\x1b[?2501habc " + HEBREW, False),
        (b"\x1b[8h\x1b[?2501h\x1b[2 k", True),
        (b"\x1b[8h\x1b[?2501h" + HEBREW + b"12345678", True),
        (b"\x1b[8h\x1b[?2501h12\r\n" + HEBREW + b"\x1b[H", False),
        (b"\x1b[?2501h" + HEBREW, False),
        (b"\x1b[2 kabc", True),
        (b"\x1b[8h\x1b[2 kabc", True),
        (b"\x1b[2 kabc\r\n\x1b[1 kdef", False),
        (b"\x1b[?1243l\x1b[2 kabc", False),
    ],
)
def test_arrow_keys_follow_a_line_that_runs_from_right_to_left(data: bytes, runs_left: bool) -> None:
    made = emulator(10, 4, data)
    left, right = made.encode_key(KeyInput("Left")), made.encode_key(KeyInput("Right"))
    assert (left, right) == ((b"\x1b[C", b"\x1b[D") if runs_left else (b"\x1b[D", b"\x1b[C"))
    assert made.encode_key(KeyInput("Up")) == b"\x1b[A"


def test_what_is_copied_and_found_stays_in_the_order_of_reading() -> None:
    made = emulator(20, 2, b"\x1b[8h\x1b[2 k\x1b[?2500hab " + HEBREW + " (12) ┌".encode())
    assert made.text_between() == "ab שלום (12) ┌\n"


def test_saved_lines_are_printed_again_in_their_direction() -> None:
    made = emulator(10, 6, b"one\r\n\x1b[8h0123456789ABC\r\n\x1b[2 kred\r\n\x1b[!ptwo")
    _, lines, entries = made.lines_between(0, 100)
    again = emulator(8, 6)
    again.print_again(lines[:5], 10, {entry.number: entry.attributes for entry in entries})
    again.feed(b"\x1b[6Hx\x1b[8$p")
    assert flags(again)[:5] == [0, IMPLICIT, IMPLICIT, IMPLICIT | LEFT, 0]
    assert again.take_replies() == b"\x1b[8;2$y"


@pytest.mark.parametrize(
    "data",
    [
        b"one\r\n\x1b[8htwo\r\n\x1b[2 kthree\r\n\x1b[!pfour",
        b"\x1b[31;1mone\r\n\x1b[8htwo\r\n\x1b[8;1 kthree\x1b[?2501h",
        b"\x1b[8h\x1b[2 k\x1b[2J\x1b[!p\x1b[2Kx",
        b"one\x1b[?1049h\x1b[8htwo",
        b"one\r\ntwo",
    ],
)
def test_another_terminal_redraws_the_direction_of_lines(data: bytes) -> None:
    made, other = emulator(10, 4, data), emulator(10, 4, b"\x1b[8h\x1b[2 kleft\x1b[3 S\x1b[?1243l")
    other.feed(made.redraw())
    assert [row.line.bidi for row in FrameSource(other).take(1).changed if row.line.runs] == [
        row.line.bidi for row in FrameSource(made).take(1).changed if row.line.runs
    ]
    for one in (made, other):
        one.feed(b"\x1b[8$p\x1b[?2501$p\x1b[?1243$p")
    assert other.take_replies() == made.take_replies()
    assert FrameSource(other).take(1).changed == FrameSource(made).take(1).changed
