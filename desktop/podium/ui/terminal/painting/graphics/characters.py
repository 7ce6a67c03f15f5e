"""The table of all characters that are drawn, each block with the function that draws it."""

from collections.abc import Callable
from typing import Final

from podium.ui.terminal.painting.graphics import blocks, mosaics, strokes, wedges
from podium.ui.terminal.painting.graphics.box_drawing import box_shape
from podium.ui.terminal.painting.graphics.cell_shape import CellShape, CellSize


def _box(code: int, size: CellSize) -> CellShape:
    return box_shape(chr(code), size)


_DRAWN: Final[tuple[tuple[range, Callable[[int, CellSize], CellShape]], ...]] = (
    (range(0x23AF, 0x23B0), strokes.straight),
    (range(0x23B8, 0x23BA), strokes.straight),
    (
        range(0x23BA, 0x23BE),
        blocks.scan_line,
    ),  # programs reach them as "o", "p", "r", "s" of the DEC graphics
    (range(0x23BE, 0x23C0), strokes.corner),  # Claude Code hangs results on ⎿
    (range(0x23CB, 0x23CD), strokes.corner),
    (range(0x23D0, 0x23D1), strokes.straight),
    (range(0x2500, 0x2580), _box),
    (range(0x2580, 0x25A0), blocks.block),
    (range(0x25E2, 0x25E6), wedges.half),
    (range(0x2800, 0x2900), mosaics.braille),
    (range(0xE0B0, 0xE0C0), wedges.powerline),
    (range(0x1CC1B, 0x1CC1F), strokes.straight),
    (range(0x1CC21, 0x1CC30), mosaics.separated_quadrant),
    (range(0x1CC30, 0x1CC40), strokes.ring_part),
    (range(0x1CD00, 0x1CDE6), mosaics.octant),
    (range(0x1CE16, 0x1CE1A), strokes.straight),
    (range(0x1CE51, 0x1CE90), mosaics.separated_sextant),
    (range(0x1CE90, 0x1CEB0), mosaics.sixteenth),
    (range(0x1FB00, 0x1FB3C), mosaics.sextant),
    (range(0x1FB3C, 0x1FB68), wedges.wedge),
    (range(0x1FB68, 0x1FB70), wedges.triangle),
    (range(0x1FB70, 0x1FB7C), blocks.eighth_stripe),
    (range(0x1FB7C, 0x1FB82), blocks.eighth_frame),
    (range(0x1FB82, 0x1FB8C), blocks.block),
    (range(0x1FB8C, 0x1FB95), blocks.shade),
    (range(0x1FB95, 0x1FB98), blocks.pattern),
    (range(0x1FB98, 0x1FB9A), strokes.hatching),
    (range(0x1FB9A, 0x1FB9C), wedges.triangles),
    (range(0x1FB9C, 0x1FBA0), wedges.shaded_triangle),
    (range(0x1FBA0, 0x1FBAF), strokes.diagonals),
    (range(0x1FBAF, 0x1FBB0), strokes.crossed_line),
    (range(0x1FBBD, 0x1FBC0), strokes.negative_diagonals),
    (range(0x1FBCE, 0x1FBD0), blocks.third),
    (range(0x1FBD0, 0x1FBE0), strokes.diagonals),
    (range(0x1FBE0, 0x1FBE4), strokes.half_circle),
    (range(0x1FBE4, 0x1FBE8), blocks.middle_quarter),
    (range(0x1FBE8, 0x1FBF0), strokes.half_circle),
)
FIRST_DRAWN: Final = chr(_DRAWN[0][0].start)
"""Text before this character is never drawn as geometry."""


def drawn_characters() -> str:
    """All that are drawn, in the order of their code points."""
    return "".join(map(chr, (code for codes, _draw in _DRAWN for code in codes)))


def is_drawn(character: str) -> bool:
    """True for the characters drawn here instead of with a font."""
    return cell_drawing(character) is not None


def cell_drawing(character: str) -> Callable[[int, CellSize], CellShape] | None:
    """The function that draws a character, by its code point; None for what a font draws."""
    code = ord(character)
    if character < FIRST_DRAWN:
        return None
    return next((draw for codes, draw in _DRAWN if code in codes), None)


def cell_shape(character: str, size: CellSize) -> CellShape:
    """The shape of a character for which ``is_drawn``."""
    draw = cell_drawing(character)
    assert draw is not None, "is_drawn was asked before"
    return draw(ord(character), size)
