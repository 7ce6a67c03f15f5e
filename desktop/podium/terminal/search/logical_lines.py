"""Lines as they were before the terminal wrapped them, and where each of their characters stands on it."""

from typing import Final
from unicodedata import is_normalized

from podium.core.finding.needle import searched_text
from podium.core.spoofing import has_spoofing
from podium.terminal.screen.lines.packed import PackedLine
from podium.terminal.screen.row import BLANK, RIGHT_HALF

MAX_JOINED_ROWS: Final = 16_384
"""Rows of one logical line; a longer one is searched in several pieces."""

Place = tuple[int, int, int, int]
"""Absolute line number and column of a match's first cell, line number and column behind its last cell."""


class LogicalLine:
    """A logical line: its text without the blanks at its end, without what is invisible."""

    __slots__ = ("_columns", "_offsets", "_rows", "number", "text")

    def __init__(self, number: int, text: str, columns: int, rows: list[PackedLine] | None) -> None:
        self.number = number
        """The absolute number of its first row."""
        self.text = text
        self._columns = columns
        self._rows = rows
        """None where each character takes one column, and no row but the last has a gap."""
        self._offsets: list[int] | None = None

    def place(self, start: int, end: int) -> Place:
        """Where the characters from ``start`` to ``end`` (exclusive, at least one) stand."""
        columns = self._columns
        rows = self._rows
        if rows is None:
            first = start
            last = end - 1
            width = 1
        else:
            if self._offsets is None:
                self._offsets = _cells(rows, columns)
            first = self._offsets[start]
            last = self._offsets[end - 1]
            width = 1
            if rows[last // columns].text[last % columns + 1 : last % columns + 2] == RIGHT_HALF:
                width = 2
        return (
            self.number + first // columns,
            first % columns,
            self.number + last // columns,
            last % columns + width,
        )


def is_as_shown(text: str) -> bool:
    """Whether every character of ``text`` is a character of the line: none is invisible, none stands for others."""
    return text.isascii() or (not has_spoofing(text) and is_normalized("NFC", text))


def of_rows(number: int, rows: list[PackedLine], columns: int) -> LogicalLine:
    """The logical line that fills ``rows``, the first of which has this absolute number."""
    if len(rows) == 1:
        row = rows[0]
        if not row.wide and is_as_shown(row.text):
            return LogicalLine(number, row.text.rstrip(BLANK), columns, None)
    parts: list[str] = []
    plain = True
    last = len(rows) - 1
    for y, row in enumerate(rows):
        used, blanks = _extent(row, columns, y < last)
        text = row.text[:used]
        if row.wide or not is_as_shown(text):
            plain = False
            text = _row_text(row, text)
        if row.filler:
            plain = False
        parts.append(text + BLANK * blanks)
    return LogicalLine(number, "".join(parts).rstrip(BLANK), columns, None if plain else rows)


def _extent(row: PackedLine, columns: int, goes_on: bool) -> tuple[int, int]:
    """How many of a row's columns are text, and how many blanks that were left out follow: where the line goes on, all
    but a filler is text.
    """
    size = len(row.text)
    if not goes_on:
        return size, 0
    end = columns - 1 if row.filler else columns
    return min(size, end), max(end - size, 0)


def _row_text(row: PackedLine, text: str) -> str:
    if row.clusters or not is_as_shown(text):
        return "".join([_cell_text(row, x, char) for x, char in enumerate(text)])
    return text.replace(RIGHT_HALF, "")


def _cell_text(row: PackedLine, x: int, char: str) -> str:
    """What a column adds to the text: nothing for a right half."""
    if char == RIGHT_HALF:
        return ""
    clusters = row.clusters
    if clusters is not None and x in clusters:
        char = clusters[x]
    return char if char.isascii() else searched_text(char)


def _cells(rows: list[PackedLine], columns: int) -> list[int]:
    """For each character of the text the cell it stands in, counted from the first row's first column."""
    cells: list[int] = []
    last = len(rows) - 1
    for y, row in enumerate(rows):
        start = y * columns
        text = row.text
        used, blanks = _extent(row, columns, y < last)
        for x in range(used):
            for _ in _cell_text(row, x, text[x]):
                cells.append(start + x)
        for x in range(used, used + blanks):
            cells.append(start + x)
    return cells
