"""Paths in plain text: words that could be files, alone, in quotes, in brackets and before a line's number."""

import re
from collections.abc import Iterator
from typing import Final

from podium.core.links.addresses import is_path
from podium.core.links.characters import CLOSERS, FOREIGN, OPENERS, first_unbalanced
from podium.core.links.locations import readings
from podium.core.links.targets import FileCandidate, Found, Reading

MAX_TOKEN: Final = 1024
"""Characters of a path in a text; what is longer is something else."""
_MOST_STRIPPED: Final = 8
_TOKEN: Final = re.compile(rf"(?:\\[ ()&'\[\]]|[^{FOREIGN}\"'`<>|*?;,])+")
_SIGN: Final = re.compile(r"[/.:(\[#]")
"""What a path, or a place in a file, has somewhere."""
_QUOTED: Final = re.compile(
    rf"(?:\"([^\"]{{1,{MAX_TOKEN}}})\"|(?<!\w)'([^']{{1,{MAX_TOKEN}}})'|`([^`]{{1,{MAX_TOKEN}}})`"
    rf"|“([^“”]{{1,{MAX_TOKEN}}})”|‘([^‘’]{{1,{MAX_TOKEN}}})’)"
)
_ESCAPED: Final = re.compile(r"\\(.)")
_EXTENSION: Final = re.compile(r"[^/]*\.[A-Za-z0-9_+~-]{1,16}")
"""A last part with an extension, or a dot file."""
_TRAILING: Final = ".,;:!"


def find_paths(text: str) -> Iterator[Found]:
    """What could be files in ``text``; some may overlap. Takes time in proportion to the text."""
    for quoted in _QUOTED.finditer(text):
        start, end = next(span for number in range(1, 6) if (span := quoted.span(number))[0] >= 0)
        # Without a blank in it, it is a word like others.
        if " " in text[start:end] and _looks_like_path(text[start:end]):
            yield from _candidate(text, start, end)
    for token in _TOKEN.finditer(text):
        # Most words are plain ones.
        if token.end() - token.start() <= MAX_TOKEN and _SIGN.search(token[0]) is not None:
            start, end = _core(text, token.start(), token.end())
            yield from _candidate(text, start, end)
            # The name of a tool or a function before the bracket, as agents and Java have it.
            opening = text.find("(", start + 1, end)
            if opening >= 0 and text[end - 1] == ")":
                yield from _candidate(text, *_core(text, opening + 1, end - 1))


def _candidate(text: str, start: int, end: int) -> Iterator[Found]:
    found = tuple(
        _plain(reading)
        for reading in readings(text, start, end)
        if reading.line or _looks_like_path(reading.path)
    )
    found = tuple(reading for reading in found if is_path(reading.path))
    if found:
        yield Found(start, max(reading.end for reading in found), FileCandidate(found))


def _plain(reading: Reading) -> Reading:
    """Blanks and brackets without the backslashes that shells put before them."""
    return reading._replace(path=_ESCAPED.sub(r"\1", reading.path)) if "\\" in reading.path else reading


def _core(text: str, start: int, end: int) -> tuple[int, int]:
    """A word without the brackets and punctuation around it, and without an option or a link's text before it."""
    for mark in ("=", "]("):
        place = text.rfind(mark, start, end)
        if place >= 0:
            start = place + len(mark)
    for _ in range(_MOST_STRIPPED):
        before = start, end
        while end > start and text[end - 1] in _TRAILING:
            end -= 1
        if end > start and text[start] in OPENERS and _encloses(text, start, end):
            start += 1
        if end > start and text[end - 1] in CLOSERS and first_unbalanced(text[start:end]) == end - start - 1:
            end -= 1
        if (start, end) == before:
            break
    return start, end


def _encloses(text: str, start: int, end: int) -> bool:
    """Whether the bracket at ``start`` is closed by the last character, or by none."""
    inside = first_unbalanced(text[start + 1 : end])
    return inside >= end - start - 2


def _looks_like_path(path: str) -> bool:
    if path.startswith("//"):
        return False  # A comment, or another machine's.
    if "/" in path.strip("/") or (path.startswith("/") and len(path) > 1):
        return True
    last = path.rstrip("/").rpartition("/")[2]
    return bool(_EXTENSION.fullmatch(last)) and not last.replace(".", "").isdigit()
