"""Graphics characters meet at the edges of their cells, at every size."""

import itertools
import unicodedata

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect

from podium.ui.terminal.block_drawing import cell_shape, is_drawn
from podium.ui.terminal.box_drawing import CellShape, CellSize, _arms

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
    points = {
        "left": lambda i: QPoint(0, i),
        "right": lambda i: QPoint(size.width - 1, i),
        "up": lambda i: QPoint(i, 0),
        "down": lambda i: QPoint(i, size.height - 1),
    }[side]
    return [i for i in along if covers(shape, points(i))]


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
def test_all_drawn_characters_stay_in_their_cell(size: CellSize) -> None:
    cell = QRect(0, 0, size.width, size.height)
    codes = [*range(0x2500, 0x25A0), *range(0x2801, 0x2900)]
    for code in codes:
        character = chr(code)
        assert is_drawn(character)
        shape = cell_shape(character, size)
        assert shape.rects or shape.path is not None, character
        assert all(cell.contains(rect) and not rect.isEmpty() for rect in shape.rects), character
    assert len(cell_shape("⣿", size).rects) == 8
    assert cell_shape("⠀", size).rects == ()
    for code in range(0xE0B0, 0xE0B4):
        path = cell_shape(chr(code), size).path
        assert path is not None
        assert edge(CellShape(path=path), size, "left" if code < 0xE0B2 else "right")
    assert not is_drawn("A")
    assert not is_drawn("■")
