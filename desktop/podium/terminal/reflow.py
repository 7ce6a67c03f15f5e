"""Changing the size: wrapped lines flow anew, the cursor stays on its text, no line is lost.

The alternate screen is cut or extended, as its program draws it anew.
"""

from typing import Final

from podium.terminal.history import PackedLine, pack, unpack, unpack_chars, unpack_looks
from podium.terminal.look import Look
from podium.terminal.row import BLANK, RIGHT_HALF, Row, blank_row
from podium.terminal.state import (
    MAX_COLUMNS,
    MAX_LINES,
    MIN_COLUMNS,
    MIN_LINES,
    SavedCursor,
    Screen,
    Terminal,
)


class Mark:
    """A position on the main screen that follows its text: ``line`` counts from the oldest kept line.

    ``x`` may be one past the last column, which is a pending wrap.
    """

    def __init__(self, line: int, x: int) -> None:
        self.line = line
        self.x = x


def resize(t: Terminal, columns: int, lines: int) -> None:
    """Give the terminal a new size, clamped to what is possible."""
    columns = min(max(columns, MIN_COLUMNS), MAX_COLUMNS)
    lines = min(max(lines, MIN_LINES), MAX_LINES)
    if columns == t.columns and lines == t.lines:
        return
    cursor = SavedCursor()
    if t.alternate:
        _crop(t.other, columns, lines, t.y)
        cursor.x, cursor.y, cursor.pending = t.x, t.y - max(0, t.y - lines + 1), t.pending
        # The main screen's own cursor is the one it saved on the way out.
        main = t.main.saved
        kept = [main]
    else:
        _crop(t.other, columns, lines, 0)
        cursor.x, cursor.y, cursor.pending = t.x, t.y, t.pending
        main = cursor
        kept = [main, t.main.saved]
    _resize_main(t, columns, lines, main, kept)
    t.columns = columns
    t.lines = lines
    t.rows = t.screen.rows
    for saved in (cursor, t.main.saved, t.other.saved):
        saved.x = min(max(saved.x, 0), columns - 1)
        saved.y = min(max(saved.y, 0), lines - 1)
        saved.pending = saved.pending and saved.x == columns - 1
    t.x = cursor.x
    t.y = cursor.y
    t.pending = cursor.pending
    t.last_text = ""
    t.set_full_margins()
    t.change += 1


def _crop(screen: Screen, columns: int, lines: int, cursor_y: int) -> None:
    """Cut or extend a screen that does not reflow; rows go at the bottom unless the cursor is there."""
    rows = screen.rows
    if len(rows) > lines:
        drop = max(0, cursor_y - lines + 1)
        del rows[:drop]
        del rows[lines:]
    for row in rows:
        row.resize(columns)
    while len(rows) < lines:
        rows.append(blank_row(columns))


def _resize_main(t: Terminal, columns: int, lines: int, cursor: SavedCursor, kept: list[SavedCursor]) -> None:
    rows = t.main.rows
    _take_up_below(t.main)
    used = len(rows)
    last = max(saved.y for saved in kept) if not t.alternate else cursor.y
    while used > last + 1 and not rows[used - 1].wrapped and rows[used - 1].used() == 0:
        used -= 1
    spare = len(rows) - used
    del rows[used:]
    if columns != t.columns:
        _reflow(t, columns, lines, spare > 0, kept)
    else:
        _change_lines(t, lines, spare > 0, kept)
    while len(rows) < lines:
        rows.append(blank_row(columns))
    if len(rows) > lines:
        # The cursor's row stays on the screen, so text far below it has no place for now.
        t.main.below = rows[lines:]
        del rows[lines:]
        t.main.below_since = [(row, row.version) for row in rows]


def _take_up_below(screen: Screen) -> None:
    """Put cut-off rows back under the screen's, unless the program has drawn since."""
    if screen.below:
        if [(row, row.version) for row in screen.rows] == screen.below_since:
            screen.rows.extend(screen.below)
        screen.below = []
        screen.below_since = []


def _change_lines(t: Terminal, lines: int, spare: bool, kept: list[SavedCursor]) -> None:
    """Only the height changes: rows go to the scrollback or come back from it."""
    rows = t.main.rows
    shift = 0
    while len(rows) > lines and kept[0].y + shift > 0:
        t.history.push(rows.pop(0))
        shift -= 1
    if not spare:
        back: list[Row] = []
        while len(rows) + len(back) < lines and t.history.lines:
            back.append(unpack(t.history.take_back(), t.columns))
            shift += 1
        back.reverse()
        rows[:0] = back
    for saved in kept:
        saved.y += shift


