"""The lines of a view searched for links: candidates at once, links when they were looked up. Qt-free."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from podium.core.links.detection import find_links, is_numbered, settled
from podium.core.links.intervals import Intervals
from podium.core.links.targets import Answer, Candidate, Found, Target, WebLink
from podium.core.links.urls import candidate_of
from podium.ui.terminal.selection.logical_text import LineSource, LogicalText, Span, logical_text

MAX_LOOKED_UP: Final = 1000
"""Candidates of one scan that are looked up; the others are none."""
MAX_FOUND: Final = 2000
"""Addresses after which a scan of a view ends with its line."""
_HEADING_ROWS: Final = 60
"""A file is named at most so far above a line about it."""


class Link(NamedTuple):
    """A target and the cells that lead to it, in order."""

    target: Target
    spans: tuple[Span, ...]

    def covers(self, line: int, column: int) -> bool:
        return any(span.line == line and span.start <= column < span.end for span in self.spans)


class Wanted(NamedTuple):
    """A candidate to look up, and a line that was printed in its folder."""

    line: int
    candidate: Candidate


class _Scanned(NamedTuple):
    line: LogicalText
    found: tuple[Found, ...]


class Scan:
    """What some lines held when they were scanned."""

    def __init__(self, lines: list[_Scanned]) -> None:
        self._lines = lines
        self.wanted = tuple(
            Wanted(scanned.line.first, one.candidate)
            for scanned in lines
            for one in scanned.found
            if not isinstance(one.candidate, WebLink)
        )[:MAX_LOOKED_UP]

    def links(self, source: LineSource, answers: Sequence[Answer | None]) -> list[Link]:
        """The links in lines that are still as they were; ``answers`` has one for each of ``wanted``."""
        given = iter(answers)
        found: list[Link] = []
        for line, candidates in self._lines:
            own = [None if isinstance(one.candidate, WebLink) else next(given, None) for one in candidates]
            if line.is_current(source):
                found += [
                    Link(target, line.spans(start, end)) for start, end, target in settled(candidates, own)
                ]
        return found

    def covers(self, line: int, column: int) -> bool:
        """Whether something in a cell may be a link."""
        for scanned, candidates in self._lines:
            offset = scanned.offset(line, column)
            if offset is not None:
                return any(one.start <= offset < one.end for one in candidates)
        return False


def scan_view(source: LineSource, top: int, bottom: int) -> Scan:
    """Scan the rows from ``top`` up to, not including, ``bottom``, and the lines they are part of."""
    scanned: list[_Scanned] = []
    heading = _heading_above(source, top)
    number = top
    candidates = links = 0
    while number < bottom and links < MAX_FOUND:
        line = logical_text(source, number, top, bottom)
        found, heading = _scan_line(line, heading, addresses_only=candidates >= MAX_LOOKED_UP)
        looked_up = sum(not isinstance(one.candidate, WebLink) for one in found)
        candidates += looked_up
        links += len(found) - looked_up
        scanned.append(_Scanned(line, found))
        number = line.last + 1
    return Scan(scanned)


def scan_cell(source: LineSource, line: int) -> Scan:
    """Scan the line that a row is part of."""
    text = logical_text(source, line, line, line + 1)
    heading = _heading_above(source, text.first) if is_numbered(text.text) else ""
    return Scan([_Scanned(text, _scan_line(text, heading)[0])])


def _heading_above(source: LineSource, line: int) -> str:
    """The file that lines above ``line`` name for it."""
    texts: list[str] = []
    for number in range(line - 1, line - 1 - _HEADING_ROWS, -1):
        if source.line_at(number) is None:
            break
        text = LogicalText(source, number, number).text
        texts.append(text)
        if not (is_numbered(text) or text.rstrip() == "--"):
            break
    heading = ""
    for text in reversed(texts):
        heading = find_links(text, heading).heading
    return heading


def _scan_line(
    line: LogicalText, heading: str, *, addresses_only: bool = False
) -> tuple[tuple[Found, ...], str]:
    taken = Intervals()
    own: list[Found] = []
    for start, end, url in line.hyperlinks:
        candidate = candidate_of(url, start, end, line.text[start:end])
        taken.add(start, end)
        if candidate is not None:
            own.append(Found(start, end, candidate))
    found, heading = find_links(line.text, heading, addresses_only=addresses_only)
    detected = [
        one for one in found if taken.is_free(one.start, one.end) and not line.is_cut_at(one.start, one.end)
    ]
    return (*own, *detected), heading
