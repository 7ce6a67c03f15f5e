"""Rows with their attributes looked up, each knowing whether the next one goes on with its line."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from podium.core.exporting.pages import LinePage
from podium.core.protocol.frames import DEFAULT_ATTRIBUTES, Attributes, Line, Run
from podium.core.protocol.line_flow import covered, whole_row

_CONTROLS: Final = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)))


class Piece(NamedTuple):
    """Neighbouring cells with the same attributes; no controls are in their text."""

    text: str
    attributes: Attributes
    columns: int
    wide: bool = False
    """Its characters take two columns."""


class ExportRow(NamedTuple):
    pieces: tuple[Piece, ...]
    continues: bool
    """The next row goes on with its line: it was full, and what it leaves out at its end is in ``pieces``."""
    filler: Attributes | None = None
    """A last column that is no text: the wide character that the next row begins with did not fit."""

    @property
    def columns(self) -> int:
        return sum(piece.columns for piece in self.pieces)


class RowJoiner:
    """Pages of lines in, rows out; the last row of a page is held back until it is known what follows it."""

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._held: tuple[Line, LinePage] | None = None

    def add(self, page: LinePage) -> Iterator[ExportRow]:
        for line in page.lines:
            if self._held is not None:
                yield self._row(*self._held)
            self._held = line, page._replace(lines=())

    def end(self) -> Iterator[ExportRow]:
        """The row that was held back, if there were any."""
        if self._held is not None:
            line, page = self._held
            self._held = None
            yield ExportRow(_pieces(line.runs, page), continues=False)

    def _row(self, line: Line, page: LinePage) -> ExportRow:
        if not line.wrapped:
            return ExportRow(_pieces(line.runs, page), continues=False)
        filler = None
        if line.filler:
            colored = covered(line.runs) == self._columns
            filler = page.attributes(line.runs[-1].attribute) if colored else DEFAULT_ATTRIBUTES
        return ExportRow(_pieces(whole_row(line, self._columns), page), True, filler)


def selected_rows(
    page: LinePage, columns: int, first: tuple[int, int], last: tuple[int, int], block: bool
) -> Iterator[ExportRow]:
    """The rows of ``page`` from (line, column) to (line, column), both inclusive; ``block`` takes the same columns of
    each.
    """
    for number, line in enumerate(page.lines, start=page.first):
        if not first[0] <= number <= last[0]:
            continue
        continues = line.wrapped and not block and number < last[0]
        runs = whole_row(line, columns) if continues else line.runs
        left = first[1] if block or number == first[0] else 0
        right = last[1] + 1 if block or number == last[0] else columns
        yield ExportRow(_pieces(_cut(runs, left, right), page), continues)


def _cut(runs: Iterable[Run], left: int, right: int) -> Iterator[Run]:
    """What of ``runs`` is in columns ``left`` up to, not including, ``right``; half a character brings all of it."""
    column = 0
    for run in runs:
        if run.width < 0:
            if left < column + run.columns and column < right:
                yield run
        else:
            begin = max(0, (left - column) // run.width)
            end = max(0, -((column - right) // run.width))
            if run.text[begin:end]:
                yield Run(run.text[begin:end], run.attribute, run.width)
        column += run.columns


def _pieces(runs: Iterable[Run], page: LinePage) -> tuple[Piece, ...]:
    return tuple(
        Piece(_clean(run.text), page.attributes(run.attribute), run.columns, abs(run.width) == 2)
        for run in runs
    )


def _clean(text: str) -> str:
    return text if text.isprintable() else text.translate(_CONTROLS)
