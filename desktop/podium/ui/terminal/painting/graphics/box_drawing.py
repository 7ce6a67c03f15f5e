"""Box-drawing lines (U+2500–257F) as geometry of one cell, so that neighbours join without gaps.

What a character consists of is read from its Unicode name ("BOX DRAWINGS DOWN LIGHT AND RIGHT UP HEAVY") instead
of a hand-written table of 128 rows.
"""

import unicodedata
from enum import IntEnum
from functools import cache
from typing import Final, NamedTuple

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainterPath

from podium.ui.terminal.painting.graphics.cell_shape import CellShape, CellSize, diagonal


class Weight(IntEnum):
    NONE = 0
    LIGHT = 1
    HEAVY = 2
    DOUBLE = 3


class Arms(NamedTuple):
    """The weight of the line from the cell's middle to each of its edges."""

    up: Weight = Weight.NONE
    right: Weight = Weight.NONE
    down: Weight = Weight.NONE
    left: Weight = Weight.NONE


_WEIGHTS: Final = {
    "LIGHT": Weight.LIGHT,
    "SINGLE": Weight.LIGHT,
    "HEAVY": Weight.HEAVY,
    "DOUBLE": Weight.DOUBLE,
}
_DIRECTIONS: Final = {
    "UP": ("up",),
    "RIGHT": ("right",),
    "DOWN": ("down",),
    "LEFT": ("left",),
    "HORIZONTAL": ("left", "right"),
    "VERTICAL": ("up", "down"),
}
_DASHES: Final = {"DOUBLE DASH": 2, "TRIPLE DASH": 3, "QUADRUPLE DASH": 4}


def box_shape(character: str, size: CellSize) -> CellShape:
    name = unicodedata.name(character).removeprefix("BOX DRAWINGS ")
    if "DIAGONAL" in name:
        return CellShape(path=_diagonals(name, size))
    if "ARC" in name:
        return _arc(_arms(name.replace("ARC ", "")), size)
    for words, count in _DASHES.items():
        if words in name:
            return CellShape(tuple(_dashes(_arms(name.replace(words + " ", "")), count, size)))
    return CellShape(tuple(_lines(_arms(name), size)))


@cache
def _arms(name: str) -> Arms:
    parts = [part.split() for part in name.split(" AND ")]
    weights = [next((_WEIGHTS[word] for word in part if word in _WEIGHTS), None) for part in parts]
    # "LIGHT DOWN AND RIGHT": a part without a weight has that of the other one.
    common = next(weight for weight in weights if weight is not None)
    arms: dict[str, Weight] = {}
    for part, weight in zip(parts, weights, strict=True):
        for word in part:
            for direction in _DIRECTIONS.get(word, ()):
                arms[direction] = common if weight is None else weight
    return Arms(**arms)


def _thickness(weight: Weight, size: CellSize) -> int:
    if weight is Weight.HEAVY:
        return 3 if size.stroke == 1 else 2 * size.stroke
    return size.stroke if weight else 0


