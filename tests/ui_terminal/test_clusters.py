"""Clusters on the grid: letters keep their height, marks their letter, and nothing that output may hold is too odd."""

import unicodedata

import pytest
from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from podium.ui.terminal.painting import clusters
from podium.ui.terminal.painting.clusters import NARROWEST, WIDEST, Cluster, lay_out
from podium.ui.terminal.painting.fonts import CellFont
from podium.ui.terminal.painting.glyphs import GlyphCache

SCALES = [(13, 1.0), (13, 1.25), (13, 1.5), (13, 2.0)]
WIDE_LETTERS = "ⴱⴲⵀⵔߘႧ"
"""That only a proportional font has, of those the tests see: Tifinagh, N’Ko, Georgian."""
ODD = [
    "\U000302b1\U00011631\U000e01e3",
    "\ufffe\u2de9\u0320",
    "\u115f",
    "\u3164\u0301",
    "\u034f\u034f",
    "\u0e33",
    "\u0301",
    "\u20dd\ufe0f",
    "a" + "\u0301" * 16,
    "\U0001f1e6",
    "\U0010ffff",
    "\ue000",
    "\u00ad",
    "\u1160\u11a8",
]


def ink(cluster: Cluster) -> QRectF:
    area = QRectF()
    for run in cluster.runs:
        raw = run.rawFont()
        for glyph, point in zip(run.glyphIndexes(), run.positions(), strict=True):
            area |= raw.boundingRect(glyph).translated(point)
    return QRectF(area.x() * cluster.across, area.y(), area.width() * cluster.across, area.height())


@pytest.fixture(params=SCALES, ids=str)
def font(request: pytest.FixtureRequest, qtbot: QtBot) -> CellFont:
    return CellFont(*request.param)


def test_a_wide_letter_is_squeezed_into_its_columns_and_keeps_its_height(font: CellFont) -> None:
    for letter in WIDE_LETTERS:
        narrow, wide = lay_out(font, letter, 0, 1), lay_out(font, letter, 0, 3)
        assert ink(narrow).width() <= font.width * 1.2
        assert narrow.across < 1 == wide.across
        assert narrow.across >= NARROWEST
        if narrow.across > NARROWEST:
            assert abs(ink(narrow).height() - ink(wide).height()) <= 1


def test_what_would_become_too_narrow_becomes_smaller(font: CellFont) -> None:
    syllable = lay_out(font, WIDE_LETTERS[:4], 0, 1)
    assert syllable.across == NARROWEST
    assert ink(syllable).width() <= 1.2 * font.width


def test_a_letter_in_more_columns_is_in_their_middle(font: CellFont) -> None:
    for columns in (2, 3):
        area = ink(lay_out(font, "\u05d0", 0, columns))
        assert abs(area.center().x() - columns * font.width / 2) <= 1.5 * font.ratio


def test_letters_that_hang_from_a_line_reach_both_ends(
    font: CellFont, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then the line on top goes on from letter to letter; but nothing is drawn out too far."""
    assert clusters.hangs("क")
    assert not clusters.hangs("a")
    monkeypatch.setattr(clusters, "hangs", lambda _text: True)
    assert lay_out(font, "W", 0, 2).across == WIDEST
    assert lay_out(font, "W", 0, 1).across == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("text", ODD, ids=ascii)
def test_no_text_is_too_odd(qtbot: QtBot, text: str, columns: int) -> None:
    glyphs = GlyphCache(CellFont(13, 1.0), ligatures=True)
    for width in (columns, -columns):
        shape = glyphs.shape(text, 0, width, room=True)
        assert all(0 < placed.cluster.across <= WIDEST for placed in shape.clusters)


def test_marks_stay_over_a_squeezed_letter(font: CellFont) -> None:
    cluster = lay_out(font, "ش\u0651", 0, 1)
    assert unicodedata.combining("\u0651")
    area = ink(cluster)
    assert area.left() >= -0.3 * font.width
    assert area.right() <= 1.3 * font.width
