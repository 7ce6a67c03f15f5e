"""wcwidth's tables as ranges and regular expressions.

A module of its own because it is worked out once, at import: mypyc would make megabytes of C of the tables.
"""

import re
from functools import cache
from typing import Final

from wcwidth.table_grapheme import EXTENDED_PICTOGRAPHIC, INCB_CONSONANT, INCB_LINKER
from wcwidth.table_mc import CATEGORY_MC
from wcwidth.table_vs16 import VS16_NARROW_TO_WIDE
from wcwidth.table_wide import WIDE_EASTASIAN
from wcwidth.table_zero import ZERO_WIDTH

Ranges = list[tuple[int, int]]

REGIONAL_FIRST: Final = 0x1F1E6
REGIONAL_LAST: Final = 0x1F1FF
TONE_FIRST: Final = 0x1F3FB
TONE_LAST: Final = 0x1F3FF
_LAST_CODE_POINT: Final = 0x10FFFF


def _newest(table: object) -> Ranges:
    """wcwidth keeps its tables by Unicode version in some releases and bare in others."""
    if isinstance(table, dict):
        table = table[list(table)[-1]]
    assert isinstance(table, tuple | list)
    return [(int(first), int(last)) for first, last in table]


def _merged(ranges: Ranges) -> Ranges:
    merged: Ranges = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _without(ranges: Ranges, holes: Ranges) -> Ranges:
    """``ranges`` minus ``holes``; both sorted and merged."""
    left: Ranges = []
    for first, last in ranges:
        start = first
        for hole_first, hole_last in holes:
            if hole_last < start:
                continue
            if hole_first > last:
                break
            if hole_first > start:
                left.append((start, hole_first - 1))
            start = hole_last + 1
        if start <= last:
            left.append((start, last))
    return left


def _characters(ranges: Ranges) -> frozenset[str]:
    return frozenset(chr(code) for first, last in ranges for code in range(first, last + 1))


def _class(ranges: Ranges) -> str:
    return "[" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges) + "]"


_PICTOGRAPHS: Final = _merged(_newest(EXTENDED_PICTOGRAPHIC))
VS16: Final = _characters(_newest(VS16_NARROW_TO_WIDE))
"""Narrow characters that the emoji presentation selector makes wide."""
SPACING_MARKS: Final = _characters(_newest(CATEGORY_MC))
"""General category Mc: marks that stand beside their base, in a column of their own."""
LINKERS: Final = _characters(_newest(INCB_LINKER))
"""Viramas: the consonant after one makes a conjunct with what is before it."""
CONSONANTS: Final = _characters(_newest(INCB_CONSONANT))
"""Consonants of the scripts that have linkers."""
_JOINING: Final = _merged([*_PICTOGRAPHS, (REGIONAL_FIRST, REGIONAL_LAST), (TONE_FIRST, TONE_LAST)])
_ZERO: Final = _merged(_newest(ZERO_WIDTH))
_WIDE: Final = _without(_merged(_newest(WIDE_EASTASIAN)), _ZERO)
# Surrogates can't be decoded, so they never appear; keep the class free of them all the same.
_NARROW: Final = _without(
    [(0x20, 0x7E), (0xA0, 0xD7FF), (0xE000, _LAST_CODE_POINT)], _merged([*_ZERO, *_WIDE, *_JOINING])
)
_SIMPLE_WIDE: Final = _without(_WIDE, _JOINING)


@cache
def simple() -> re.Pattern[str]:
    """A run of characters that are one or two columns wide and join nothing.

    Made when it is wanted, as are the others: each takes as long as a tenth of a worker's start.
    """
    return re.compile(_class(_merged([*_NARROW, *_SIMPLE_WIDE])) + "+")


@cache
def narrow_or_wide() -> re.Pattern[str]:
    """Such a run in pieces of one width: group 1 is narrow, group 2 wide."""
    return re.compile(f"({_class(_NARROW)}+)|({_class(_SIMPLE_WIDE)}+)")


@cache
def lone_narrow_or_wide() -> re.Pattern[str]:
    """Characters of one or two columns in such pieces. Where there are no others, none of them joins another one."""
    joining = _merged([(REGIONAL_FIRST, REGIONAL_LAST), (TONE_FIRST, TONE_LAST)])
    pictographs = _without(_without(_PICTOGRAPHS, joining), _ZERO)
    narrow = _merged([*_NARROW, *_without(pictographs, _WIDE)])
    wide = _without(_WIDE, joining)
    return re.compile(f"({_class(narrow)}+)|({_class(wide)}+)")


@cache
def pictographs() -> re.Pattern[str]:
    """Extended_Pictographic: may stand on either side of a zero-width joiner."""
    return re.compile(_class(_PICTOGRAPHS))


SPECIAL: Final = 0
SIMPLE_NARROW: Final = 1
SIMPLE_WIDE: Final = 2


def _kinds() -> bytes:
    kinds = bytearray(KINDS_LIMIT)
    for ranges, kind in ((_NARROW, SIMPLE_NARROW), (_SIMPLE_WIDE, SIMPLE_WIDE)):
        for first, last in ranges:
            end = min(last + 1, KINDS_LIMIT)
            kinds[first:end] = bytes((kind,)) * (end - first)
    return bytes(kinds)


KINDS_LIMIT: Final = 0x20000
KINDS: Final = _kinds()
"""For each code point below KINDS_LIMIT whether it is simple, and how wide: what compiled code looks up."""


def is_simple_wide(code: int) -> bool:
    """Whether a code point takes two columns and joins nothing."""
    return any(first <= code <= last for first, last in _SIMPLE_WIDE)