def _gap(size: CellSize) -> int:
    """Distance of each of a double line's strokes from the middle."""
    return max(size.stroke + (size.stroke + 1) // 2, round(size.width / 8))


def _stripe(middle_from: int, middle_to: int, across: int, thickness: int, vertical: bool) -> QRect:
    start, end = min(middle_from, middle_to), max(middle_from, middle_to)
    if vertical:
        return QRect(across, start, thickness, end - start)
    return QRect(start, across, end - start, thickness)


def _lines(arms: Arms, size: CellSize) -> list[QRect]:
    rects: list[QRect] = []
    up, right, down, left = arms
    rects += _arm(right, left, up, down, size, vertical=False, sign=1)
    rects += _arm(left, right, up, down, size, vertical=False, sign=-1)
    rects += _arm(down, up, left, right, size, vertical=True, sign=1)
    rects += _arm(up, down, left, right, size, vertical=True, sign=-1)
    return rects


def _arm(
    weight: Weight,
    opposite: Weight,
    before: Weight,
    after: Weight,
    size: CellSize,
    *,
    vertical: bool,
    sign: int,
) -> list[QRect]:
    """Rectangles of one arm. ``before`` and ``after`` are the crossing arms at the left or top and their opposite."""
    if not weight:
        return []
    length, breadth = (size.height, size.width) if vertical else (size.width, size.height)
    edge = length if sign > 0 else 0
    gap = _gap(size)
    thickness = _thickness(weight, size)
    if weight is not Weight.DOUBLE:
        start = _single_start(opposite, before, after, length, gap, sign, size, thickness)
        return [_stripe(start, edge, (breadth - thickness) // 2, thickness, vertical)]
    rects = []
    for side, near, far in ((-1, before, after), (1, after, before)):
        across = (breadth - thickness) // 2 + side * gap
        offset = 0
        if near is Weight.DOUBLE:
            offset = gap
        elif not near and far is Weight.DOUBLE and not opposite:
            offset = -gap
        start = _end_of(length, thickness, sign, offset)
        rects.append(_stripe(start, edge, across, thickness, vertical))
    return rects


def _single_start(
    opposite: Weight,
    before: Weight,
    after: Weight,
    length: int,
    gap: int,
    sign: int,
    size: CellSize,
    thickness: int,
) -> int:
    doubles = (before is Weight.DOUBLE) + (after is Weight.DOUBLE)
    if doubles and not opposite:
        # Against a whole double line it ends at the nearer stroke, at a corner it reaches round to the farther.
        return _end_of(length, size.stroke, sign, gap if doubles == 2 else -gap)
    crossing = max(_thickness(before, size), _thickness(after, size)) if not doubles else size.stroke
    return _end_of(length, max(crossing, 0) or thickness, sign, 0)


def _end_of(length: int, crossing: int, sign: int, offset: int) -> int:
    """The beginning of an arm: at the far side of the stroke it meets, which is ``offset`` from the middle."""
    near_edge = (length - crossing) // 2
    return near_edge + offset if sign > 0 else near_edge + crossing - offset


def _dashes(arms: Arms, count: int, size: CellSize) -> list[QRect]:
    vertical = bool(arms.up)
    thickness = _thickness(arms.up or arms.right, size)
    length, breadth = (size.height, size.width) if vertical else (size.width, size.height)
    gap = max(1, round(length / count / 3))
    rects = []
    for index in range(count):
        start = index * length // count + gap // 2
        end = max(start + 1, (index + 1) * length // count - (gap - gap // 2))
        rects.append(_stripe(start, end, (breadth - thickness) // 2, thickness, vertical))
    return rects


def _arc(arms: Arms, size: CellSize) -> CellShape:
    """A rounded corner: straight pieces in exact pixels, so that they meet the next cell, and a quarter ring."""
    stroke = size.stroke
    left, top = (size.width - stroke) // 2, (size.height - stroke) // 2
    radius = min(left, top)
    # The ring's centre lies inside the corner; its outer edge meets the outer edges of both straight pieces.
    right_going, down_going = bool(arms.right), bool(arms.down)
    center_x = left + stroke + radius if right_going else left - radius
    center_y = top + stroke + radius if down_going else top - radius
    rects = []
    if down_going and center_y < size.height:
        rects.append(QRect(left, center_y, stroke, size.height - center_y))
    if not down_going and center_y > 0:
        rects.append(QRect(left, 0, stroke, center_y))
    if right_going and center_x < size.width:
        rects.append(QRect(center_x, top, size.width - center_x, stroke))
    if not right_going and center_x > 0:
        rects.append(QRect(0, top, center_x, stroke))
    outer, inner = radius + stroke, radius
    start_angle = {(True, True): 90, (False, True): 0, (False, False): 270, (True, False): 180}[
        (right_going, down_going)
    ]
    path = QPainterPath()
    path.arcMoveTo(_around(center_x, center_y, outer), start_angle)
    path.arcTo(_around(center_x, center_y, outer), start_angle, 90)
    path.arcTo(_around(center_x, center_y, inner), start_angle + 90, -90)
    path.closeSubpath()
    return CellShape(tuple(rects), path)


def _around(x: int, y: int, radius: int) -> QRectF:
    return QRectF(x - radius, y - radius, 2 * radius, 2 * radius)


def _diagonals(name: str, size: CellSize) -> QPainterPath:
    path = QPainterPath()
    if "CROSS" in name or "UPPER RIGHT TO LOWER LEFT" in name:
        path.addPath(diagonal(size, rising=True))
    if "CROSS" in name or "UPPER LEFT TO LOWER RIGHT" in name:
        path.addPath(diagonal(size, rising=False))
    path.setFillRule(Qt.FillRule.WindingFill)
    return path
