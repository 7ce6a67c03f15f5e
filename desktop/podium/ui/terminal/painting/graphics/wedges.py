"""Triangles and other parts of a cell with a sloping edge (U+1FB3C–1FB6F, U+1FB9A–1FB9F), powerline separators."""

import itertools
import unicodedata
from math import atan2
from typing import Final

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from podium.ui.terminal.painting.graphics.cell_shape import (
    HALF_SHADE,
    CellShape,
    CellSize,
    closed,
    diagonal,
    stroked,
)

_CORNERS: Final = {"UPPER LEFT": (0, 0), "UPPER RIGHT": (1, 0), "LOWER RIGHT": (1, 1), "LOWER LEFT": (0, 1)}
_SIDES: Final = ("LEFT", "UPPER", "RIGHT", "LOWER")
"""In the order of U+1FB6C–1FB6F, and of the sides that U+1FB68–1FB6B leave out."""


def wedge(code: int, size: CellSize) -> CellShape:
    """U+1FB3C–1FB67: the part of the cell at a corner, up to a line between two points of its edges."""
    corner, line = unicodedata.name(chr(code)).split(" BLOCK DIAGONAL ")
    start, end = (_edge_point(words, size) for words in line.split(" TO "))
    x, y = _CORNERS[corner]
    inner = _side(start, end, QPointF(x * size.width, y * size.height))
    corners = (QPointF(right * size.width, low * size.height) for right, low in _CORNERS.values())
    points = [start, end, *(point for point in corners if _side(start, end, point) * inner > 0)]
    return CellShape(path=closed(_around_their_middle(points)))


def _edge_point(words: str, size: CellSize) -> QPointF:
    """A point on the cell's edge by its name. Thirds and halves are where sextants have them."""
    if words in _CORNERS:
        right, low = _CORNERS[words]
        return QPointF(right * size.width, low * size.height)
    height, _, place = words.rpartition(" ")
    if place == "CENTRE":
        return QPointF(round(size.width / 2), size.height if height == "LOWER" else 0)
    third = 1 if height == "UPPER MIDDLE" else 2
    return QPointF(size.width if place == "RIGHT" else 0, round(size.height * third / 3))


def _side(start: QPointF, end: QPointF, point: QPointF) -> float:
    """Positive on one side of a line, negative on the other, 0 on it."""
    along, across = end - start, point - start
    return along.x() * across.y() - along.y() * across.x()


def _around_their_middle(points: list[QPointF]) -> list[QPointF]:
    """The corners of a convex polygon in their order."""
    x = sum(point.x() for point in points) / len(points)
    y = sum(point.y() for point in points) / len(points)
    return sorted(points, key=lambda point: atan2(point.y() - y, point.x() - x))


def _triangle(side: str, size: CellSize) -> QPainterPath:
    """The triangle between an edge and the cell's middle."""
    width, height = size.width, size.height
    corners = [QPointF(0, height), QPointF(0, 0), QPointF(width, 0), QPointF(width, height)]
    first, second = list(itertools.pairwise([*corners, corners[0]]))[_SIDES.index(side)]
    return closed((first, second, QPointF(width / 2, height / 2)))


def triangle(code: int, size: CellSize) -> CellShape:
    """U+1FB68–1FB6B: three of the triangles that the diagonals make; U+1FB6C–1FB6F: one of them."""
    if code >= 0x1FB6C:
        return CellShape(path=_triangle(_SIDES[code - 0x1FB6C], size))
    return CellShape(path=_joined(*(side for side in _SIDES if side != _SIDES[code - 0x1FB68]), size=size))


def triangles(code: int, size: CellSize) -> CellShape:
    """U+1FB9A: the upper and the lower one; U+1FB9B: the left and the right one."""
    sides = ("UPPER", "LOWER") if code == 0x1FB9A else ("LEFT", "RIGHT")
    return CellShape(path=_joined(*sides, size=size))


def _joined(*sides: str, size: CellSize) -> QPainterPath:
    path = QPainterPath()
    for side in sides:
        path = path.united(_triangle(side, size))
    return path


def shaded_triangle(code: int, size: CellSize) -> CellShape:
    """U+1FB9C–1FB9F: a medium shade over the half at the upper left, upper right, lower right and lower left."""
    return CellShape(path=_half(list(_CORNERS.values())[code - 0x1FB9C], size), opacity=HALF_SHADE)


def half(code: int, size: CellSize) -> CellShape:
    """◢ ◣ ◤ ◥ (U+25E2–25E5)."""
    return CellShape(path=_half(((1, 1), (0, 1), (0, 0), (1, 0))[code - 0x25E2], size))


def _half(corner: tuple[int, int], size: CellSize) -> QPainterPath:
    """The half at a corner: all corners but the opposite one."""
    opposite = (1 - corner[0], 1 - corner[1])
    return closed(
        QPointF(x * size.width, y * size.height) for x, y in _CORNERS.values() if (x, y) != opposite
    )


def powerline(code: int, size: CellSize) -> CellShape:
    """U+E0B0–E0BF, pairs of a filled separator and its outline: arrows and half discs right and left, then four
    triangles.
    """
    width, height = size.width, size.height
    shape, outline = divmod(code - 0xE0B0, 2)
    if shape >= 4:
        if outline:
            return CellShape(path=diagonal(size, rising=shape in (5, 6)))
        return CellShape(path=_half(((0, 1), (1, 1), (0, 0), (1, 0))[shape - 4], size))
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
    return CellShape(path=stroked(path, size) if outline else path)
