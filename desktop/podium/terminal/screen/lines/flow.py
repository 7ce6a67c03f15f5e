"""Wrapped lines flow anew at another width."""

from bisect import bisect_right
from collections.abc import Sequence

from podium.terminal.screen.attributes import StyleTable
from podium.terminal.screen.lines.packed import PackedLine, pack, unpack
from podium.terminal.screen.row import BLANK, RIGHT_HALF, Row


class Mark:
    """A position on the main screen that follows its text: ``line`` counts from the oldest kept line.

    ``x`` may be one past the last column, which is a pending wrap. ``written``: all columns before it were written in
    its row, so that they are text though they may be blank.
    """

    def __init__(self, line: int, x: int, written: bool = False) -> None:
        self.line = line
        self.x = x
        self.written = written


def edge_marks(source: list[PackedLine], marks: list[Mark], columns: int) -> list[Mark]:
    """Those at the right edge of the screen, beyond a line's text: there they stay at any width."""
    return [mark for mark in marks if _is_at_edge(source, mark, columns)]


def _is_at_edge(source: list[PackedLine], mark: Mark, columns: int) -> bool:
    if not 0 <= mark.line < len(source):
        return False
    line = source[mark.line]
    return mark.x >= columns and not line.wrapped and len(line.text) < columns


def flow(
    source: list[PackedLine],
    old_columns: int,
    columns: int,
    marks: list[Mark],
    through: Sequence[int] = (),
) -> list[PackedLine]:
    """Reflow all lines at ``columns``, as if they had flowed at the widths ``through`` on the way, in whatever order;
    moves the marks along.
    """
    narrowest = min([columns, *through])
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
        if not line.wrapped and len(line.text) <= (narrowest if line.text[-1:] == BLANK else columns):
            # The common case. Only blanks at the end depend on where lines were cut before.
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
        if through and not line.wrapped:
            _drop_blanks(whole, through)
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


def _drop_blanks(whole: Row, widths: Sequence[int]) -> None:
    """Drop the blanks at the end of a logical line that filled no row of its own at one of these widths."""
    used = whole.used_by_text()
    size = len(whole.text)
    for width in widths:
        if size > max(used, width):
            size = min(size, _end_of_row(whole.text, used, width))
    if size < len(whole.text):
        whole.text = whole.text[:size]
        whole.styles = whole.styles[:size]


def _end_of_row(text: str, used: int, columns: int) -> int:
    """The end of the row in which the last of ``used`` columns is, when ``text`` is cut at ``columns``."""
    position = columns
    size = len(text)
    if position < size and text[position] == RIGHT_HALF:
        position -= 1
    while position < used:
        position += columns
        if position < size and text[position] == RIGHT_HALF:
            position -= 1
    return position


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
