"""Frames as tests like to write them: rows of text, or of (text, attributes) pieces; and what a view emitted."""

import itertools
from collections.abc import Sequence

from podium.core.protocol.frames import (
    DEFAULT_ATTRIBUTES,
    AttributeEntry,
    Attributes,
    ChangedRow,
    Cursor,
    Frame,
    Line,
    Run,
)

Piece = str | tuple[str, Attributes] | Run
Row = str | Sequence[Piece]


class FrameMaker:
    """Numbers frames and attributes as one session would."""

    def __init__(self, columns: int = 20, lines: int = 5) -> None:
        self.columns = columns
        self.lines = lines
        self._numbers = itertools.count(1)
        self._attributes: dict[Attributes, int] = {}
        self._new: list[AttributeEntry] = []

    def line(self, row: Row, wrapped: bool = False) -> Line:
        pieces = [row] if isinstance(row, str) else row
        return Line(tuple(self._run(piece) for piece in pieces if piece), wrapped)

    def _run(self, piece: Piece) -> Run:
        if isinstance(piece, Run):
            return piece
        if isinstance(piece, str):
            return Run(piece)
        text, attributes = piece
        return Run(text, self.number_of(attributes))

    def number_of(self, attributes: Attributes) -> int:
        if attributes == DEFAULT_ATTRIBUTES:
            return 0
        if attributes not in self._attributes:
            self._attributes[attributes] = len(self._attributes) + 1
            self._new.append(AttributeEntry(self._attributes[attributes], attributes))
        return self._attributes[attributes]

    def frame(self, rows: dict[int, Row | Line] | Sequence[Row | Line] = (), **fields: object) -> Frame:
        """A frame with these changed rows; what is not given is as in a fresh session."""
        items = rows.items() if isinstance(rows, dict) else enumerate(rows)
        changed = tuple(ChangedRow(y, row if isinstance(row, Line) else self.line(row)) for y, row in items)
        values: dict[str, object] = {
            "number": next(self._numbers),
            "columns": self.columns,
            "lines": self.lines,
            "changed": changed,
            "cursor": Cursor(visible=False),
        }
        values |= fields
        new, self._new = tuple(self._new), []
        return Frame(attributes=new, **values)  # type: ignore[arg-type]


class Seen(list[object]):
    """Requests a view emitted."""

    def of(self, kind: type) -> list[object]:
        return [request for request in self if isinstance(request, kind)]
