"""Block elements, braille and powerline separators as geometry of one cell, so that neighbours join."""

import unicodedata
from typing import Final

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker

from podium.ui.terminal.box_drawing import CellShape, CellSize, box_shape

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
    return 0x2500 <= code <= 0x259F or 0x2800 <= code <= 0x28FF or 0xE0B0 <= code <= 0xE0B3


def cell_shape(character: str, size: CellSize) -> CellShape:
    """The shape of a character for which ``is_drawn``."""
    code = ord(character)
    if code <= 0x257F:
        return box_shape(character, size)
    if code <= 0x259F:
        return _block(character, size)
    if code <= 0x28FF:
        return _braille(code - 0x2800, size)
    return _powerline(code - 0xE0B0, size)


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


def _braille(bits: int, size: CellSize) -> CellShape:
    dot = max(1, min(round(size.width / 4), round(size.height / 8)))
    rects = []
    for bit, (column, row) in enumerate(_BRAILLE_DOTS):
        if bits >> bit & 1:
            x = round(size.width * (1 + 2 * column) / 4 - dot / 2)
            y = round(size.height * (1 + 2 * row) / 8 - dot / 2)
            rects.append(QRect(x, y, dot, dot))
    return CellShape(tuple(rects))


def _powerline(index: int, size: CellSize) -> CellShape:
    """0 a filled triangle pointing right, 1 its outline, 2 and 3 the same pointing left."""
    width, height = size.width, size.height
    base, tip = (0, width) if index < 2 else (width, 0)
    path = QPainterPath(QPointF(base, 0))
    path.lineTo(QPointF(tip, height / 2))
    path.lineTo(QPointF(base, height))
    if index % 2 == 0:
        path.closeSubpath()
        return CellShape(path=path)
    stroker = QPainterPathStroker()
    stroker.setWidth(size.stroke)
    stroker.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return CellShape(path=stroker.createStroke(path))
