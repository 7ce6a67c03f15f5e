"""Text turned into glyph runs, own geometry and fallback clusters once, then reused from a bounded cache."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QGlyphRun, QPainterPath, QRawFont

from podium.core.spoofing import without_spoofing
from podium.ui.terminal.painting.clusters import Cluster, glyph_index, glyph_run, is_symbol, lay_out
from podium.ui.terminal.painting.fonts import CellFont, FontLook
from podium.ui.terminal.painting.graphics.cell_shape import CellShape, CellSize
from podium.ui.terminal.painting.graphics.characters import FIRST_DRAWN, cell_shape, is_drawn
from podium.ui.terminal.painting.joined_words import WordPart, lay_out_word
from podium.ui.terminal.painting.ligatures import NO_GLYPH, ligated, may_ligate
from podium.ui.terminal.painting.visual_line import Word

SIZES_KEPT: Final = 4
"""The number of font sizes and scales whose shapes are kept, the last used ones."""

GENERATION_SIZE: Final = 4096
"""Entries of one of the cache's two generations; more are not kept longer than they are used."""

TEXT_PRESENTATION: Final = "\ufe0e"
"""After a symbol that has an emoji too, it says that the symbol is meant."""


class PlacedCluster(NamedTuple):
    x: float
    cluster: Cluster


class PlacedPath(NamedTuple):
    x: int
    path: QPainterPath
    opacity: float


class PlacedRects(NamedTuple):
    opacity: float
    rects: tuple[QRect, ...]


class WideFace(NamedTuple):
    """The font Qt found for a wide letter; the next ones are looked up in it without laying them out."""

    raw: QRawFont
    left: float


class TextShape(NamedTuple):
    """All there is to paint for a run's text, relative to its first cell."""

    glyphs: tuple[QGlyphRun, ...] = ()
    clusters: tuple[PlacedCluster, ...] = ()
    rects: tuple[PlacedRects, ...] = ()
    paths: tuple[PlacedPath, ...] = ()


