"""Lines that wrapped, and what a program does to the row they went on in: bytes in, logical lines out."""

import pytest

from tests.terminal.helpers import emulator, shown, state

_WRAPPED = b"a" * 25 + b"\x1b[2;1H"


@pytest.mark.parametrize(
    "data",
    [
        b"\x1b[2Kzz", b"\x1b[Kzz", b"\x1b[Jzz", b"\x1b[1K\rzz", b"\x1b[3C\x1b[2K\rzz",
        # Rows that come between, or go away.
        b"\x1b[Lzz", b"\r\nzz\x1b[2;1H\x1b[M", b"\x1b[2;5r\x1b[2;1H\x1b[Tzz", b"\x1b[2;5r\x1b[2;1H\x1bMzz",
        b"\r\nzz\x1b[2;5r\x1b[2;1H\x1b[S", b"\r\nzz\r\nb\x1b[2;3r\x1b[3;1H\n",
    ],
)  # fmt: skip
def test_what_a_line_went_on_in_is_gone(data: bytes) -> None:
    made = emulator(20, 6, _WRAPPED + data)
    made.resize(40, 6)
    assert shown(made)[0] == "a" * 20
    assert shown(made)[1].startswith("zz")


@pytest.mark.parametrize(
    "data",
    [
        b"zz", b"\x1b[3C\x1b[K", b"\x1b[5C\x1b[J", b"\x1b[P", b"\x1b[2X", b"\x1b[3;5r", b"\x1b[3;1H\x1b[2K",
        b"\x1b[3;1H\x1b[L", b"\x1b[3;5r\x1b[S\x1b[T", b"\x1b[?1049h\x1b[2J\x1b[?1049l",
    ],
)  # fmt: skip
def test_a_line_goes_on_while_its_second_row_begins_as_it_did(data: bytes) -> None:
    made = emulator(20, 6, _WRAPPED + data)
    made.resize(40, 6)
    assert len(shown(made)[0]) > 20


def test_a_blank_row_that_is_erased_stays_the_lines_next_one() -> None:
    """zsh wraps into the next row with a blank, and erases it before it writes there."""
    made = emulator(20, 6, b"$ " + b"a" * 18 + b" \r\x1b[Kbbb")
    made.resize(40, 6)
    assert shown(made)[0] == "$ " + "a" * 18 + "bbb"


@pytest.mark.parametrize(
    "data", [b"\x1b[2J", b"\x1b[1;1H\x1b[2K", b"\x1b[1;1H\x1b[J", b"\x1b[1;1H\x1b[L", b"\x1b[T"]
)
@pytest.mark.parametrize("before", [b"a" * 130, b"log\r\n" * 100 + b"b" * 70])
def test_a_line_of_the_scrollback_ends_too(before: bytes, data: bytes) -> None:
    """However the output was cut: what was not parsed yet goes the same way."""
    output = before + data + b"\x1b[1;1Hzz"
    made = emulator(20, 3, output)
    bytewise = emulator(20, 3)
    for byte in output:
        bytewise.feed(bytes([byte]))
    assert state(made) == state(bytewise)
    assert not made.lines_between(made.first_line - 1, 1)[1][0].wrapped
    made.resize(40, 3)
    assert "zz" in [line.rstrip() for line in made.text_from(made.oldest_line).splitlines()]


def test_a_frame_tells_that_a_line_ended() -> None:
    made = emulator(20, 6, b"a" * 25)
    versions = [row.version for row in made.terminal.rows]
    made.feed(b"\x1b[2K")
    assert made.terminal.rows[0].version > versions[0]
