"""Images on the rows of a screen: where they go, what scrolls for them, where the cursor is then."""

from typing import Final

from podium.terminal.graphics.sixel import SixelDecoder
from podium.terminal.images.placement import Image, Placement, Strip, with_strip, without_placement
from podium.terminal.screen.cursor import scroll_up
from podium.terminal.screen.row import Row
from podium.terminal.screen.state import Terminal

DISPLAY_MODE: Final = 80
"""DECSDM: images begin at the top left corner and nothing scrolls."""
SCROLL_RIGHT: Final = 8452
"""The cursor goes to the right of an image."""
PRIVATE_COLORS: Final = 1070
"""Each image has colour registers of its own."""
_USUAL_CELL: Final = (10, 20)
"""The pixels of a cell while nobody has told them."""


def cell_size(t: Terminal) -> tuple[int, int]:
    """Width and height of a cell in pixels."""
    known = t.cell_width > 1 and t.cell_height > 1
    return (t.cell_width, t.cell_height) if known else _USUAL_CELL


def keep(t: Terminal, image: Image) -> bool:
    """Store an image; False when there is no room for it."""
    return t.images.add(image, t.shown_images())


def show_sixel(t: Terminal, decoder: SixelDecoder) -> None:
    """Show an image at the cursor, which ends up in the last row of it, as in xterm."""
    decoder.finish()
    width, height = decoder.size()
    if not width or not height:
        return
    cell_width, cell_height = cell_size(t)
    # Rows that are declared alone cost a program nothing: no more of them than there are on a screen.
    height = max(decoder.height, min(height, t.lines * cell_height))
    layers: list[Placement] = []
    for image, size in (
        (decoder.backdrop(), (width, height)),
        (decoder.image(), (decoder.width, decoder.height)),
    ):
        if image is not None and keep(t, image):
            area = (0, 0, image.width, image.height)
            layers.append(Placement(image, area, size[0] / cell_width, size[1] / cell_height, sixel=True))
    columns, rows = (width + cell_width - 1) // cell_width, (height + cell_height - 1) // cell_height
    if DISPLAY_MODE in t.modes:
        for row in range(min(rows, t.lines)):
            _stamp_all(t.rows[row], layers, row, 0)
        return
    y = t.y
    for row in range(rows):
        y = _scrolled_to(t, y)
        _stamp_all(t.rows[y], layers, row, t.x)
        y += 1
    # A line stays free below the image.
    y = _scrolled_to(t, y)
    t.pending = False
    t.y = max(0, y - 1)
    if SCROLL_RIGHT in t.modes:
        t.x += columns
        if t.x > t.right:
            t.x = t.left
            t.y = y


def _scrolled_to(t: Terminal, y: int) -> int:
    """Scroll until row ``y`` is within the margins; returns which one it is then."""
    if y > t.bottom:
        scroll_up(t, t.top, t.bottom, y - t.bottom)
        y = t.bottom
    return y


def show_placement(t: Terminal, placement: Placement, *, moves_cursor: bool) -> None:
    """Show a placement at the cursor. The cursor then is behind its last row, or stays and nothing scrolls."""
    y = t.y
    limit = t.bottom if y <= t.bottom else t.lines - 1
    for row in range(placement.cell_rows()):
        if y > limit:
            if not moves_cursor or limit != t.bottom:
                break
            y = _scrolled_to(t, y)
        _stamp(t.rows[y], placement, row, t.x)
        y += 1
    if not moves_cursor:
        return
    t.pending = False
    t.y = y - 1
    t.x += placement.cell_columns()
    if t.x >= t.columns:
        t.x = 0
        t.y = _scrolled_to(t, y) if limit == t.bottom else min(y, limit)


def _stamp(row: Row, placement: Placement, number: int, x: int) -> None:
    row.show(with_strip(row.images, Strip(placement, number, x, x, x + placement.cell_columns())))


def _stamp_all(row: Row, layers: list[Placement], number: int, x: int) -> None:
    for placement in layers:
        if number < placement.cell_rows():
            _stamp(row, placement, number, x)


def take_off(t: Terminal, placement: Placement) -> None:
    """Delete a placement. Lines of the scrollback show it no more when they are read again."""
    t.images.delete(placement)
    for rows in (t.main.rows, t.other.rows):
        for row in rows:
            if row.images:
                left = without_placement(row.images, placement)
                if len(left) < len(row.images):
                    row.show(left)
