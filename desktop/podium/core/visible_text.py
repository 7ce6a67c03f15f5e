"""Text that a person decides about, with every character of it to be seen.

What does not print is shown as ``\\xHH``, ``\\uHHHH`` or ``\\UHHHHHHHH``, a line break as ``⏎``, a tab as ``⇥``, a long
run of spaces as ``␣×3000``. A backslash that could be taken for the beginning of an escape is doubled, and the three
signs themselves are escaped, so two different texts never look the same (letters of different scripts apart).
"""

import re
import unicodedata
from bisect import bisect_right
from pathlib import Path
from typing import Final

_NEWLINE: Final = "⏎"
_TAB: Final = "⇥"
_SPACE: Final = "␣"
_SIGNS: Final = {_NEWLINE, _TAB, _SPACE}
_MOST_MARKS: Final = 2
"""Combining marks on one letter: more would paint over the lines around."""

_HIDDEN_CATEGORIES: Final = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"}
_HIDDEN_RANGES: Final = (
    # Unicode's Default_Ignorable_Code_Point outside those categories, and signs without ink.
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0),
    (0x1D159, 0x1D159),
    (0xE0000, 0xE0FFF),
)
_STARTS: Final = [first for first, _ in _HIDDEN_RANGES]
_ORDINARY = re.compile(r"[!-\[\]-~]+")
_LONG_RUN = re.compile(r" {9,}")


def visible(text: str) -> str:
    """``text`` in one line, nothing of it hidden and nothing left out. Safe to print."""
    parts: list[str] = []
    marks, carries = 0, False
    place = 0
    while place < len(text):
        if ordinary := _ORDINARY.match(text, place):
            parts.append(ordinary[0])
            place, marks, carries = ordinary.end(), 0, ordinary[0][-1].isalnum()
            continue
        if spaces := _LONG_RUN.match(text, place):
            parts.append(f"{_SPACE}×{len(spaces[0])} ")
            place, marks, carries = spaces.end(), 0, False
            continue
        character = text[place]
        place += 1
        if is_mark(character):
            marks += 1
            parts.append(character if carries and marks <= _MOST_MARKS else _code(character))
            continue
        if character == "\n":
            parts.append(f" {_NEWLINE} ")
        elif character == "\t":
            parts.append(_TAB)
        elif character == "\\":
            parts.append("\\\\" if _could_begin_an_escape(text[place : place + 1]) else "\\")
        else:
            parts.append(_code(character) if _is_escaped(character) else character)
        marks, carries = 0, character.isalnum()
    return "".join(parts)


def visible_lines(text: str) -> list[str]:
    """The same for a text of several lines: its line breaks end lines."""
    return [visible(line) for line in text.replace("\r\n", "\n").split("\n")]


def safe_to_print(text: str) -> str:
    """``text`` with its line breaks, safe to print: for messages that hold names from elsewhere. What was made
    ``visible`` stays as it is.
    """
    return "".join(c if c == "\n" or not hidden(c) else _code(c) for c in text)


def escape_bytes(name: str | Path) -> str:
    """A name from the file system or from git in characters that JSON can hold; bytes that are no UTF-8 become
    ``\\xff``.
    """
    return str(name).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def hidden(character: str) -> bool:
    """Whether ``character`` alone shows nothing, or changes how its neighbours are shown. A plain space does not."""
    if character == " ":
        return False
    code = ord(character)
    place = bisect_right(_STARTS, code) - 1
    if place >= 0 and code <= _HIDDEN_RANGES[place][1]:
        return True
    return unicodedata.category(character) in _HIDDEN_CATEGORIES


def _could_begin_an_escape(following: str) -> bool:
    """Whether a backslash before ``following`` could be taken for part of an escape."""
    return bool(following) and (
        following in {"x", "u", "U", "\\"} or is_mark(following) or _is_escaped(following)
    )


def _is_escaped(character: str) -> bool:
    return character in _SIGNS or (character not in "\n\t" and hidden(character))


def is_mark(character: str) -> bool:
    """Whether it is painted onto the character before it, with ink of its own."""
    return unicodedata.category(character) in {"Mn", "Me"} and not hidden(character)


def _code(character: str) -> str:
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
