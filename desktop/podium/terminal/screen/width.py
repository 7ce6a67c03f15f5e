"""Widths of code points, and those that join the cell before them. The tables are those of wcwidth."""

from typing import Final

from wcwidth import wcwidth

from podium.terminal.screen.width_tables import (
    REGIONAL_FIRST,
    REGIONAL_LAST,
    TONE_FIRST,
    TONE_LAST,
    VS16,
    pictographs,
)

ZERO_WIDTH_JOINER: Final = "\u200d"
EMOJI_PRESENTATION: Final = "\ufe0f"
MAX_MARKS: Final = 16
"""Code points that may join one cell; a longer pile is an attack on the painter."""
_CACHE_LIMIT: Final = 8192
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
    return pictographs().match(char) is not None


def joins(cluster: str, char: str) -> bool:
    """Does ``char``, which has a width of its own, belong to the cell that holds ``cluster``?"""
    code = ord(char)
    if REGIONAL_FIRST <= code <= REGIONAL_LAST:
        return len(cluster) == 1 and REGIONAL_FIRST <= ord(cluster) <= REGIONAL_LAST
    if TONE_FIRST <= code <= TONE_LAST:
        return is_pictograph(cluster[0]) and cluster[-1] != ZERO_WIDTH_JOINER and not _has_tone(cluster)
    return cluster[-1] == ZERO_WIDTH_JOINER and is_pictograph(char) and is_pictograph(cluster[0])


def _has_tone(cluster: str) -> bool:
    return TONE_FIRST <= ord(cluster[-1]) <= TONE_LAST


def widens(cluster: str) -> bool:
    """Whether the emoji presentation selector makes this one-column cluster two columns wide."""
    return len(cluster) == 1 and ord(cluster) in VS16
