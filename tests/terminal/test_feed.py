"""``feed`` stops where a picture is whole or the time is up, and says how much it took."""

import random

import pytest

from podium.terminal import Emulator
from tests.terminal.helpers import emulator, shown, state
from tests.terminal.inputs import stream

SEED = 20261130
BEGIN, END = b"\x1b[?2026h", b"\x1b[?2026l"
NOW = 0.0
"""A frame that has been due for ever."""


class Ticking:
    """A clock by which each look takes a second."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


def feed_in_parts(made: Emulator, data: bytes, until: float, frame_due: float) -> list[int]:
    """Feed all of ``data``; returns what each call took."""
    sizes = []
    while data:
        sizes.append(made.feed(data, until, frame_due))
        assert 0 < sizes[-1] <= len(data)
        data = data[sizes[-1] :]
    return sizes


@pytest.mark.parametrize(
    "end",
    [END, b"\x1b[?25;2026l", b"\x1b[?2026;25l", b"\x1bc", b"\x1b[?2026;\x072026l"],
    ids=["alone", "after another mode", "before another mode", "reset", "with a control inside"],
)
def test_feed_stops_after_an_update_when_a_frame_is_due(end: bytes) -> None:
    picture = BEGIN + b"one" + end
    made = emulator()
    assert made.feed(picture + BEGIN + b"two" + END, frame_due=NOW) == len(picture)
    assert not made.synchronized


def test_feed_goes_on_after_an_update_while_no_frame_is_due() -> None:
    clock = Ticking()
    made = Emulator(10, 4, 100, clock)
    data = (BEGIN + b"\rpicture" + END) * 5
    assert made.feed(data) == len(data)
    assert made.feed(data, frame_due=1e9) == len(data)


def test_a_frame_that_falls_due_meanwhile_stops_at_the_next_end() -> None:
    clock = Ticking()
    made = Emulator(10, 4, 100, clock)
    picture = BEGIN + b"\rpicture" + END
    # A look when it begins, one for each end: the third end is at the fourth second.
    assert made.feed(picture * 5, frame_due=4.0) == 3 * len(picture)


def test_what_ends_no_update_stops_nothing() -> None:
    made = emulator()
    data = b"\x1bctext" + END + b"\x1b[?25l" + BEGIN + BEGIN + b"text\x1b[?25h"
    assert made.feed(data, frame_due=NOW) == len(data)
    assert made.synchronized


@pytest.mark.parametrize(
    "before",
    [
        b"\xff\xfe l",
        b"\xe6\xb8l",
        b"\xf0\x9f\x98lll",
        "港灯l".encode(),
        b"\xc2\x9bl",
        b"\xc3",
        b"\xed\xa0\x80l",
    ],
)
def test_how_much_was_taken_is_exact_whatever_stood_before(before: bytes) -> None:
    picture = BEGIN + before + END
    made = emulator()
    assert made.feed(b"\xe6") == 1  # Half a character that never gets its rest.
    assert made.feed(picture + "lλl".encode() + b"\xe6\xb8", frame_due=NOW) == len(picture)
    made.feed(b"\xaf")
    assert shown(made)[0].removesuffix("l")[-1] == "\ufffd", "the half character after the end was taken"


def test_an_end_that_is_cut_anywhere_is_found() -> None:
    for cut in range(1, len(END)):
        made = emulator()
        made.feed(BEGIN + b"one" + END[:cut], frame_due=NOW)
        assert made.feed(END[cut:] + BEGIN + b"two", frame_due=NOW) == len(END) - cut


@pytest.mark.parametrize("size", [2048, 4096])
def test_an_end_at_the_end_of_a_slice_is_found(size: int) -> None:
    picture = BEGIN + b"x" * (size - len(BEGIN + END)) + END
    made = emulator()
    assert made.feed(picture * 4, frame_due=NOW) == size


def test_an_end_in_the_line_before_a_log_is_found() -> None:
    made = emulator(40, 4)
    made.feed(BEGIN + b"one" + END[:4])
    log = b"log line\r\n" * 2000
    assert made.feed(END[4:] + log, frame_due=NOW) == len(END) - 4
    assert made.feed(log, frame_due=NOW) == len(log)
    assert shown(made)[:3] == ["log line"] * 3


def test_feed_stops_when_the_time_is_up_and_always_gets_on() -> None:
    made, whole = Emulator(40, 4, 100, Ticking()), emulator(40, 4)
    data = b"\x1b[3;1Htext \x1b[31mred\x1b[m\r" * 2000
    whole.feed(data)
    sizes = feed_in_parts(made, data, until=0.0, frame_due=1e9)
    assert len(sizes) > 5
    assert state(made) == state(whole)


def test_costly_output_is_parsed_in_smaller_slices() -> None:
    made = Emulator(40, 4, 100, Ticking())
    sizes = feed_in_parts(made, b"\x1b[1;1Hx" * 8000, until=0.0, frame_due=1e9)
    assert sizes[:4] == sorted(sizes[:4], reverse=True)
    assert min(sizes[:-1]) == 64


@pytest.mark.parametrize("block", range(4))
def test_where_feed_stops_changes_nothing(block: int) -> None:
    stops = 0
    for number in range(60):
        seed = SEED + block * 1000 + number
        rng = random.Random(seed)
        pieces = [rng.choice((BEGIN, END, b"\x1b[?2026;25l", stream(rng, 3))) for _ in range(40)]
        data = b"".join(pieces) * rng.choice((1, 1, 30))
        size = rng.randint(5, 40), rng.randint(2, 12), 50
        stopped, whole = Emulator(*size, Ticking()), Emulator(*size)
        whole.feed(data)
        at = 0
        while at < len(data):
            chunk = data[at : at + rng.randint(1, 2000)]
            at += len(chunk)
            stops += len(feed_in_parts(stopped, chunk, rng.choice((0.0, 1e9)), rng.choice((NOW, 1e9)))) - 1
        assert state(stopped) == state(whole), f"seed {seed}"
    assert stops > 100
