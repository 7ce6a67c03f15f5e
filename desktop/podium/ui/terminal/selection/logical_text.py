"""A line of the terminal put together of the rows it was wrapped over: text, and where its characters are. Qt-free."""

from bisect import bisect_right
from typing import Final, NamedTuple, Protocol

from podium.core.protocol.frames import DEFAULT_ATTRIBUTES
from podium.ui.terminal.model.cells import cells, whole_row
from podium.ui.terminal.model.line_cache import StyledLine

MAX_OUTSIDE: Final = 4096
"""Characters of a line that are read above, and below, the rows in question: a line may be as long as memory is."""


class LineSource(Protocol):
    """Lines by absolute number."""

    @property
    def columns(self) -> int: ...

    def line_at(self, number: int) -> StyledLine | None: ...


class Span(NamedTuple):
    """Columns [start, end) of the row with the absolute number ``line``."""

    line: int
    start: int
    end: int


class Hyperlink(NamedTuple):
    """Characters [start, end) that the program itself made a link (OSC 8)."""

    start: int
    end: int
    url: str


class LogicalText:
    """The rows ``first`` to ``last`` as one text. Rows that are not known are empty."""

    def __init__(self, source: LineSource, first: int, last: int) -> None:
        self.first = first
        self.last = last
        self.cut_above = _is_wrapped(source, first - 1)
        """The line begins further above."""
        self.cut_below = _is_wrapped(source, last)
        self.hyperlinks: list[Hyperlink] = []
        self._rows = [source.line_at(number) for number in range(first, last + 1)]
        self._starts: list[int] = []
        self._columns: list[list[int]] = []
        """For each row, the column of each of its characters."""
        parts: list[str] = []
        size = 0
        for place, styled in enumerate(self._rows):
            below = self._rows[place + 1] if place + 1 < len(self._rows) else None
            text, columns = _row_text(styled, below, source.columns)
            self._starts.append(size)
            self._columns.append(columns)
            if styled is not None:
                self._add_hyperlinks(styled, columns, size)
            parts.append(text)
            size += len(text)
        self.text = "".join(parts)

    def is_cut_at(self, start: int, end: int) -> bool:
        """Whether characters [start, end) may go on where the line was cut."""
        return (self.cut_above and start == 0) or (self.cut_below and end == len(self.text))

    def is_current(self, source: LineSource) -> bool:
        """Whether the rows still show what they showed."""
        for number, styled in enumerate(self._rows, self.first):
            now = source.line_at(number)
            if now is not styled and (now is None or styled is None or now.line != styled.line):
                return False
        return True

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """The cells of characters [start, end), row by row."""
        found: list[Span] = []
        for place, (offset, columns) in enumerate(zip(self._starts, self._columns, strict=True)):
            first, last = max(0, start - offset), min(len(columns), end - offset) - 1
            if first <= last:
                right = self._right_edge(place, columns[last])
                found.append(Span(self.first + place, columns[first], right))
        return tuple(found)

    def offset(self, line: int, column: int) -> int | None:
        """The character in a cell; None where the row has none."""
        if not self.first <= line <= self.last:
            return None
        columns = self._columns[line - self.first]
        place = bisect_right(columns, column) - 1
        if place < 0 or column >= self._right_edge(line - self.first, columns[place]):
            return None
        # A cluster has several characters in one cell; its first one stands for it.
        while place > 0 and columns[place - 1] == columns[place]:
            place -= 1
        return self._starts[line - self.first] + place

    def _right_edge(self, place: int, column: int) -> int:
        styled = self._rows[place]
        left = 0
        for run in styled.line.runs if styled is not None else ():
            if left <= column < left + run.columns:
                return column + abs(run.width) if run.width != 1 else column + 1
            left += run.columns
        return column + 1

    def _add_hyperlinks(self, styled: StyledLine, columns: list[int], size: int) -> None:
        left = 0
        for run in styled.line.runs:
            url = styled.table.get(run.attribute, DEFAULT_ATTRIBUTES).link
            right = left + run.columns
            if url:
                start = size + bisect_right(columns, left - 1)
                end = size + bisect_right(columns, right - 1)
                before = self.hyperlinks[-1] if self.hyperlinks else None
                if before is not None and before.end == start and before.url == url:
                    self.hyperlinks[-1] = before._replace(end=end)
                else:
                    self.hyperlinks.append(Hyperlink(start, end, url))
            left = right


def logical_text(source: LineSource, line: int, top: int, bottom: int) -> LogicalText:
    """The line that row ``line`` is part of. Beyond the rows from ``top`` up to, not including, ``bottom`` it is read
    for ``MAX_OUTSIDE`` characters at most.
    """
    room = max(1, MAX_OUTSIDE // max(1, source.columns))
    first = last = line
    while first > top - room and _is_wrapped(source, first - 1):
        first -= 1
    while last < bottom - 1 + room and _is_wrapped(source, last) and source.line_at(last + 1) is not None:
        last += 1
    return LogicalText(source, first, last)


def _is_wrapped(source: LineSource, number: int) -> bool:
    styled = source.line_at(number)
    return styled is not None and styled.line.wrapped


def _row_text(styled: StyledLine | None, below: StyledLine | None, width: int) -> tuple[str, list[int]]:
    """A row's text and the column of each character. Where the line goes on ``below``, the blanks at its end count."""
    if styled is None:
        return "", []
    goes_on = styled.line.wrapped and below is not None
    runs = styled.line.runs
    if styled.line.filler or any(run.width != 1 for run in runs):
        return _clusters(whole_row(styled, width) if goes_on else cells(styled))
    text = "".join(run.text for run in runs)
    if goes_on:
        text = text.ljust(width)
    return text, list(range(len(text)))


def _clusters(row: list[str]) -> tuple[str, list[int]]:
    columns: list[int] = []
    for column, cell in enumerate(row):
        columns += [column] * len(cell)
    return "".join(row), columns
