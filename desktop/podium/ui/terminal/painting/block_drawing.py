"""Blocks, sextants, braille, scan lines and powerline separators as geometry of one cell, so that neighbours join."""

import unicodedata
from typing import Final

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QPainterPath, QPolygonF

from podium.ui.terminal.painting.box_drawing import CellShape, CellSize, box_shape, diagonal, stroked

_DRAWN: Final = (
    range(0x23BA, 0x23BE),  # scan lines, which programs reach as "o", "p", "r" and "s" of the DEC graphics
    range(0x2500, 0x25A0),  # box drawing and blocks
    range(0x2800, 0x2900),  # braille
    range(0xE0B0, 0xE0C0),  # powerline
    range(0x1FB00, 0x1FB3C),  # sextants
    range(0x1FB82, 0x1FB8C),  # the eighths that U+2580 leaves out
)
FIRST_DRAWN: Final = chr(_DRAWN[0].start)
"""Text before this character is never drawn as geometry."""

_SHADES: Final = {"░": 0.25, "▒": 0.5, "▓": 0.75}

_QUADRANTS: Final = {
    "UPPER LEFT": (0, 0),
    "UPPER RIGHT": (1, 0),
    "LOWER LEFT": (0, 1),
    "LOWER RIGHT": (1, 1),
}
_EIGHTHS: Final = {
    "ONE EIGHTH": 1,
    "ONE QUARTER": 2,
    "THREE EIGHTHS": 3,
    "HALF": 4,
    "FIVE EIGHTHS": 5,
    "THREE QUARTERS": 6,
    "SEVEN EIGHTHS": 7,
}
# Bits of a braille pattern: dots 1–3 and 7 in the left column, 4–6 and 8 in the right one.
_BRAILLE_DOTS: Final = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))


def is_drawn(character: str) -> bool:
    """True for the characters drawn here instead of with a font."""
    code = ord(character)
    return character >= FIRST_DRAWN and any(code in codes for codes in _DRAWN)


def cell_shape(character: str, size: CellSize) -> CellShape:
    """The shape of a character for which ``is_drawn``."""
    code = ord(character)
    if code < 0x2500:
        return _scan_line(code - 0x23BA, size)
    if code < 0x2580:
        return box_shape(character, size)
    if 0x2800 <= code < 0x2900:
        return _braille(code - 0x2800, size)
    if 0xE0B0 <= code < 0xE0C0:
        return CellShape(path=_powerline(code - 0xE0B0, size))
    if 0x1FB00 <= code < 0x1FB3C:
        return _sextant(character, size)
    return _block(character, size)


def _scan_line(index: int, size: CellSize) -> CellShape:
    """The first, third, seventh and last of nine lines; the fifth is ─."""
    top = (size.height - size.stroke) * (0, 2, 6, 8)[index] // 8
    return CellShape((QRect(0, top, size.width, size.stroke),))


def _block(character: str, size: CellSize) -> CellShape:
    width, height = size.width, size.height
    if character == "█" or character in _SHADES:
        return CellShape((QRect(0, 0, width, height),), opacity=_SHADES.get(character, 1.0))
    name = unicodedata.name(character)
    if name.startswith("QUADRANT "):
        return CellShape(tuple(_quadrants(name, size)))
    words = name.split()
    side = words[0]
    eighths = next(value for text, value in _EIGHTHS.items() if text in name)
    # Both sides round the same boundary, so that ▀ and ▄ make a whole cell of any height.
    if side == "UPPER":
        return CellShape((QRect(0, 0, width, round(height * eighths / 8)),))
    if side == "LOWER":
        top = round(height * (8 - eighths) / 8)
        return CellShape((QRect(0, top, width, height - top),))
    if side == "RIGHT":
        left = round(width * (8 - eighths) / 8)
        return CellShape((QRect(left, 0, width - left, height),))
    return CellShape((QRect(0, 0, max(1, round(width * eighths / 8)), height),))


def _quadrants(name: str, size: CellSize) -> list[QRect]:
    left, top = round(size.width / 2), round(size.height / 2)
    columns, rows = ((0, left), (left, size.width - left)), ((0, top), (top, size.height - top))
    return [
        QRect(columns[x][0], rows[y][0], columns[x][1], rows[y][1])
        for text, (x, y) in _QUADRANTS.items()
        if text in name
    ]


def _sextant(character: str, size: CellSize) -> CellShape:
    """Two columns of three; the name ("BLOCK SEXTANT-135") numbers those that are filled, row by row."""
    columns = (0, round(size.width / 2), size.width)
    rows = (0, round(size.height / 3), round(size.height * 2 / 3), size.height)
    rects = []
    for digit in unicodedata.name(character).removeprefix("BLOCK SEXTANT-"):
        row, column = divmod(int(digit) - 1, 2)
        left, top = columns[column], rows[row]
        rects.append(QRect(left, top, columns[column + 1] - left, rows[row + 1] - top))
    return CellShape(tuple(rects))


def _braille(bits: int, size: CellSize) -> CellShape:
    dot = max(1, min(round(size.width / 4), round(size.height / 8)))
    rects = []
    for bit, (column, row) in enumerate(_BRAILLE_DOTS):
        if bits >> bit & 1:
            # Rounded down, so that the dots of all columns are equally far apart; to even, they would not be.
            x = (size.width * (1 + 2 * column) - 2 * dot) // 4
            y = (size.height * (1 + 2 * row) - 4 * dot) // 8
            rects.append(QRect(x, y, dot, dot))
    return CellShape(tuple(rects))


def _powerline(index: int, size: CellSize) -> QPainterPath:
    """Pairs of a filled separator and its outline: arrows and half discs right and left, then four triangles."""
    width, height = size.width, size.height
    shape, outline = divmod(index, 2)
    corners = QPointF(0, 0), QPointF(width, 0), QPointF(width, height), QPointF(0, height)
    if shape >= 4:
        if outline:
            return diagonal(size, rising=shape in (5, 6))
        # Lower left, lower right, upper left, upper right: all corners but the opposite one.
        without = (1, 0, 2, 3)[shape - 4]
        return _closed([corner for place, corner in enumerate(corners) if place != without])
    points_right = shape % 2 == 0
    base, tip = (0, width) if points_right else (width, 0)
    path = QPainterPath(QPointF(base, 0))
    if shape >= 2:
        inset = size.stroke / 2 if outline else 0
        radius = width - inset
        path.arcTo(base - radius, inset, 2 * radius, height - 2 * inset, 90, -180 if points_right else 180)
    else:
        path.lineTo(tip, height / 2)
        path.lineTo(base, height)
    return stroked(path, size) if outline else path


def _closed(points: list[QPointF]) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF(points))
    path.closeSubpath()
    return path
