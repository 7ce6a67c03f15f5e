"""Rows with their attributes looked up, each knowing whether the next one goes on with its line."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from podium.core.exporting.pages import LinePage
from podium.core.protocol.frames import DEFAULT_ATTRIBUTES, Attributes, Line

_CONTROLS: Final = {code: None for code in (*range(0x20), *range(0x7F, 0xA0))}


class Piece(NamedTuple):
    """Neighbouring cells with the same attributes; no controls are in their text."""

    text: str
    attributes: Attributes
    columns: int


class ExportRow(NamedTuple):
    pieces: tuple[Piece, ...]
    continues: bool
    """The next row goes on with its line: it was full, and what it leaves out at its end is in ``pieces``."""

    @property
    def columns(self) -> int:
        return sum(piece.columns for piece in self.pieces)


class RowJoiner:
    """Pages of lines in, rows out; the last row of a page is held back until it is known what follows it."""

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._held: tuple[Line, tuple[Piece, ...]] | None = None

    def add(self, page: LinePage) -> Iterator[ExportRow]:
        for line in page.lines:
            pieces = tuple(
                Piece(_clean(run.text), page.attributes(run.attribute), run.columns) for run in line.runs
            )
            if self._held is not None:
                yield self._finished(*self._held, line)
            self._held = line, pieces

    def end(self) -> Iterator[ExportRow]:
        """The row that was held back, if there were any."""
        if self._held is not None:
            yield ExportRow(self._held[1], continues=False)
            self._held = None

    def _finished(self, line: Line, pieces: tuple[Piece, ...], follower: Line) -> ExportRow:
        if not line.wrapped:
            return ExportRow(pieces, continues=False)
        # Default blanks at a row's end are left out, and here they stand in the middle of a line; the last one only
        # stands where a wide character did not fit.
        starts_wide = bool(follower.runs) and abs(follower.runs[0].width) == 2
        missing = self._columns - sum(piece.columns for piece in pieces) - starts_wide
        if missing > 0:
            pieces += (Piece(" " * missing, DEFAULT_ATTRIBUTES, missing),)
        return ExportRow(pieces, continues=True)


def _clean(text: str) -> str:
    return text if text.isprintable() else text.translate(_CONTROLS)
