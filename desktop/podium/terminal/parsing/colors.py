"""Colours in the notations of X as 0xRRGGBB: ``#rgb``, ``rgb:``, ``rgbi:``, names, and those of the CIE."""

import re
from bisect import bisect_right
from typing import Final

from podium.core.resources import read_text
from podium.terminal.parsing.cie_colors import intensities

_MAX_LENGTH: Final = 64
_LARGEST: Final = 1e6
"""Beyond all numbers that mean a colour, and far from those that a computer can't cube."""
_HEX: Final = re.compile("[0-9A-Fa-f]{1,12}")
_SIGNED: Final = re.compile(r"[+-]?(?=.?[0-9])[0-9]{0,9}(\.[0-9]{0,12})?([eE][+-]?[0-9]{1,2})?")
_NUMBER: Final = re.compile(r"(?=.?[0-9])[0-9]{0,9}(\.[0-9]{0,12})?([eE][+-]?[0-9]{1,2})?")

# Both are read when the first such colour comes: few programs name any.
_names: dict[str, int] = {}
_intensities: list[list[float]] = []


def parse_color(text: str) -> int:
    """The colour as 0xRRGGBB, -1 for anything that is none. Upper and lower case are the same."""
    text = text.lower()
    if len(text) > _MAX_LENGTH:
        return -1
    if text.startswith("#"):
        return _of_digits(text[1:])
    if text.startswith("rgb:"):
        return _of_parts(text[4:].split("/", 3))
    if text.startswith("rgbi:"):
        return _of_intensities(text[5:].split("/", 3))
    space, colon, numbers = text.partition(":")
    return _of_eye(space, numbers.split("/", 3)) if colon else _named(text)


def _of_digits(digits: str) -> int:
    """1–4 digits for each part, which are its most significant ones: ``#fff`` is #f0f0f0."""
    if len(digits) not in (3, 6, 9, 12) or not _HEX.fullmatch(digits):
        return -1
    size = len(digits) // 3
    parts = [int(digits[i : i + size].ljust(2, "0")[:2], 16) for i in range(0, 3 * size, size)]
    return _joined(parts)


def _of_parts(parts: list[str]) -> int:
    """1–4 digits for each part, scaled: ``rgb:f/ff/fff`` is white."""
    if len(parts) != 3 or not all(len(part) <= 4 and _HEX.fullmatch(part) for part in parts):
        return -1
    return _joined([int(part, 16) * 0xFFFF // (16 ** len(part) - 1) >> 8 for part in parts])


def _of_intensities(parts: list[str]) -> int:
    """Linear light from 0 to 1 for each part; how it becomes a value is X's own table."""
    if len(parts) != 3 or not all(_NUMBER.fullmatch(part) for part in parts):
        return -1
    levels = [float(part) for part in parts]
    if max(levels) > 1:
        return -1
    return _valued(levels)


def _of_eye(space: str, parts: list[str]) -> int:
    """Three numbers in a colour space of the CIE, or TekHVC."""
    if len(parts) != 3 or not all(_SIGNED.fullmatch(part) for part in parts):
        return -1
    first, second, third = [float(part) for part in parts]
    if max(abs(first), abs(second), abs(third)) > _LARGEST:
        return -1
    levels = intensities(space, (first, second, third))
    return _valued(list(levels)) if levels is not None else -1


def _valued(levels: list[float]) -> int:
    tables = _intensity_tables()
    return _joined([bisect_right(table, level) for table, level in zip(tables, levels, strict=True)])


def _joined(parts: list[int]) -> int:
    return parts[0] << 16 | parts[1] << 8 | parts[2]


def _named(name: str) -> int:
    if not _names:
        for line in read_text("x11", "colors.txt").splitlines():
            if not line.startswith("#"):
                value, _, known = line.partition(" ")
                _names[known] = int(value, 16)
    return _names.get(name, -1)


def _intensity_tables() -> list[list[float]]:
    """For each part, the smallest intensities that make the values 1–255."""
    if not _intensities:
        lines = [line.split() for line in read_text("x11", "intensities.txt").splitlines() if line[0] != "#"]
        _intensities.extend([[float(line[part]) for line in lines] for part in range(3)])
    return _intensities
