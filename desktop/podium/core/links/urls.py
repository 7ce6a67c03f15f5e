"""Addresses in plain text: where each begins, and where it ends and the sentence around it goes on."""

import re
from collections.abc import Iterator
from typing import Final

from podium.core.links.addresses import MAX_LINK, file_of, fragment_of, is_link
from podium.core.links.characters import FOREIGN, OPENERS, first_unbalanced
from podium.core.links.locations import located_file
from podium.core.links.targets import Candidate, FileCandidate, Found, WebLink

_START: Final = re.compile(r"(?<![A-Za-z0-9])(?:https?://|file://|mailto:)", re.IGNORECASE)
_BODY: Final = re.compile(rf"[^{FOREIGN}<>\"`|\\^]+")
_NEXT: Final = re.compile(
    r"[,;](?:https?://|file://|mailto:)|&(?:quot|apos|gt|lt|#\d{1,4});|\x27s$", re.IGNORECASE
)
"""The place where another address begins, or an escaped quotation mark ends this one."""
_AFTER: Final = ".,;:!?'"
_EMPHASIS: Final = "*_~"


def find_addresses(text: str) -> Iterator[Found]:
    """The addresses in ``text``, in their order; one that is too long is none. Takes time in proportion to the text."""
    place = 0
    while (start := _START.search(text, place)) is not None:
        body = _BODY.match(text, start.start())
        end = body.end() if body is not None else start.end()
        place = max(end, start.end())
        if end - start.start() > 2 * MAX_LINK:
            continue
        before = text[start.start() - 1 : start.start()]
        url = trimmed(text[start.start() : end], before)
        place = max(start.start() + len(url), start.end())
        end = start.start() + len(url)
        candidate = candidate_of(url, start.start(), end)
        if candidate is not None:
            yield Found(start.start(), end, candidate)


def candidate_of(url: str, start: int, end: int, named: str = "") -> Candidate | None:
    """An address as a link at characters [start, end); None for one that may not be offered. ``named`` is the text
    of a hyperlink.
    """
    if not is_link(url):
        return None
    path = file_of(url)
    return FileCandidate(located_file(path, fragment_of(url), start, end)) if path else WebLink(url, named)


def trimmed(url: str, before: str = "") -> str:
    """``url`` without what belongs to the text around it; ``before`` is the character in front of it."""
    if before == "'":
        url = url.partition("'")[0]
    if (other := _NEXT.search(url)) is not None:
        url = url[: other.start()]
    url = url[: first_unbalanced(url)]
    after = _AFTER + "".join(OPENERS) + (before if before and before in _EMPHASIS else "")
    return url.rstrip(after)
