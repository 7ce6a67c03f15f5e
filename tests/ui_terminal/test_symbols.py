"""The symbols of agents' screens can be made out, on any machine, and stay on the grid."""

import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontDatabase, QGlyphRun, QRawFont
from pytestqt.qtbot import QtBot

from podium.core.protocol.frames import Attributes, Cursor, Run
from podium.ui.terminal import TerminalView
from podium.ui.terminal.painting import fonts
from podium.ui.terminal.painting.clusters import is_symbol, lay_out
from podium.ui.terminal.painting.fonts import FAMILY, SYMBOLS_FAMILY, CellFont
from podium.ui.terminal.painting.glyphs import GlyphCache, TextShape
from podium.ui.terminal.painting.graphics.characters import is_drawn
from tests.ui_terminal.view_frames import FrameMaker, Piece

AGENTS = (
    "⏸⏵⏴⏶⏷⏹⏺⏭⏮◐◑◒◓※✻✶✳✢✽✦✧✱✲✴✹❋❊●○◉◎▶▷◀◁☐☑☒✔✗✘✓❯❮➜➤➔⚠ℹⓘ↳↲↵⏎⧉⟳⟲↻↺⌘⌥⇧⌃⎋⌫⌦⇥⇤⎇★☆⚙⚑⚐⬥◆◇◈▣▢■□▲▼△▽▸▹▾▿◂◃⊶⊷⇆⇄⇅⇣"
    "⇡⇢⇠⟶⟵⇒✎✏✂♦♥♠♣⏱⏲⚒⚔☰☷⌕⌖⌗⌂⏻⬢⬡⬤⟡⟐⧖⧗⧫⦿⊙⊚⊛⊗⊕①②③④⑤⑥⑦⑧⑨⑩❶❷❸⅓⅔ⅣⅨ⁂⁃‼⁉→←↑↓↔↕↗↘↙↖⇐⇔∀∃∈∅∧∨≈≠≤≥∞√∑"
)
"""One column each. What is smaller by nature (·, •, ▪, ⬝, ∙) is left out."""
TALL = set("⏸⏹⏺◐◑※✻✳✢✽●○☐☑✔ℹⓘ★⚑")
"""Those that stand at the beginning of a line, and say how things are."""
SIZES = [(13, 1.0), (13, 1.25), (13, 1.5), (13, 2.0), (9, 1.0), (24, 1.0)]


def ink(runs: Iterable[QGlyphRun]) -> QRectF:
    """The box around what is painted, relative to the first cell's baseline."""
    area = QRectF()
    for run in runs:
        raw = run.rawFont()
        for glyph, point in zip(run.glyphIndexes(), run.positions(), strict=True):
            area |= raw.boundingRect(glyph).translated(point)
    return area


def fonts_of(shape: TextShape) -> list[tuple[str, list[int]]]:
    runs = [*shape.glyphs, *(run for placed in shape.clusters for run in placed.cluster.runs)]
    return [(run.rawFont().familyName(), run.glyphIndexes()) for run in runs]


@pytest.mark.parametrize(("size", "ratio"), SIZES)
def test_agents_symbols_fill_their_cell_and_stay_in_it(qtbot: QtBot, size: int, ratio: float) -> None:
    glyphs = GlyphCache(CellFont(size, ratio))
    font, slack = glyphs.font, 2 + 0.06 * size * ratio
    for symbol in AGENTS:
        (run,) = glyphs.shape(symbol, 0, 1).glyphs
        box = ink([run])
        assert run.glyphIndexes() != [0], symbol
        # The terminal font's own ● and ⇒ have a little on either side of the cell.
        assert box.left() >= -slack, symbol
        assert box.right() <= font.width + slack, symbol
        assert box.top() >= -font.baseline - 1, symbol
        assert box.bottom() <= font.height - font.baseline + 1, symbol
        assert max(box.width(), box.height()) >= 0.5 * font.width, symbol
        if symbol in TALL:
            assert box.height() >= 0.75 * font.width, symbol


