"""A window's memory of a screen, built from frames alone."""

from podium.core.protocol.frames import (
    BLANK_LINE,
    DEFAULT_ATTRIBUTES,
    AttributeEntry,
    Attributes,
    Cursor,
    Frame,
    Line,
)
from podium.terminal import Emulator

Cells = list[tuple[str, Attributes]]


def line_cells(line: Line, table: dict[int, Attributes], columns: int) -> Cells:
    """What the runs of a line say about each column; "" is a right half."""
    cells: Cells = []
    for run in line.runs:
        look = table[run.attribute]
        if run.width < 0:
            cells.append((run.text, look))
            cells.extend([("", look)] * (-run.width - 1))
        else:
            for char in run.text:
                cells.append((char, look))
                cells.extend([("", look)] * (run.width - 1))
        assert run.columns > 0
    assert len(cells) <= columns
    return cells + [(" ", DEFAULT_ATTRIBUTES)] * (columns - len(cells))


def attribute_table(entries: tuple[AttributeEntry, ...]) -> dict[int, Attributes]:
    return {0: DEFAULT_ATTRIBUTES} | {entry.number: entry.attributes for entry in entries}


class Mirror:
    def __init__(self) -> None:
        self.columns = 0
        self.lines = 0
        self.epoch = -1
        self.table: dict[int, Attributes] = {0: DEFAULT_ATTRIBUTES}
        self.rows: list[Line] = []
        self.cursor = Cursor()
        self.frame: Frame | None = None

    def apply(self, frame: Frame) -> None:
        if frame.attribute_epoch != self.epoch or (frame.columns, frame.lines) != (self.columns, self.lines):
            if frame.attribute_epoch != self.epoch:
                self.table = {0: DEFAULT_ATTRIBUTES}
            self.rows = [BLANK_LINE] * frame.lines
            self.columns, self.lines, self.epoch = frame.columns, frame.lines, frame.attribute_epoch
        for entry in frame.attributes:
            assert entry.number not in self.table
            self.table[entry.number] = entry.attributes
        old = list(self.rows)
        for move in frame.moved:
            self.rows[move.y] = old[move.source]
        for change in frame.changed:
            self.rows[change.y] = change.line
        self.cursor = frame.cursor
        self.frame = frame

    def check(self, emulator: Emulator) -> None:
        """The picture is the emulator's, cell by cell."""
        assert (self.columns, self.lines) == (emulator.columns, emulator.lines)
        for y in range(self.lines):
            t = emulator.terminal
            row = t.rows[y]
            expected = [(row.char(x), t.styles.of(row.style_code(x)).attributes) for x in range(self.columns)]
            assert line_cells(self.rows[y], self.table, self.columns) == expected
            assert self.rows[y].wrapped == row.wrapped
        assert (self.cursor.x, self.cursor.y) == (emulator.cursor.x, emulator.cursor.y)
        assert self.cursor.visible == emulator.cursor.visible
        assert self.frame is not None
        assert self.frame.title == emulator.title
        assert self.frame.first_line == emulator.first_line
        assert self.frame.oldest_line == emulator.oldest_line
