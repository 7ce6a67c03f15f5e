"""Graphics characters by their pixels: parts make wholes without a gap or a pixel painted twice, at every scale."""

import itertools
import unicodedata
from collections import Counter
from functools import cache

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from podium.ui.terminal.painting.fonts import CellFont
from podium.ui.terminal.painting.graphics.cell_shape import CellShape, CellSize
from podium.ui.terminal.painting.graphics.characters import cell_shape, drawn_characters

SCALES = [(13, 1.0), (13, 1.25), (13, 1.5), (13, 2.0), (9, 1.0), (11, 1.0), (24, 1.75)]
ROUNDING = 5
"""Of 255, by which antialiased parts may be off the whole."""


@pytest.fixture(params=SCALES, ids=str)
def size(request: pytest.FixtureRequest, qtbot: QtBot) -> CellSize:
    font = CellFont(*request.param)
    return CellSize(font.width, font.height, font.stroke)


def coverage(characters: str, size: CellSize) -> list[int]:
    """How much of each pixel of a cell the characters fill together, 0–255 for each time; row by row."""
    total = [0] * (size.width * size.height)
    for character in characters:
        shape = cell_shape(character, size)
        for place, value in enumerate(_painted((shape, *shape.more), size)):
            total[place] += value
    return total


def _painted(layers: tuple[CellShape, ...], size: CellSize) -> list[int]:
    image = QImage(size.width, size.height, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    # Each rectangle adds its light, so that one that lies over another is seen.
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Plus)
    for layer in layers:
        level = round(127 * layer.opacity)
        for rect in layer.rects:
            painter.fillRect(rect, QColor(level, level, level))
        if layer.path is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillPath(layer.path, QColor(level, level, level))
    painter.end()
    return [round(level * 255 / 127) for level in bytes(image.constBits())[1::4]]


def is_even(levels: list[int], level: int = 255) -> bool:
    return all(abs(value - level) <= ROUNDING for value in levels)


def span(first: int, end: int) -> list[str]:
    return [chr(code) for code in range(first, end)]


WEDGES = [chr(code) + chr(code + 22) for code in range(0x1FB3C, 0x1FB52)]
TRIANGLES = [chr(code) + chr(code + 4) for code in range(0x1FB68, 0x1FB6C)]
STRIPES = ["▏" + "".join(span(0x1FB70, 0x1FB76)) + "▕", "▔" + "".join(span(0x1FB76, 0x1FB7C)) + "▁"]
WHOLES = [
    *WEDGES,
    *TRIANGLES,
    *STRIPES,
    "🮕🮖",
    "🮚🮛",
    "🭬🭭🭮🭯",
    "\U0001fbbe\U0001fba3",  # negative diagonal, and the diagonal
    "".join(span(0x1CE90, 0x1CEA0)),  # all sixteenths
    "\ue0b8\ue0be",
    "\ue0ba\ue0bc",
    "◢◤",
    "◣◥",
]


def test_complementary_parts_fill_the_cell_once(size: CellSize) -> None:
    for whole in WHOLES:
        if size.width < 8 and whole in STRIPES:
            continue  # an eighth is a pixel at least
        assert is_even(coverage(whole, size)), [f"{ord(part):05X}" for part in whole]


def test_shaded_parts_make_an_even_shade(size: CellSize) -> None:
    for whole in ("\U0001fb8c\U0001fb8d", "\U0001fb8e\U0001fb8f", "\U0001fb90", "🮜🮞", "🮝🮟"):
        assert is_even(coverage(whole, size), 128), whole
    for block, shaded in (("▀", "\U0001fb91"), ("▄", "\U0001fb92"), ("▐", "\U0001fb94")):
        levels = coverage(shaded, size)
        for value, filled in zip(levels, coverage(block, size), strict=True):
            assert abs(value - (255 if filled else 128)) <= ROUNDING


