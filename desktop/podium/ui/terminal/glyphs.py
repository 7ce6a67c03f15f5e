"""Text turned into glyph runs, own geometry and fallback clusters once, then reused from a bounded cache."""

from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QGlyphRun, QPainterPath, QTextLayout

from podium.ui.terminal.block_drawing import cell_shape, is_drawn
from podium.ui.terminal.box_drawing import CellShape, CellSize
from podium.ui.terminal.fonts import CellFont, terminal_font

GENERATION_SIZE: Final = 4096
"""Entries of one of the cache's two generations; more are not kept longer than they are used."""


class Cluster(NamedTuple):
    """A character the terminal font lacks, laid out by Qt with whatever font has it; baseline at y 0."""

    x: int
    runs: tuple[QGlyphRun, ...]
    overflows: bool
    """It is taller than the row and has to be clipped."""


class PlacedPath(NamedTuple):
    x: int
    path: QPainterPath


class PlacedRects(NamedTuple):
    opacity: float
    rects: tuple[QRect, ...]


class TextShape(NamedTuple):
    """All there is to paint for a run's text, relative to its first cell."""

    glyphs: QGlyphRun | None
    clusters: tuple[Cluster, ...] = ()
    rects: tuple[PlacedRects, ...] = ()
    paths: tuple[PlacedPath, ...] = ()


class GlyphCache:
    """Shapes by (text, face, width) for one font size and scale."""

    def __init__(self, font: CellFont) -> None:
        self._font = font
        self._cell = CellSize(font.width, font.height, font.stroke)
        self._young: dict[tuple[str, int, int], TextShape] = {}
        self._old: dict[tuple[str, int, int], TextShape] = {}
        self._cell_shapes: dict[str, CellShape] = {}
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
            return TextShape(None, (self._cluster(text, face, 0, -width),))
        indexes = self._font.faces[face].glyphIndexesForString(text)
        if width == 1 and text.isascii():
            return TextShape(self._glyph_run(indexes, self._cells(len(text)), face))
        if len(indexes) != len(text):
            indexes = [self._font.faces[face].glyphIndexesForString(char)[0] for char in text]
        return self._build_mixed(text, indexes, face, width)

    def _build_mixed(self, text: str, indexes: list[int], face: int, width: int) -> TextShape:
        covered: list[int] = []
        positions: list[QPointF] = []
        clusters: list[Cluster] = []
        drawn: list[tuple[int, CellShape]] = []
        for place, character in enumerate(text):
            x = place * width * self._font.width
            if is_drawn(character):
                drawn.append((x, self._cell_shape(character)))
            elif indexes[place] and width == 1:
                covered.append(indexes[place])
                positions.append(QPointF(x, 0))
            elif not character.isspace():
                clusters.append(self._cluster(character, face, x, width))
        glyphs = self._glyph_run(covered, positions, face) if covered else None
        paths = tuple(PlacedPath(x, shape.path) for x, shape in drawn if shape.path is not None)
        return TextShape(glyphs, tuple(clusters), _placed_rects(drawn), paths)

    def _cells(self, count: int) -> list[QPointF]:
        while len(self._positions) < count:
            self._positions.append(QPointF(len(self._positions) * self._font.width, 0))
        return self._positions[:count]

    def _glyph_run(self, indexes: list[int], positions: list[QPointF], face: int) -> QGlyphRun:
        run = QGlyphRun()
        run.setRawFont(self._font.faces[face])
        run.setGlyphIndexes(indexes)
        run.setPositions(positions)
        return run

    def _cell_shape(self, character: str) -> CellShape:
        shape = self._cell_shapes.get(character)
        if shape is None:
            shape = self._cell_shapes[character] = cell_shape(character, self._cell)
        return shape

    def _cluster(self, text: str, face: int, x: int, columns: int) -> Cluster:
        layout = QTextLayout(text, terminal_font(self._font.pixel_size, face))
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(1e6)
        layout.endLayout()
        available = columns * self._font.width
        natural = line.naturalTextWidth()
        # A little too wide is tolerable and common; shrinking every such glyph would look uneven.
        scale = min(1.0, available / natural) if natural > available * 1.05 else 1.0
        left = (available - natural * scale) / 2
        runs = []
        overflows = False
        for run in layout.glyphRuns():
            raw = run.rawFont()
            raw.setPixelSize(raw.pixelSize() * scale)
            placed = QGlyphRun()
            placed.setRawFont(raw)
            placed.setGlyphIndexes(run.glyphIndexes())
            placed.setPositions(
                [
                    QPointF(left + point.x() * scale, (point.y() - line.ascent()) * scale)
                    for point in run.positions()
                ]
            )
            bounds = placed.boundingRect()
            overflows |= (
                bounds.top() < -self._font.baseline
                or bounds.bottom() > self._font.height - self._font.baseline
            )
            runs.append(placed)
        return Cluster(x, tuple(runs), overflows)


def _placed_rects(drawn: list[tuple[int, CellShape]]) -> tuple[PlacedRects, ...]:
    """Rectangles by opacity, those that touch joined: a row of ─ or █ is one rectangle to fill."""
    by_opacity: dict[float, dict[tuple[int, int], list[QRect]]] = {}
    for x, shape in drawn:
        bands = by_opacity.setdefault(shape.opacity, {})
        for rect in shape.rects:
            band = bands.setdefault((rect.y(), rect.height()), [])
            moved = rect.translated(x, 0)
            if band and band[-1].x() <= moved.x() <= band[-1].x() + band[-1].width():
                band[-1] = band[-1].united(moved)
            else:
                band.append(moved)
    return tuple(
        PlacedRects(opacity, tuple(rect for band in bands.values() for rect in band))
        for opacity, bands in by_opacity.items()
        if bands
    )
