"""Places in files: the path, the line and the column, as compilers, tests and searches write them."""

import re
from typing import Final

from podium.core.links.targets import Reading

_NUMBER: Final = r"(\d{1,7})"
_COLON: Final = re.compile(rf":L?{_NUMBER}(?:[:.]{_NUMBER})?(?:-\d{{1,7}})?(?![\w/])")
_ANCHOR: Final = re.compile(rf"#L{_NUMBER}(?:C{_NUMBER})?(?:-L?\d{{1,7}}(?:C\d{{1,7}})?)?(?!\w)")
_BRACKETS: Final = re.compile(rf"[(\[]{_NUMBER}(?:(?:, ?|:){_NUMBER})?[)\]](?![\w/.]|-(?!\())")
_WORDS: Final = re.compile(
    rf"[\"'’”`]?[,:]? (?:on |at )?lines? {_NUMBER}"
    rf"(?:,? (?:col(?:umn)?|char(?:acter)?s?) {_NUMBER}(?:-\d{{1,7}})?)?(?!\w)",
    re.IGNORECASE,
)
_PREFIX: Final = re.compile(r"(?:[abciow]/|@)(?=.)")
"""What git puts before the two sides of a diff, and agents before the name of a file."""


def readings(text: str, start: int, end: int) -> tuple[Reading, ...]:
    """The ways to read characters [start, end) of ``text`` as a file and a place in it, the likeliest first."""
    found: list[Reading] = []
    token = text[start:end]
    place = _location(text, start, end)
    if place is not None:
        found.append(place)
    else:
        if (words := _WORDS.match(text, end)) is not None:
            found.append(Reading(start, words.end(), token, *_numbers(words)))
        colon = token.find(":", 1)
        if colon > 0:
            found += (Reading(start, end, token), Reading(start, start + colon, token[:colon]))
        else:
            found.append(Reading(start, end, token))
    if place is not None:
        found.append(Reading(start, end, token))
    bare = [
        reading._replace(path=reading.path[prefix.end() :])
        for reading in found
        if (prefix := _PREFIX.match(reading.path)) is not None
    ]
    return tuple(reading for reading in found + bare if _names_something(reading.path))


def located_file(path: str, fragment: str, start: int, end: int) -> tuple[Reading, ...]:
    """The same for a path that an address named, with what stood behind its ``#``; all of it is [start, end)."""
    anchored = _ANCHOR.fullmatch(f"#{fragment}")
    if anchored is not None:
        return (Reading(start, end, path, *_numbers(anchored)),)
    found = _location(path, 0, len(path))
    whole = Reading(start, end, path)
    if found is None or found.end != len(path):
        return (whole,)
    return (whole._replace(path=found.path, line=found.line, column=found.column), whole)


def _location(text: str, start: int, end: int) -> Reading | None:
    for pattern in (_BRACKETS, _ANCHOR, _COLON):
        # The brackets of tsc hold a comma, which no path in a text does: they go on behind its end.
        found = pattern.search(text, start, min(len(text), end + 16) if pattern is _BRACKETS else end)
        if found is not None and start < found.start() < end:
            path = text[start : found.start()].rstrip(":")
            if any(not character.isdigit() for character in path) and "::" not in path:
                return Reading(start, found.end(), path, *_numbers(found))
    return None


def _numbers(found: re.Match[str]) -> tuple[int, int]:
    return int(found[1]), int(found[2] or 0)


def _names_something(path: str) -> bool:
    return bool(path.strip("./~"))
