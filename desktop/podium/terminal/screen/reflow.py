"""Changing the size: wrapped lines reflow, the cursor stays on its text, no line is lost.

The alternate screen is cut or extended, as its program redraws it.
"""

from podium.terminal.screen.lines.flow import Mark, edge_marks, flow
from podium.terminal.screen.lines.packed import PackedLine, pack, pack_columns, unpack
from podium.terminal.screen.row import DEFAULT, Row
from podium.terminal.screen.state import (
    MAX_COLUMNS,
    MAX_LINES,
    MIN_COLUMNS,
    MIN_LINES,
    CroppedScreen,
    SavedCursor,
    Screen,
    Terminal,
)


def resize(t: Terminal, columns: int, lines: int) -> None:
    """Give the terminal a new size, clamped to what is possible."""
    columns = min(max(columns, MIN_COLUMNS), MAX_COLUMNS)
    lines = min(max(lines, MIN_LINES), MAX_LINES)
    if columns == t.columns and lines == t.lines:
        return
    cursor = SavedCursor(t.pen)
    cursor.x, cursor.y, cursor.pending = t.x, t.y, t.pending
    if t.alternate:
        _crop(t.other, t.columns, columns, lines, cursor)
        # The main screen's own cursor is the one it saved on the way out.
        main = t.main.saved
        kept = [main]
    else:
        t.other.cropped = None
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


def _crop(screen: Screen, columns_before: int, columns: int, lines: int, cursor: SavedCursor) -> None:
    """Cut or extend the alternate screen, which does not reflow; rows go at the bottom unless the cursor is there.

    Until the program draws, what was cut off is remembered: a window that shrinks and grows again, as while a
    person drags its edge, shows what it showed before. The cursor moves with its row.
    """
    cropped = screen.cropped
    if cropped is not None and cropped.shown == [(row, row.version) for row in screen.rows]:
        if (cursor.x, cursor.y) == cropped.cursor_cut:
            cursor.x, cursor.y, cursor.pending = cropped.cursor
        else:
            cursor.y += cropped.top
    else:
        cropped = CroppedScreen([row.copy() for row in screen.rows], columns_before)
    cropped.cursor = (cursor.x, cursor.y, cursor.pending)
    cropped.top = max(0, cursor.y - lines + 1)
    rows = [row.copy() for row in cropped.rows[cropped.top : cropped.top + lines]]
    _fit(rows, columns, lines)
    screen.rows[:] = rows
    cursor.y -= cropped.top
    cropped.cursor_cut = (min(cursor.x, columns - 1), cursor.y)
    cropped.shown = [(row, row.version) for row in rows]
    whole = lines >= len(cropped.rows) and columns >= cropped.columns
    screen.cropped = None if whole else cropped


def _fit(rows: list[Row], columns: int, lines: int) -> None:
    del rows[lines:]
    for row in rows:
        row.resize(columns)
    while len(rows) < lines:
        rows.append(Row())


def _resize_main(t: Terminal, columns: int, lines: int, cursor: SavedCursor, kept: list[SavedCursor]) -> None:
    screen = t.main
    rows = screen.rows
    # Lines come back from the scrollback only when not even a blank row is below the cursor, as in xterm.
    take_back = cursor.y >= len(rows) - 1
    late = _take_up_below(t)
    used = len(rows)
    last = max(saved.y for saved in kept) if not t.alternate else cursor.y
    while used > last + 1 and not rows[used - 1].wrapped and _is_empty(rows[used - 1]):
        used -= 1
    del rows[used:]
    if take_back:
        t.scrollback.have_in_memory(lines)
    if columns != t.columns:
        _reflow(t, columns, lines, take_back, kept)
        late = _unpacked(t, flow(_packed(t, late), t.columns, columns, []), columns)
    else:
        _change_lines(t, lines, take_back, kept)
    screen.scrolled_at = -1 if late else t.scrollback.end
    if len(rows) + len(late) <= lines:
        rows.extend(late)
        late = []
    screen.below = (rows[lines:] + late)[:MAX_LINES]
    del rows[lines:]
    if not screen.below:
        screen.below_top = -1
    while len(rows) < lines:
        rows.append(Row())


def _is_empty(row: Row) -> bool:
    return row.used() == 0 and not row.images


def _packed(t: Terminal, rows: list[Row]) -> list[PackedLine]:
    return [pack(row, t.styles) for row in rows]


def _unpacked(t: Terminal, lines: list[PackedLine], columns: int) -> list[Row]:
    return [unpack(line, columns, t.styles) for line in lines]


def _take_up_below(t: Terminal) -> list[Row]:
    """Put cut-off rows back under the screen's.

    Once the program has scrolled, what it printed since comes first: then the rows are returned, to fill what
    stays blank under it.
    """
    screen = t.main
    below = screen.below
    screen.below = []
    if screen.scrolled_at != t.scrollback.end:
        screen.below_top = -1
        return below
    screen.rows.extend(below)
    return []


