"""Makes the bundled font of symbols, "Podium Symbols", out of fonts under the SIL Open Font License.

It has what agents' screens show and the terminal font lacks, each glyph made to fit one cell of the terminal font
(two where the character is wide), so that it need not be made smaller when it is painted. Run it by hand, with
fonttools and brotli installed beside Podium's own tools::

    python packaging/symbols_font.py IOSEVKA NOTO-SANS-SYMBOLS-2 NOTO-SANS-SYMBOLS NOTO-SANS-MATH NOTO-EMOJI

Each is a file; they are searched in that order. The result, which is committed, is the same for the same fonts.
"""

import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from fontTools.fontBuilder import FontBuilder
from fontTools.misc.transform import Transform
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from places import ROOT

FONTS: Final = ROOT / "resources" / "podium_resources" / "fonts"
FAMILY: Final = "Podium Symbols"
VERSION: Final = "1.0"
EPOCH: Final = 3_800_000_000
"""Seconds since 1904 that the font is dated, whenever it is made."""

# Of the terminal font, in units of a thousandth of the em: its cell, and the middle of its own symbols.
CELL: Final = 600
MIDDLE: Final = 360
ASCENT: Final = 1020
DESCENT: Final = 300
WIDEST: Final = 580
HIGHEST: Final = 840
UNEVEN: Final = 1.25
"""A glyph may be made narrower than high by this factor at most."""

EMOJI: Final = (
    "🚀🔍🔎🔧🔨🛠📝📁📂📄📋📌📎📦📊📈📉💡🎉🔥🐛🧪🤖👍👎👀👋🙏💪🟢🔴🟡🔵🟠🟣🚫🛑🔒🔓🔑🔗🔄🔁🔀🖥💻💾💥🚨🚧🎯🏁🏷🗂🗑🧠🧹🌐🌍🌱🐍🐳🦀☕🎨🏆"
    "🕐⏰🔔📢💬💭💰📅📆📚📖📜🧩🧰🩹🪝🪄✍🤔😀😊😅😢🙂🙁🔶🔷🔸🔹"
)
"""The usual ones on agents' screens, for machines without a font of emoji; the others are in the blocks below."""

_BLOCKS: Final = (
    range(0x2010, 0x2070),  # general punctuation
    range(0x2070, 0x20A0),  # superscripts and subscripts
    range(0x2100, 0x2300),  # letterlike, number forms, arrows, operators
    range(0x2300, 0x2488),  # technical, control pictures, numbers in circles and parentheses
    range(0x24B6, 0x2500),  # letters and numbers in circles
    range(0x25A0, 0x2800),  # geometric shapes, miscellaneous symbols, dingbats, arrows
    range(0x2900, 0x2980),  # arrows
    tuple(map(ord, "⦾⦿⧇⧈⧉⧖⧗⧫⧸⧹")),
    range(0x2B00, 0x2C00),  # miscellaneous symbols and arrows
    tuple(map(ord, EMOJI)),
    range(0x1FBB0, 0x1FBCE),  # of the legacy symbols those that are pictures
    range(0x1FBF0, 0x1FBFA),  # digits of segments
)
_KINDS: Final = "SPNL"
"""Symbols, punctuation, numbers and letters, by the first letter of their category."""
_LARGER: Final = {range(0x23CF, 0x23FB): 1.17, range(0x25A0, 0x2600): 1.08}
"""Signs of players and shapes are as large as the terminal font's ● and ■."""
_DRAWN: Final = {
    *(0x23AF, 0x23CB, 0x23CC, 0x23D0),
    *range(0x23B8, 0x23C0),
    *range(0x25E2, 0x25E6),
    *range(0x1FBBD, 0x1FBC0),
}
"""What the window draws itself."""


class Source:
    """A font that glyphs are taken from. ``scale`` brings its glyphs, at the same size, to that of the terminal font's,
    ``middle`` is the middle of its symbols in thousandths of the em.
    """

    def __init__(self, path: Path, scale: float, middle: int) -> None:
        self.font = TTFont(path, lazy=True)
        unit = self.font["head"].unitsPerEm / 1000
        self.scale = scale / unit
        self.middle = middle * unit
        self._map: dict[int, str] = self.font.getBestCmap()
        self._glyphs = self.font.getGlyphSet()

    @property
    def copyright(self) -> str:
        return str(self.font["name"].getDebugName(0))

    def outline(self, code: int, wide: bool) -> DecomposingRecordingPen | None:
        """The outline of a character, its parts resolved; None where this font has none or an empty one."""
        name = self._map.get(code)
        if name is None:
            return None
        if not wide:
            # Of a font that has both, the form drawn for one column.
            narrow = name.removesuffix(".WWID") + ".NWID"
            name = narrow if narrow in self._glyphs else name
        pen = DecomposingRecordingPen(self._glyphs)
        self._glyphs[name].draw(pen)
        return pen if pen.value else None