def test_nothing_is_painted_twice(size: CellSize) -> None:
    for character in drawn_characters():
        if character not in "║═╬" and not 0x2500 <= ord(character) < 0x2580:
            assert max(coverage(character, size)) <= 255, f"{ord(character):05X}"


def test_wedges_are_on_the_side_their_name_says(size: CellSize) -> None:
    width = size.width
    for character in map(chr, range(0x1FB3C, 0x1FB68)):
        levels = coverage(character, size)
        corners = {
            "UPPER LEFT": levels[1 + width],
            "UPPER RIGHT": levels[2 * width - 2],
            "LOWER LEFT": levels[-2 * width + 1],
            "LOWER RIGHT": levels[-width - 2],
        }
        name = next(corner for corner in corners if unicodedata.name(character).startswith(corner))
        opposite = {"UPPER": "LOWER", "LOWER": "UPPER", "LEFT": "RIGHT", "RIGHT": "LEFT"}
        other = " ".join(opposite[word] for word in name.split())
        assert sum(levels) > 0
        assert corners[name] >= corners[other], unicodedata.name(character)


def test_wedges_end_where_sextants_do(size: CellSize) -> None:
    """U+1FB3C and U+1FB3E begin at the left edge below the second and the first third, U+1FB48 ends so at the right."""
    for character, column, third in (("🬼", 0, 2), ("🬾", 0, 1), ("🭈", -1, 2), ("🭊", -1, 1)):
        edge = coverage(character, size)[column % size.width :: size.width]
        first = next(y for y, level in enumerate(edge) if level)
        assert abs(first - round(size.height * third / 3)) <= 1, character


