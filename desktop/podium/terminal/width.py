"""How many columns a code point takes and what joins the cell before it.

The tables are those of wcwidth. A regular expression made of them splits text into simple narrow runs, simple
wide runs and single code points that need thought, so that most Unicode text never meets a per-character test.
"""

import re
from typing import Final

from wcwidth import wcwidth
from wcwidth.table_grapheme import EXTENDED_PICTOGRAPHIC
from wcwidth.table_vs16 import VS16_NARROW_TO_WIDE
from wcwidth.table_wide import WIDE_EASTASIAN
from wcwidth.table_zero import ZERO_WIDTH

Ranges = list[tuple[int, int]]

ZERO_WIDTH_JOINER: Final = "\u200d"
EMOJI_PRESENTATION: Final = "\ufe0f"
MAX_MARKS: Final = 16
"""Code points that may join one cell; a longer pile is an attack on the painter."""

_REGIONAL_FIRST: Final = 0x1F1E6
_REGIONAL_LAST: Final = 0x1F1FF
_TONE_FIRST: Final = 0x1F3FB
_TONE_LAST: Final = 0x1F3FF
_LAST_CODE_POINT: Final = 0x10FFFF
_CACHE_LIMIT: Final = 8192


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


def _class(ranges: Ranges) -> str:
    return "[" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges) + "]"


_PICTOGRAPHS: Final = _merged(_newest(EXTENDED_PICTOGRAPHIC))
_VS16: Final = frozenset(
    code for first, last in _newest(VS16_NARROW_TO_WIDE) for code in range(first, last + 1)
)
_JOINING: Final = _merged([*_PICTOGRAPHS, (_REGIONAL_FIRST, _REGIONAL_LAST), (_TONE_FIRST, _TONE_LAST)])
_ZERO: Final = _merged(_newest(ZERO_WIDTH))
_WIDE: Final = _without(_merged(_newest(WIDE_EASTASIAN)), _ZERO)
# Surrogates can't be decoded, so they never appear; keep the class free of them all the same.
_NARROW: Final = _without(
    [(0x20, 0x7E), (0xA0, 0xD7FF), (0xE000, _LAST_CODE_POINT)], _merged([*_ZERO, *_WIDE, *_JOINING])
)
SPLIT: Final = re.compile(f"({_class(_NARROW)}+)|({_class(_without(_WIDE, _JOINING))}+)|(.)", re.DOTALL)
"""Groups: a run of simple narrow characters, a run of simple wide ones, one code point that needs thought."""

_pictographs: Final = re.compile(_class(_PICTOGRAPHS))
_widths: dict[str, int] = {}


def char_width(char: str) -> int:
    """Columns of one code point: 0, 1 or 2. Controls that got this far count as 0."""
    width = _widths.get(char, -1)
    if width < 0:
        if len(_widths) >= _CACHE_LIMIT:
            _widths.clear()
        width = max(0, wcwidth(char))
        _widths[char] = width
    return width


def is_pictograph(char: str) -> bool:
    """Extended_Pictographic: may stand on either side of a zero-width joiner."""
    return _pictographs.match(char) is not None


def joins(cluster: str, char: str) -> bool:
    """Does ``char``, which has a width of its own, belong to the cell that holds ``cluster``?"""
    code = ord(char)
    if _REGIONAL_FIRST <= code <= _REGIONAL_LAST:
        return len(cluster) == 1 and _REGIONAL_FIRST <= ord(cluster) <= _REGIONAL_LAST
    if _TONE_FIRST <= code <= _TONE_LAST:
        return is_pictograph(cluster[0]) and cluster[-1] != ZERO_WIDTH_JOINER and not _has_tone(cluster)
    return cluster[-1] == ZERO_WIDTH_JOINER and is_pictograph(char) and is_pictograph(cluster[0])


def _has_tone(cluster: str) -> bool:
    return _TONE_FIRST <= ord(cluster[-1]) <= _TONE_LAST


def widens(cluster: str) -> bool:
    """Does the emoji presentation selector make this one-column cluster two columns wide?"""
    return len(cluster) == 1 and ord(cluster) in _VS16
