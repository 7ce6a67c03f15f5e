"""Words and wrapped lines, for selecting. Qt-free."""

from typing import Final, Protocol

from podium.ui.terminal.model.cells import cell_bounds, cells, whole_row
from podium.ui.terminal.model.line_cache import StyledLine

WORD_PUNCTUATION: Final = frozenset("/.-_~:@%+=&?#$")
"""Not letters, but part of paths, addresses and options, which are what people double-click."""

MAX_LOGICAL_ROWS: Final = 500
"""A wrapped line is followed at most this far: one triple click never walks a whole scrollback."""


class LineSource(Protocol):
    """Lines by absolute number."""

    @property
    def columns(self) -> int: ...

    def line_at(self, number: int) -> StyledLine | None: ...


def logical_line(source: LineSource, number: int) -> tuple[int, int]:
    """First and last row of the line that ``number`` is part of, as far as its rows are known."""
    first = last = number
    while number - first < MAX_LOGICAL_ROWS and _wraps(source, first - 1):
        first -= 1
    while last - number < MAX_LOGICAL_ROWS and _wraps(source, last) and source.line_at(last + 1) is not None:
        last += 1
    return first, last


def _wraps(source: LineSource, number: int) -> bool:
    styled = source.line_at(number)
    return styled is not None and styled.line.wrapped


def word_at(source: LineSource, number: int, column: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """The word around a cell as ((line, column), (line, column)), the second exclusive; it may span rows."""
    styled = source.line_at(number)
    row = cells(styled) if styled is not None else []
    if column >= len(row):
        return (number, len(row)), (number, source.columns)
    column, end = cell_bounds(styled, column)
    kind = _kind(row[column])
    if kind == _OTHER:
        return (number, column), (number, end)
    first, last = logical_line(source, number)
    return _word_start(source, (number, column), kind, first), _word_end(source, (number, end), kind, last)


def _word_start(source: LineSource, position: tuple[int, int], kind: int, first: int) -> tuple[int, int]:
    number, column = position
    while True:
        styled = source.line_at(number)
        row = cells(styled) if styled is not None else []
        while column > 0 and (row[column - 1] == "" or _kind(row[column - 1]) == kind):
            column -= 1
        above = source.line_at(number - 1) if column == 0 and number > first else None
        if above is None:
            return number, column
        row_above = whole_row(above, source.columns)
        if not row_above or _kind(_last_character(row_above)) != kind:
            return number, column
        number, column = number - 1, len(row_above)


def _word_end(source: LineSource, position: tuple[int, int], kind: int, last: int) -> tuple[int, int]:
    number, column = position
    while True:
        styled = source.line_at(number)
        below = source.line_at(number + 1) if number < last else None
        if styled is None:
            return number, column
        row = whole_row(styled, source.columns) if below is not None else cells(styled)
        while column < len(row) and (row[column] == "" or _kind(row[column]) == kind):
            column += 1
        if column < len(row) or below is None:
            return number, column
        row_below = cells(below)
        if not row_below or _kind(row_below[0]) != kind:
            return number, column
        number, column = number + 1, 0


def _last_character(row: list[str]) -> str:
    return next((cell for cell in reversed(row) if cell), " ")


_BLANK: Final = 0
_WORD: Final = 1
_OTHER: Final = 2


def _kind(cell: str) -> int:
    if cell.isspace():
        return _BLANK
    if cell[:1].isalnum() or cell[:1] in WORD_PUNCTUATION:
        return _WORD
    return _OTHER
