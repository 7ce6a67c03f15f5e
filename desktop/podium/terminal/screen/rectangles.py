"""The VT420 operations on rectangles: copy, fill, erase, change attributes."""

from collections.abc import Callable
from typing import Final

from podium.core.protocol.frames import Style, Underline
from podium.terminal.screen.attributes import CellStyle
from podium.terminal.screen.editing import erase, protected_codes
from podium.terminal.screen.row import Row, copy_columns
from podium.terminal.screen.sgr import render
from podium.terminal.screen.state import Terminal
from podium.terminal.screen.width import char_width

_REVERSIBLE: Final[dict[int, int]] = {
    1: int(Style.BOLD),
    5: int(Style.BLINK),
    7: int(Style.REVERSE),
    8: int(Style.HIDDEN),
}


class Rectangle:
    """Rows ``top`` to ``bottom`` and columns ``left`` to ``right``, all inclusive and on the screen."""

    def __init__(self, top: int, left: int, bottom: int, right: int) -> None:
        self.top = top
        self.left = left
        self.bottom = bottom
        self.right = right


def _rectangle(t: Terminal, params: list[int], at: int) -> Rectangle | None:
    """Four parameters from ``at`` on, relative to the margins in origin mode; None when there is nothing in it."""
    values = [*params, 0, 0, 0, 0, 0, 0, 0, 0][at : at + 4]
    first_y = t.top if t.origin else 0
    first_x = t.left if t.origin else 0
    last_y = t.bottom if t.origin else t.lines - 1
    last_x = t.right if t.origin else t.columns - 1
    # In origin mode xterm counts what is left out from the margin and then adds the margin all the same.
    top = (values[0] or first_y + 1) - 1 + first_y
    left = (values[1] or first_x + 1) - 1 + first_x
    bottom = min(values[2] - 1 + first_y if values[2] else last_y, last_y)
    right = min(values[3] - 1 + first_x if values[3] else last_x, last_x)
    if top > bottom or left > right:
        return None
    return Rectangle(top, left, bottom, right)


def copy_rectangle(t: Terminal, params: list[int]) -> None:
    """DECCRA: copy to another place; there is only one page."""
    source = _rectangle(t, params, 0)
    if source is None:
        return
    values = [*params, 0, 0, 0, 0, 0, 0, 0, 0]
    first_y = t.top if t.origin else 0
    first_x = t.left if t.origin else 0
    last_y = t.bottom if t.origin else t.lines - 1
    last_x = t.right if t.origin else t.columns - 1
    top = (values[5] or first_y + 1) - 1 + first_y
    left = (values[6] or first_x + 1) - 1 + first_x
    height = min(source.bottom - source.top, last_y - top) + 1
    width = min(source.right - source.left, last_x - left) + 1
    if height <= 0 or width <= 0:
        return
    # From a copy, since the two may overlap.
    copies = [t.rows[y].copy() for y in range(source.top, source.top + height)]
    for offset, row in enumerate(copies):
        target = t.rows[top + offset]
        copy_columns(row, source.left, source.left + width, target, left, t.eraser.style_code)
        if left + width == t.columns:
            target.wrapped = False


def fill_rectangle(t: Terminal, params: list[int]) -> None:
    """DECFRA: one printable character of one column everywhere, in the pen's style."""
    code = params[0] if params else 0
    printable = 32 <= code <= 126 or 160 <= code < 0xD800 or 0xE000 <= code < 0xFFFE
    if not printable or char_width(chr(code)) != 1:
        return
    rectangle = _rectangle(t, params, 1)
    if rectangle is not None:
        for y in range(rectangle.top, rectangle.bottom + 1):
            row = t.rows[y]
            row.fill(rectangle.left, rectangle.right + 1, chr(code), t.pen.style_code)
            if rectangle.right + 1 == t.columns:
                row.wrapped = False


def erase_rectangle(t: Terminal, params: list[int]) -> None:
    """DECERA."""
    rectangle = _rectangle(t, params, 0)
    if rectangle is not None:
        for y in range(rectangle.top, rectangle.bottom + 1):
            erase(t, y, rectangle.left, rectangle.right + 1)


def selective_erase_rectangle(t: Terminal, params: list[int]) -> None:
    """DECSERA: erase what DECSCA does not protect. SPA's protection is not regarded, as in xterm."""
    rectangle = _rectangle(t, params, 0)
    if rectangle is None:
        return
    for y in range(rectangle.top, rectangle.bottom + 1):
        row = t.rows[y]
        # DECSERA clears the characters and leaves their rendition.
        end = rectangle.right + 1
        spared = set() if t.iso_protection else protected_codes(t, row, rectangle.left, end)
        row.erase_but(spared, rectangle.left, end, "")
        if end == t.columns:
            row.wrapped = False


def _spans(t: Terminal, rectangle: Rectangle) -> list[tuple[int, int, int]]:
    """(row, first column, last column) of a rectangle, or of a stream unless DECSACE chose rectangles."""
    spans = []
    for y in range(rectangle.top, rectangle.bottom + 1):
        first = rectangle.left if t.rectangle_extent or y == rectangle.top else 0
        last = rectangle.right if t.rectangle_extent or y == rectangle.bottom else t.columns - 1
        # Both halves of a wide character have one style.
        row = t.rows[y]
        if row.is_right_half(first):
            first -= 1
        if row.is_right_half(last + 1):
            last += 1
        spans.append((y, first, last))
    return spans


def change_attributes(t: Terminal, params: list[int]) -> None:
    """DECCARA: apply an SGR to what is there."""
    rectangle = _rectangle(t, params, 0)
    if rectangle is None:
        return
    text = ";".join(str(value) for value in params[4:])
    t.make_room_for_styles()
    for y, first, last in _spans(t, rectangle):
        _change_styles(
            t.rows[y], first, last + 1, lambda style_code: render(t.styles, t.styles.of(style_code), text)
        )


def _change_styles(row: Row, first: int, end: int, change: Callable[[str], CellStyle]) -> None:
    """Give columns ``first`` to ``end`` (exclusive) the styles that ``change`` makes of their style codes."""
    row.pad(end)
    old = row.styles[first:end]
    new = {ord(style_code): change(style_code).style_code for style_code in set(old)}
    row.styles = f"{row.styles[:first]}{old.translate(new)}{row.styles[end:]}"
    row.version += 1


def reverse_attributes(t: Terminal, params: list[int]) -> None:
    """DECRARA: turn attributes over: bold, underline, blink, reverse, hidden; 0 means all."""
    rectangle = _rectangle(t, params, 0)
    if rectangle is None:
        return
    chosen = set(params[4:]) or {0}
    if 0 in chosen:
        chosen = {1, 4, 5, 7, 8}
    style = 0
    for number, flag in _REVERSIBLE.items():
        if number in chosen:
            style |= flag
    underline = 4 in chosen
    t.make_room_for_styles()
    for y, first, last in _spans(t, rectangle):
        _change_styles(
            t.rows[y],
            first,
            last + 1,
            lambda style_code: _reversed(t, t.styles.of(style_code), style, underline),
        )


def _reversed(t: Terminal, before: CellStyle, style: int, underline: bool) -> CellStyle:
    old = before.attributes
    line = old.underline
    if underline:
        line = int(Underline.NONE) if line else int(Underline.SINGLE)
    attributes = type(old)(
        old.foreground, old.background, old.style ^ style, line, old.underline_color, old.link
    )
    return t.styles.intern(attributes, before.protected)
