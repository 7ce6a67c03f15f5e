"""The way through a terminal's lines from the newest to the oldest, block by block."""

from typing import Final

from podium.terminal.screen.lines.packed import PackedLine
from podium.terminal.screen.lines.slice import LineSlice
from podium.terminal.screen.row import Row
from podium.terminal.screen.state import Terminal
from podium.terminal.search.blocks import Block, of_log, of_packed
from podium.terminal.search.logical_lines import MAX_JOINED_ROWS

_MAX_CARRIED: Final = MAX_JOINED_ROWS


class LineWalk:
    """The lines as they are when it is made. What leaves the scrollback meanwhile is given all the same, unless it was
    archived.
    """

    def __init__(self, t: Terminal, first: int, *, scrollback: bool) -> None:
        """Lines from the absolute number ``first`` on, or the screen's alone without ``scrollback``."""
        end = t.scrollback.end
        self.line_epoch = t.line_epoch
        self.columns = t.columns
        self.stop = end + t.lines
        """The absolute number of the line after the last one."""
        self._slices: list[LineSlice] = t.scrollback.slices(first, end) if scrollback and first < end else []
        self._carried: list[PackedLine] = []
        """Rows of a logical line that begins in an older slice."""
        self._carried_first = 0
        self._screen: list[PackedLine] | None = _copies(t.rows)
        self._screen_first = end
        self._screen_is_joined = not t.alternate
        self.volatile = end
        """The absolute number of the line from which on lines may change; exact once the blocks that hold such lines
        were given."""
        self._in_volatile = True

    @property
    def done(self) -> bool:
        return self._screen is None and not self._slices

    def next_block(self) -> Block | None:
        """The next older block; None once in a while, where a line goes on in older ones still. Raises IndexError
        when it is ``done``.
        """
        block = self._next()
        if self._in_volatile:
            # A line that the screen shows may begin far above it.
            self._in_volatile = bool(self._carried)
            if block is not None:
                self.volatile = block.first
        return block

    def _next(self) -> Block | None:
        if self._screen is not None:
            rows = self._screen
            self._screen = None
            if self._screen_is_joined:
                return self._whole(self._screen_first, rows)
            return of_packed(self._screen_first, rows, self.columns)
        if not self._slices:
            raise IndexError("no block is left")
        piece = self._slices.pop()
        if not self._carried:
            raw = piece.read_unparsed()
            if raw is not None:
                return of_log(piece, raw, self.columns)
        stop = piece.first + piece.count
        rows = piece.lines()
        return self._whole(stop - len(rows), rows)

    def _whole(self, first: int, rows: list[PackedLine]) -> Block | None:
        """A block of ``rows`` and what was carried, without the line that goes on above; that is carried."""
        rows = rows + self._carried
        self._carried = []
        if not self._goes_on_above() or len(rows) >= _MAX_CARRIED:
            return of_packed(first, rows, self.columns)
        end = 0
        size = len(rows)
        while end < size and rows[end].wrapped:
            end += 1
        end = min(end + 1, size)
        self._carried = rows[:end]
        if end == size:
            return None
        return of_packed(first + end, rows[end:], self.columns)

    def _goes_on_above(self) -> bool:
        """Whether the line before the next ones is wrapped. A log ends with a whole line."""
        if not self._slices or not self._slices[-1].may_go_on():
            return False
        lines = self._slices[-1].lines()
        return bool(lines) and lines[-1].wrapped


def _copies(rows: list[Row]) -> list[PackedLine]:
    """The rows as they are now, without the blank ones at their end and without styles."""
    used = len(rows)
    while used and not rows[used - 1].used_by_text():
        used -= 1
    copies: list[PackedLine] = []
    for row in rows[:used]:
        line = PackedLine(row.text, row.wrapped)
        line.filler = row.filler
        if row.wide:
            line.wide = True
            line.clusters = None if row.clusters is None else dict(row.clusters)
        copies.append(line)
    return copies
