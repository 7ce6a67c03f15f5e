"""The selected text, in absolute lines, so that it stays on its text while output scrolls. Qt-free."""

from collections.abc import Iterable
from enum import Enum, auto
from typing import NamedTuple

from podium.core.protocol.frames import Place
from podium.ui.terminal.model.cells import cell_bounds
from podium.ui.terminal.selection.logical_text import LineSource
from podium.ui.terminal.selection.words import WORD_CHARACTERS, logical_line, unit_at


class Point(NamedTuple):
    """A place between two cells: ``column`` cells of ``line`` lie left of it."""

    line: int
    column: int


class SelectionMode(Enum):
    CHARACTERS = auto()
    WORDS = auto()
    LINES = auto()
    BLOCK = auto()


class TextRange(NamedTuple):
    """Cells from (line, column) to (line, column), both inclusive: what a session is asked to copy."""

    first: tuple[int, int]
    last: tuple[int, int]
    block: bool


class Selection:
    """From where the button went down to where the pointer is, by characters, words, lines or as a block."""

    def __init__(self, source: LineSource) -> None:
        self._source = source
        self.word_characters = WORD_CHARACTERS
        """What belongs to words besides letters and digits."""
        self._mode = SelectionMode.CHARACTERS
        self._anchor: tuple[Point, Point] | None = None
        self._head: tuple[Point, Point] | None = None

    def begin(self, line: int, column: int, right_half: bool, mode: SelectionMode) -> None:
        """Start at a cell. ``right_half`` says in which half of the cell the pointer is."""
        self._mode = mode
        self._anchor = self._head = self._unit(line, column, right_half)

    def extend(self, line: int, column: int, right_half: bool) -> None:
        """Move the loose end to a cell; starts a selection there if there is none."""
        if self._anchor is None:
            self.begin(line, column, right_half, SelectionMode.CHARACTERS)
        else:
            self._head = self._unit(line, column, right_half)

    def select(self, start: Point, end: Point) -> None:
        """Select all between two points."""
        self._mode = SelectionMode.CHARACTERS
        self._anchor, self._head = (start, start), (end, end)

    def clear(self) -> None:
        self._anchor = self._head = None

    def places(self) -> tuple[Place, ...]:
        """The ends of the units it was made of, which follow their text; none of an empty selection or a block."""
        if self.is_empty or self._anchor is None or self._head is None or self._mode is SelectionMode.BLOCK:
            return ()
        return (*self._anchor, *self._head)

    def move_to(self, places: tuple[Place, ...]) -> None:
        """The text at ``places()`` is at ``places`` now."""
        points = [Point(*place) for place in places]
        self._anchor, self._head = (points[0], points[1]), (points[2], points[3])

    @property
    def is_empty(self) -> bool:
        return self.bounds() is None

    def bounds(self) -> tuple[Point, Point] | None:
        """Start and end, or None when nothing is selected."""
        if self._anchor is None or self._head is None:
            return None
        start = min(self._anchor[0], self._head[0])
        end = max(self._anchor[1], self._head[1])
        if self._mode is SelectionMode.BLOCK:
            columns = sorted((self._anchor[0].column, self._head[0].column))
            start, end = Point(start.line, columns[0]), Point(end.line, columns[1])
            if start.column == end.column:
                return None
        return None if start == end else (start, end)

    def span(self, line: int) -> tuple[int, int] | None:
        """The selected columns [start, end) of a line."""
        bounds = self.bounds()
        if bounds is None:
            return None
        start, end = bounds
        if not start.line <= line <= end.line:
            return None
        if self._mode is SelectionMode.BLOCK:
            return start.column, end.column
        first = start.column if line == start.line else 0
        last = end.column if line == end.line else self._source.columns
        return (first, last) if first < last else None

    def touches(self, lines: Iterable[int]) -> bool:
        bounds = self.bounds()
        return bounds is not None and any(bounds[0].line <= line <= bounds[1].line for line in lines)

    def text_range(self) -> TextRange | None:
        """The range to ask the session for."""
        bounds = self.bounds()
        if bounds is None:
            return None
        start, end = bounds
        if self._mode is SelectionMode.BLOCK:
            return TextRange((start.line, start.column), (end.line, end.column - 1), True)
        if end.column == 0:
            end = Point(end.line - 1, self._source.columns)
        return TextRange((start.line, start.column), (end.line, end.column - 1), False)

    def _unit(self, line: int, column: int, right_half: bool) -> tuple[Point, Point]:
        if self._mode is SelectionMode.WORDS:
            start, end = unit_at(self._source, line, column, self.word_characters)
            return Point(*start), Point(*end)
        if self._mode is SelectionMode.LINES:
            first, last = logical_line(self._source, line)
            return Point(first, 0), Point(last, self._source.columns)
        start_column, end_column = cell_bounds(self._source.line_at(line), column)
        if end_column - start_column > 1:
            right_half = column > start_column
        point = Point(line, end_column if right_half else start_column)
        return point, point
