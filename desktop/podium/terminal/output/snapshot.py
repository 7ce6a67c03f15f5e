"""The newest lines of a terminal as they are at one moment, cheap to take; they become runs later, bit by bit."""

from podium.core.protocol.frames import AttributeEntry, Line
from podium.terminal.output.lines import AttributeNumbers, packed_to_line
from podium.terminal.screen.lines.packed import PackedLine, pack
from podium.terminal.screen.lines.slice import LineSlice
from podium.terminal.screen.row import Row
from podium.terminal.screen.state import Terminal


class Snapshot:
    """Lines that later output leaves as they are."""

    __slots__ = ("_above", "_screen", "columns", "first", "line_epoch", "picture")

    def __init__(
        self,
        columns: int,
        first: int,
        line_epoch: int,
        above: list[LineSlice],
        screen: list[PackedLine],
        picture: list[PackedLine],
    ) -> None:
        self.columns = columns
        self.first = first
        """The absolute number of the first line."""
        self.line_epoch = line_epoch
        self.picture = picture
        """The rows of the alternate screen while it shows; else none."""
        self._above = above
        self._screen = screen

    def conversion(self, picture: list[PackedLine], room: int) -> "Conversion":
        """Begin to make runs of scrollback and main screen, with ``picture`` below them."""
        return Conversion(self._above, self._screen + picture, room)


class Conversion:
    """Lines on their way to runs, the newest first, until there is no more room for older ones."""

    def __init__(self, above: list[LineSlice], newest: list[PackedLine], room: int) -> None:
        """``room`` is for all of it in bytes, as MessagePack takes them at most."""
        self._above = above
        self._waiting = len(above)
        """The number of slices that are not opened yet."""
        self._lines = newest
        self._left = len(newest)
        self._room = room
        self._numbers = AttributeNumbers()
        self._listed = 0
        self._newest_first: list[Line] = []
        self.left_out = 0
        """The number of lines there was no room for, or that were lost; known when it is done."""

    @property
    def done(self) -> bool:
        return not self._left and not self._waiting

    def convert(self, count: int) -> None:
        """Go on with up to ``count`` more lines, or parse a slice of them first."""
        if not self._left and self._waiting:
            self._waiting -= 1
            piece = self._above[self._waiting]
            wanted = piece.count
            self._lines = piece.lines()
            self._left = len(self._lines)
            self.left_out += wanted - self._left
            return
        for _ in range(min(count, self._left)):
            line = packed_to_line(self._lines[self._left - 1], self._numbers)
            if not self._fits(line):
                self.left_out += self._left
                for piece in self._above[: self._waiting]:
                    self.left_out += piece.count
                self._left = 0
                self._waiting = 0
                return
            self._left -= 1
            self._newest_first.append(line)

    def _fits(self, line: Line) -> bool:
        """Take the room that ``line`` needs, with the styles that are new in it, if there is as much."""
        size = 8
        for run in line.runs:
            text = run.text
            size += 10 + (len(text) if text.isascii() else 4 * len(text))
        fresh = self._numbers.fresh
        while self._listed < len(fresh):
            size += 32 + 4 * len(fresh[self._listed].attributes.link)
            self._listed += 1
        self._room -= size
        return self._room >= 0

    def lines(self) -> list[Line]:
        """The converted lines, the oldest first."""
        return self._newest_first[::-1]

    def attributes(self) -> list[AttributeEntry]:
        """The meaning of the attribute numbers of the lines."""
        return list(self._numbers.fresh)


def take_snapshot(t: Terminal, scrollback: int) -> Snapshot:
    """The screen, without blank rows at its end, and up to ``scrollback`` lines above it."""
    end = t.scrollback.end
    above = t.scrollback.slices(end - scrollback, end)
    first = end
    for piece in above:
        first -= piece.count
    picture = _packed_rows(t, t.rows) if t.alternate else []
    return Snapshot(t.columns, first, t.line_epoch, above, _packed_rows(t, t.main.rows), picture)


def _packed_rows(t: Terminal, rows: list[Row]) -> list[PackedLine]:
    used = len(rows)
    while used and not rows[used - 1].used():
        used -= 1
    # Copies: what is beside a row's strings changes with it.
    return [pack(row.copy(), t.styles) for row in rows[:used]]
