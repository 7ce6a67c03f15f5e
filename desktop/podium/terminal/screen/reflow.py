"""Changing the size: wrapped lines reflow, the cursor stays on its text, no line is lost.

The alternate screen is cut or extended, as its program redraws it.
"""

from bisect import bisect_right

from podium.terminal.screen.attributes import StyleTable
from podium.terminal.screen.row import DEFAULT, RIGHT_HALF, Row
from podium.terminal.screen.scrollback import PackedLine, pack, pack_columns, unpack
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


class Mark:
    """A position on the main screen that follows its text: ``line`` counts from the oldest kept line.

    ``x`` may be one past the last column, which is a pending wrap. ``written``: all columns before it were written in
    its row, so that they are text though they may be blank.
    """

    def __init__(self, line: int, x: int, written: bool = False) -> None:
        self.line = line
        self.x = x
        self.written = written


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
    if columns != t.columns:
        _reflow(t, columns, lines, take_back, kept)
        late = _unpacked(t, _flow(_packed(t, late), t.columns, columns, []), columns)
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
    back = _unpacked(t, [scrollback.take_back() for _ in range(above - start)], t.columns)
    back.reverse()
    rows[:0] = back
    for saved in kept:
        saved.y += above - start


def _reflow(t: Terminal, columns: int, lines: int, take_back: bool, kept: list[SavedCursor]) -> None:
    scrollback = t.scrollback
    rows = t.main.rows
    old_columns = t.columns
    above = len(scrollback)
    oldest = scrollback.end - above
    # Most of a long scrollback stays as it is: lines from here on count from ``first``.
    first = max(oldest, scrollback.same_until(columns))
    above = scrollback.end - first
    cursors = [_cursor_mark(rows, saved, above) for saved in kept]
    source = scrollback.lines(first, scrollback.end) + _packed_to_cursors(t, cursors, above)
    followed = [Mark(line - first, x) for line, x in t.followed]
    edges = [_is_at_edge(source, mark, old_columns) for mark in followed]
    top = Mark(above, 0)
    before = Mark(max(t.main.below_top - oldest, 0) - (first - oldest), 0)
    flowed = _flow(source, old_columns, columns, [*cursors, *followed, top, before])
    known = t.main.below_top >= 0
    place = before.line if known else None
    start = _new_top(oldest - first, len(flowed), lines, top.line, place, cursors[0].line, take_back)
    t.main.below_top = first + (before.line if known else top.line)
    scrollback.replace_from(first, flowed[: max(0, start)])
    back = [scrollback.take_back() for _ in range(-start)]
    back.reverse()
    rows[:] = _unpacked(t, back + flowed[max(0, start) :], columns)
    for saved, mark in zip(kept, cursors, strict=True):
        saved.y = mark.line - start
        saved.pending = mark.x >= columns
        saved.x = min(mark.x, columns - 1)
        if mark.written and 0 <= saved.y < len(rows):
            rows[saved.y].pad(mark.x)
    t.followed = [
        (first + mark.line, columns if edge else min(mark.x, columns))
        for mark, edge in zip(followed, edges, strict=True)
    ]
    t.line_epoch += 1


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


def _is_at_edge(source: list[PackedLine], mark: Mark, columns: int) -> bool:
    """Whether a position is at the right edge of the screen, beyond a line's text: there it stays at any width."""
    if not 0 <= mark.line < len(source):
        return False
    line = source[mark.line]
    return mark.x >= columns and not line.wrapped and len(line.text) < columns