def test_a_bare_machine_shows_the_same(qtbot: QtBot, tmp_path: Path) -> None:
    """A process that sees no font but the bundled ones finds the same glyphs."""
    bare = tmp_path / "fonts.conf"
    bare.write_text(f"<fontconfig><cachedir>{tmp_path}</cachedir></fontconfig>")
    answer = subprocess.run(
        [sys.executable, "-c", f"from {__name__} import print_fonts; print_fonts()"],
        env={**os.environ, "FONTCONFIG_FILE": str(bare)},
        capture_output=True,
        text=True,
        check=True,
    )
    there = json.loads(answer.stdout)
    here = json.loads(json.dumps(_agents_fonts()))
    assert there == here
    assert {family for found in here for family, _indexes in found} == {FAMILY, SYMBOLS_FAMILY}


def _agents_fonts() -> list[list[tuple[str, list[int]]]]:
    glyphs = GlyphCache(CellFont(13, 1.0))
    return [fonts_of(glyphs.shape(symbol, face, 1)) for symbol in AGENTS for face in (0, 1)]


def print_fonts() -> None:
    """What the process of the test above does."""
    from PySide6.QtWidgets import QApplication

    application = QApplication([])
    print(json.dumps(_agents_fonts()))
    del application


def test_the_bundled_symbols_are_what_the_terminal_font_lacks(qtbot: QtBot) -> None:
    font = CellFont(13, 1.0)
    both = [
        character
        for character in map(chr, range(0x2000, 0x2C00))
        if font.symbols.glyphIndexesForString(character)[0]
        and (is_drawn(character) or font.faces[0].glyphIndexesForString(character)[0])
    ]
    assert both == []


@pytest.mark.parametrize("symbol", "⏸☐✔ℹ★")
def test_a_symbol_that_is_said_to_be_text_is_the_same_symbol(qtbot: QtBot, symbol: str) -> None:
    glyphs = GlyphCache(CellFont(13, 1.0))
    assert fonts_of(glyphs.shape(symbol + "\ufe0e", 0, -1)) == fonts_of(glyphs.shape(symbol, 0, 1))


def _pictograph(glyphs: GlyphCache) -> str:
    """A symbol of one column that only the machine's fonts have, and there much wider than a cell."""
    for character in map(chr, [*range(0x1F321, 0x1F700), *range(0xE000, 0xF8FF)]):
        narrow = unicodedata.east_asian_width(character) in "NA" and is_symbol(character)
        if narrow and not is_drawn(character):
            natural = ink(lay_out(glyphs.font, character, 0, 3).runs)
            if glyphs.shape(character, 0, 1).clusters and natural.width() > 1.3 * glyphs.font.width:
                return character
    pytest.skip("no font here has a wide pictograph")


def test_a_foreign_symbol_takes_the_blank_after_it_or_is_fitted(qtbot: QtBot) -> None:
    glyphs = GlyphCache(CellFont(13, 1.0))
    width, symbol = glyphs.font.width, _pictograph(glyphs)

    def inked(text: str, room: bool = False) -> list[float]:
        shape = glyphs.shape(text, 0, 1, room)
        return [ink(placed.cluster.runs).right() for placed in shape.clusters]

    (alone,) = inked(symbol, True)
    assert width < alone <= 2 * width + 1
    assert inked(f"{symbol} x") == [alone], "the same in the middle of a run"
    assert inked(symbol)[0] <= width + 1
    assert inked(f"{symbol}x")[0] <= width + 1
    several = inked(f"{symbol}{symbol} x", True)
    assert max(several) <= width + 1, "of several side by side none is larger"


