"""What a double click takes as a whole: an address, a path, a quoted text."""

from typing import Final

from podium.core.links.paths import find_paths
from podium.core.links.targets import FileCandidate
from podium.core.links.urls import find_addresses

_QUOTES: Final = {"“": "”", "‘": "’", "«": "»", "„": "“"}
_STRAIGHT: Final = "\"'`"


def unit_around(text: str, place: int, *, paths: bool = True) -> tuple[int, int] | None:
    """Characters [start, end) around ``place``; None where there is but a word. A quoted text is taken by one of its
    quotation marks. Without ``paths``, a path is words.
    """
    for address in find_addresses(text):
        if address.start <= place < address.end:
            return address.start, address.end
    if (quoted := _quoted(text, place)) is not None:
        return quoted
    for path in find_paths(text) if paths else ():
        assert isinstance(path.candidate, FileCandidate)
        start, end, name, line, _ = path.candidate.readings[0]
        if start <= place < end and ("/" in name or line):
            return start, end
    return None


def _quoted(text: str, place: int) -> tuple[int, int] | None:
    """The inside of the quotation marks of which one is at ``place``."""
    mark = text[place]
    if mark in _STRAIGHT:
        marks = [at for at, one in enumerate(text) if one == mark and not _is_apostrophe(text, at)]
        if place not in marks:
            return None
        number = marks.index(place)
        if number % 2:
            start, end = marks[number - 1] + 1, place
        elif number + 1 < len(marks):
            start, end = place + 1, marks[number + 1]
        else:
            return None
    elif mark in _QUOTES and (end := text.find(_QUOTES[mark], place + 1)) > 0:
        start = place + 1
    else:
        opening = next((one for one, closing in _QUOTES.items() if closing == mark), "")
        start, end = (text.rfind(opening, 0, place) + 1 if opening else 0), place
    return (start, end) if 0 < start < end else None


def _is_apostrophe(text: str, place: int) -> bool:
    return text[place] == "'" and text[place - 1 : place].isalnum() and text[place + 1 : place + 2].isalnum()
