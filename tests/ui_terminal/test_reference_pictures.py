"""A pane with everything that is painted, compared with reference pictures at three scales.

``RECORD=1 make test-pictures`` paints the references anew; look at them before you commit them.

The pane holds only what the bundled fonts have and what is drawn here, and hinting is set to one kind, so the pictures
depend neither on the fonts of a machine nor on its settings. What may differ is how a version of FreeType shades the
edges of letters: a pixel counts when a channel is off by more than ``PIXEL_TOLERANCE``, and a cell fails with more than
``CELL_TOLERANCE`` such pixels. A letter a pixel beside its place has twenty, a gap in the thinnest line two.
"""

import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QFont, QImage
from pytestqt.qtbot import QtBot

from podium.core.instances import ThemeName
from podium.core.protocol.frames import CursorShape
from podium.core.themes import load_theme
from podium.terminal.emulator import Emulator
from podium.terminal.output.frames import FrameSource
from podium.ui.terminal import TerminalView
from podium.ui.terminal.painting.fonts import terminal_font
from podium.ui.terminal.painting.glyphs import glyph_cache
from podium.ui.terminal.painting.graphics.characters import is_drawn
from podium.ui.terminal.selection.selection import Point

REFERENCES = Path(__file__).parent / "references"
COLUMNS, LINES = 44, 20
PIXEL_TOLERANCE = 24
CELL_TOLERANCE = 1

PANE = """\
Regular @1mbold @;3mitalic @;1;3mboth @;2mdim@m {}[]()<>|\\/
@7mReverse@m @8mhidden@m @9;32mstrike@m @53;33moverline@m @4;7;9;53mall@m
@4msingle@m @4:2;58:5:1mdouble@m @4:3;58:2::48:192:96mcurly@58:5:12mgjy@m @4:4;58:5:208mdotted@4:5;58:5:5mdashed@m
@31mred @;32mgreen @;33myellow @;34mblue @;35mmagenta @;36mcyan @m
@90mgrey @;91mred @;92mgreen @;93myellow @;94mblue @;95mmag. @;96mcyan@m
@30;41m▌▐@;31;42m▌▐@;32;43m▌▐@;33;44m▌▐@;34;45m▌▐@;35;46m▌▐@;36;47m▌▐@;37;100m▌▐@;90;101m▌▐@;91;102m▌▐@m
@38;2;255;208;160;48;2;32;56;80mrgb@;38;5;208;48;5;235m 256 @m\033]8;;https://example.org\033\\link\033]8;;\033\\ \
selected @34;43minside@m @7mrev@m
┌──┬─┐ ╔══╦═╗ ┏━━┳━┓ ╭──┬─╮ ╲  ╱ ╓┄┄╖
│  │ │ ║  ║ ║ ┃  ┃ ┃ │  │ │  ╲╱  ╟┈┈╢
├──┼─┤ ╠══╬═╣ ┣━━╋━┫ ├──┼─┤  ╱╲  ╞══╡
└──┴─┘ ╚══╩═╝ ┗━━┻━┛ ╰──┴─╯ ╱  ╲ ╙╌╌╜
▁▂▃▄▅▆▇█▉▊▋▌▍▎▏▕▔ ░▒▓█ ▖▗▘▙▚▛▜▝▞▟ ▀▄▀▄
⠁⠃⠇⡇⣇⣧⣷⣿⣿⣿⣷⣦⣄⡀ 🬀🬂🬎🬭🬹🬻🬺🬸🬗🬤 🮂🮄🮇🮊 ⎺⎻─⎼⎽
@97;44m A @34;42m\ue0b0@30m B @;32m\ue0b0@m \ue0b1 \ue0b3 @31m\ue0b6@97;41m C @;31m\ue0b4@m \ue0b5\ue0b7 \
@35m\ue0ba@97;45m D @;35m\ue0bc@m \ue0b9\ue0bb
⏸ plan ⏵⏵ edits @32m⏺@m ok ✻✶✢✳✽ ⎿ ◐◑◒◓ ※ ☐☑☒ ✔✘
❯ ➜ ⚠ ℹ ⓘ ↳ ⏎ ⧉ ⟳ ⌘⌥⇧ ★☆ ◇◈▣ ⊶⊷ ⇡⇣ ①❷ @1m⏭@m⚙
🬼🭀🭁🭋 🭌🭑🭒🭧 🭨🭩🭪🭫🭬🭭🭮🭯 🭰🭳🭵🭶🭹🭻 🭼🭽🭾🭿🮀🮁 🮌🮎🮐🮑
🮕🮕🮖🮗🮘🮘🮙🮙 🮚🮛🮜🮞 🮠🮣🮦🮧🮪🮮🮯 🯐🯔🯘🯟 🯠🯡🯦🯩🯬 𜴀𜴡𜵕𜶟𜰯𜰦𜺏
ÅÄÖ éèêë ßñç ẤỖǍ Ωλπ Жщю -> != === fi
the cursor is over this: @31mg@m, no further@20;26H"""
"""Everything that can be seen in a terminal, at least once; @ stands for CSI."""


class ScaledView(TerminalView):
    """A view on a screen of the given scale; offscreen there is only one of scale 1."""

    ratio = 1.0

    def devicePixelRatioF(self) -> float:
        return self.ratio


