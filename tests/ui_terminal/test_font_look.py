"""The font that the settings ask for, and how high its lines are."""

import pytest
from PySide6.QtGui import QFontDatabase
from pytestqt.qtbot import QtBot

from podium.core.config.settings import Terminal
from podium.ui.terminal.painting import fonts
from podium.ui.terminal.painting.fonts import LINE_HEIGHT, CellFont, FontLook, font_look
from podium.ui.terminal.painting.glyphs import glyph_cache
from podium.ui.terminal.view import TerminalView


def test_the_first_family_that_can_be_used_is(qtbot: QtBot) -> None:
    fonts.load_symbols_font()
    known = fonts.load_terminal_font()
    assert font_look(("No Such Font", known), 1.5) == FontLook(known, 1.5)
    assert font_look(("No Such Font",), LINE_HEIGHT) == FontLook()
    assert font_look((), LINE_HEIGHT) == FontLook()


def test_letters_of_different_widths_are_passed_over(qtbot: QtBot) -> None:
    proportional = [one for one in QFontDatabase.families() if not QFontDatabase.isFixedPitch(one)]
    if not proportional:
        pytest.skip("no proportional font is installed here")
    assert all(
        not look.family or fonts._is_monospaced(look.family)
        for look in (font_look((family,), 1.2) for family in proportional)
    )


@pytest.mark.parametrize("height", [1.0, 1.38, 2.0])
@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_lines_are_as_high_as_asked_and_letters_stand_inside(
    qtbot: QtBot, height: float, ratio: float
) -> None:
    font = CellFont(13, ratio, FontLook("", height))
    assert font.height == pytest.approx(height * 13 * ratio, abs=1)
    assert 0 < font.baseline <= font.height
    assert font.underline < font.height


def test_another_look_is_another_cache_and_the_usual_one_is_shared(qtbot: QtBot) -> None:
    usual = glyph_cache(13, 1.0)
    assert glyph_cache(13, 1.0, False, FontLook()) is not glyph_cache(13, 1.0, False, FontLook("", 2.0))
    assert usual.font.look == FontLook()


def test_a_view_fits_itself_anew(qtbot: QtBot) -> None:
    view = TerminalView()
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.show()
    before = view._canvas.geometry.lines
    view.set_text(Terminal(line_height=2.0))
    assert view._canvas.geometry.lines < before
    view.set_text(Terminal())
    assert view._canvas.geometry.lines == before
