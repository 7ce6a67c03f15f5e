"""Graphics characters meet at the edges of their cells, at every size."""

import itertools
import unicodedata
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF

from podium.ui.terminal.painting.graphics.box_drawing import _arms
from podium.ui.terminal.painting.graphics.cell_shape import CellShape, CellSize
from podium.ui.terminal.painting.graphics.characters import cell_shape, drawn_characters, is_drawn

SIZES = [
    CellSize(8, 18, 1),
    CellSize(10, 23, 1),
    CellSize(12, 27, 2),
    CellSize(16, 36, 2),
    CellSize(7, 15, 1),
]


def covers(shape: CellShape, point: QPoint) -> bool:
    in_path = shape.path is not None and shape.path.contains(QPointF(point.x() + 0.5, point.y() + 0.5))
    return in_path or any(rect.contains(point) for rect in shape.rects)


def edge(shape: CellShape, size: CellSize, side: str) -> list[int]:
    """Pixels along a side of the cell that are filled."""
    along = range(size.height if side in ("left", "right") else size.width)
    points: dict[str, Callable[[int], QPoint]] = {
        "left": lambda i: QPoint(0, i),
        "right": lambda i: QPoint(size.width - 1, i),
        "up": lambda i: QPoint(i, 0),
        "down": lambda i: QPoint(i, size.height - 1),
    }
    return [i for i in along if covers(shape, points[side](i))]


BOX = [chr(code) for code in range(0x2500, 0x2580)]
STRAIGHT = [c for c in BOX if c not in "╭╮╯╰╱╲╳" and c not in "┄┅┆┇┈┉┊┋╌╍╎╏"]


@pytest.mark.parametrize("size", SIZES)
def test_every_arm_reaches_its_edge_where_the_neighbour_continues(size: CellSize) -> None:
    lines = {
        "up": ("│", "┃", "║"),
        "down": ("│", "┃", "║"),
        "left": ("─", "━", "═"),
        "right": ("─", "━", "═"),
    }
    for character in STRAIGHT:
        shape = cell_shape(character, size)
        arms = _arms(unicodedata.name(character).removeprefix("BOX DRAWINGS "))
        for side, weight in arms._asdict().items():
            expected = edge(cell_shape(lines[side][weight - 1], size), size, side) if weight else []
            assert edge(shape, size, side) == expected, (character, side)


@pytest.mark.parametrize("size", SIZES)
def test_rounded_corners_meet_straight_lines(size: CellSize) -> None:
    horizontal, vertical = cell_shape("─", size), cell_shape("│", size)
    for character, x, y in (
        ("╭", "right", "down"),
        ("╮", "left", "down"),
        ("╯", "left", "up"),
        ("╰", "right", "up"),
    ):
        shape = cell_shape(character, size)
        assert edge(shape, size, x) == edge(horizontal, size, x)
        assert edge(shape, size, y) == edge(vertical, size, y)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("character", STRAIGHT)
def test_lines_are_connected(character: str, size: CellSize) -> None:
    rects = list(cell_shape(character, size).rects)
    if character in "═║" or len(rects) < 2:
        return
    reached, rest = [rects[0]], rects[1:]
    grown = True
    while grown:
        grown = False
        for rect in rest.copy():
            if any(rect.adjusted(-1, -1, 1, 1).intersects(other) for other in reached):
                reached.append(rect)
                rest.remove(rect)
                grown = True
    # Double lines run side by side; each stripe then has a partner it never touches.
    assert not rest or character in "╔╗╚╝╠╣╦╩╬╒╓╕╖╘╙╛╜╞╟╡╢╤╥╧╨"


def test_single_lines_against_double_ones() -> None:
    size = CellSize(16, 36, 2)
    # ╤: the stem begins at the lower stripe and does not cross the gap.
    stem = [rect for rect in cell_shape("╤", size).rects if rect.height() > rect.width()]
    stripes = sorted({rect.y() for rect in cell_shape("═", size).rects})
    assert stem[0].y() == stripes[1]
    # ╔: outer stripes meet at the outer corner, inner ones at the inner one.
    corners = cell_shape("╔", size).rects
    assert covers(CellShape(corners), QPoint(min(r.x() for r in corners), min(r.y() for r in corners)))


