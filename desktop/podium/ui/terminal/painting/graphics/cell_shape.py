"""A cell's size and the areas of it that a graphics character fills."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker, QPolygonF

HALF_SHADE: Final = 0.5
"""The opacity of a medium shade."""


class CellSize(NamedTuple):
    """A cell in device pixels; ``stroke`` is the thickness of a light line."""

    width: int
    height: int
    stroke: int

    @property
    def area(self) -> QRect:
        return QRect(0, 0, self.width, self.height)


class CellShape(NamedTuple):
    """Areas to fill, relative to the cell's top left. Rectangles are exact pixels, ``path`` is antialiased.

    ``more`` is what has another opacity; it has no more of its own.
    """

    rects: tuple[QRect, ...] = ()
    path: QPainterPath | None = None
    opacity: float = 1.0
    more: tuple["CellShape", ...] = ()


def between(left: int, top: int, right: int, bottom: int) -> QRect:
    """The pixels from ``left`` and ``top`` on, up to and not including ``right`` and ``bottom``."""
    return QRect(left, top, right - left, bottom - top)


def closed(points: Iterable[QPointF]) -> QPainterPath:
    """The inside of a polygon."""
    path = QPainterPath()
    path.addPolygon(QPolygonF(list(points)))
    path.closeSubpath()
    return path


def line_through(points: Iterable[QPointF]) -> QPainterPath:
    """A line from point to point, without thickness; closed where it ends at its beginning."""
    first, *rest = points
    path = QPainterPath(first)
    for point in rest:
        path.lineTo(point)
    if rest[-1] == first:
        path.closeSubpath()
    return path


def whole(size: CellSize, beside: int = 0) -> QPainterPath:
    """The cell, and ``beside`` pixels left and right of it."""
    path = QPainterPath()
    path.addRect(-beside, 0, size.width + 2 * beside, size.height)
    return path


def diagonal(size: CellSize, *, rising: bool) -> QPainterPath:
    """A light line from corner to corner. Where it goes on across a corner, some of it lies beside the cell."""
    bottom, top = (size.height, 0) if rising else (0, size.height)
    return stroked(line_through((QPointF(0, bottom), QPointF(size.width, top))), size, beside=size.width)


def stroked(line: QPainterPath, size: CellSize, beside: int = 0) -> QPainterPath:
    """The part of the cell that a light line fills, and up to ``beside`` pixels left and right of it.

    Never above or below: rows are painted one by one, and what reaches into the next would stay there.
    """
    stroker = QPainterPathStroker()
    stroker.setWidth(size.stroke)
    stroker.setCapStyle(Qt.PenCapStyle.SquareCap)
    stroker.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return stroker.createStroke(line).intersected(whole(size, beside))
