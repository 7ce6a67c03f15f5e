"""A key as people write it in, the bytes a program gets out."""

import pytest

from podium.core.protocol.key_notation import parse_keys
from podium.terminal import Emulator


@pytest.mark.parametrize(
    ("notation", "sent"),
    [
        ("Ctrl+C", b"\x03"),
        ("ctrl+c Ctrl+D", b"\x03\x04"),
        ("a Shift+B", b"aB"),
        ("A", b"A"),
        ("Return", b"\r"),
        ("Esc", b"\x1b"),
        ("Up", b"\x1b[A"),
        ("Ctrl+Up", b"\x1b[1;5A"),
        ("Shift+Tab", b"\x1b[Z"),
        ("Alt+x", b"\x1bx"),
        ("F5", b"\x1b[15~"),
        ("+", b"+"),
        ("Alt++", b"\x1b+"),
        ("Space", b" "),
        ("Backspace", b"\x7f"),
        ("é", "é".encode()),
    ],
)
def test_keys_in_words(notation: str, sent: bytes) -> None:
    terminal = Emulator(80, 24)
    assert b"".join(terminal.encode_key(key) for key in parse_keys(notation)) == sent


@pytest.mark.parametrize(("notation", "named"), [("Strg+C", "Strg"), ("Ctrl+Nope", "Nope"), ("Ctrl+", "")])
def test_what_is_no_key_is_named(notation: str, named: str) -> None:
    with pytest.raises(ValueError, match=f"“{named}”") as caught:
        parse_keys(notation)
    assert notation in str(caught.value)
