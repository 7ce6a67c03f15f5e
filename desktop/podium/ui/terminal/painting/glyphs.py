"""Text turned into glyph runs, own geometry and fallback clusters once, then reused from a bounded cache."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QGlyphRun, QPainterPath, QRawFont, QTextLayout

from podium.core.spoofing import without_spoofing
from podium.ui.terminal.painting.block_drawing import FIRST_DRAWN, cell_shape, is_drawn
from podium.ui.terminal.painting.box_drawing import CellShape, CellSize
from podium.ui.terminal.painting.fonts import CellFont, terminal_font

SIZES_KEPT: Final = 4
"""The number of font sizes and scales whose shapes are kept, the last used ones."""

GENERATION_SIZE: Final = 4096
"""Entries of one of the cache's two generations; more are not kept longer than they are used."""


Cluster = tuple[QGlyphRun, ...]
"""A character the terminal font lacks, laid out by Qt with whatever font has it; baseline at y 0."""


class PlacedCluster(NamedTuple):
    x: int
    runs: Cluster


class PlacedPath(NamedTuple):
    x: int
    path: QPainterPath


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
    """Shapes by (text, face, width) for one font size and scale."""

    def __init__(self, font: CellFont) -> None:
        self.font = font
        self._cell = CellSize(font.width, font.height, font.stroke)
        self._young: dict[tuple[str, int, int], TextShape] = {}
        self._old: dict[tuple[str, int, int], TextShape] = {}
        self._cell_shapes: dict[str, CellShape] = {}
        self._clusters: dict[tuple[str, int, int], Cluster] = {}
        self._wide_faces: dict[int, WideFace] = {}
        self._positions: list[QPointF] = []

    def shape(self, text: str, face: int, width: int) -> TextShape:
        """The shape of a run's text; ``width`` as in core.frames.Run."""
        key = (text, face, width)
        shape = self._young.get(key)
        if shape is None:
            shape = self._old.get(key) or self._build(text, face, width)
            if len(self._young) >= GENERATION_SIZE:
                self._old, self._young = self._young, {}
            self._young[key] = shape
        return shape

    def _build(self, text: str, face: int, width: int) -> TextShape:
        if width < 0:
            shown = without_spoofing(text)
            if shown != text:
                return self._marked(shown, face, -width)
            return TextShape((), (PlacedCluster(0, self._cluster(text, face, -width)),))
        if text.isspace():
            return TextShape()
        indexes = self.font.faces[face].glyphIndexesForString(text)
        if width == 1 and (text.isascii() or (max(text) < FIRST_DRAWN and all(indexes))):
            return TextShape((_glyph_run(self.font.faces[face], indexes, self._cells(len(text))),))
        if len(indexes) != len(text):
            indexes = [self.font.faces[face].glyphIndexesForString(char)[0] for char in text]
        return self._build_mixed(text, indexes, face, width)

    def _marked(self, shown: str, face: int, columns: int) -> TextShape:
        """A cluster without what would hide in it or turn it around; a mark at its end says there was something."""
        shape = self.shape(shown, face, columns if len(shown) == 1 else -columns) if shown else TextShape()
        stroke = self.font.stroke
        right = columns * self.font.width
        mark = (
            QRect(right - stroke, 0, stroke, self.font.height),
            QRect(right - 3 * stroke, 0, 2 * stroke, 2 * stroke),
        )
        return shape._replace(rects=(*shape.rects, PlacedRects(1.0, mark)))

    def _build_mixed(self, text: str, indexes: list[int], face: int, width: int) -> TextShape:
        covered: list[int] = []
        positions: list[QPointF] = []
        wide: list[int] = []
        wide_positions: list[QPointF] = []
        clusters: list[PlacedCluster] = []
        drawn: list[tuple[int, CellShape]] = []
        wide_face = self._wide_face(text, face) if width == 2 else None
        cells = self._cells(len(text))
        for place, character in enumerate(text):
            x = place * width * self.font.width
            if character >= FIRST_DRAWN and (shape := self._cell_shape(character)):
                drawn.append((x, shape))
            elif width == 1 and indexes[place]:
                if character != " ":
                    covered.append(indexes[place])
                    positions.append(cells[place])
            elif wide_face and _is_letter(character) and (glyph := _glyph_index(wide_face.raw, character)):
                wide.append(glyph)
                wide_positions.append(QPointF(x + wide_face.left, 0))
            elif not character.isspace():
                clusters.append(PlacedCluster(x, self._cluster(character, face, width)))
        glyphs = []
        if covered:
            glyphs.append(_glyph_run(self.font.faces[face], covered, positions))
        if wide and wide_face is not None:
            glyphs.append(_glyph_run(wide_face.raw, wide, wide_positions))
        paths = tuple(PlacedPath(x, shape.path) for x, shape in drawn if shape.path is not None)
        return TextShape(tuple(glyphs), tuple(clusters), _placed_rects(drawn), paths)

    def _wide_face(self, text: str, face: int) -> WideFace | None:
        """The face to look up wide letters in: laying each of them out takes 45 µs, a screen of them 100 ms."""
        if face not in self._wide_faces:
            letter = next((character for character in text if _is_letter(character)), None)
            if letter is None:
                return None
            cluster = self._cluster(letter, face, 2)
            if len(cluster) != 1 or len(cluster[0].positions()) != 1:
                return None
            run = cluster[0]
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

    def _cluster(self, text: str, face: int, columns: int) -> Cluster:
        key = (text, face, columns)
        cluster = self._clusters.get(key)
        if cluster is None:
            if len(self._clusters) >= GENERATION_SIZE:
                self._clusters.clear()
            cluster = self._clusters[key] = self._lay_out(text, face, columns)
        return cluster

    def _lay_out(self, text: str, face: int, columns: int) -> Cluster:
        layout = QTextLayout(text, terminal_font(self.font.pixel_size, face))
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(1e6)
        layout.endLayout()
        available = columns * self.font.width
        natural = line.naturalTextWidth()
        found = layout.glyphRuns()
        if any(run.rawFont().pixelSize() <= 0 for run in found):
            # No font has it, and what Qt has instead can't be painted: the box that the terminal font has for that.
            return (_glyph_run(self.font.faces[face], [0], [QPointF(0, 0)]),)
        marked = len(text) > 1 and all(unicodedata.combining(character) for character in text[1:])
        if marked:
            letter = min(found, key=lambda run: run.positions()[0].x())
            natural = letter.rawFont().advancesForGlyphIndexes(letter.glyphIndexes())[0].x()
        # A little too wide is tolerable and common; shrinking every such glyph would look uneven.
        scale = min(1.0, available / natural) if natural > available * 1.05 else 1.0
        left = (available - natural * scale) / 2
        runs = []
        for run in found:
            raw = run.rawFont()
            raw.setPixelSize(raw.pixelSize() * scale)
            positions = [
                QPointF(left + point.x() * scale, (point.y() - line.ascent()) * scale)
                for point in run.positions()
            ]
            if marked:
                # A font may have marks as spacing characters; they belong over the letter, not beside it.
                for glyph, point in zip(run.glyphIndexes(), positions, strict=True):
                    middle = point.x() + raw.boundingRect(glyph).center().x()
                    point.setX(point.x() - middle // available * available)
            runs.append(_glyph_run(raw, run.glyphIndexes(), positions))
        return tuple(runs)


@lru_cache(maxsize=SIZES_KEPT)
def glyph_cache(size: int, ratio: float) -> GlyphCache:
    """The shapes for a font size in logical pixels and a scale, shared by all views: they have no colours."""
    return GlyphCache(CellFont(size, ratio))


def _glyph_run(raw: QRawFont, indexes: list[int], positions: list[QPointF]) -> QGlyphRun:
    run = QGlyphRun()
    run.setRawFont(raw)
    run.setGlyphIndexes(indexes)
    run.setPositions(positions)
    return run


def _glyph_index(raw: QRawFont, character: str) -> int:
    return raw.glyphIndexesForString(character)[0]


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
