"""Blocks that fill halves, thirds, quarters or eighths of a cell (U+2580–259F, U+1FB70–1FB97 and more), scan lines."""

import unicodedata
from typing import Final

from PySide6.QtCore import QRect

from podium.ui.terminal.painting.graphics.cell_shape import HALF_SHADE, CellShape, CellSize, between

_SHADES: Final = {"░": 0.25, "▒": HALF_SHADE, "▓": 0.75}

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
_EDGES: Final = ("LD", "LU", "RU", "RD", "UD")
"""U+1FB7C–1FB80: the edges along which an eighth is filled."""


def scan_line(code: int, size: CellSize) -> CellShape:
    """The first, third, seventh and last of nine lines; the fifth is ─."""
    top = (size.height - size.stroke) * (0, 2, 6, 8)[code - 0x23BA] // 8
    return CellShape((QRect(0, top, size.width, size.stroke),))


def block(code: int, size: CellSize) -> CellShape:
    """U+2580–259F and U+1FB82–1FB8B."""
    character = chr(code)
    width, height = size.width, size.height
    if character == "█" or character in _SHADES:
        return CellShape((size.area,), opacity=_SHADES.get(character, 1.0))
    name = unicodedata.name(character)
    if name.startswith("QUADRANT "):
        return CellShape(tuple(_quadrants(name, size)))
    side = name.split()[0]
    eighths = next(value for text, value in _EIGHTHS.items() if text in name)
    # Both sides round the same boundary, so that ▀ and ▄ make a whole cell of any height.
    if side == "UPPER":
        return CellShape((between(0, 0, width, _eighth(eighths, height)),))
    if side == "LOWER":
        return CellShape((between(0, _eighth(8 - eighths, height), width, height),))
    if side == "RIGHT":
        return CellShape((between(_eighth(8 - eighths, width), 0, width, height),))
    return CellShape((QRect(0, 0, max(1, _eighth(eighths, width)), height),))


def _eighth(count: int, length: int) -> int:
    """The boundary after ``count`` eighths of a length."""
    return round(length * count / 8)


def _quadrants(name: str, size: CellSize) -> list[QRect]:
    left, top = round(size.width / 2), round(size.height / 2)
    columns, rows = ((0, left), (left, size.width - left)), ((0, top), (top, size.height - top))
    return [
        QRect(columns[x][0], rows[y][0], columns[x][1], rows[y][1])
        for text, (x, y) in _QUADRANTS.items()
        if text in name
    ]


def eighth_stripe(code: int, size: CellSize) -> CellShape:
    """U+1FB70–1FB75: the second to the seventh eighth from the left; U+1FB76–1FB7B: from the top."""
    index, vertical = (code - 0x1FB70) % 6 + 1, code < 0x1FB76
    return CellShape((_column(index, size) if vertical else _row(index, size),))


def _column(index: int, size: CellSize) -> QRect:
    left = _eighth(index, size.width)
    return between(left, 0, max(left + 1, _eighth(index + 1, size.width)), size.height)


def _row(index: int, size: CellSize) -> QRect:
    top = _eighth(index, size.height)
    return between(0, top, size.width, max(top + 1, _eighth(index + 1, size.height)))


def eighth_frame(code: int, size: CellSize) -> CellShape:
    """U+1FB7C–1FB80: an eighth along two edges; U+1FB81: the first, third, fifth and eighth row."""
    if code == 0x1FB81:
        return CellShape(tuple(_row(index, size) for index in (0, 2, 4, 7)))
    edges = _EDGES[code - 0x1FB7C]
    left = _column(0, size).width() if "L" in edges else 0
    right = _column(7, size).x() if "R" in edges else size.width
    rects = []
    if left:
        rects.append(between(0, 0, left, size.height))
    if right < size.width:
        rects.append(between(right, 0, size.width, size.height))
    # Beside the upright one: where two overlap, a pixel would be painted twice.
    for edge, row in (("U", _row(0, size)), ("D", _row(7, size))):
        if edge in edges:
            rects.append(between(left, row.y(), right, row.y() + row.height()))
    return CellShape(tuple(rects))


def shade(code: int, size: CellSize) -> CellShape:
    """U+1FB8C–1FB94: a medium shade over a half or all of the cell, alone or beside a block."""
    middle, center = _eighth(4, size.height), _eighth(4, size.width)
    upper, lower = between(0, 0, size.width, middle), between(0, middle, size.width, size.height)
    left, right = between(0, 0, center, size.height), between(center, 0, size.width, size.height)
    if code < 0x1FB91:
        return CellShape(((left, right, upper, lower, size.area)[code - 0x1FB8C],), opacity=HALF_SHADE)
    shaded, filled = ((lower, upper), (upper, lower), (right, left), (left, right))[code - 0x1FB91]
    return CellShape((filled,), more=(CellShape((shaded,), opacity=HALF_SHADE),))


def pattern(code: int, size: CellSize) -> CellShape:
    """U+1FB95 and U+1FB96: four columns of eight squares, every other filled; U+1FB97: two thick lines."""
    if code == 0x1FB97:
        return CellShape(
            tuple(
                between(0, _eighth(2 * row, size.height), size.width, _eighth(2 * row + 2, size.height))
                for row in (1, 3)
            )
        )
    columns = [round(size.width * column / 4) for column in range(5)]
    rows = [_eighth(row, size.height) for row in range(9)]
    return CellShape(
        tuple(
            between(columns[x], rows[y], columns[x + 1], rows[y + 1])
            for y in range(8)
            for x in range(4)
            if (x + y + code - 0x1FB95) % 2 == 0
        )
    )


def third(code: int, size: CellSize) -> CellShape:
    """U+1FBCE and U+1FBCF: two thirds and one third from the left."""
    return CellShape((between(0, 0, round(size.width * (2 if code == 0x1FBCE else 1) / 3), size.height),))


def middle_quarter(code: int, size: CellSize) -> CellShape:
    """U+1FBE4–1FBE7: a quarter of the cell in the middle of its upper, lower, left and right edge."""
    width, height = size.width, size.height
    x = [round(width * part / 4) for part in (0, 1, 2, 3, 4)]
    y = [round(height * part / 4) for part in (0, 1, 2, 3, 4)]
    left, top, right, bottom = ((1, 0, 3, 2), (1, 2, 3, 4), (0, 1, 2, 3), (2, 1, 4, 3))[code - 0x1FBE4]
    return CellShape((between(x[left], y[top], x[right], y[bottom]),))