def _reflow(t: Terminal, columns: int, lines: int, spare: bool, kept: list[SavedCursor]) -> None:
    history = t.history
    rows = t.main.rows
    old_columns = t.columns
    above = len(history.lines)
    oldest = history.end - above
    source = list(history.lines)
    source.extend([pack(row) for row in rows])
    marks = [Mark(above + saved.y, saved.x + 1 if saved.pending else saved.x) for saved in kept]
    top = Mark(above, 0)
    marks.append(top)
    flowed = _flow(source, old_columns, columns, marks)
    start = max(0, len(flowed) - lines)
    if spare:
        # There was room below the text; keep it there instead of pulling lines back from above.
        start = max(start, min(top.line, len(flowed)))
    start = min(start, marks[0].line)
    history.lines.clear()
    history.lines.extend(flowed[:start])
    history.end = oldest + start
    rows[:] = [unpack(line, columns) for line in flowed[start:]]
    for saved, mark in zip(kept, marks, strict=False):
        saved.y = mark.line - start
        saved.pending = mark.x >= columns
        saved.x = min(mark.x, columns - 1)
    t.line_epoch += 1


def _flow(source: list[PackedLine], old_columns: int, columns: int, marks: list[Mark]) -> list[PackedLine]:
    """All lines anew at ``columns``; moves the marks along."""
    result: list[PackedLine] = []
    # Marks in order of their lines, so that each logical line looks only at its own.
    waiting = sorted(marks, key=_mark_line)
    next_mark = 0
    i = 0
    size = len(source)
    while i < size:
        line = source[i]
        first = i
        if not line.wrapped and line.columns <= columns:
            # The common case costs one comparison a line.
            i += 1
            while next_mark < len(waiting) and waiting[next_mark].line == first:
                mark = waiting[next_mark]
                next_mark += 1
                mark.line = len(result)
                mark.x = min(mark.x, columns if mark.x == line.columns else columns - 1)
            result.append(line)
            continue
        chars: list[str] = []
        looks: list[Look] = []
        starts: list[int] = []
        while True:
            line = source[i]
            starts.append(len(chars))
            _append_cells(line, source[i + 1] if i + 1 < size else None, old_columns, chars, looks)
            i += 1
            if not line.wrapped or i >= size:
                break
        ends = _cut(chars, columns)
        base = len(result)
        while next_mark < len(waiting) and waiting[next_mark].line < i:
            mark = waiting[next_mark]
            next_mark += 1
            offset = starts[mark.line - first] + mark.x
            _place(mark, offset, ends, base, columns)
        begin = 0
        for number, end in enumerate(ends):
            row = Row(chars[begin:end], looks[begin:end], number + 1 < len(ends) or line.wrapped, True)
            result.append(pack(row) if row.chars else _EMPTY)
            begin = end
    for mark in waiting[next_mark:]:
        mark.line = max(0, len(result) - 1)
    return result


_EMPTY: Final = PackedLine("", (), (), 0, False, False)


def _mark_line(mark: Mark) -> int:
    return mark.line


def _append_cells(
    line: PackedLine, follower: PackedLine | None, columns: int, chars: list[str], looks: list[Look]
) -> None:
    """Add a line's cells; one that goes on in the next line is as wide as the screen was."""
    if not line.wrapped:
        chars.extend(unpack_chars(line))
        looks.extend(unpack_looks(line))
        return
    row = unpack(line, columns)
    if follower is not None and row.chars[-1] == BLANK and follower.wide:
        head = unpack_chars(follower)
        if len(head) > 1 and head[1] == RIGHT_HALF:
            # This blank only stood where the wide character did not fit.
            row.chars.pop()
            row.looks.pop()
    chars.extend(row.chars)
    looks.extend(row.looks)


def _cut(chars: list[str], columns: int) -> list[int]:
    """Where the pieces of a logical line end; wide characters stay whole. At least one piece."""
    ends: list[int] = []
    position = 0
    size = len(chars)
    while size - position > columns:
        position += columns
        if chars[position] == RIGHT_HALF:
            position -= 1
        ends.append(position)
    ends.append(size)
    return ends


def _place(mark: Mark, offset: int, ends: list[int], base: int, columns: int) -> None:
    begin = 0
    for number, end in enumerate(ends):
        last = number + 1 == len(ends)
        if offset < end or last:
            mark.line = base + number
            mark.x = offset - begin
            if mark.x > columns or (mark.x == columns and offset > end):
                mark.x = columns - 1
            return
        begin = end
