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
    Uncut,
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
    cursor.x, cursor.y, cursor.pending = t.x, t.y, t.pending
    if t.alternate:
        _crop(t.other, columns, lines, cursor)
        # The main screen's own cursor is the one it saved on the way out.
        main = t.main.saved
        kept = [main]
    else:
        t.other.uncut = None
        _fit(t.other.rows, columns, lines)
        main = cursor
        kept = [main, t.main.saved] if t.main.saved.used else [main]
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
    t.last_x = -1
    t.set_full_margins()
    t.change += 1


def _crop(screen: Screen, columns: int, lines: int, cursor: SavedCursor) -> None:
    """Cut or extend the alternate screen, which does not reflow; rows go at the bottom unless the cursor is there.

    Until the program draws, what was cut off is remembered: a window that shrinks and grows again, as while a
    person drags its edge, shows what it showed before. The cursor moves with its row.
    """
    uncut = screen.uncut
    if uncut is not None and uncut.shown == [(row, row.version) for row in screen.rows]:
        if (cursor.x, cursor.y) == uncut.cursor_cut:
            cursor.x, cursor.y, cursor.pending = uncut.cursor
        else:
            cursor.y += uncut.top
    else:
        uncut = Uncut([_copy(row) for row in screen.rows])
    uncut.cursor = (cursor.x, cursor.y, cursor.pending)
    uncut.top = max(0, cursor.y - lines + 1)
    rows = [_copy(row) for row in uncut.rows[uncut.top : uncut.top + lines]]
    _fit(rows, columns, lines)
    screen.rows[:] = rows
    cursor.y -= uncut.top
    uncut.cursor_cut = (min(cursor.x, columns - 1), cursor.y)
    uncut.shown = [(row, row.version) for row in rows]
    whole = lines >= len(uncut.rows) and columns >= len(uncut.rows[0].chars)
    screen.uncut = None if whole else uncut


def _copy(row: Row) -> Row:
    return Row(list(row.chars), list(row.looks), row.wrapped, row.wide)


def _fit(rows: list[Row], columns: int, lines: int) -> None:
    del rows[lines:]
    for row in rows:
        row.resize(columns)
    while len(rows) < lines:
        rows.append(blank_row(columns))


def _resize_main(t: Terminal, columns: int, lines: int, cursor: SavedCursor, kept: list[SavedCursor]) -> None:
    screen = t.main
    rows = screen.rows
    # Lines come back from the scrollback only when not even a blank row is below the cursor, as in xterm.
    take_back = cursor.y >= len(rows) - 1
    late = _take_up_below(t)
    used = len(rows)
    last = max(saved.y for saved in kept) if not t.alternate else cursor.y
    while used > last + 1 and not rows[used - 1].wrapped and rows[used - 1].used() == 0:
        used -= 1
    del rows[used:]
    if columns != t.columns:
        _reflow(t, columns, lines, take_back, kept)
        late = [unpack(line, columns) for line in _flow([pack(row) for row in late], t.columns, columns, [])]
    else:
        _change_lines(t, lines, take_back, kept)
    screen.below_since = -1 if late else t.history.end
    if len(rows) + len(late) <= lines:
        rows.extend(late)
        late = []
    screen.below = (rows[lines:] + late)[:MAX_LINES]
    del rows[lines:]
    if not screen.below:
        screen.below_top = -1
    while len(rows) < lines:
        rows.append(blank_row(columns))


def _take_up_below(t: Terminal) -> list[Row]:
    """Put cut-off rows back under the screen's.

    Once the program has scrolled, what it printed since comes first: then the rows are returned, to fill what
    stays blank under it.
    """
    screen = t.main
    below = screen.below
    screen.below = []
    if screen.below_since != t.history.end:
        screen.below_top = -1
        return below
    screen.rows.extend(below)
    return []


def _new_top(size: int, lines: int, top: int, before: int, cursor: int, take_back: bool) -> int:
    """Which of ``size`` lines from the oldest on becomes the top row.

    As in xterm, what is below the cursor leaves the screen first, and the top scrolls away only to keep the cursor.
    ``top`` was the top row, ``before`` the one before rows were cut off below (-1 when none are).
    """
    start = top
    if take_back:
        start = min(top, before if before >= 0 else max(0, size - lines))
    return max(start, cursor - lines + 1)


def _change_lines(t: Terminal, lines: int, take_back: bool, kept: list[SavedCursor]) -> None:
    """Only the height changes: rows go to the scrollback or come back from it."""
    rows = t.main.rows
    history = t.history
    above = len(history.lines)
    oldest = history.end - above
    before = max(t.main.below_top - oldest, 0) if t.main.below_top >= 0 else -1
    t.main.below_top = oldest + (min(above, before) if before >= 0 else above)
    start = _new_top(above + len(rows), lines, above, before, above + kept[0].y, take_back)
    for _ in range(start - above):
        history.push(rows.pop(0))
    back = [unpack(history.take_back(), t.columns) for _ in range(above - start)]
    back.reverse()
    rows[:0] = back
    for saved in kept:
        saved.y += above - start


def _reflow(t: Terminal, columns: int, lines: int, take_back: bool, kept: list[SavedCursor]) -> None:
    history = t.history
    rows = t.main.rows
    old_columns = t.columns
    above = len(history.lines)
    oldest = history.end - above
    source = list(history.lines)
    source.extend([pack(row) for row in rows])
    marks = [Mark(above + saved.y, saved.x + 1 if saved.pending else saved.x) for saved in kept]
    top = Mark(above, 0)
    before = Mark(max(t.main.below_top - oldest, 0), 0)
    marks += [top, before]
    flowed = _flow(source, old_columns, columns, marks)
    known = t.main.below_top >= 0
    start = _new_top(len(flowed), lines, top.line, before.line if known else -1, marks[0].line, take_back)
    t.main.below_top = oldest + (before.line if known else top.line)
    history.replace(flowed[:start], oldest + start)
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
