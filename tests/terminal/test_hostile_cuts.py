"""Hostile output in pieces: however it is cut, the same screen, the same answers, the same events."""

import random

import pytest

from tests.terminal.helpers import emulator, state

HOSTILE = (
    b"\x1b]0;secret\x07\x1b[21t\x1b[20t\x1bP$qm\x1b\\\x1b[c",
    b"\x1bP$q" + b"a" * 5000 + b"\x1b\\visible",
    b"\x1b]52;c;?\x07\x1b]52;c;aGVsbG8=\x07\x1b]50;?\x07ok",
    b"\x1b]8;;file:///etc/passwd\x07a\x1b]8;;https://example.org\x07b\x1b]8;;\x07c",
    b"\x1b]7;file://evil.example/tmp\x07\x1b]9;" + b"n" * 1000 + b"\x07\x1b]777;notify;T\x02;B\x07\x07\x07",
    b"\x1b_Gi=31,a=q;AAAA\x1b\\\x1b^x\x1b\\\x1bXy\x1b\\z",
    "a\u202eb\u2066c\u009b31m".encode()
    + b"\x9b31m\xc0\x9b\xed\xa0\x80\xf4\x90\x80\x80\xe6\x97\x1b[1mx\xff\xfe",
    b"e" + "\u0301".encode() * 100 + b"x",
    b"\x1b[99999999999999999999;1H\x1b[2000000000b\x1b[2000000000@\x1b[65;1;1;99;99$xq",
    b'\x1b[?1049h\x1b[?2026h\x1b[?25l\x1b[>31u\x1b[1"q\x1b]4;1;#fff\x07\x1bPhalf',
)


@pytest.mark.fault(37)
@pytest.mark.parametrize("data", HOSTILE)
def test_hostile_output_is_the_same_in_any_cuts(data: bytes) -> None:
    whole = emulator(20, 4, data)
    expected = state(whole), whole.take_replies(), whole.take_events()
    rng = random.Random(1)
    cuts: list[list[bytes]] = [[data[at : at + 1] for at in range(len(data))]]
    for _ in range(10):
        pieces, at = [], 0
        while at < len(data):
            size = rng.randint(1, 12)
            pieces.append(data[at : at + size])
            at += size
        cuts.append(pieces)
    for pieces in cuts:
        made = emulator(20, 4)
        for piece in pieces:
            made.feed(piece)
        assert (state(made), made.take_replies(), made.take_events()) == expected