@cache
def _grid(character: str, columns: int, rows: int) -> frozenset[tuple[int, int]] | None:
    """The tiles of a grid that a character fills; None where it fills a part of one."""
    size = CellSize(8 * columns, 8 * rows, 1)
    filled = Counter(
        (x // 8, y // 8)
        for rect in cell_shape(character, size).rects
        for x in range(rect.left(), rect.right() + 1)
        for y in range(rect.top(), rect.bottom() + 1)
    )
    return frozenset(filled) if set(filled.values()) <= {64} else None


@pytest.mark.parametrize(
    ("blocks", "columns", "rows", "others"),
    [
        # Two columns of four rows: with the older blocks, every pattern exists exactly once.
        (
            (0x1CD00, 0x1CDE6),
            2,
            4,
            "▀▂▄▆█▌▐▖▗▘▙▚▛▜▝▞▟🮂🮅\U0001fbe6\U0001fbe7\U0001cea8\U0001ceab\U0001cea3\U0001cea0",
        ),
        ((0x1FB00, 0x1FB3C), 2, 3, "█▌▐"),
    ],
)
def test_mosaics_have_every_pattern_once(
    blocks: tuple[int, int], columns: int, rows: int, others: str
) -> None:
    patterns = [_grid(character, columns, rows) for character in [*span(*blocks), *others]]
    assert len(patterns) == len(set(patterns)) == 2 ** (columns * rows) - 1
    assert None not in patterns


def test_mosaics_are_numbered_by_their_tiles() -> None:
    def pattern(digits: str) -> frozenset[tuple[int, int]]:
        return frozenset(((int(digit) - 1) % 2, (int(digit) - 1) // 2) for digit in digits)

    for character in span(0x1FB00, 0x1FB3C):
        digits = unicodedata.name(character).removeprefix("BLOCK SEXTANT-")
        assert _grid(character, 2, 3) == pattern(digits)
    for code, digits in ((0, "3"), (1, "23"), (2, "123"), (3, "4"), (4, "14"), (0xE5, "2345678")):
        assert _grid(chr(0x1CD00 + code), 2, 4) == pattern(digits)


@pytest.mark.parametrize(
    ("first", "last", "joined"), [(0x1CC21, 0x1CC2F, "▘▝▀▖"), (0x1CE51, 0x1CE8F, "🬀🬁🬂🬃")]
)
def test_separated_tiles_lie_inside_the_joined_ones(
    size: CellSize, first: int, last: int, joined: str
) -> None:
    for code, whole in zip(range(first, last), joined, strict=False):
        separated, around = coverage(chr(code), size), coverage(whole, size)
        assert all(part <= full for part, full in zip(separated, around, strict=True))
        assert 0 < sum(separated) < sum(around)
    tiles = cell_shape(chr(last), size).rects
    assert len(tiles) in (4, 6)
    for one, other in itertools.combinations(tiles, 2):
        assert not one.adjusted(0, 0, 1, 1).intersects(other.adjusted(0, 0, 1, 1)), "a pixel between them"


@pytest.mark.parametrize("character", ["\U0001fb98", "\U0001fb99"])
def test_hatching_goes_on_in_the_next_cell(character: str) -> None:
    size = CellSize(16, 36, 2)
    levels = coverage(character, size)
    rows = [levels[y * 16 : (y + 1) * 16] for y in range(36)]
    for row in rows:
        # The lines are a quarter of a cell apart: what a cell begins with is what the one before would go on with.
        assert all(abs(one - other) <= ROUNDING for one, other in zip(row, row[4:] + row[:4], strict=True))


def test_corners_that_results_hang_on_join_the_lines_beside_them(size: CellSize) -> None:
    width, height = size.width, size.height
    line = coverage("│", size)
    for character, to_right, low in (
        ("⎾", True, False),
        ("⎿", True, True),
        ("⏋", False, False),
        ("⏌", False, True),
    ):
        levels = coverage(character, size)
        assert (levels[:width] == line[:width]) is low
        assert (levels[-width:] == line[-width:]) is not low
        edge = levels[width - 1 :: width] if to_right else levels[::width]
        assert edge.count(255) == size.stroke
        place = edge.index(255) / height
        assert (place > 0.6) is low, "not the letter L, nor └"
        assert (place < 0.4) is not low


def test_lines_along_edges_and_middle_are_those_of_box_drawing(size: CellSize) -> None:
    # The arms of box drawing lie over each other in the middle.
    upright, level = ([min(value, 255) for value in coverage(line, size)] for line in "│─")
    assert coverage("⎯", size) == level
    assert coverage("⏐", size) == upright
    width, height, stroke = size.width, size.height, size.stroke
    for character, first in (("⎸", 0), ("⎹", width - stroke)):
        row = [255 if first <= x < first + stroke else 0 for x in range(width)]
        assert coverage(character, size) == row * height
    for code, line in ((0x1CC1B, level), (0x1CC1C, level), (0x1CE16, upright), (0x1CE19, upright)):
        levels = coverage(chr(code), size)
        assert all(part >= whole for part, whole in zip(levels, line, strict=True))
        assert sum(levels) > sum(line)


def test_parts_of_a_ring_meet(size: CellSize) -> None:
    """Where the ring crosses from one cell into the next, the ink on both sides is at the same place."""
    width = size.width
    ring = [[coverage(chr(0x1CC30 + 4 * row + column), size) for column in range(4)] for row in range(4)]
    for row, column in itertools.product((0, 3), range(3)):
        left, right = ring[row][column], ring[row][column + 1]
        ends, starts = left[width - 1 :: width], right[::width]
        assert max(ends) > 0
        assert abs(_middle(ends) - _middle(starts)) <= 2
    for row, column in itertools.product(range(3), (0, 3)):
        above, below = ring[row][column], ring[row + 1][column]
        ends, starts = above[-width:], below[:width]
        assert max(ends) > 0
        assert abs(_middle(ends) - _middle(starts)) <= 2


def _middle(levels: list[int]) -> float:
    total = sum(levels)
    return sum(place * level for place, level in enumerate(levels)) / total if total else 0.0
