"""Light lines other than box drawing (⎿, U+1FBA0–1FBAF, U+1FBD0–1FBDF), hatching, and parts of circles."""

from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker, QRegion

from podium.ui.terminal.painting.graphics.box_drawing import box_shape
from podium.ui.terminal.painting.graphics.cell_shape import (
    CellShape,
    CellSize,
    between,
    line_through,
    stroked,
    whole,
)

# Lines between points named by row (top, middle, bottom) and column (left, centre, right).
_CENTRED: Final = (
    "tc ml", "tc mr", "ml bc", "mr bc", "tc ml bc", "tc mr bc", "ml bc mr", "ml tc mr", "tc ml,mr bc", "tc mr,ml bc",
    "tc mr bc ml", "tc ml bc mr", "ml tc mr bc", "mr tc ml bc", "tc mr bc ml tc",
)  # fmt: skip
"""U+1FBA0–1FBAE."""
_CORNERED: Final = (
    "mr bl", "tr ml", "tl mr", "ml br", "tl bc", "tc br", "tr bc", "tc bl",
    "tl mc tr", "tr mc br", "bl mc br", "tl mc bl", "tl bc tr", "tr ml br", "bl tc br", "tl mr bl",
)  # fmt: skip
"""U+1FBD0–1FBDF."""
_NEGATIVE: Final = ("tl br,tr bl", "mr bc", "tc mr bc ml tc")
"""U+1FBBD–1FBBF: the lines that are left out of a filled cell."""

_STRAIGHT: Final = {
    0x23AF: ("ml mr",),
    0x23B8: ("tl bl",),
    0x23B9: ("tr br",),
    0x23D0: ("tc bc",),
    0x1CC1B: ("ml mr", "tr mr"),
    0x1CC1C: ("ml mr", "mr br"),
    0x1CC1D: ("tl tr", "tl ml"),
    0x1CC1E: ("bl br", "ml bl"),
    0x1CE16: ("tc bc", "tc tr"),
    0x1CE17: ("tc bc", "bc br"),
    0x1CE18: ("tc bc", "tl tc"),
    0x1CE19: ("tc bc", "bl bc"),
}
"""Lines along the edges and the middle of the cell."""

_RING_CELLS: Final = 4
"""U+1CC30–1CC3F are the cells of a square of four by four, row by row: a ring along its edge, and one in its middle."""


def straight(code: int, size: CellSize) -> CellShape:
    """⎯ ⎸ ⎹ ⏐ (U+23AF, U+23B8, U+23B9, U+23D0), U+1CC1B–1CC1E and U+1CE16–1CE19."""
    first, *second = (_line(line, size) for line in _STRAIGHT[code])
    # Where two meet, a pixel is painted once.
    rest = [QRegion(line).subtracted(QRegion(first)).boundingRect() for line in second]
    return CellShape((first, *rest))


def _line(text: str, size: CellSize) -> QRect:
    start, end = (_stroke_box(name, size) for name in text.split())
    return start.united(end)