def wanted(present: set[int]) -> Iterator[int]:
    """The characters of the blocks above that are assigned and that the terminal font lacks."""
    for block in _BLOCKS:
        for code in block:
            if code not in present and code not in _DRAWN and unicodedata.category(chr(code))[0] in _KINDS:
                yield code


def fitted(pen: DecomposingRecordingPen, source: Source, scale: float, columns: int) -> Any:
    """An outline of ``source`` as a glyph, made to fit its columns, in their middle and at the height of the
    terminal font's own symbols.
    """
    bounds = BoundsPen(None)
    pen.replay(bounds)
    left, bottom, right, top = bounds.bounds
    width, height = right - left, top - bottom
    across = min(scale, (WIDEST + CELL * (columns - 1)) / max(width, 1))
    along = min(scale, HIGHEST / max(height, 1))
    across, along = min(across, along * UNEVEN), min(along, across * UNEVEN)
    # Superscripts and the like keep their place above or below the middle.
    y = MIDDLE + along * ((bottom + top) / 2 - source.middle) - along * height / 2
    result = TTGlyphPen(None)
    x = (CELL * columns - across * width) / 2
    pen.replay(TransformPen(result, Transform(across, 0, 0, along, x - across * left, y - along * bottom)))
    return result.glyph()


def build(paths: list[Path]) -> TTFont:
    """The font out of those at ``paths``; the first one's glyphs are half an em wide."""
    terminal = TTFont(FONTS / "JetBrainsMono-Regular.ttf")
    sources = [Source(paths[0], 1.3, 340), *(Source(path, 1.0, 357) for path in paths[1:])]
    glyphs: dict[str, Any] = {".notdef": TTGlyphPen(None).glyph()}
    metrics = {".notdef": (CELL, 0)}
    characters: dict[int, str] = {}
    for code in wanted(set(terminal.getBestCmap())):
        wide = unicodedata.east_asian_width(chr(code)) in "WF"
        found = next(((pen, one) for one in sources if (pen := one.outline(code, wide)) is not None), None)
        if found is None:
            continue
        pen, source = found
        name = characters[code] = f"u{code:04X}"
        scale = source.scale * next((larger for block, larger in _LARGER.items() if code in block), 1.0)
        glyphs[name] = fitted(pen, source, scale, 2 if wide else 1)
        metrics[name] = (CELL * (2 if wide else 1), 0)
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap(characters)
    builder.setupGlyf(glyphs)
    table = builder.font["glyf"]
    builder.setupHorizontalMetrics(
        {name: (metrics[name][0], getattr(table[name], "xMin", 0)) for name in glyphs}
    )
    builder.setupHorizontalHeader(ascent=ASCENT, descent=-DESCENT)
    builder.setupOS2(sTypoAscender=ASCENT, sTypoDescender=-DESCENT, usWinAscent=ASCENT, usWinDescent=DESCENT)
    builder.setupNameTable(
        {
            "copyright": "\n".join(one.copyright for one in sources),
            "familyName": FAMILY,
            "styleName": "Regular",
            "uniqueFontIdentifier": f"{FAMILY} {VERSION}",
            "fullName": FAMILY,
            "version": f"Version {VERSION}",
            "psName": "PodiumSymbols-Regular",
            "licenseDescription": "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
            "licenseInfoURL": "https://openfontlicense.org",
        }
    )
    builder.setupPost(keepGlyphNames=False)
    builder.updateHead(created=EPOCH, modified=EPOCH)
    builder.font.recalcTimestamp = False
    return builder.font


def main(arguments: list[str]) -> None:
    target = FONTS / "PodiumSymbols-Regular.ttf"
    build([Path(argument) for argument in arguments]).save(target)
    print(f"{target.name}: {target.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main(sys.argv[1:])
