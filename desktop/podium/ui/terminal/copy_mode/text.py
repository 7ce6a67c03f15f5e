"""Rows as copy mode walks over them: cell by cell, over the ends of wrapped rows, as far as they are known. Qt-free."""

from typing import NamedTuple, Protocol

from podium.ui.terminal.model.cells import cell_bounds, cells
from podium.ui.terminal.model.line_cache import StyledLine


class Cell(NamedTuple):
    """A cell of an absolute line. Cells compare in the order in which text is read."""

    line: int
    column: int


class NeedsLine(Exception):
    """A motion leads over a line that is not known yet; it goes on from ``at`` when that is there."""

    def __init__(self, line: int, at: Cell) -> None:
        super().__init__(line)
        self.line = line
        self.at = at


class LineSource(Protocol):
    """The lines that can be reached, by absolute number."""

    @property
    def columns(self) -> int: ...

    @property
    def first(self) -> int:
        """The oldest line."""

    @property
    def last(self) -> int:
        """The lowest row of the screen."""

    @property
    def page(self) -> int:
        """The number of rows in view."""

    def line_at(self, number: int) -> StyledLine | None:
        """None where it is not known yet."""


class Step(NamedTuple):
    """The next cell on the way, and whether a line ended in between."""

    cell: Cell
    new_line: bool


class Walk:
    """Steps over the text of ``source`` for a motion that began at ``start``."""

    def __init__(self, source: LineSource, start: Cell) -> None:
        self._source = source
        self._start = start
        self._rows: dict[int, list[str]] = {}

    def row(self, number: int) -> list[str]:
        """A row's cells without blanks at its end, "" for right halves. Raises NeedsLine."""
        row = self._rows.get(number)
        if row is None:
            row = cells(self._line(number))
            while row and row[-1].isspace():
                row.pop()
            self._rows[number] = row
        return row

    def text_at(self, cell: Cell) -> str:
        """The character that covers a cell; a blank behind the text. Raises NeedsLine."""
        row = self.row(cell.line)
        column = cell.column
        while 0 < column < len(row) and not row[column]:
            column -= 1
        return row[column] if column < len(row) else " "

    def is_blank(self, number: int) -> bool:
        return not self.row(number)

    def after(self, cell: Cell) -> Step | None:
        """The cell behind this one; None at the end of everything. Raises NeedsLine."""
        line = self._line(cell.line)
        end = self._source.columns if line.line.wrapped else len(self.row(cell.line))
        column = cell_bounds(line, cell.column)[1]
        if column < end:
            return Step(Cell(cell.line, column), False)
        if cell.line >= self._source.last:
            return None
        self._line(cell.line + 1)
        return Step(Cell(cell.line + 1, 0), not line.line.wrapped)

    def before(self, cell: Cell) -> Step | None:
        """The cell in front of this one; None at the beginning of everything. Raises NeedsLine."""
        if cell.column > 0:
            return Step(Cell(cell.line, cell_bounds(self._line(cell.line), cell.column - 1)[0]), False)
        if cell.line <= self._source.first:
            return None
        above = self._line(cell.line - 1)
        wrapped = above.line.wrapped
        end = self._source.columns if wrapped else len(self.row(cell.line - 1))
        return Step(Cell(cell.line - 1, cell_bounds(above, max(0, end - 1))[0]), not wrapped)

    def _line(self, number: int) -> StyledLine:
        line = self._source.line_at(number)
        if line is None:
            raise NeedsLine(number, self._start)
        return line
