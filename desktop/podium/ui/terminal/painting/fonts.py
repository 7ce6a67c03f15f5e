"""The bundled terminal font, the one of symbols behind it, and the size of a cell, in device pixels."""

from functools import cache
from math import ceil
from typing import Final, NamedTuple

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF, QRawFont

from podium.core.resources import read_bytes

FAMILY: Final = "JetBrains Mono"
FONT_FILES: Final = (
    "JetBrainsMono-Regular.ttf",
    "JetBrainsMono-Bold.ttf",
    "JetBrainsMono-Italic.ttf",
    "JetBrainsMono-BoldItalic.ttf",
)
SYMBOLS_FAMILY: Final = "Podium Symbols"
SYMBOLS_FILE: Final = "PodiumSymbols-Regular.ttf"
"""Symbols that the terminal font lacks, each made to fit its columns (packaging/symbols_font.py)."""
LINE_HEIGHT: Final = 1.38
MINIMUM_SIZE: Final = 9
MAXIMUM_SIZE: Final = 24
DEFAULT_SIZE: Final = 13

_PATCHED: Final = (" NF", " NFM", " NFP")
"""Short names of Nerd Fonts: any widths, one column, proportional."""

BOLD_FACE: Final = 1
ITALIC_FACE: Final = 2
"""Faces are numbered by these bits: 0 regular, 1 bold, 2 italic, 3 both."""


@cache
def load_terminal_font() -> str:
    """Make the bundled font known to Qt once; returns its family. Needs a QGuiApplication."""
    loaded = [QFontDatabase.addApplicationFontFromData(read_bytes("fonts", name)) for name in FONT_FILES]
    if -1 in loaded:
        return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
    return FAMILY


@cache
def load_symbols_font() -> str:
    """Make the bundled symbols known to Qt once; returns their family, or the terminal's where they can't be used."""
    loaded = QFontDatabase.addApplicationFontFromData(read_bytes("fonts", SYMBOLS_FILE))
    return SYMBOLS_FAMILY if loaded != -1 else load_terminal_font()


class FontLook(NamedTuple):
    """What the settings say of the terminal font."""

    family: str = ""
    """"" for the bundled one."""
    line_height: float = LINE_HEIGHT
    """In sizes of the font."""


def font_look(families: tuple[str, ...], line_height: float) -> FontLook:
    """With the first of ``families`` that is installed and whose letters are all as wide."""
    return FontLook(next(filter(_is_monospaced, families), ""), line_height)


@cache
def _is_monospaced(family: str) -> bool:
    if family not in QFontDatabase.families():
        return False
    metrics = QFontMetricsF(QFont(family))
    return metrics.horizontalAdvance("i" * 10) == metrics.horizontalAdvance("M" * 10)


def terminal_font(pixel_size: int, face: int = 0, ligatures: bool = False, family: str = "") -> QFont:
    """A face of the terminal font, or of ``family``, for text that Qt lays out itself."""
    font = QFont([family, load_terminal_font()] if family else load_terminal_font())
    font.setPixelSize(pixel_size)
    font.setBold(bool(face & BOLD_FACE))
    font.setItalic(bool(face & ITALIC_FACE))
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setKerning(False)
    for tag in ("calt", "liga"):
        font.setFeature(QFont.Tag(tag), int(ligatures))
    return font


def icon_font(pixel_size: int, face: int = 0, family: str = "") -> QFont:
    """The terminal font for private characters: with fonts of icons for programmers before all others, some of which
    have something else there.
    """
    font = terminal_font(pixel_size, face, family=family)
    font.setFamilies([*font.families(), *_icon_families()])
    return font


@cache
def _icon_families() -> list[str]:
    """Families of Nerd Fonts that are installed, those that have nothing but icons first."""
    patched = [
        family for family in QFontDatabase.families() if "Nerd Font" in family or family.endswith(_PATCHED)
    ]
    return sorted(patched, key=lambda family: (not family.startswith("Symbols"), family))


class CellFont:
    """Four faces at one size on one screen. All lengths are whole device pixels.

    Whole device pixels, not logical ones: at a scale of 1.5 a cell would otherwise start between two pixels and
    neighbouring backgrounds and lines would show seams.
    """

    def __init__(self, size: int, ratio: float, look: FontLook = FontLook()) -> None:  # noqa: B008
        self.size = size
        self.ratio = ratio
        self.look = look
        exact = size * ratio
        self.pixel_size = max(1, round(exact))
        self.faces = tuple(_raw_font(self.pixel_size, exact, face, look.family) for face in range(4))
        self.symbols = _raw_font(self.pixel_size, exact, 0, load_symbols_font())
        """One face for all four: a symbol means the same in bold, and leans in none."""
        regular = self.faces[0]
        advance = regular.advancesForGlyphIndexes(regular.glyphIndexesForString("M"))[0].x()
        self.width = max(1, ceil(advance))
        self.height = max(1, ceil(look.line_height * exact))
        ascent, descent = regular.ascent(), regular.descent()
        self.baseline = round((self.height - ascent - descent) / 2 + ascent)
        self.stroke = max(1, round(exact / 13))
        self.underline = min(self.baseline + max(2, round(exact * 0.15)), self.height - 1)
        self.strike = self.baseline - round(exact * 0.28)


def _raw_font(pixel_size: int, exact: float, face: int, family: str = "") -> QRawFont:
    font = terminal_font(pixel_size, face, family=family)
    raw = QRawFont.fromFont(font)
    if exact != pixel_size:
        # QFont takes whole pixels only; at a fractional scale the glyphs should be as wide as the cell expects.
        raw.setPixelSize(exact)
    return raw