def _new_top(
    oldest: int, size: int, lines: int, top: int, before: int | None, cursor: int, take_back: bool
) -> int:
    """The line that becomes the top row, of those from ``oldest`` to ``size`` (exclusive).

    As in xterm, what is below the cursor leaves the screen first, and the top scrolls away only to keep the cursor.
    ``top`` was the top row, ``before`` the one before rows were cut off below.
    """
    start = top
    if take_back:
        start = min(top, before if before is not None else max(oldest, size - lines))
    return max(start, cursor - lines + 1)


def _change_lines(t: Terminal, lines: int, take_back: bool, kept: list[SavedCursor]) -> None:
    """Only the height changes: rows go to the scrollback or come back from it."""
    rows = t.main.rows
    scrollback = t.scrollback
    above = len(scrollback)
    oldest = scrollback.end - above
    before = max(t.main.below_top - oldest, 0) if t.main.below_top >= 0 else None
    t.main.below_top = oldest + (min(above, before) if before is not None else above)
    start = _new_top(0, above + len(rows), lines, above, before, above + kept[0].y, take_back)
    for _ in range(start - above):
        scrollback.push(rows.pop(0), t.styles)
    rows[:0] = _unpacked(t, _taken_back(t, above - start), t.columns)
    for saved in kept:
        saved.y += above - start


def _reflow(t: Terminal, columns: int, lines: int, take_back: bool, kept: list[SavedCursor]) -> None:
    scrollback = t.scrollback
    rows = t.main.rows
    old_columns = t.columns
    known = t.main.below_top >= 0
    before = Mark(t.main.below_top, 0)
    followed = [Mark(line, x) for line, x in t.followed]
    # Archived lines stay in the archive: they flow when they are read.
    placed = scrollback.reflow_archive(columns, [*followed, before])
    above = len(scrollback)
    oldest = scrollback.end - above
    # Most of a long scrollback stays as it is: lines from here on count from ``first``.
    first = max(oldest, scrollback.same_until(columns))
    above = scrollback.end - first
    cursors = [_cursor_mark(rows, saved, above) for saved in kept]
    source = scrollback.lines(first, scrollback.end) + _packed_to_cursors(t, cursors, above)
    before.line = max(before.line, oldest)
    waiting: list[Mark] = []
    for mark in followed:
        if oldest <= mark.line < first and mark not in placed:
            _stay(mark, scrollback.lines(mark.line, mark.line + 1), old_columns, columns)
        elif mark not in placed:
            waiting.append(mark)
    top = Mark(first + above, 0)
    flowing = [*waiting, top, before]
    for mark in flowing:
        mark.line -= first
    edges = edge_marks(source, waiting, old_columns)
    flowed = flow(source, old_columns, columns, [*cursors, *flowing])
    place = before.line if known else None
    start = _new_top(oldest - first, len(flowed), lines, top.line, place, cursors[0].line, take_back)
    t.main.below_top = first + (before.line if known else top.line)
    scrollback.replace_from(first, flowed[: max(0, start)])
    back = _taken_back(t, -start)
    rows[:] = _unpacked(t, back + flowed[max(0, start) :], columns)
    for saved, mark in zip(kept, cursors, strict=True):
        saved.y = mark.line - start
        saved.pending = mark.x >= columns
        saved.x = min(mark.x, columns - 1)
        if mark.written and 0 <= saved.y < len(rows):
            rows[saved.y].pad(mark.x)
    for mark in waiting:
        mark.line += first
    for mark in edges:
        mark.x = columns
    t.followed = [(mark.line, min(mark.x, columns)) for mark in followed]
    t.line_epoch += 1


def _stay(mark: Mark, line: list[PackedLine], old_columns: int, columns: int) -> None:
    """Keep a position in a line that is the same at both widths."""
    alone = [Mark(0, mark.x)]
    edges = edge_marks(line, alone, old_columns)
    flow(line, old_columns, columns, alone)
    mark.x = columns if edges else alone[0].x


def _taken_back(t: Terminal, count: int) -> list[PackedLine]:
    """The newest ``count`` lines of the scrollback, oldest first, which leave it; one that is lost is blank."""
    back: list[PackedLine] = []
    while len(back) < count:
        try:
            back.append(t.scrollback.take_back())
        except IndexError:
            back.append(PackedLine(""))
    back.reverse()
    return back


def _cursor_mark(rows: list[Row], saved: SavedCursor, above: int) -> Mark:
    x = saved.x + 1 if saved.pending else saved.x
    return Mark(above + saved.y, x, saved.y < len(rows) and _is_written(rows[saved.y], x))


def _is_written(row: Row, x: int) -> bool:
    """Whether all columns before ``x`` were written. Erasing leaves no default blanks at the end, but coloured ones."""
    blanks = row.styles[row.used_by_text() : x]
    return x <= len(row.text) and not blanks.strip(DEFAULT)


def _packed_to_cursors(t: Terminal, cursors: list[Mark], above: int) -> list[PackedLine]:
    """The screen's rows, with what was written in front of a cursor though it is blank: a prompt ends in one."""
    packed = _packed(t, t.main.rows)
    for mark in cursors:
        y = mark.line - above
        if mark.written and mark.x > len(packed[y].text):
            packed[y] = pack_columns(t.main.rows[y], mark.x, t.styles)
    return packed
