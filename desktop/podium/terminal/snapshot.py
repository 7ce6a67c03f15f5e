"""The newest lines of a terminal as they are at one moment, cheap to take; they become runs later, bit by bit."""

from podium.core.frames import AttributeEntry, Line
from podium.terminal.history import PackedLine, pack
from podium.terminal.lines import AttributeNumbers, packed_to_line
from podium.terminal.row import Row
from podium.terminal.state import Terminal


class Snapshot:
    """Lines that later output leaves as they are."""

    __slots__ = ("columns", "first", "line_epoch", "picture", "text")

    def __init__(
        self, columns: int, first: int, line_epoch: int, text: list[PackedLine], picture: list[PackedLine]
    ) -> None:
        self.columns = columns
        self.first = first
        """The absolute number of the first line of ``text``."""
        self.line_epoch = line_epoch
        self.text = text
        """Scrollback and main screen, oldest first."""
        self.picture = picture
        """The rows of the alternate screen while it shows; else none."""


class Conversion:
    """Lines on their way to runs, the newest first, until there is no more room for older ones."""

    def __init__(self, lines: list[PackedLine], room: int) -> None:
        """``room`` is for all of it in bytes, as MessagePack takes them at most."""
        self._lines = lines
        self._left = len(lines)
        self._room = room
        self._numbers = AttributeNumbers()
        self._listed = 0
        self._newest_first: list[Line] = []

    @property
    def done(self) -> bool:
        return not self._left

    def convert(self, count: int) -> None:
        """Go on with ``count`` more lines."""
        for _ in range(min(count, self._left)):
            self._left -= 1
            line = packed_to_line(self._lines[self._left], self._numbers)
            size = 8
            for run in line.runs:
                text = run.text
                size += 12 + (len(text) if text.isascii() else 4 * len(text))
            fresh = self._numbers.fresh
            while self._listed < len(fresh):
                size += 40 + 4 * len(fresh[self._listed].attributes.link)
                self._listed += 1
            if size > self._room:
                self._left = 0
                return
            self._room -= size
            self._newest_first.append(line)

    def lines(self) -> list[Line]:
        """What was converted, the oldest line first."""
        return self._newest_first[::-1]

    def attributes(self) -> list[AttributeEntry]:
        """What the attribute numbers of the lines mean."""
        return list(self._numbers.fresh)


def take_snapshot(t: Terminal, scrollback: int) -> Snapshot:
    """The screen, without blank rows at its end, and up to ``scrollback`` lines above it."""
    end = t.history.end
    above = t.history.lines(end - scrollback, end)
    picture = _packed_rows(t, t.rows) if t.alternate else []
    return Snapshot(t.columns, end - len(above), t.line_epoch, above + _packed_rows(t, t.main.rows), picture)


def _packed_rows(t: Terminal, rows: list[Row]) -> list[PackedLine]:
    used = len(rows)
    while used and not rows[used - 1].used():
        used -= 1
    # Copies: what is beside a row's strings changes with it.
    return [pack(row.copy(), t.looks) for row in rows[:used]]
