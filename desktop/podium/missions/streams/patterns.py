"""Lines of text as objects: what a rule's pattern finds on them."""

import re
from functools import lru_cache
from typing import Any, Final, NamedTuple

from podium.core.adapters.check import CAPTURE
from podium.core.adapters.line_paths import as_number

_LOOKED_AT: Final = 2000
"""Characters of a line that patterns see."""
_NUMBER: Final = r"([0-9][0-9,]{0,15}(?:\.[0-9]{1,9})?[kKmM]?)"


class _Segment(NamedTuple):
    """The part of a pattern between two wildcards: fixed text and numbers."""

    expression: re.Pattern[str]
    numbers: tuple[str, ...]
    after: str
    """The word for any text behind it; empty at the end of the pattern."""


def matched(pattern: str, text: str) -> dict[str, Any] | None:
    """The values of the words in braces of ``pattern`` on the line ``text``; None if it is not there.

    Numbers are numbers: 2.5k is 2500. The first place where each piece fits is taken, so the time it takes grows with
    the line alone.
    """
    text = text[:_LOOKED_AT]
    found: dict[str, Any] = {}
    position = 0
    word = ""
    for segment in _segments(pattern):
        match = segment.expression.search(text, position)
        if match is None:
            return None
        if word:
            found[word] = text[position : match.start()].strip()
        found |= {
            name: as_number(digits, 1e15)
            for name, digits in zip(segment.numbers, match.groups(), strict=True)
        }
        position, word = match.end(), segment.after
    if word:
        found[word] = text[position:].strip()
    return found


@lru_cache(maxsize=512)
def _segments(pattern: str) -> tuple[_Segment, ...]:
    segments: list[_Segment] = []
    parts: list[str] = []
    numbers: list[str] = []
    position = 0
    for word in CAPTURE.finditer(pattern):
        parts.append(re.escape(pattern[position : word.start()]))
        position = word.end()
        if word[2]:
            parts.append(_NUMBER)
            numbers.append(word[1])
        else:
            segments.append(_segment(parts, numbers, word[1]))
            parts, numbers = [], []
    parts.append(re.escape(pattern[position:]))
    if "".join(parts) or not segments:  # Else the last word goes on to the end of the line.
        segments.append(_segment(parts, numbers, ""))
    return tuple(segments)


def _segment(parts: list[str], numbers: list[str], after: str) -> _Segment:
    return _Segment(re.compile("".join(parts), re.IGNORECASE), tuple(numbers), after)
