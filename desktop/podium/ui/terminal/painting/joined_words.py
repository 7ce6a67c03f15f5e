"""Words of joined letters, shaped whole by Qt and put on the grid letter by letter."""

from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QRawFont, QTextLayout, QTextLine, QTextOption

from podium.core.bidi.joining import Joined, joined_sides
from podium.core.spoofing import without_spoofing
from podium.ui.terminal.painting.clusters import Cluster, glyph_index, glyph_run
from podium.ui.terminal.painting.fonts import CellFont, terminal_font
from podium.ui.terminal.painting.visual_line import Word

_STRETCHED: Final = 1.3
"""A joined letter may become so much wider; where its columns leave more room, lines are drawn to its neighbours."""
_EXTENDERS: Final = ("\u0640", "\u07fa", "\u180a")
"""What draws that line: of Arabic and scripts like it, of N'Ko, of Mongolian."""


class WordPart(NamedTuple):
    """A letter of a word, or several that became one glyph."""

    first: int
    """Its first cell, in the order of reading."""
    cells: int
    clusters: tuple[tuple[float, Cluster], ...]
    """What to paint, each at so many pixels from the left of its columns."""


class _Glyph(NamedTuple):
    raw: QRawFont
    number: int
    point: QPointF


def lay_out_word(font: CellFont, word: Word, face: int) -> list[WordPart]:
    """Lay a word out on one column for each of its cells, from its first letter to its last one.

    A letter that is joined reaches to its neighbours' columns; what is wider than its columns becomes narrower. Where
    a font has one glyph for two letters, such as lam and alef, it takes the columns of both.
    """
    texts = [without_spoofing(cell) or " " for cell in word.cells]
    ends = _ends(texts)
    layout = QTextLayout("".join(texts), terminal_font(font.pixel_size, face, family=font.look.family))
    option = QTextOption()
    option.setTextDirection(
        Qt.LayoutDirection.RightToLeft if word.runs_left else Qt.LayoutDirection.LeftToRight
    )
    layout.setTextOption(option)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(1e6)
    layout.endLayout()
    glyphs = _by_cell(layout, ends, line.ascent())
    sides = joined_sides(word.cells)
    parts: list[WordPart] = []
    first = 0
    while first < len(texts):
        count = 1
        while first + count < len(texts) and first + count not in glyphs:
            count += 1
        last = first + count - 1
        joined = Joined(sides[first].before, sides[last].after)
        left, natural = _extent(line, ends[first - 1] if first else 0, ends[last])
        found = glyphs.get(first, [])
        fitted = _fitted(font, found, left, natural, count, joined, word.runs_left)
        parts.append(WordPart(first, count, tuple(fitted)))
        first += count
    return parts


def _ends(texts: list[str]) -> list[int]:
    """Where each cell ends in the text, in UTF-16 as Qt counts."""
    ends: list[int] = []
    end = 0
    for text in texts:
        end += len(text.encode("utf-16-le")) // 2
        ends.append(end)
    return ends


def _by_cell(layout: QTextLayout, ends: list[int], baseline: float) -> dict[int, list[_Glyph]]:
    """The glyphs of each cell that has any, relative to the baseline."""
    places: list[int] = []
    for cell, end in enumerate(ends):
        places += [cell] * (end - len(places))
    found: dict[int, list[_Glyph]] = {}
    for run in layout.glyphRuns(-1, -1, QTextLayout.GlyphRunRetrievalFlag.RetrieveAll):
        raw = run.rawFont()
        if raw.pixelSize() <= 0:
            continue
        for place, index, point in zip(run.stringIndexes(), run.glyphIndexes(), run.positions(), strict=True):
            glyph = _Glyph(raw, index, QPointF(point.x(), point.y() - baseline))
            found.setdefault(places[min(place, len(places) - 1)], []).append(glyph)
    return found


def _extent(line: QTextLine, start: int, end: int) -> tuple[float, float]:
    """Where text between two places was laid out, and its width."""
    edges = sorted((_x(line, start), _x(line, end)))
    return edges[0], edges[1] - edges[0]


def _x(line: QTextLine, place: int) -> float:
    # What it returns beside the position is the place, which Qt may have moved.
    found = line.cursorToX(place)
    assert isinstance(found, tuple)
    return float(found[0])


def _fitted(
    font: CellFont,
    glyphs: list[_Glyph],
    left: float,
    natural: float,
    cells: int,
    joined: Joined,
    runs_left: bool,
) -> list[tuple[float, Cluster]]:
    """The glyphs over their columns, and lines to the letters they are joined to."""
    available = cells * font.width
    to_left, to_right = (joined.after, joined.before) if runs_left else (joined.before, joined.after)
    across = available / natural if natural > 0 else 1.0
    if across > 1:
        across = min(across, _STRETCHED) if to_left or to_right else 1.0
    start = (available - natural * across) / 2
    runs = tuple(
        glyph_run(raw, [index], [QPointF(point.x() - left, point.y())]) for raw, index, point in glyphs
    )
    found = [(start, Cluster(runs, across))]
    if start > 0 and glyphs:
        # A little into the letter: two edges that only touch would show a seam.
        if to_left:
            found += _line(glyphs[0].raw, 0.0, start + 1)
        if to_right:
            found += _line(glyphs[0].raw, available - start - 1, available)
    return found


def _line(raw: QRawFont, start: float, end: float) -> list[tuple[float, Cluster]]:
    """From an edge of a letter's columns to the letter, where the font can draw one."""
    glyph = next((index for extender in _EXTENDERS if (index := glyph_index(raw, extender))), 0)
    if not glyph:
        return []
    width = raw.advancesForGlyphIndexes([glyph])[0].x()
    if width <= 0:
        return []
    return [(start, Cluster((glyph_run(raw, [glyph], [QPointF()]),), (end - start) / width))]
