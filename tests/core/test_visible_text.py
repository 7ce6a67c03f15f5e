"""Every character of a text that is agreed to can be seen, and different texts look different."""

import itertools
import re
import sys

import pytest

from podium.core.visible_text import hidden, visible, visible_lines

pytestmark = pytest.mark.fault("C2")

_ESCAPE = re.compile(r"\\\\|\\x([0-9a-f]{2})|\\u([0-9a-f]{4})|\\U([0-9a-f]{8})|␣×(\d+) | ⏎ |⇥", re.DOTALL)


def meant(shown: str) -> str:
    """What ``shown`` stands for, by what the module's docstring says."""

    def one(match: re.Match[str]) -> str:
        if code := match[1] or match[2] or match[3]:
            return chr(int(code, 16))
        return " " * int(match[4]) if match[4] else {"\\\\": "\\", " ⏎ ": "\n", "⇥": "\t"}[match[0]]

    return _ESCAPE.sub(one, shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("make test", "make test"),
        ("make test #\x1b]\ntouch X", r"make test #\x1b] ⏎ touch X"),
        ("a\x0cb\x0bc\rd\x00e\x7ff\x85g", r"a\x0cb\x0bc\x0dd\x00e\x7ff\x85g"),
        ("a\u2028b\u2029c", r"a\u2028b\u2029c"),
        ("a\u202eb\u2066c\u200fd", r"a\u202eb\u2066c\u200fd"),
        ("a\u200bb\u200cc\u2060d\ufeffe\xadf", r"a\u200bb\u200cc\u2060d\ufeffe\xadf"),
        ("a\xa0b\u2003c\u3000d\u1680e", r"a\xa0b\u2003c\u3000d\u1680e"),
        ("a\U000e0041b\ufe0fc\U000e0100d", r"a\U000e0041b\ufe0fc\U000e0100d"),
        ("a\u3164b\u115fc\u2800d\u034fe", r"a\u3164b\u115fc\u2800d\u034fe"),
        ("a\udcffb\ue000c\u0378d", r"a\udcffb\ue000c\u0378d"),
        ("grep '\\d' a\\", "grep '\\d' a\\"),
        ("printf '\\x1b'", "printf '\\\\x1b'"),
        ("a\\\x1b", "a\\\\\\x1b"),
        ("a⏎b⇥c␣d", r"a\u23ceb\u21e5c\u2423d"),
        ("a\tb", "a⇥b"),
        ("cafe\u0301", "cafe\u0301"),
        ("/\u0338", r"/\u0338"),
        ("e" + "\u0301" * 4, "e\u0301\u0301\\u0301\\u0301"),
        ("ls" + " " * 3000 + "; x", "ls␣×3000 ; x"),
        ("żółw 東京 עברית ß", "żółw 東京 עברית ß"),
    ],
)
def test_what_does_not_print_is_escaped(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert meant(shown) == text


@pytest.mark.lengthy
def test_no_character_at_all_is_hidden() -> None:
    for first in range(0, sys.maxunicode + 1, 4096):
        text = "a".join(["", *map(chr, range(first, first + 4096)), ""])
        shown = visible(text)
        assert meant(shown) == text
        assert not [sign for sign in set(shown) if hidden(sign)]


def test_two_texts_never_look_the_same() -> None:
    pieces = ["\\", "x1b", "\x1b", "\n", " ", "⏎", "\u0301", "a", "u", "\t", "⇥", " " * 9]
    seen: dict[str, str] = {}
    for parts in itertools.product(pieces, repeat=4):
        text = "".join(parts)
        assert seen.setdefault(visible(text), text) == text
        assert meant(visible(text)) == text


def test_nothing_is_cut() -> None:
    text = "x" * 250_000 + "end"
    assert visible(text) == text
    assert visible_lines("a\r\nb\n\x1bc") == ["a", "b", r"\x1bc"]