@pytest.mark.parametrize(("size", "ratio"), SIZES)
@pytest.mark.parametrize("emoji", ["🍎", "👍🏽", "🇩🇪", "❤️"])
def test_emoji_in_colour_fill_their_two_columns(qtbot: QtBot, emoji: str, size: int, ratio: float) -> None:
    glyphs = GlyphCache(CellFont(size, ratio))
    font = glyphs.font
    (placed,) = glyphs.shape(emoji, 0, -2 if len(emoji) > 1 else 2).clusters
    if not any(run.rawFont().fontTable("CBDT") for run in placed.cluster.runs):
        pytest.skip("no font here has emoji in colour")
    box = ink(placed.cluster.runs)
    assert box.width() >= 0.9 * 2 * font.width or box.height() >= 0.9 * font.height
    assert -1 <= box.left() <= box.right() <= 2 * font.width + 1
    assert -font.baseline - 1 <= box.top() <= box.bottom() <= font.height - font.baseline + 1


def test_a_symbol_that_looks_small_is_as_wide_as_its_cell(qtbot: QtBot) -> None:
    glyphs = GlyphCache(CellFont(13, 1.0))
    (placed,) = glyphs.shape(_pictograph(glyphs), 0, 1).clusters
    assert ink(placed.cluster.runs).width() >= 0.85 * glyphs.font.width


def test_the_cursor_shows_what_reaches_into_its_cell(view: TerminalView, maker: FrameMaker) -> None:
    symbol = _pictograph(GlyphCache(CellFont(13, 1.0)))
    cell = view._canvas.geometry.cell_rect(0, 1)

    def colours() -> set[str]:
        image = view.grab().toImage().copy(cell)
        return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}

    view.apply_frame(maker.frame(["a  x"], cursor=Cursor(1, 0)))
    assert len(colours()) == 1
    view.apply_frame(maker.frame([[symbol, ("  x", Attributes(1))]], cursor=Cursor(1, 0)))
    assert len(colours()) > 1


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether there is room after each run that is painted."""
    rooms: list[bool] = []

    def shape(_glyphs: GlyphCache, _text: str, _face: int, _width: int, room: bool = False) -> TextShape:
        rooms.append(room)
        return TextShape()

    monkeypatch.setattr(GlyphCache, "shape", shape)
    return rooms


@pytest.mark.parametrize(
    ("after", "room"),
    [
        ([], True),
        ([" x"], True),
        ([("  ", Attributes(background=2))], True),
        (["x"], False),
        ([("x", Attributes(2))], False),
        ([Run("漢", 0, 2)], False),
    ],
)
def test_the_painter_knows_whether_a_blank_follows(
    view: TerminalView, maker: FrameMaker, asked: list[bool], after: list[Piece], room: bool
) -> None:
    view.apply_frame(maker.frame([[("⏸", Attributes(1)), *after]]))
    view.grab()
    assert asked[0] is room


def test_beyond_the_last_column_there_is_no_room(
    view: TerminalView, maker: FrameMaker, asked: list[bool]
) -> None:
    view.apply_frame(maker.frame(["x" * 19 + "⏸"]))
    view.grab()
    assert asked == [False]


def test_icons_come_from_a_nerd_font_where_there_is_one(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = [
        "Arial",
        "Hack Nerd Font Mono",
        "Nerdy",
        "Iosevka NFM",
        "Symbols Nerd Font",
        "Nerd Font NF x",
    ]
    monkeypatch.setattr(QFontDatabase, "families", lambda: installed)
    fonts._icon_families.cache_clear()
    found = fonts.icon_font(13).families()
    fonts._icon_families.cache_clear()
    assert found[:2] == [FAMILY, "Symbols Nerd Font"]
    assert set(found[2:]) == {"Hack Nerd Font Mono", "Iosevka NFM", "Nerd Font NF x"}


def test_bold_symbols_are_no_tofu(qtbot: QtBot) -> None:
    glyphs = GlyphCache(CellFont(13, 1.0))
    for face in range(4):
        assert all(0 not in indexes for _family, indexes in fonts_of(glyphs.shape(AGENTS, face, 1)))
    assert isinstance(glyphs.font.symbols, QRawFont)
