"""Widths of code points, and of clusters: the characters that share a cell. The tables are those of wcwidth.

A cluster is one cell of one or two columns, whatever it is made of: its base and the marks on it; an emoji with its
selector, its tone and what joiners add; a flag of two letters; a syllable of an Indic script with its spacing marks
and conjuncts. What would take a third column joins the second. Without grapheme clusters (mode 2027) each code point
counts for itself.
"""

from typing import Final

from wcwidth import wcwidth

from podium.terminal.screen.width_tables import (
    CONSONANTS,
    LINKERS,
    REGIONAL_FIRST,
    REGIONAL_LAST,
    SPACING_MARKS,
    TONE_FIRST,
    TONE_LAST,
    VS16,
    pictographs,
)

ZERO_WIDTH_JOINER: Final = "\u200d"
EMOJI_PRESENTATION: Final = "\ufe0f"
TEXT_PRESENTATION: Final = "\ufe0e"
MAX_MARKS: Final = 16
"""Code points that may join one cell; a longer pile is an attack on the painter."""
MAX_CLUSTER: Final = 1 + MAX_MARKS
_CACHE_LIMIT: Final = 8192
_widths: dict[str, int] = {}


def char_width(char: str) -> int:
    """Columns of one code point by itself: 0, 1 or 2. Controls that got this far count as 0."""
    width = _widths.get(char, -1)
    if width < 0:
        if len(_widths) >= _CACHE_LIMIT:
            _widths.clear()
        width = 1 if is_spacing_mark(char) else max(0, wcwidth(char))
        _widths[char] = width
    return width


def is_spacing_mark(char: str) -> bool:
    """General category Mc: a mark with a column of its own beside its base."""
    return char in SPACING_MARKS


def is_pictograph(char: str) -> bool:
    """Extended_Pictographic: may stand on either side of a zero-width joiner."""
    return pictographs().match(char) is not None


def awaits_consonant(cluster: str) -> bool:
    """Whether a consonant after ``cluster`` makes a conjunct with it."""
    if not cluster:
        return False
    last = cluster[-1]
    if last == ZERO_WIDTH_JOINER:
        last = cluster.rstrip(ZERO_WIDTH_JOINER)[-1:]
    return last in LINKERS


def joins(cluster: str, char: str) -> bool:
    """Does ``char``, which has a width of its own and is no mark, belong to the cell that holds ``cluster``?"""
    if len(cluster) >= MAX_CLUSTER or not cluster:
        return False
    code = ord(char)
    if REGIONAL_FIRST <= code <= REGIONAL_LAST:
        return len(cluster) == 1 and REGIONAL_FIRST <= ord(cluster) <= REGIONAL_LAST
    if TONE_FIRST <= code <= TONE_LAST:
        return is_pictograph(cluster[0]) and cluster[-1] != ZERO_WIDTH_JOINER and not _has_tone(cluster)
    if char in CONSONANTS:
        return awaits_consonant(cluster)
    return cluster[-1] == ZERO_WIDTH_JOINER and is_pictograph(char) and is_pictograph(cluster[0])


def _has_tone(cluster: str) -> bool:
    return TONE_FIRST <= ord(cluster[-1]) <= TONE_LAST


def widens(cluster: str, char: str) -> bool:
    """Whether ``char``, which joins a cell of one column that holds ``cluster``, makes it one of two."""
    if char == EMOJI_PRESENTATION:
        chosen = EMOJI_PRESENTATION in cluster or TEXT_PRESENTATION in cluster
        return cluster[0] in VS16 and not chosen
    return TONE_FIRST <= ord(char) <= TONE_LAST or char in SPACING_MARKS or char in CONSONANTS


def halves(cluster: str) -> tuple[str, str]:
    """What the columns of a cell of two columns show when it is cut between them: nothing of an emoji or a wide
    character, but of a syllable that took its second column later each column the first character that got it.
    """
    if not cluster or char_width(cluster[0]) != 1 or is_pictograph(cluster[0]):
        return "", ""
    later = [
        number
        for number, char in enumerate(cluster)
        if number and (char in SPACING_MARKS or char in CONSONANTS)
    ]
    if not later:
        return "", ""
    return cluster[: later[0]], cluster[later[0] : later[1] if len(later) > 1 else len(cluster)]
