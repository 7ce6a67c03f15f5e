"""All links in a terminal's lines. Each line is a whole one, put together of the rows it was wrapped over."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from podium.core.links.intervals import Intervals
from podium.core.links.paths import find_paths
from podium.core.links.targets import Answer, CommitCandidate, FileCandidate, Found, Reading, Target, WebLink
from podium.core.links.urls import find_addresses

_COMMIT: Final = re.compile(
    r"(?:(?<![0-9A-Za-z_-])|(?<=-g))[0-9A-Fa-f]{7,40}(?![0-9A-Za-z_]|-(?!dirty))",
)
"""Also what ``git describe`` puts behind a tag."""
_NUMBERED: Final = re.compile(r"\s*(\d{1,7})(?:[:-](\d{1,7}))?(?=[:\s-])")
"""A line of a file named above it, as ripgrep and eslint print them."""


_KEPT_TEXT: Final = 512
_KEPT: Final = 1024
"""Lines whose links are kept, and their most characters."""
MOST_FOUND: Final = 1_000
"""Candidates of each kind in one line; the others are left out."""


class LineLinks(NamedTuple):
    """The links of a line, and the file that the lines below it may be about."""

    found: tuple[Found, ...]
    heading: str = ""


def find_links(text: str, heading: str = "", *, addresses_only: bool = False) -> LineLinks:
    """The candidates in a line, those that count more first. ``heading`` is what the line above left.
    ``addresses_only`` leaves out what has to be looked up.
    """
    if addresses_only:
        return LineLinks(tuple(islice(find_addresses(text), MOST_FOUND)))
    # The same lines are searched again and again while output scrolls.
    return _find_again(text, heading) if len(text) <= _KEPT_TEXT else _find(text, heading)


def _find(text: str, heading: str) -> LineLinks:
    addresses = Intervals()
    found = [one for one in islice(find_addresses(text), MOST_FOUND) if addresses.add(one.start, one.end)]
    files = [one for one in islice(find_paths(text), MOST_FOUND) if addresses.is_free(one.start, one.end)]
    ids = islice(_find_commits(text), MOST_FOUND)
    commits = [one for one in ids if addresses.is_free(one.start, one.end)]
    next_heading = _heading(text, files)
    if heading and not next_heading and (numbered := _NUMBERED.match(text)) is not None:
        start, end = numbered.start(1), numbered.end()
        reading = Reading(start, end, heading, int(numbered[1]), int(numbered[2] or 0))
        found.append(Found(start, end, FileCandidate((reading,))))
        next_heading = heading
    elif heading and text.rstrip() == "--":
        next_heading = heading
    return LineLinks((*found, *files, *commits), next_heading)


_find_again = lru_cache(_KEPT)(_find)


def is_numbered(text: str) -> bool:
    """Whether a line may be about a file that a line above it names."""
    return _NUMBERED.match(text) is not None


def _heading(text: str, files: list[Found]) -> str:
    """The file that the line names and nothing else."""
    stripped = text.strip()
    for one in files:
        if isinstance(one.candidate, FileCandidate):
            reading = one.candidate.readings[0]
            if not reading.line and text[reading.start : reading.end] == stripped:
                return reading.path
    return ""


def _find_commits(text: str) -> Iterator[Found]:
    for found in _COMMIT.finditer(text):
        yield Found(found.start(), found.end(), CommitCandidate(found[0].lower()))


def settled(found: Sequence[Found], answers: Sequence[Answer | None]) -> list[tuple[int, int, Target]]:
    """The links that are: (start, end, target), in the order of the text, none over another. ``answers`` has one for
    each of ``found``, None where nothing is there; addresses need none.
    """
    taken = Intervals()
    chosen: list[tuple[int, int, Target]] = []
    for one, answer in zip(found, answers, strict=True):
        start, end, candidate = one
        if isinstance(candidate, WebLink):
            target: Target = candidate
        elif answer is None:
            continue
        else:
            target = answer.target
            if isinstance(candidate, FileCandidate):
                start, end = candidate.readings[answer.reading][:2]
        if taken.add(start, end):
            chosen.append((start, end, target))
    return sorted(chosen)
