"""Cursor movement, tabs and scrolling."""

from podium.terminal.screen.bidi import mark_row
from podium.terminal.screen.row import BLANK, blank_row, copy_columns
from podium.terminal.screen.state import DEFAULT_TABS, Terminal


def move_to(t: Terminal, y: int, x: int) -> None:
    """CUP: absolute, or relative to the margins in origin mode; clamped."""
    if t.origin:
        t.y = min(max(y + t.top, t.top), t.bottom)
        t.x = min(max(x + t.left, t.left), t.right)
    else:
        t.y = min(max(y, 0), t.lines - 1)
        t.x = min(max(x, 0), t.columns - 1)
    t.pending = False


def move_to_column(t: Terminal, x: int) -> None:
    move_to(t, t.y - t.top if t.origin else t.y, x)


def move_to_line(t: Terminal, y: int) -> None:
    move_to(t, y, t.x - t.left if t.origin else t.x)


def up(t: Terminal, count: int) -> None:
    """CUU: stops at the top margin when it starts at or below it."""
    limit = t.top if t.y >= t.top else 0
    t.y = max(t.y - count, limit)
    t.pending = False


def down(t: Terminal, count: int) -> None:
    """CUD: stops at the bottom margin when it starts at or above it."""
    limit = t.bottom if t.y <= t.bottom else t.lines - 1
    t.y = min(t.y + count, limit)
    t.pending = False


def right(t: Terminal, count: int) -> None:
    limit = t.right if t.x <= t.right else t.columns - 1
    t.x = min(t.x + count, limit)
    t.pending = False


def left(t: Terminal, count: int) -> None:
    """BS and CUB; with reverse wrap (modes 45 and 1045) it goes on at the end of the row above."""
    if (t.reverse_wrap or t.reverse_wrap_anywhere) and t.autowrap:
        _left_wrapping(t, count)
        return
    limit = t.left if t.x >= t.left else 0
    t.x = max(t.x - count, limit)
    t.pending = False


def _left_wrapping(t: Terminal, count: int) -> None:
    """Mode 45 goes back over rows that wrapped, mode 1045 over all, and from the top of the region to its bottom."""
    if t.pending:
        # The cursor is thought of as one column further; the first step only undoes that.
        t.pending = False
        count -= 1
    # Of a cursor left of the margins the whole screen is the region.
    limit = t.left if t.x >= t.left else 0
    while count > 0:
        step = min(count, t.x - limit)
        t.x -= step
        count -= step
        if count == 0:
            return
        if t.reverse_wrap_anywhere:
            if t.y == t.top:
                t.y = t.bottom
            else:
                t.y = t.y - 1 if t.y > 0 else t.lines - 1
        elif t.y > t.top and t.rows[t.y - 1].wrapped:
            t.y -= 1
        else:
            return
        t.x = t.right
        count -= 1


def carriage_return(t: Terminal) -> None:
    if t.origin or t.x >= t.left:
        t.x = t.left
    else:
        t.x = 0
    t.pending = False


def index(t: Terminal) -> None:
    """IND: down one line, scrolling at the bottom margin."""
    t.pending = False
    if t.y == t.bottom:
        if t.left <= t.x <= t.right:
            scroll_up(t, t.top, t.bottom, 1)
    elif t.y < t.lines - 1:
        t.y += 1
    if t.bidi and not t.rows[t.y].text:
        mark_row(t)


def reverse_index(t: Terminal) -> None:
    """RI: up one line, scrolling at the top margin."""
    t.pending = False
    if t.y == t.top:
        if t.left <= t.x <= t.right:
            scroll_down(t, t.top, t.bottom, 1)
    elif t.y > 0:
        t.y -= 1


def line_feed(t: Terminal) -> None:
    index(t)
    if t.newline:
        carriage_return(t)


def next_line(t: Terminal) -> None:
    index(t)
    carriage_return(t)


def scroll_up(t: Terminal, top: int, bottom: int, count: int) -> None:
    """Move the rows of a region up; what leaves the very top of the main screen becomes scrollback."""
    count = min(count, bottom - top + 1)
    if not t.full_width():
        _scroll_columns(t, top, bottom, count)
        return
    rows = t.rows
    keep = top == 0 and not t.alternate
    for _ in range(count):
        row = rows.pop(top)
        if keep:
            t.scrollback.push(row, t.styles)
        rows.insert(bottom, blank_row(t.columns, t.eraser.style_code))


def scroll_down(t: Terminal, top: int, bottom: int, count: int) -> None:
    """Move the rows of a region down; what leaves its bottom is gone."""
    count = min(count, bottom - top + 1)
    if not t.full_width():
        _scroll_columns(t, top, bottom, -count)
        return
    rows = t.rows
    for _ in range(count):
        del rows[bottom]
        rows.insert(top, blank_row(t.columns, t.eraser.style_code))


def _scroll_columns(t: Terminal, top: int, bottom: int, count: int) -> None:
    """Scroll only the columns between the margins; up for a positive count."""
    rows = t.rows
    start = t.left
    end = t.right + 1
    order = range(top, bottom + 1) if count > 0 else range(bottom, top - 1, -1)
    for y in order:
        source = y + count
        if top <= source <= bottom:
            copy_columns(rows[source], start, end, rows[y], start, t.eraser.style_code)
        else:
            rows[y].fill(start, end, BLANK, t.eraser.style_code)
        if end == t.columns:
            rows[y].wrapped = False


def tab_forward(t: Terminal, count: int) -> None:
    """HT and CHT: to the next tab stop or the right margin. Pending wrap stays, as in xterm."""
    limit = t.right
    x = min(t.x, limit)
    for _ in range(min(count, limit - x + 1)):
        x += 1
        while x < limit and x not in t.tabs:
            x += 1
        if x >= limit:
            x = limit
            break
    t.x = x


def tab_back(t: Terminal, count: int) -> None:
    """CBT: to the previous tab stop, at most to the left edge or, in origin mode, to the left margin.

    A pending wrap stays, as in xterm.
    """
    limit = t.left if t.origin and t.x >= t.left else 0
    x = t.x
    for _ in range(min(count, x + 1)):
        x -= 1
        while x > limit and x not in t.tabs:
            x -= 1
        if x <= limit:
            x = limit
            break
    t.x = max(x, 0)


def clear_tabs(t: Terminal, how: int) -> None:
    """TBC: 0 the stop at the cursor, 3 all."""
    if how == 0:
        t.tabs.discard(t.x)
    elif how == 3:
        t.tabs.clear()


def default_tabs(t: Terminal) -> None:
    t.tabs = set(DEFAULT_TABS)


def save_cursor(t: Terminal) -> None:
    """DECSC, into this screen's one slot."""
    saved = t.screen.saved
    saved.used = True
    saved.x = t.x
    saved.y = t.y
    saved.pending = t.pending
    saved.pen = t.pen
    saved.origin = t.origin
    saved.charset = t.charset
    saved.charsets = list(t.charsets)


def restore_cursor(t: Terminal) -> None:
    """DECRC; without a DECSC before it the cursor goes home with a plain pen."""
    saved = t.screen.saved
    t.origin = saved.origin
    if t.origin:
        t.modes.add(6)
    else:
        t.modes.discard(6)
    t.x = min(saved.x, t.columns - 1)
    t.y = min(saved.y, t.lines - 1)
    t.pending = saved.pending and t.x == t.columns - 1
    t.set_pen(saved.pen)
    t.charset = saved.charset
    t.charsets = list(saved.charsets)
    t.use_charset()