def _stroke_box(name: str, size: CellSize) -> QRect:
    """The square of a light line's end at a point of the cell."""
    across, along = size.width - size.stroke, size.height - size.stroke
    x = {"l": 0, "c": across // 2, "r": across}[name[1]]
    y = {"t": 0, "m": along // 2, "b": along}[name[0]]
    return QRect(x, y, size.stroke, size.stroke)


def corner(code: int, size: CellSize) -> CellShape:
    """⎾ and ⎿ (U+23BE, U+23BF), ⏋ and ⏌ (U+23CB, U+23CC): an upright line, and one at its upper or lower end to the
    cell's right or left edge; further out than ┌ └ ┐ ┘, by a quarter of the cell.
    """
    to_right, low = code < 0x23C0, code in (0x23BF, 0x23CC)
    left = (size.width - size.stroke) // 2
    top = size.height * 3 // 4 if low else size.height // 4
    start, end = (left + size.stroke, size.width) if to_right else (0, left)
    level = between(start, top, end, top + size.stroke)
    upright = (0, top + size.stroke) if low else (top, size.height)
    return CellShape((between(left, upright[0], left + size.stroke, upright[1]), level))


def diagonals(code: int, size: CellSize) -> CellShape:
    """U+1FBA0–1FBAE and U+1FBD0–1FBDF."""
    text = _CENTRED[code - 0x1FBA0] if code < 0x1FBD0 else _CORNERED[code - 0x1FBD0]
    return CellShape(path=_lines(text, size))


def negative_diagonals(code: int, size: CellSize) -> CellShape:
    """U+1FBBD–1FBBF: a filled cell without the lines."""
    return CellShape(path=whole(size).subtracted(_lines(_NEGATIVE[code - 0x1FBBD], size)))


def _lines(text: str, size: CellSize) -> QPainterPath:
    path = QPainterPath()
    for line in text.split(","):
        path = path.united(stroked(line_through(_point(name, size) for name in line.split()), size))
    return path


def _point(name: str, size: CellSize) -> QPointF:
    """In the middle of an edge, where the lines of box drawing meet it."""
    middle = (size.height - size.stroke) // 2 + size.stroke / 2
    center = (size.width - size.stroke) // 2 + size.stroke / 2
    x = {"l": 0, "c": center, "r": size.width}[name[1]]
    y = {"t": 0, "m": middle, "b": size.height}[name[0]]
    return QPointF(x, y)


def crossed_line(_code: int, size: CellSize) -> CellShape:
    """U+1FBAF: ─ with a short upright stroke in its middle."""
    (line,) = {rect.y(): rect for rect in box_shape("─", size).rects}.values()
    left, reach = (size.width - size.stroke) // 2, size.height // 4
    above = between(left, line.y() - reach, left + size.stroke, line.y())
    below = between(left, line.bottom() + 1, left + size.stroke, line.bottom() + 1 + reach)
    return CellShape((between(0, line.y(), size.width, line.bottom() + 1), above, below))


def hatching(code: int, size: CellSize) -> CellShape:
    """U+1FB98: lines from upper left to lower right; U+1FB99: from upper right to lower left. They go on from cell to
    cell.
    """
    step = size.width / 4
    slope = size.width if code == 0x1FB98 else -size.width
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    stroker = QPainterPathStroker()
    stroker.setWidth(size.stroke)
    for index in range(-5, 10):
        # Beyond the cell at both ends, so that no end of a line is seen in it.
        top = QPointF(index * step - slope / 8, -size.height / 8)
        bottom = QPointF(index * step + slope * 9 / 8, size.height * 9 / 8)
        path.addPath(stroker.createStroke(line_through((top, bottom))))
    return CellShape(path=path.intersected(whole(size)))


def half_circle(code: int, size: CellSize) -> CellShape:
    """U+1FBE0–1FBE3: half a ring around the middle of the upper, right, lower and left edge; U+1FBE8–1FBEB: half
    a disc; U+1FBEC–1FBEF: a quarter of a disc at the upper right, lower left, lower right and upper left corner.
    """
    width, height = float(size.width), float(size.height)
    edges = (
        QPointF(width / 2, 0),
        QPointF(width, height / 2),
        QPointF(width / 2, height),
        QPointF(0, height / 2),
    )
    corners = QPointF(width, 0), QPointF(0, height), QPointF(width, height), QPointF(0, 0)
    radius = min(width, height) / 2
    if code < 0x1FBE4:
        return CellShape(path=_ring(edges[code - 0x1FBE0], radius, radius, size))
    centre = edges[code - 0x1FBE8] if code < 0x1FBEC else corners[code - 0x1FBEC]
    disc = QPainterPath()
    disc.addEllipse(centre, radius, radius)
    return CellShape(path=disc.intersected(whole(size)))


def ring_part(code: int, size: CellSize) -> CellShape:
    """U+1CC30–1CC3F: a cell of a ring four cells wide and high, or of one two cells wide and high."""
    row, column = divmod(code - 0x1CC30, _RING_CELLS)
    reach = 1 if {row, column} <= {1, 2} else 2
    centre = QPointF((2 - column) * size.width, (2 - row) * size.height)
    return CellShape(path=_ring(centre, reach * size.width, reach * size.height, size))


def _ring(centre: QPointF, across: float, along: float, size: CellSize) -> QPainterPath:
    """A light line along the inside of an ellipse, as far as it is in the cell."""
    outer, inner = QPainterPath(), QPainterPath()
    outer.addEllipse(centre, across, along)
    inner.addEllipse(
        _smaller(QRectF(centre.x() - across, centre.y() - along, 2 * across, 2 * along), size.stroke)
    )
    return outer.subtracted(inner).intersected(whole(size))


def _smaller(rect: QRectF, by: float) -> QRectF:
    return rect.adjusted(by, by, -by, -by)
