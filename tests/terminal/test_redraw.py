"""A redraw in, the same screen out: in a fresh terminal, and in one that showed something else before."""

import random

import pytest

from podium.terminal import Emulator
from tests.terminal.helpers import content, emulator, state
from tests.terminal.test_typescripts import NAMES, recording

_ELSEWHERE = (
    b"\x1b[?1049h\x1b[?6h\x1b[3;8r\x1b[?7l\x1b[4h\x1b(0\x1b[7;31mleft over\x1b[?1000;1006h\x1b[?25l\x1b[2"
)


def drawn(source: Emulator, before: bytes = b"") -> Emulator:
    copy = Emulator(source.columns, source.lines)
    copy.feed(before)
    copy.feed(source.redraw())
    return copy


def same(one: Emulator, other: Emulator) -> None:
    first, second = visible(one), visible(other)
    assert first == second


def visible(made: Emulator) -> dict[str, object]:
    """All that is to be the same, but what no output can tell: line numbers, wraps, saved titles, what was asked."""
    found = state(made)
    for name in ("numbers", "wrapped", "replies", "events", "cells"):
        del found[name]
    found["title"] = made.terminal.title
    found["cells"] = [content(made, row) for row in made.terminal.rows]
    return found


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"plain\r\ntext",
        b"\x1b[1;4:3;38:2::1:2:3;48;5;200mstyled\x1b[0m \x1b[7mreverse",
        "wide 漢字 and e\u0301 and 👩‍👩‍👧".encode(),
        b"x" * 40,
        b"x" * 19 + b"\x1b[31my",
        b"x" * 18 + "漢".encode(),
        b"x" * 18 + "🇩🇪".encode(),
        b"\x1b[?7l" + b"x" * 19 + "☁\ufe0f".encode(),
        b"x" * 15 + b"\x1b]8;;https://example.org\x1b\\links",
        b"x" * 15 + b"\x1b]8;;https://example.org\x1b\\links\x1b]8;;\x1b\\",
        b"\x1b[?69h\x1b[3;9s\x1b[2;4Hinside",
        b"\x1b[?69h\x1b[3;9s\x1b[?6h\x1b[2;6H" + "漢".encode(),
        b"\x1b[44m\x1b[2Jblue",
        b"\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\ after",
        b"\x1b[2;4r\x1b[?6h\x1b[2;3Hin margins",
        b"\x1b[?69h\x1b[3;9s\x1b[2;4Hside",
        b"main\x1b[?1049hother\x1b[?25l\x1b[3 q",
        b"\x1b[4 q\x1b[?12h",
        b"\x1b[?1;1002;1006;1004;2004;2031h\x1b=\x1b[4h\x1b[20h\x1b[?7l",
        b"\x1b[=5u\x1b[>4;2m",
        b"\x1b(0lqqk\x1b)0\x0eabc",
        b"\x1b]2;title\x07\x1b]4;3;rgb:12/34/56\x07\x1b]10;#abcdef\x07",
        b"\x1b[3g\x1b[1;5H\x1bH\x1b[1;11H\x1bH",
        b"\x1b[4;5H\x1b[32m\x1b7\x1b[H\x1b[m",
        b"\x1b[?2026hhalf a picture",
    ],
)
@pytest.mark.parametrize("before", [b"", _ELSEWHERE])
def test_state_by_state(data: bytes, before: bytes) -> None:
    source = emulator(20, 6, data)
    same(drawn(source, before), source)


@pytest.mark.parametrize("seed", range(6))
def test_what_stands_alone_joins_nothing(seed: int) -> None:
    """Halves of flags, consonants after a virama and marks, as they are where a program moved the cursor between."""
    rng = random.Random(seed)
    parts = ("क्षा", "ा", "मी", "क्", "ष", "🇩", "🇪", "☝🏽", "☝", "👨", "👩", "a", "漢", "한", "e\u0301", " ")
    for _ in range(40):
        source = emulator(8, 3)
        for _ in range(rng.randint(1, 14)):
            source.feed(b"\x1b[%d;%dH" % (rng.randint(1, 3), rng.randint(1, 8)))
            source.feed("".join(rng.choices(parts, k=rng.randint(1, 3))).encode())
        copy = drawn(source)
        assert visible(copy)["cells"] == visible(source)["cells"]


def test_a_saved_cursor_comes_along() -> None:
    source = emulator(20, 6, b"\x1b[4;5H\x1b[32m\x1b7\x1b[H\x1b[m")
    copy = drawn(source)
    for made in (source, copy):
        made.feed(b"\x1b8here")
    same(copy, source)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(2))
def test_a_reader_that_joins_in_the_middle_sees_the_rest(name: str, seed: int) -> None:
    meta, raw = recording(name)
    source = Emulator(meta["columns"], meta["lines"])
    at = random.Random(seed).randrange(len(raw))
    source.feed(raw[:at])
    while not source.at_ground:
        source.feed(raw[at : at + 1])
        at += 1
    copy = drawn(source, _ELSEWHERE)
    same(copy, source)
    # What the program left on the other screen can't be told; a recording that goes back to it differs there.
    rest = raw[at:] if b"\x1b[?1049l" not in raw[at:] else raw[at : raw.index(b"\x1b[?1049l", at)]
    for made in (source, copy):
        made.feed(rest)
    assert copy.display == source.display
    assert copy.cursor == source.cursor or (copy.cursor.x, copy.cursor.y) == (
        source.cursor.x,
        source.cursor.y,
    )


def test_half_a_sequence_or_character_is_not_between() -> None:
    made = emulator(data=b"a")
    assert made.at_ground
    for half in (b"\x1b", b"\x1b[3", b"\xe6\xbc", b"\x1b]2;title"):
        made = emulator(data=half)
        assert not made.at_ground
