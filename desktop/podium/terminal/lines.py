"""Rows as runs and as text: what frames, scrollback requests and copying share."""

from typing import Final

from podium.core.frames import AttributeEntry, Attributes, Line, Run
from podium.terminal.history import PackedLine, unpack
from podium.terminal.look import DEFAULT_LOOK, Look
from podium.terminal.row import BLANK, RIGHT_HALF, Row
from podium.terminal.state import Terminal
from podium.terminal.text import strip_spoofing

MAX_LINES_REPLY: Final = 4096
"""Lines one request can get."""


class AttributeNumbers:
    """Numbers the looks of one frame table or one reply. 0 is the default look and is never listed."""

    def __init__(self) -> None:
        self.by_look: dict[Look, int] = {DEFAULT_LOOK: 0}
        self.by_value: dict[Attributes, int] = {DEFAULT_LOOK.attributes: 0}
        self.fresh: list[AttributeEntry] = []

    def number(self, look: Look) -> int:
        value = self.by_look.get(look)
        if value is None:
            # Two looks may differ in protection only, or come from either side of a table restart.
            value = self.by_value.get(look.attributes)
            if value is None:
                value = len(self.by_value)
                self.by_value[look.attributes] = value
                self.fresh.append(AttributeEntry(value, look.attributes))
            self.by_look[look] = value
        return value

    def take_fresh(self) -> tuple[AttributeEntry, ...]:
        """The entries added since the last call."""
        fresh = tuple(self.fresh)
        self.fresh.clear()
        return fresh


def to_line(row: Row, numbers: AttributeNumbers) -> Line:
    """A row as runs, default blanks at its end left out."""
    looks = row.looks
    first = looks[0]
    if not row.wide and first.blank and looks.count(first) == len(looks):
        text = "".join(row.chars).rstrip(BLANK)
        return Line((Run(text, numbers.number(first)),) if text else (), row.wrapped)
    end = row.used()
    chars = row.chars
    runs: list[Run] = []
    start = 0
    while start < end:
        look = looks[start]
        stop = start + 1
        while stop < end and looks[stop] is look:
            stop += 1
        number = numbers.number(look)
        if row.wide:
            _add_wide_runs(runs, chars, start, stop, number)
        else:
            runs.append(Run("".join(chars[start:stop]), number))
        start = stop
    return Line(tuple(runs), row.wrapped)


def _add_wide_runs(runs: list[Run], chars: list[str], start: int, stop: int, number: int) -> None:
    """Runs of one look: simple narrow text, simple wide text, and each cluster by itself."""
    text: list[str] = []
    width = 1
    for x in range(start, stop):
        char = chars[x]
        if char == RIGHT_HALF:
            continue
        columns = 2 if x + 1 < len(chars) and chars[x + 1] == RIGHT_HALF else 1
        if len(char) > 1:
            if text:
                runs.append(Run("".join(text), number, width))
                text = []
            runs.append(Run(char, number, -columns))
            continue
        if columns != width and text:
            runs.append(Run("".join(text), number, width))
            text = []
        width = columns
        text.append(char)
    if text:
        runs.append(Run("".join(text), number, width))


def oldest_line(t: Terminal) -> int:
    return t.history.end - len(t.history.lines)


def row_at(t: Terminal, line: int) -> Row:
    """The row with an absolute number that is kept (scrollback) or shown (screen)."""
    if line >= t.history.end:
        return t.rows[line - t.history.end]
    packed: PackedLine = t.history.lines[line - oldest_line(t)]
    return unpack(packed, t.columns)


def lines_between(t: Terminal, first: int, count: int) -> tuple[int, list[Line], tuple[AttributeEntry, ...]]:
    """Up to ``count`` lines from absolute number ``first`` on, clamped to what is there, with their attributes."""
    start = max(first, oldest_line(t))
    stop = min(max(first, start) + max(count, 0), t.history.end + t.lines, start + MAX_LINES_REPLY)
    if first < start:
        stop = min(stop, first + max(count, 0))
    numbers = AttributeNumbers()
    lines = [to_line(row_at(t, line), numbers) for line in range(start, max(start, stop))]
    return start, lines, numbers.take_fresh()


def text_between(
    t: Terminal, first: tuple[int, int] | None, last: tuple[int, int] | None, block: bool
) -> str:
    """Text from (line, column) to (line, column), both inclusive; the whole screen where an end is None."""
    oldest = oldest_line(t)
    end_line = t.history.end + t.lines - 1
    start_line, start_column = first if first is not None else (t.history.end, 0)
    stop_line, stop_column = last if last is not None else (end_line, t.columns - 1)
    if (stop_line, stop_column) < (start_line, start_column) and not block:
        start_line, start_column, stop_line, stop_column = stop_line, stop_column, start_line, start_column
    if block:
        start_line, stop_line = min(start_line, stop_line), max(start_line, stop_line)
        start_column, stop_column = min(start_column, stop_column), max(start_column, stop_column)
    if start_line < oldest:
        start_line, start_column = oldest, start_column if block else 0
    if stop_line > end_line:
        stop_line, stop_column = end_line, stop_column if block else t.columns - 1
    parts: list[str] = []
    for line in range(start_line, stop_line + 1):
        row = row_at(t, line)
        left = start_column if block or line == start_line else 0
        right = stop_column if block or line == stop_line else t.columns - 1
        joined = row.wrapped and not block and right >= t.columns - 1
        if joined and line < stop_line and _ends_in_filler(row, row_at(t, line + 1)):
            right = t.columns - 2
        parts.append(_slice(row, left, right, keep_blanks=joined and line < stop_line))
        if line < stop_line and not joined:
            parts.append("\n")
    return strip_spoofing("".join(parts))


def _ends_in_filler(row: Row, follower: Row) -> bool:
    """The last column stayed blank because the wide character that starts the next row did not fit."""
    return row.chars[-1] == BLANK and len(follower.chars) > 1 and follower.chars[1] == RIGHT_HALF


def _slice(row: Row, left: int, right: int, keep_blanks: bool) -> str:
    left = max(left, 0)
    if left < len(row.chars) and left > 0 and row.chars[left] == RIGHT_HALF:
        left -= 1
    text = "".join(row.chars[left : max(right, -1) + 1])
    return text if keep_blanks else text.rstrip(BLANK)
