"""Words and wrapped lines, for selecting. Qt-free."""

from collections.abc import Callable
from typing import Final

from podium.core.links.units import unit_around
from podium.ui.terminal.model.cells import cell_bounds, cells, whole_row
from podium.ui.terminal.selection.logical_text import LineSource, logical_text

WORD_CHARACTERS: Final = "/.-_~:@%+=&?#$"
"""Not letters, but part of paths, addresses and options, which are what people double-click."""

MAX_LOGICAL_ROWS: Final = 500
"""A wrapped line is followed at most this far: one triple click never walks a whole scrollback."""


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


Place = tuple[int, int]
"""A line and a column."""
KindOf = Callable[[str], int]


def unit_at(source: LineSource, number: int, column: int, characters: str) -> tuple[Place, Place]:
    """What a double click on a cell takes: an address, a path, a quoted text, else a word; as ``word_at`` has it.

    A path is words where a slash is no character of words.
    """
    text = logical_text(source, number, number, number + 1)
    offset = text.offset(number, column)
    unit = unit_around(text.text, offset, paths="/" in characters) if offset is not None else None
    if unit is not None and not text.is_cut_at(*unit):
        spans = text.spans(*unit)
        return (spans[0].line, spans[0].start), (spans[-1].line, spans[-1].end)
    return word_at(source, number, column, characters)


def word_at(
    source: LineSource, number: int, column: int, characters: str = WORD_CHARACTERS
) -> tuple[Place, Place]:
    """The word around a cell as ((line, column), (line, column)), the second exclusive; it may span rows.
    ``characters`` belong to words besides letters and digits.
    """
    styled = source.line_at(number)
    row = cells(styled) if styled is not None else []
    if column >= len(row):
        return (number, len(row)), (number, source.columns)
    column, end = cell_bounds(styled, column)
    kind_of = _kinds(characters)
    kind = kind_of(row[column])
    if kind == _OTHER:
        return (number, column), (number, end)
    first, last = logical_line(source, number)
    start = _word_start(source, (number, column), kind, kind_of, first)
    return start, _word_end(source, (number, end), kind, kind_of, last)


def _word_start(source: LineSource, position: Place, kind: int, kind_of: KindOf, first: int) -> Place:
    number, column = position
    while True:
        styled = source.line_at(number)
        row = cells(styled) if styled is not None else []
        while column > 0 and (row[column - 1] == "" or kind_of(row[column - 1]) == kind):
            column -= 1
        above = source.line_at(number - 1) if column == 0 and number > first else None
        if above is None:
            return number, column
        row_above = whole_row(above, source.columns)
        if not row_above or kind_of(_last_character(row_above)) != kind:
            return number, column
        number, column = number - 1, len(row_above)


def _word_end(source: LineSource, position: Place, kind: int, kind_of: KindOf, last: int) -> Place:
    number, column = position
    while True:
        styled = source.line_at(number)
        below = source.line_at(number + 1) if number < last else None
        if styled is None:
            return number, column
        row = whole_row(styled, source.columns) if below is not None else cells(styled)
        while column < len(row) and (row[column] == "" or kind_of(row[column]) == kind):
            column += 1
        if column < len(row) or below is None:
            return number, column
        row_below = cells(below)
        if not row_below or kind_of(row_below[0]) != kind:
            return number, column
        number, column = number + 1, 0


def _last_character(row: list[str]) -> str:
    return next((cell for cell in reversed(row) if cell), " ")


_BLANK: Final = 0
_WORD: Final = 1
_OTHER: Final = 2


def _kinds(characters: str) -> KindOf:
    def kind_of(cell: str) -> int:
        if cell.isspace():
            return _BLANK
        return _WORD if cell[:1].isalnum() or cell[:1] in characters else _OTHER

    return kind_of
