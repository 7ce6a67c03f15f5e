"""Cells divided into a grid of tiles, some of which are filled: sextants, octants, sixteenths, braille, and others."""

import itertools
from functools import cache
from typing import Final

from PySide6.QtCore import QRect

from podium.ui.terminal.painting.graphics.cell_shape import CellShape, CellSize, between

# Bits of a braille pattern: dots 1–3 and 7 in the left column, 4–6 and 8 in the right one.
_BRAILLE_DOTS: Final = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))

_LEFT_HALF: Final = 0b010101
_RIGHT_HALF: Final = 0b101010
"""▌ and ▐, which are not among the sextants."""

_SIXTEENTHS: Final = (
    (2, 3, 4, 4), (1, 3, 4, 4), (0, 3, 3, 4), (0, 3, 2, 4),
    (0, 2, 1, 4), (0, 1, 1, 4), (0, 0, 1, 3), (0, 0, 1, 2),
    (0, 0, 2, 1), (0, 0, 3, 1), (1, 0, 4, 1), (2, 0, 4, 1),
    (3, 0, 4, 2), (3, 0, 4, 3), (3, 1, 4, 4), (3, 2, 4, 4),
)  # fmt: skip
"""U+1CEA0–1CEAF: left, top, right and bottom of what is filled, in quarters of the cell."""


def sextant(code: int, size: CellSize) -> CellShape:
    """U+1FB00–1FB3B: two columns of three rows."""
    bits = code - 0x1FB00 + 1
    for half in (_LEFT_HALF, _RIGHT_HALF):
        bits += bits >= half
    return _tiles(bits, 2, 3, size)


def octant(code: int, size: CellSize) -> CellShape:
    """U+1CD00–1CDE5: two columns of four rows."""
    return _tiles(_octants()[code - 0x1CD00], 2, 4, size)


@cache
def _octants() -> tuple[int, ...]:
    """The tiles of each octant, in the order of their code points: all patterns that nothing else has already."""
    quadrants = (0b0000_0101, 0b0000_1010, 0b0101_0000, 0b1010_0000)
    taken = {sum(itertools.compress(quadrants, chosen)) for chosen in itertools.product((0, 1), repeat=4)}
    quarters = {0b0000_0011, 0b1100_0000, 0b1111_1100, 0b0011_1111}
    sides_and_corners = {0b0001_0100, 0b0010_1000, 1, 2, 0b0100_0000, 0b1000_0000}
    return tuple(bits for bits in range(256) if bits not in taken | quarters | sides_and_corners)


def separated_quadrant(code: int, size: CellSize) -> CellShape:
    """U+1CC21–1CC2F: two columns of two rows, with a gap between the tiles."""
    return _separated(_tiles(code - 0x1CC20, 2, 2, size), size)


def separated_sextant(code: int, size: CellSize) -> CellShape:
    """U+1CE51–1CE8F: two columns of three rows, with a gap between the tiles."""
    return _separated(_tiles(code - 0x1CE50, 2, 3, size), size)


def sixteenth(code: int, size: CellSize) -> CellShape:
    """U+1CE90–1CE9F: one tile of four columns of four rows; U+1CEA0–1CEAF: several of a row or column."""
    if code < 0x1CEA0:
        return _tiles(1 << code - 0x1CE90, 4, 4, size)
    left, top, right, bottom = _SIXTEENTHS[code - 0x1CEA0]
    columns, rows = _boundaries(4, size.width), _boundaries(4, size.height)
    return CellShape((between(columns[left], rows[top], columns[right], rows[bottom]),))


def _boundaries(count: int, length: int) -> list[int]:
    return [round(length * part / count) for part in range(count + 1)]


def _tiles(bits: int, columns: int, rows: int, size: CellSize) -> CellShape:
    """The tiles of a grid whose bits are set, row by row from the lowest bit on."""
    x, y = _boundaries(columns, size.width), _boundaries(rows, size.height)
    return CellShape(
        tuple(
            between(x[column], y[row], x[column + 1], y[row + 1])
            for row in range(rows)
            for column in range(columns)
            if bits >> row * columns + column & 1
        )
    )


def _separated(shape: CellShape, size: CellSize) -> CellShape:
    gap = max(1, round(size.width / 6))
    before, after = gap // 2, gap - gap // 2
    return CellShape(tuple(rect.adjusted(before, before, -after, -after) for rect in shape.rects))


def braille(code: int, size: CellSize) -> CellShape:
    """U+2800–28FF: two columns of four dots."""
    bits = code - 0x2800
    dot = max(1, min(round(size.width / 4), round(size.height / 8)))
    rects = []
    for bit, (column, row) in enumerate(_BRAILLE_DOTS):
        if bits >> bit & 1:
            # Rounded down, so that the dots of all columns are equally far apart; to even, they would not be.
            x = (size.width * (1 + 2 * column) - 2 * dot) // 4
            y = (size.height * (1 + 2 * row) - 4 * dot) // 8
            rects.append(QRect(x, y, dot, dot))
    return CellShape(tuple(rects))
