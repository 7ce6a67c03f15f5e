"""The terminal font's ligatures: one glyph for each cell still, so that they stay on the grid."""

import re
from typing import Final

from PySide6.QtGui import QTextLayout

from podium.ui.terminal.painting.fonts import CellFont, terminal_font

_CANDIDATE: Final = re.compile(r"[!-/:-@[-`{-~]{2}")
"""What ligatures are made of; laying out text costs much more than looking up its glyphs."""
NO_GLYPH: Final = -1
"""For a cell whose character is shown by the glyph of an earlier one."""


def may_ligate(text: str) -> bool:
    """False for text that surely has no ligature."""
    return _CANDIDATE.search(text) is not None


def ligated(font: CellFont, text: str, face: int, indexes: list[int]) -> list[int]:
    """The glyph of each character of ``text``, whose glyphs by themselves are ``indexes``. A character of another font,
    which has 0 there, ends a ligature.
    """
    result = indexes.copy()
    layout = QTextLayout(
        "".join(map(_own, text, indexes)),
        terminal_font(font.pixel_size, face, ligatures=True, family=font.look.family),
    )
    layout.beginLayout()
    layout.createLine().setLineWidth(1e6)
    layout.endLayout()
    retrieve = (
        QTextLayout.GlyphRunRetrievalFlag.RetrieveGlyphIndexes
        | QTextLayout.GlyphRunRetrievalFlag.RetrieveStringIndexes
    )
    shown: dict[int, int] = {}
    for run in layout.glyphRuns(-1, -1, retrieve):
        shown.update(zip(run.stringIndexes(), run.glyphIndexes(), strict=True))
    for place, index in enumerate(indexes):
        if index:
            result[place] = shown.get(place, NO_GLYPH)
    return result


def _own(character: str, index: int) -> str:
    """A blank stands for what another font has, so that places in the string are places in the text."""
    return character if index and len(character.encode("utf-16-le")) == 2 else " "