class GlyphCache:
    """Shapes by (text, face, width, room after it) for one font size and scale."""

    def __init__(self, font: CellFont, ligatures: bool = False) -> None:
        self.font = font
        self._ligatures = ligatures
        self._cell = CellSize(font.width, font.height, font.stroke)
        self._young: dict[tuple[str, int, int, bool], TextShape] = {}
        self._old: dict[tuple[str, int, int, bool], TextShape] = {}
        self._cell_shapes: dict[str, CellShape] = {}
        self._clusters: dict[tuple[str, int, int, bool], Cluster] = {}
        self._words: dict[tuple[Word, int], list[WordPart]] = {}
        self._wide_faces: dict[int, WideFace] = {}
        self._positions: list[QPointF] = []

    def shape(self, text: str, face: int, width: int, room: bool = False) -> TextShape:
        """The shape of a run's text; ``width`` as in core.frames.Run. ``room``: a blank column follows it."""
        key = (text, face, width, room)
        shape = self._young.get(key)
        if shape is None:
            shape = self._old.get(key) or self._build(text, face, width, room)
            if len(self._young) >= GENERATION_SIZE:
                self._old, self._young = self._young, {}
            self._young[key] = shape
        return shape

    def word_shape(self, word: Word, face: int, first: int, cells: int) -> TextShape:
        """The shape of some letters of a word, from the ``first`` one on, relative to the leftmost one's cell."""
        parts = self._words.get((word, face))
        if parts is None:
            if len(self._words) >= GENERATION_SIZE:
                self._words.clear()
            parts = self._words[word, face] = lay_out_word(self.font, word, face)
        width, end = self.font.width, first + cells
        clusters: list[PlacedCluster] = []
        marks: list[QRect] = []
        for part in parts:
            if not first <= part.first < end:
                continue
            before = end - part.first - part.cells if word.runs_left else part.first - first
            clusters += [PlacedCluster(before * width + x, cluster) for x, cluster in part.clusters]
            hidden = word.cells[part.first : part.first + part.cells]
            if any(without_spoofing(cell) != cell for cell in hidden):
                marks += [rect.translated(before * width, 0) for rect in self._mark(part.cells)]
        return TextShape((), tuple(clusters), (PlacedRects(1.0, tuple(marks)),) if marks else ())

    def _build(self, text: str, face: int, width: int, room: bool) -> TextShape:
        if width == -1 and text[1:] == TEXT_PRESENTATION:
            return self.shape(text[0], face, 1, room)
        if width < 0:
            shown = without_spoofing(text)
            if shown != text:
                return self._marked(shown, face, -width)
            return TextShape((), (PlacedCluster(0, self._cluster(text, face, -width, room)),))
        if text.isspace():
            return TextShape()
        indexes = self.font.faces[face].glyphIndexesForString(text)
        if self._ligatures and width == 1 and len(indexes) == len(text) and may_ligate(text):
            indexes = ligated(self.font, text, face, indexes)
            return self._build_mixed(text, indexes, face, width, room)
        if width == 1 and (text.isascii() or (max(text) < FIRST_DRAWN and all(indexes))):
            return TextShape((glyph_run(self.font.faces[face], indexes, self._cells(len(text))),))
        if len(indexes) != len(text):
            indexes = [glyph_index(self.font.faces[face], character) for character in text]
        return self._build_mixed(text, indexes, face, width, room)

    def _marked(self, shown: str, face: int, columns: int) -> TextShape:
        """A cluster without what would hide in it or turn it around; a mark at its end says there was something."""
        shape = self.shape(shown, face, columns if len(shown) == 1 else -columns) if shown else TextShape()
        return shape._replace(rects=(*shape.rects, PlacedRects(1.0, self._mark(columns))))

    def _mark(self, columns: int) -> tuple[QRect, ...]:
        stroke = self.font.stroke
        right = columns * self.font.width
        return (
            QRect(right - stroke, 0, stroke, self.font.height),
            QRect(right - 3 * stroke, 0, 2 * stroke, 2 * stroke),
        )

    def _build_mixed(self, text: str, indexes: list[int], face: int, width: int, room: bool) -> TextShape:
        covered: list[int] = []
        positions: list[QPointF] = []
        wide: list[int] = []
        wide_positions: list[QPointF] = []
        symbols: list[int] = []
        symbol_positions: list[QPointF] = []
        clusters: list[PlacedCluster] = []
        drawn: list[tuple[int, CellShape]] = []
        wide_face = self._wide_face(text, face) if width == 2 else None
        cells = self._cells(len(text))
        for place, character in enumerate(text):
            x = place * width * self.font.width
            if character >= FIRST_DRAWN and (shape := self._cell_shape(character)):
                drawn.extend((x, part) for part in (shape, *shape.more))
            elif width == 1 and indexes[place]:
                if character != " " and indexes[place] != NO_GLYPH:
                    covered.append(indexes[place])
                    positions.append(cells[place])
            elif wide_face and _is_letter(character) and (glyph := glyph_index(wide_face.raw, character)):
                wide.append(glyph)
                wide_positions.append(QPointF(x + wide_face.left, 0))
            elif width == 1 and (glyph := glyph_index(self.font.symbols, character)):
                symbols.append(glyph)
                symbol_positions.append(cells[place])
            elif not character.isspace():
                # Of several symbols side by side none may be larger than the others.
                alone = place == 0 or text[place - 1] == " "
                blank_after = text[place + 1] == " " if place + 1 < len(text) else room
                cluster = self._cluster(character, face, width, alone and blank_after)
                clusters.append(PlacedCluster(x, cluster))
        glyphs = []
        if covered:
            glyphs.append(glyph_run(self.font.faces[face], covered, positions))
        if symbols:
            glyphs.append(glyph_run(self.font.symbols, symbols, symbol_positions))
        if wide and wide_face is not None:
            glyphs.append(glyph_run(wide_face.raw, wide, wide_positions))
        paths = tuple(
            PlacedPath(x, shape.path, shape.opacity) for x, shape in drawn if shape.path is not None
        )
        return TextShape(tuple(glyphs), tuple(clusters), _placed_rects(drawn), paths)

    def _wide_face(self, text: str, face: int) -> WideFace | None:
        """The face to look up wide letters in: laying each of them out takes 45 µs, a screen of them 100 ms."""
        if face not in self._wide_faces:
            letter = next((character for character in text if _is_letter(character)), None)
            if letter is None:
                return None
            cluster = self._cluster(letter, face, 2)
            if len(cluster.runs) != 1 or cluster.across != 1 or len(cluster.runs[0].positions()) != 1:
                return None
            (run,) = cluster.runs
            self._wide_faces[face] = WideFace(run.rawFont(), run.positions()[0].x())
        return self._wide_faces[face]

    def _cells(self, count: int) -> list[QPointF]:
        while len(self._positions) < count:
            self._positions.append(QPointF(len(self._positions) * self.font.width, 0))
        return self._positions[:count]

    def _cell_shape(self, character: str) -> CellShape | None:
        """None for what a font draws."""
        shape = self._cell_shapes.get(character)
        if shape is None and is_drawn(character):
            shape = self._cell_shapes[character] = cell_shape(character, self._cell)
        return shape

    def _cluster(self, text: str, face: int, columns: int, room: bool = False) -> Cluster:
        key = (text, face, columns, room)
        cluster = self._clusters.get(key)
        if cluster is None:
            if len(self._clusters) >= GENERATION_SIZE:
                self._clusters.clear()
            cluster = self._clusters[key] = lay_out(self.font, text, face, columns, room)
        return cluster


@lru_cache(maxsize=SIZES_KEPT)
def glyph_cache(
    size: int,
    ratio: float,
    ligatures: bool = False,
    look: FontLook = FontLook(),  # noqa: B008
) -> GlyphCache:
    """The shapes for a font size in logical pixels and a scale, shared by all views: they have no colours."""
    return GlyphCache(CellFont(size, ratio, look), ligatures)


@lru_cache(maxsize=GENERATION_SIZE)
def may_overhang(character: str) -> bool:
    """True for what may take room beyond its cells at the end of a run, if there is some."""
    return is_symbol(character) and not is_drawn(character)


def _is_letter(character: str) -> bool:
    """Ideographs, kana, hangul and the like; not emoji, which have a font of their own."""
    return unicodedata.category(character) == "Lo"


def _placed_rects(drawn: list[tuple[int, CellShape]]) -> tuple[PlacedRects, ...]:
    """Rectangles by opacity, those that touch joined: a row of ─ or █ is one rectangle to fill."""
    by_opacity: dict[float, dict[tuple[int, int], list[tuple[int, int]]]] = {}
    for x, shape in drawn:
        bands = by_opacity.setdefault(shape.opacity, {})
        for rect in shape.rects:
            left = x + rect.x()
            bands.setdefault((rect.y(), rect.height()), []).append((left, left + rect.width()))
    return tuple(
        PlacedRects(
            opacity,
            tuple(
                QRect(start, top, end - start, height)
                for (top, height), spans in bands.items()
                for start, end in _joined(spans)
            ),
        )
        for opacity, bands in by_opacity.items()
        if bands
    )


def _joined(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """From left to right; a cell's own may be in any order, the left arm of ─ comes after the right one."""
    spans.sort()
    start, end = spans[0]
    for left, right in spans:
        if left > end:
            yield start, end
            start = left
        end = max(end, right)
    yield start, end