@pytest.fixture
def _hinted_alike(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Letters as with Debian's settings, whatever the person prefers."""

    def font(pixel_size: int, face: int = 0, family: str = "") -> QFont:
        hinted = terminal_font(pixel_size, face, family=family)
        hinted.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
        hinted.setStyleStrategy(QFont.StyleStrategy.NoSubpixelAntialias)
        return hinted

    monkeypatch.setattr("podium.ui.terminal.painting.fonts.terminal_font", font)
    glyph_cache.cache_clear()
    yield
    glyph_cache.cache_clear()


def painted(
    qtbot: QtBot, ratio: float, dark: bool, focused: bool, shape: CursorShape
) -> tuple[QImage, QRect]:
    """The whole view in device pixels, and where its first cell is."""
    view = ScaledView()
    qtbot.addWidget(view)
    view.ratio = ratio
    theme = load_theme(ThemeName.INDIGO)
    view.set_theme(theme.dark if dark else theme.light)
    view.set_font_size(13)
    font = view._canvas.font
    width, height = round(COLUMNS * font.width / ratio) + 21, round(LINES * font.height / ratio) + 17
    view.resize(width, height)
    view.show()
    qtbot.waitExposed(view)
    if focused:
        view.activateWindow()
        view.setFocus()
        qtbot.waitUntil(view.hasFocus)
    emulator = Emulator(COLUMNS, LINES)
    emulator.feed(b"\n" * 40 + PANE.replace("@", "\033[").replace("\n", "\r\n").encode())
    frame = FrameSource(emulator).take(1)
    cursor = msgspec.structs.replace(frame.cursor, shape=shape)
    view.apply_frame(msgspec.structs.replace(frame, cursor=cursor))
    row = frame.first_line + 6
    view._state.selection.select(Point(row, 13), Point(row, 31))
    picture = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(ratio)
    picture.fill(QColor("magenta"))  # what is not painted at all shows
    view.render(picture, QPoint(0, 0))
    picture.setDevicePixelRatio(1)
    return picture, view._canvas.geometry.cell_rect(0, 0)


def scan_line(image: QImage, y: int) -> memoryview:
    data: Any = image.constScanLine(y)  # PySide's stubs call it an object.
    return memoryview(data).cast("I")


def differences(actual: QImage, expected: QImage, cell: QRect) -> tuple[list[str], QImage]:
    """The cells that differ, and a picture of it: the brighter, the more a pixel is off."""
    picture = QImage(actual.size(), QImage.Format.Format_RGB32)
    picture.fill(QColor("black"))
    counts: Counter[tuple[int, int]] = Counter()
    for y in range(actual.height()):
        line, wanted = (scan_line(image, y) for image in (actual, expected))
        if line == wanted:
            continue
        for x, (one, other) in enumerate(zip(line, wanted, strict=True)):
            off = max(abs((one >> shift & 255) - (other >> shift & 255)) for shift in (0, 8, 16))
            picture.setPixelColor(x, y, QColor(off, off, off))
            if off > PIXEL_TOLERANCE:
                counts[(y - cell.y()) // cell.height(), (x - cell.x()) // cell.width()] += 1
    named = [
        f"row {row}, column {column}: {count} pixels"
        for (row, column), count in counts.items()
        if count > CELL_TOLERANCE
    ]
    return named, picture


@pytest.mark.skipif(sys.platform != "linux", reason="the references show letters as FreeType paints them")
@pytest.mark.usefixtures("_hinted_alike")
@pytest.mark.parametrize(
    ("name", "ratio", "dark", "focused", "shape"),
    [
        ("dark-1", 1.0, True, True, CursorShape.BLOCK),
        ("dark-1.5", 1.5, True, True, CursorShape.BAR),
        ("dark-2", 2.0, True, True, CursorShape.UNDERLINE),
        ("light-1", 1.0, False, False, CursorShape.BLOCK),
        ("light-1.5", 1.5, False, True, CursorShape.BLOCK),
    ],
)
def test_a_pane_looks_like_its_reference(
    qtbot: QtBot, tmp_path: Path, name: str, ratio: float, dark: bool, focused: bool, shape: CursorShape
) -> None:
    actual, cell = painted(qtbot, ratio, dark, focused, shape)
    reference = REFERENCES / f"{name}.png"
    if os.environ.get("RECORD"):
        assert actual.save(str(reference))
    expected = QImage(str(reference)).convertToFormat(QImage.Format.Format_RGB32)
    assert actual.size() == expected.size()
    differing, difference = differences(actual, expected, cell)
    if differing:
        pictures = tmp_path / f"{name}-actual.png", tmp_path / f"{name}-difference.png"
        actual.save(str(pictures[0]))
        difference.save(str(pictures[1]))
        pytest.fail(
            f"{len(differing)} cells differ from {reference}:\n"
            + "\n".join([*differing[:12], *map(str, pictures)])
        )


def test_the_pane_needs_no_font_but_the_bundled_ones(qtbot: QtBot) -> None:
    shown = re.sub(r"@[\d;:]*[mH]|\033][^\033]*\033\\|\s", "", PANE)
    font = glyph_cache(13, 1.0).font
    own = font.faces[0], font.symbols
    missing = [c for c in shown if not any(raw.glyphIndexesForString(c)[0] for raw in own)]
    assert [c for c in missing if not is_drawn(c)] == []
