"""Searching lines that were kept of a session, for when none runs. Goes through all of them, and may wait for another
process: not for the window's thread.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from typing import NamedTuple

from podium.core.finding.needle import Needle, searched_text
from podium.core.finding.pattern_messages import SearchLines
from podium.core.finding.query import SearchQuery
from podium.core.protocol.finding import MAX_FOUND_LINES, Find, FindLines
from podium.core.protocol.frames import Line, Run
from podium.core.protocol.line_flow import whole_row
from podium.core.protocol.reports import (
    MAX_MATCHES,
    ErrorReport,
    FoundLine,
    FoundLinesReport,
    FoundReport,
    Match,
    found_line,
)
from podium.core.system.pattern_search import search_lines


class KeptLines(NamedTuple):
    """Lines of a terminal ``columns`` wide; the first has the absolute number ``first`` in this ``line_epoch``."""

    lines: Sequence[Line]
    columns: int
    first: int
    line_epoch: int


class _Logical(NamedTuple):
    """A line as it was before it was wrapped: ``rows`` are its lines, the first of number ``number``."""

    number: int
    rows: Sequence[Line]
    text: str


class _Hit(NamedTuple):
    line: _Logical
    start: int
    end: int


def answer_find(kept: KeptLines, wanted: Find | FindLines) -> FoundReport | FoundLinesReport | ErrorReport:
    """The whole answer to a search of ``kept``."""
    if wanted.query.fault:
        return ErrorReport(wanted.query.fault, wanted.request)
    logical = list(_logical_lines(kept))
    hits, total, fault = _search(logical, wanted.query)
    if fault:
        return ErrorReport(fault, wanted.request)
    if isinstance(wanted, Find):
        matches = tuple(_place(hit, kept.columns) for hit in hits)
        return FoundReport(
            wanted.request, kept.line_epoch, False, 0, None, matches, total, len(kept.lines), complete=True
        )
    grouped = [list(of_line) for _, of_line in groupby(hits, key=lambda hit: hit.line.number)]
    most = max(0, min(wanted.most, MAX_FOUND_LINES))
    lines = tuple(_found_line(of_line) for of_line in grouped[:most])
    return FoundLinesReport(wanted.request, kept.line_epoch, lines, total)


def _search(lines: Sequence[_Logical], query: SearchQuery) -> tuple[list[_Hit], int, str]:
    """The newest matches, newest first, the number of all, and why there are none."""
    newest = lines[::-1]
    if query.regex:
        found = search_lines(SearchLines(query, tuple(line.text for line in newest), MAX_MATCHES))
        hits = [_Hit(newest[number], start, end) for number, start, end in found.spans]
        return sorted(hits, key=lambda hit: (-hit.line.number, -hit.start)), found.count, found.fault
    needle = Needle(query)
    hits = [_Hit(line, *span) for line in newest for span in reversed(needle.spans(line.text))]
    return hits[:MAX_MATCHES], len(hits), ""


def _logical_lines(kept: KeptLines) -> Iterator[_Logical]:
    start = 0
    for end, line in enumerate(kept.lines, 1):
        if not line.wrapped or end == len(kept.lines):
            rows = kept.lines[start:end]
            cells = _cells(rows, kept.columns)
            yield _Logical(kept.first + start, rows, "".join(text for text, _, _ in cells).rstrip(" "))
            start = end


def _cells(rows: Sequence[Line], columns: int) -> Iterator[tuple[str, int, int]]:
    """The text of each cell, where it begins, counted from the first row's first column, and its width."""
    for y, row in enumerate(rows):
        at = y * columns
        runs = whole_row(row, columns) if y + 1 < len(rows) else row.runs
        for text, width in chain.from_iterable(map(_run_cells, runs)):
            yield text, at, width
            at += width


def _run_cells(run: Run) -> Iterator[tuple[str, int]]:
    if run.width < 0:
        yield searched_text(run.text), -run.width
        return
    for char in run.text:
        yield searched_text(char), run.width


def _place(hit: _Hit, columns: int) -> Match:
    """The cells of a match."""
    cells = [(at, width) for text, at, width in _cells(hit.line.rows, columns) for _ in text]
    first, (last, width) = cells[hit.start][0], cells[hit.end - 1]
    number = hit.line.number
    return Match(number + first // columns, first % columns, number + last // columns, last % columns + width)


def _found_line(hits: Sequence[_Hit]) -> FoundLine:
    line = hits[0].line
    return found_line(line.number, line.text, [(hit.start, hit.end) for hit in reversed(hits)])