def _flow(source: list[PackedLine], old_columns: int, columns: int, marks: list[Mark]) -> list[PackedLine]:
    """Reflow all lines at ``columns``; moves the marks along."""
    result: list[PackedLine] = []
    # A table of its own: what the scrollback shows may be more than the screen's can hold.
    table = StyleTable()
    # Marks in order of their lines, so that each logical line looks only at its own.
    waiting = sorted(marks, key=_mark_line)
    next_mark = 0
    while next_mark < len(waiting) and waiting[next_mark].line < 0:
        next_mark += 1  # It is among the lines that stay as they are.
    i = 0
    size = len(source)
    while i < size:
        line = source[i]
        first = i
        if not line.wrapped and len(line.text) <= columns:
            # The common case costs one comparison a line.
            i += 1
            while next_mark < len(waiting) and waiting[next_mark].line == first:
                mark = waiting[next_mark]
                next_mark += 1
                mark.line = len(result)
                mark.x = min(mark.x, columns if mark.x == len(line.text) else columns - 1)
            result.append(line)
            continue
        if table.full:
            table.retire()
            table = StyleTable()
        rows: list[Row] = []
        starts: list[int] = []
        size_so_far = 0
        while True:
            line = source[i]
            i += 1
            row = _cells(line, old_columns, table)
            rows.append(row)
            starts.append(size_so_far)
            size_so_far += len(row.text)
            if not line.wrapped or i >= size:
                break
        whole = _joined(rows, starts)
        ends = _cut(whole.text, columns)
        if not line.wrapped:
            # Blanks at the end have a colour at most, like erased ones: that makes no row of its own.
            used = max(whole.used_by_text(), _written_until(waiting, next_mark, first, i, starts))
            while len(ends) > 1 and ends[-2] >= used:
                ends.pop()
        base = len(result)
        while next_mark < len(waiting) and waiting[next_mark].line < i:
            mark = waiting[next_mark]
            next_mark += 1
            row = rows[mark.line - first]
            # There is no place beside the text of a row that goes on.
            offset = starts[mark.line - first] + (min(mark.x, len(row.text)) if row.wrapped else mark.x)
            _place(mark, offset, ends, base, columns)
        whole.wrapped = line.wrapped
        result += [pack(piece, table) for piece in _pieces(whole, ends, columns)]
    for mark in waiting[next_mark:]:
        mark.line = max(0, len(result) - 1)
    table.retire()
    return result


def _written_until(marks: list[Mark], next_mark: int, first: int, end: int, starts: list[int]) -> int:
    """How far the logical line of the lines from ``first`` to ``end`` (exclusive) was written in front of cursors."""
    offset = 0
    for mark in marks[next_mark:]:
        if mark.line >= end:
            break
        if mark.written:
            offset = max(offset, starts[mark.line - first] + mark.x)
    return offset


def _mark_line(mark: Mark) -> int:
    return mark.line


def _cells(line: PackedLine, columns: int, table: StyleTable) -> Row:
    """A line's cells; one that goes on in the next line is as wide as the screen was, but for a filler."""
    row = unpack(line, columns, table)
    if line.wrapped:
        end = columns - 1 if line.filler else columns
        row.text = row.text[:end]
        row.styles = row.styles[:end]
        row.pad(end)
    return row


def _joined(rows: list[Row], starts: list[int]) -> Row:
    """The rows of one logical line side by side; they begin at the columns ``starts``."""
    whole = Row("".join([row.text for row in rows]), "".join([row.styles for row in rows]))
    whole.bidi = rows[0].bidi
    for row, start in zip(rows, starts, strict=True):
        whole.wide = whole.wide or row.wide
        for x, cluster in (row.clusters or {}).items():
            whole.join(start + x, cluster)
        if row.marks:
            whole.marks += tuple([mark.moved(start) for mark in row.marks])
        if row.images:
            whole.show(whole.images + tuple([strip.moved(start) for strip in row.images]))
    return whole


def _pieces(whole: Row, ends: list[int], columns: int) -> list[Row]:
    """The rows of ``columns`` that a logical line fills when it is cut at ``ends``."""
    pieces: list[Row] = []
    begin = 0
    for end in ends:
        piece = Row(whole.text[begin:end], whole.styles[begin:end], True, whole.wide)
        piece.filler = end - begin < columns
        piece.bidi = whole.bidi
        pieces.append(piece)
        begin = end
    # What it goes on in may be gone from the screen: at this width the row need not be full.
    missing = columns - len(pieces[-1].text)
    pieces[-1].wrapped = whole.wrapped and missing <= 1
    pieces[-1].filler = pieces[-1].wrapped and missing == 1
    for x, cluster in (whole.clusters or {}).items():
        number = bisect_right(ends, x)
        pieces[number].join(x - ends[number - 1] if number else x, cluster)
    for mark in whole.marks:
        number = min(bisect_right(ends, mark.column), len(ends) - 1)
        pieces[number].marks += (mark.moved(-ends[number - 1] if number else 0),)
    for strip in whole.images:
        number = min(bisect_right(ends, strip.start), len(ends) - 1)
        pieces[number].show((*pieces[number].images, strip.moved(-ends[number - 1] if number else 0)))
    return pieces


def _cut(text: str, columns: int) -> list[int]:
    """The ends of the pieces of a logical line; wide characters stay whole. At least one piece."""
    ends: list[int] = []
    position = 0
    size = len(text)
    while size - position > columns:
        position += columns
        if text[position] == RIGHT_HALF:
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
