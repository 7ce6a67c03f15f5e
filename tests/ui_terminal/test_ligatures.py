"""Ligatures: off unless they are asked for, and each sign stays in its cell."""

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from podium.ui.terminal import TerminalView
from podium.ui.terminal.painting.fonts import CellFont
from podium.ui.terminal.painting.glyphs import GlyphCache, TextShape
from tests.ui_terminal.view_frames import FrameMaker

LIGATED = ["->", "=>", "!=", "==", "===", "<=", "a -> b", "x != y", "é -> ü", "⏸ -> ─", "😀->"]
PLAIN = ["abc", "a - b", "x = 1", "-", "( )", "漢字"]


@pytest.fixture
def both(qtbot: QtBot) -> tuple[GlyphCache, GlyphCache]:
    """Without and with ligatures."""
    return GlyphCache(CellFont(13, 1.0)), GlyphCache(CellFont(13, 1.0), ligatures=True)


def placed(shape: TextShape) -> list[tuple[str, int, float]]:
    """Font, glyph and place of all that is shown with a font."""
    return [
        (run.rawFont().familyName(), glyph, point.x())
        for run in shape.glyphs
        for glyph, point in zip(run.glyphIndexes(), run.positions(), strict=True)
    ]


@pytest.mark.parametrize("face", range(4))
@pytest.mark.parametrize("text", LIGATED)
def test_signs_become_one_and_stay_in_their_cells(
    both: tuple[GlyphCache, GlyphCache], text: str, face: int
) -> None:
    off, on = (glyphs.shape(text, face, 1) for glyphs in both)
    assert placed(off) != placed(on)
    assert {x for _font, _glyph, x in placed(on)} <= {x for _font, _glyph, x in placed(off)}
    assert len(off.clusters) == len(on.clusters)
    assert off.rects == on.rects


@pytest.mark.parametrize("text", PLAIN)
def test_other_text_is_shown_the_same(both: tuple[GlyphCache, GlyphCache], text: str) -> None:
    width = 2 if text == "漢字" else 1
    off, on = (glyphs.shape(text, 0, width) for glyphs in both)
    assert placed(off) == placed(on)


def test_letters_beside_a_ligature_keep_their_glyphs(both: tuple[GlyphCache, GlyphCache]) -> None:
    off, on = ({x: glyph for _font, glyph, x in placed(one.shape("ab->cd", 0, 1))} for one in both)
    cell = both[0].font.width
    same = [x // cell for x in off if on.get(x) == off[x]]
    assert same == [0, 1, 4, 5]


def test_a_view_shows_them_once_it_is_told(view: TerminalView, maker: FrameMaker) -> None:
    def shot() -> QImage:
        return view.grab().toImage()

    view.apply_frame(maker.frame(["a -> b != c"]))
    plain = shot()
    view.set_ligatures(True)
    assert shot() != plain
    view.set_font_size(15)
    view.set_font_size(13)
    assert shot() != plain, "they outlast another size"
    view.set_ligatures(False)
    assert shot() == plain