@pytest.mark.parametrize("size", SIZES)
def test_blocks_fill_their_share_and_halves_make_a_whole(size: CellSize) -> None:
    cell = QRect(0, 0, size.width, size.height)
    assert cell_shape("█", size).rects == (cell,)
    for one, other in (("▀", "▄"), ("▌", "▐"), ("▛", "▗"), ("▚", "▞"), ("▙", "▝")):
        rects = cell_shape(one, size).rects + cell_shape(other, size).rects
        area = sum(rect.width() * rect.height() for rect in rects)
        assert area == size.width * size.height, (one, other)
        assert not any(a.intersects(b) for a, b in itertools.combinations(rects, 2))
    heights = [cell_shape(character, size).rects[0].height() for character in "▁▂▃▄▅▆▇"]
    assert heights == sorted(heights)
    assert [cell_shape(shade, size).opacity for shade in "░▒▓"] == [0.25, 0.5, 0.75]


@pytest.mark.parametrize("size", SIZES)
def test_all_drawn_characters_stay_in_their_row(size: CellSize) -> None:
    cell = QRect(0, 0, size.width, size.height)
    for character in drawn_characters().replace("⠀", ""):
        assert is_drawn(character)
        shape = cell_shape(character, size)
        assert shape.rects or shape.path is not None, character
        assert all(cell.contains(rect) and not rect.isEmpty() for rect in shape.rects), character
        if shape.path is not None:
            bounds = shape.path.boundingRect()
            assert not bounds.isEmpty(), character
            # A line that goes on across a corner has its share beside the cell, never above or below it.
            beside = 1.5 * size.stroke
            # A path's points are rounded a little where it was cut.
            assert QRectF(cell).adjusted(-beside, -0.01, beside, 0.01).contains(bounds), character
    assert len(cell_shape("⣿", size).rects) == 8
    assert cell_shape("⠀", size).rects == ()
    assert not any(map(is_drawn, "Aé■漢\U0001f600\U0001fbb0\U0001fbfa"))


@pytest.mark.parametrize("size", SIZES)
def test_separators_reach_the_edge_of_the_segment_they_end(size: CellSize) -> None:
    def filled(code: int, side: str) -> int:
        return len(edge(cell_shape(chr(code), size), size, side))

    for right, left in ((0xE0B0, 0xE0B2), (0xE0B4, 0xE0B6), (0xE0B8, 0xE0BA), (0xE0BC, 0xE0BE)):
        # All but the pixels at the corners, which a sloping edge covers in part.
        assert filled(right, "left") > 0.8 * size.height > 0.8 * filled(right, "right")
        assert filled(left, "right") > 0.8 * size.height > 0.8 * filled(left, "left")
    for rising, falling in (("╱", "\ue0bb"), ("╱", "\ue0bd"), ("╲", "\ue0b9"), ("╲", "\ue0bf")):
        assert cell_shape(rising, size).path == cell_shape(falling, size).path


@pytest.mark.parametrize("size", SIZES)
def test_sextants_and_eighths_make_wholes(size: CellSize) -> None:
    whole = size.width * size.height
    for one, other in (("🬋", "🬰"), ("🬁", "🬺"), ("🬞", "🬝"), ("🮂", "▆"), ("🮇", "▊"), ("🮋", "▏")):
        rects = cell_shape(one, size).rects + cell_shape(other, size).rects
        assert sum(rect.width() * rect.height() for rect in rects) == whole, (one, other)
        assert not any(a.intersects(b) for a, b in itertools.combinations(rects, 2)), (one, other)


@pytest.mark.parametrize("width", range(5, 30))
def test_braille_dots_are_equally_far_apart(width: int) -> None:
    size = CellSize(width, 2 * width, 1)
    columns = sorted({rect.x() for rect in cell_shape("⣿", size).rects})
    inside, across = columns[1] - columns[0], columns[0] + width - columns[1]
    assert abs(inside - across) <= width % 2
