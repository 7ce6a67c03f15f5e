"""Characters the terminal font lacks, laid out by Qt with whatever font has them and fitted to their columns."""

import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QGlyphRun, QRawFont, QTextLayout

from podium.ui.terminal.painting.fonts import CellFont, icon_font, terminal_font


class Cluster(NamedTuple):
    """What is painted for a character or cluster, from its first column on; baseline at y 0. Then all of it is made
    ``across`` times as wide.
    """

    runs: tuple[QGlyphRun, ...]
    across: float = 1.0


TOLERANCE: Final = 1.05
"""A letter that is a little too wide is common; squeezing every such one would look uneven."""
NARROWEST: Final = 0.5
WIDEST: Final = 1.5
"""How much narrower and wider than it was drawn a letter may become while its height stays."""
LEGIBLE: Final = 0.8
"""The scale below which a symbol rather reaches into a blank next to it."""

_HANGING: Final = (("\u0904", "\u097f"), ("\u0985", "\u09fe"), ("\u0a05", "\u0a74"))
"""Devanagari, Bengali, Gurmukhi."""


def is_symbol(text: str) -> bool:
    """True for what stands for itself, and need not be spaced as letters are."""
    category = unicodedata.category(text[0])
    return category[0] in "SP" or category == "No" or _is_private(text)


def _is_private(text: str) -> bool:
    """True for what a font alone gives a meaning, such as the icons of Nerd Fonts."""
    return unicodedata.category(text[0]) == "Co"


def lay_out(font: CellFont, text: str, face: int, columns: int, room: bool = False) -> Cluster:
    """Lay ``text`` out over ``columns``. ``room``: the column after it is blank."""
    choose = icon_font if _is_private(text) else terminal_font
    layout = QTextLayout(text, choose(font.pixel_size, face, family=font.look.family))
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(1e6)
    layout.endLayout()
    found = [run for run in layout.glyphRuns() if run.glyphIndexes()]
    if any(run.rawFont().pixelSize() <= 0 for run in found):
        return _unknown(font, text, face, columns)
    baseline = line.ascent()
    if is_symbol(text):
        return _symbol(font, text, found, baseline, columns, room)
    return _letter(font, text, found, baseline, line.naturalTextWidth(), columns)


def glyph_run(raw: QRawFont, indexes: list[int], positions: list[QPointF]) -> QGlyphRun:
    """Glyphs of one font at their places."""
    run = QGlyphRun()
    run.setRawFont(raw)
    run.setGlyphIndexes(indexes)
    run.setPositions(positions)
    return run


def glyph_index(raw: QRawFont, character: str) -> int:
    """The glyph of a character, 0 where the font has none."""
    found = raw.glyphIndexesForString(character)
    return found[0] if found else 0


def _unknown(font: CellFont, text: str, face: int, columns: int) -> Cluster:
    """No font has it, and what Qt has instead can't be painted: the bundled character, or the terminal font's box."""
    for raw in (font.symbols, font.faces[face]):
        glyph = glyph_index(raw, text[0])
        if glyph:
            left = (columns * font.width - raw.advancesForGlyphIndexes([glyph])[0].x()) / 2
            return Cluster((glyph_run(raw, [glyph], [QPointF(max(left, 0), 0)]),))
    return Cluster((glyph_run(font.faces[face], [0], [QPointF(0, 0)]),))


def _letter(
    font: CellFont, text: str, found: list[QGlyphRun], baseline: float, natural: float, columns: int
) -> Cluster:
    """In the middle of its columns, narrower where it is wider than they are; marks over their letter.

    Its height stays, so that the letters of a word look alike. A letter that hangs from a line reaches from one end of
    its columns to the other, so that the line goes on.
    """
    available = columns * font.width
    marked = len(text) > 1 and all(unicodedata.combining(character) for character in text[1:])
    if marked and found:
        letter = min(found, key=lambda run: run.positions()[0].x())
        natural = letter.rawFont().advancesForGlyphIndexes(letter.glyphIndexes())[0].x()
    across = min(available / max(natural, 1.0), WIDEST)
    if natural <= available * TOLERANCE and not hangs(text):
        across = 1.0
    scale = min(1.0, across / NARROWEST)
    across = max(across, NARROWEST)
    left = (available - natural * scale * across) / 2
    runs = _scaled(found, baseline, scale, left / across)
    if marked:
        runs = tuple(_over_letter(run, available / across) for run in runs)
    return Cluster(runs, across)


def hangs(text: str) -> bool:
    """True for letters of scripts with a line on top that joins those of a word."""
    return any(first <= text[0] <= last for first, last in _HANGING)


def _over_letter(run: QGlyphRun, available: float) -> QGlyphRun:
    """A font may have marks as spacing characters; they belong over the letter, not beside it."""
    raw, indexes, positions = run.rawFont(), run.glyphIndexes(), run.positions()
    for glyph, point in zip(indexes, positions, strict=True):
        middle = point.x() + raw.boundingRect(glyph).center().x()
        point.setX(point.x() - middle // available * available)
    return glyph_run(raw, indexes, positions)


def _symbol(
    font: CellFont, text: str, found: list[QGlyphRun], baseline: float, columns: int, room: bool
) -> Cluster:
    """As large as its ink can be in its columns, and no higher than the row. What would become too small to be made
    out, or is an icon of a font for programmers, takes the blank after it too.
    """
    ink = _ink(found, baseline)
    available = columns * font.width
    scale = min(1.0, available / ink.width())
    if room and (scale < LEGIBLE or _is_private(text)):
        available += font.width
        scale = min(1.0, available / ink.width())
    if columns > 1 and all(_is_coloured(run.rawFont().familyName()) for run in found):
        # Emoji are drawn in a box of their own, all the same, so that those of a list stay alike.
        scale = available / ink.width()
    above, below = font.baseline, font.height - font.baseline
    scale = min(scale, font.height / ink.height())
    width = ink.width() * scale
    # Over two columns it begins where it would in one: a list's symbols stand below each other.
    left = (columns * font.width - width) / 2 if width <= columns * font.width else 0.0
    top, bottom = ink.top() * scale, ink.bottom() * scale
    shift = max(0.0, -above - top) - max(0.0, bottom - below)
    return Cluster(_scaled(found, baseline - shift / scale, scale, left - ink.left() * scale))


@lru_cache(maxsize=64)
def _is_coloured(family: str) -> bool:
    """True for a font of pictures with colours of their own. Kept: a table is copied to be looked at."""
    raw = QRawFont.fromFont(QFont(family))
    return any(raw.fontTable(table) for table in ("CBDT", "sbix", "COLR", "SVG "))


def _ink(found: list[QGlyphRun], baseline: float) -> QRectF:
    """The box around what is painted, not empty, relative to the baseline's beginning."""
    ink = QRectF()
    for run in found:
        raw = run.rawFont()
        for glyph, point in zip(run.glyphIndexes(), run.positions(), strict=True):
            ink |= raw.boundingRect(glyph).translated(point.x(), point.y() - baseline)
    return ink if not ink.isEmpty() else QRectF(0, -1, 1, 1)


def _scaled(found: list[QGlyphRun], baseline: float, scale: float, left: float) -> tuple[QGlyphRun, ...]:
    runs = []
    for run in found:
        raw = run.rawFont()
        raw.setPixelSize(raw.pixelSize() * scale)
        positions = [
            QPointF(left + point.x() * scale, (point.y() - baseline) * scale) for point in run.positions()
        ]
        runs.append(glyph_run(raw, run.glyphIndexes(), positions))
    return tuple(runs)
