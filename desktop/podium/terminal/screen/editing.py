"""Erasing, inserting and deleting."""

from podium.terminal.screen.cursor import scroll_down, scroll_up
from podium.terminal.screen.marks import erase_marks
from podium.terminal.screen.row import BLANK, DEFAULT, Row, blank_row, copy_columns
from podium.terminal.screen.state import Terminal


def erase_in_line(t: Terminal, how: int) -> None:
    """EL: 0 to the end, 1 from the start, 2 all. An unknown parameter leaves even a pending wrap alone."""
    if how > 2:
        return
    if t.iso_protection:
        selective_erase_in_line(t, how)
        return
    t.pending = False
    if how == 0:
        erase(t, t.y, t.x, t.columns)
    elif how == 1:
        erase(t, t.y, 0, t.x + 1)
    elif how == 2:
        erase(t, t.y, 0, t.columns)


def erase(t: Terminal, y: int, start: int, end: int) -> None:
    """Blank columns ``start`` to ``end`` (exclusive) in the pen's background."""
    row = t.rows[y]
    row.fill(start, end, BLANK, t.eraser.style_code)
    if end == t.columns:
        row.wrapped = False
        if start == 0:
            row.bidi = t.bidi


def erase_in_display(t: Terminal, how: int) -> None:
    """ED: 0 below, 1 above, 2 all, 3 the scrollback."""
    if how in (0, 2) and t.screen.below:
        # Rows that a smaller height cut off are below the cursor too.
        t.screen.below = []
    if t.iso_protection and how != 3:
        selective_erase_in_display(t, how)
        return
    if how <= 2:
        t.pending = False
    if how == 0:
        erase(t, t.y, t.x, t.columns)
        _blank_rows(t, t.y + 1, t.lines)
    elif how == 1:
        _blank_rows(t, 0, t.y)
        erase(t, t.y, 0, t.x + 1)
    elif how == 2:
        _blank_rows(t, 0, t.lines)
    elif how == 3:
        t.scrollback.clear()
        t.change += 1


def _blank_rows(t: Terminal, start: int, end: int) -> None:
    for y in range(start, end):
        erase(t, y, 0, t.columns)
    erase_marks(t, start, end)


def selective_erase_in_line(t: Terminal, how: int) -> None:
    """DECSEL: as EL, sparing what DECSCA protects.

    A pending wrap stays where something in front of it is spared, as in xterm.
    """
    if how > 2:
        return
    start = t.x if how == 0 else 0
    end = t.x + 1 if how == 1 else t.columns
    if not _erase_unprotected(t, t.y, start, end) or how == 0:
        t.pending = False


def selective_erase_in_display(t: Terminal, how: int) -> None:
    """DECSED: as ED, sparing what DECSCA protects."""
    if how == 0:
        selective_erase_in_line(t, 0)
        first, last = t.y + 1, t.lines
    elif how == 1:
        selective_erase_in_line(t, 1)
        first, last = 0, t.y
    elif how == 2:
        t.pending = False
        first, last = 0, t.lines
    else:
        return
    for y in range(first, last):
        _erase_unprotected(t, y, 0, t.columns)


def _erase_unprotected(t: Terminal, y: int, start: int, end: int) -> bool:
    """Erase what is not protected in these columns; returns whether anything is."""
    row = t.rows[y]
    spared = protected_codes(t, row, start, end)
    if not spared:
        erase(t, y, start, end)
        return False
    row.erase_but(spared, start, end, t.eraser.style_code)
    if end == t.columns and row.style_code(end - 1) not in spared:
        row.wrapped = False
    return True


def protected_codes(t: Terminal, row: Row, start: int, end: int) -> set[str]:
    """The style codes in columns ``start`` to ``end`` (exclusive) that selective erasing spares."""
    return {style_code for style_code in set(row.styles[start:end]) if t.styles.of(style_code).protected}


def erase_characters(t: Terminal, count: int) -> None:
    """ECH: blanks from the cursor on; nothing moves."""
    t.pending = False
    end = min(t.x + count, t.columns)
    if t.iso_protection:
        _erase_unprotected(t, t.y, t.x, end)
    else:
        erase(t, t.y, t.x, end)


def insert_lines(t: Terminal, count: int) -> None:
    """IL, only inside the margins; the cursor goes to the left margin."""
    if not (t.top <= t.y <= t.bottom and t.left <= t.x <= t.right):
        return
    scroll_down(t, t.y, t.bottom, count)
    t.x = t.left
    t.pending = False


def delete_lines(t: Terminal, count: int) -> None:
    """DL, only inside the margins; deleted lines never become scrollback."""
    if not (t.top <= t.y <= t.bottom and t.left <= t.x <= t.right):
        return
    if t.full_width():
        count = min(count, t.bottom - t.y + 1)
        for _ in range(count):
            del t.rows[t.y]
            t.rows.insert(t.bottom, blank_row(t.columns, t.eraser.style_code))
    else:
        scroll_up(t, t.y, t.bottom, count)
    t.x = t.left
    t.pending = False


def insert_columns(t: Terminal, x: int, count: int) -> None:
    """DECIC (and SR, DECBI): blank columns at ``x`` in every row between the margins."""
    if not (t.top <= t.y <= t.bottom and t.left <= t.x <= t.right):
        return
    _shift_columns(t, x, count)


def delete_columns(t: Terminal, x: int, count: int) -> None:
    """DECDC (and SL, DECFI): take columns out at ``x`` in every row between the margins."""
    if not (t.top <= t.y <= t.bottom and t.left <= t.x <= t.right):
        return
    _shift_columns(t, x, -count)


def _shift_columns(t: Terminal, x: int, count: int) -> None:
    end = t.right + 1
    size = min(abs(count), end - x)
    if size <= 0:
        return
    for y in range(t.top, t.bottom + 1):
        row = t.rows[y]
        if count > 0:
            copy_columns(row, x, end - size, row, x + size, t.eraser.style_code)
            row.fill(x, x + size, BLANK, t.eraser.style_code)
        else:
            copy_columns(row, x + size, end, row, x, t.eraser.style_code)
            row.fill(end - size, end, BLANK, t.eraser.style_code)
        row.wrapped = False


def fill_screen(t: Terminal) -> None:
    """DECALN: E everywhere, margins off, cursor home."""
    t.set_full_margins()
    t.origin = False
    t.modes.discard(6)
    for row in t.rows:
        row.fill(0, t.columns, "E", DEFAULT)
        row.wrapped = False
    t.x = 0
    t.y = 0
    t.pending = False
