"""Paints lines and the cursor in device pixels. Depends on fonts and colours, not on widgets or scrolling."""

import unicodedata
from collections.abc import Sequence
from math import inf
from typing import Final

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter

from podium.core.bidi.joining import has_upright_joining
from podium.core.protocol.frames import DEFAULT_ATTRIBUTES, CursorShape, Run
from podium.ui.terminal.model.line_cache import StyledLine
from podium.ui.terminal.model.row_content import Mark
from podium.ui.terminal.model.visual_order import VisualOrder, visual_spans
from podium.ui.terminal.painting.clusters import Cluster
from podium.ui.terminal.painting.colors import Palette, RunStyle
from podium.ui.terminal.painting.decorations import Decorations
from podium.ui.terminal.painting.glyphs import GlyphCache, TextShape, may_overhang
from podium.ui.terminal.painting.visual_line import pieces

PlacedRun = tuple[TextShape, RunStyle, int, int, int]
"""What a run's text looks like, its style, where its first cell is, how many pixels its cells take, and how many its
text may take. A bare tuple, since a screen may have a thousand.
"""
_NOTHING: Final = TextShape()


class LinePainter:
    """Paints one line of cells at a time."""

    def __init__(self, glyphs: GlyphCache, palette: Palette) -> None:
        self.font = glyphs.font
        self.palette = palette
        self._glyphs = glyphs
        self._decorations = Decorations(self.font)

    def paint_line(
        self,
        painter: QPainter,
        y: int,
        width: int,
        styled: StyledLine | None,
        selected: tuple[int, int] | None = None,
        marks: Sequence[Mark] = (),
        order: VisualOrder | None = None,
    ) -> None:
        """Paint a line over ``width`` pixels from x 0; None paints an empty one. Selection and marks are columns of its
        text, wherever ``order`` has them shown.

        Backgrounds come first for the whole line: a glyph may reach a little into the next run's cells. Into the
        next line it may not: its ink would stay there, or be lost, when only one of the two is painted again.
        """
        palette, cell, height = self.palette, self.font.width, self.font.height
        painter.setClipRect(0, y, width, height)
        painter.fillRect(0, y, width, height, palette.background)
        placed = self._place(styled, width, order)
        for _shape, run_style, x, advance, _reach in placed:
            if run_style.background is not None:
                painter.fillRect(x, y, advance, height, run_style.background)
        self._paint_runs(painter, y, placed)
        for first, last, current in marks:
            matches = palette.matches
            for start, end in visual_spans(order, first, last):
                area = QRect(start * cell, y, (end - start) * cell, height)
                painter.setClipRect(area)
                painter.fillRect(area, matches.current if current else matches.other)
                ink = matches.current_text if current else palette.foreground
                self._paint_runs(painter, y, placed, ink=ink)
        for start, end in visual_spans(order, *selected) if selected is not None else ():
            area = QRect(start * cell, y, (end - start) * cell, height)
            painter.setClipRect(area.intersected(QRect(0, y, width, height)))
            painter.fillRect(area, palette.selection)
            self._paint_runs(painter, y, placed, selected=True)

    def _place(
        self, styled: StyledLine | None, width: float, order: VisualOrder | None = None
    ) -> list[PlacedRun]:
        """The runs of a line that ends after ``width`` pixels."""
        placed: list[PlacedRun] = []
        if styled is None:
            return placed
        x, cell, table, runs = 0, self.font.width, styled.table, styled.line.runs
        style_of, shape_of = self.palette.run_style, self._glyphs.shape
        if order is not None or any(has_upright_joining(run.text) for run in runs):
            return self._place_pieces(styled, order)
        for place, run in enumerate(runs, 1):
            run_style = style_of(table.get(run.attribute, DEFAULT_ATTRIBUTES))
            advance = run.columns * cell
            room = (
                not run.text.isascii()
                and may_overhang(run.text[-1])
                and x + advance < width
                and _is_blank(runs[place : place + 1])
            )
            shape = _NOTHING if run_style.hidden else shape_of(run.text, run_style.face, run.width, room)
            placed.append((shape, run_style, x, advance, advance + cell if room else advance))
            x += advance
        return placed

    def _place_pieces(self, styled: StyledLine, order: VisualOrder | None) -> list[PlacedRun]:
        placed: list[PlacedRun] = []
        for run, place, word, first in pieces(styled.line.runs, order):
            run_style = self.palette.run_style(styled.table.get(run.attribute, DEFAULT_ATTRIBUTES))
            advance = run.columns * self.font.width
            if run_style.hidden:
                shape = _NOTHING
            elif word is None:
                shape = self._glyphs.shape(run.text, run_style.face, run.width)
            else:
                shape = self._glyphs.word_shape(word, run_style.face, first, run.columns)
            placed.append((shape, run_style, place * self.font.width, advance, advance))
        return placed

    def _paint_runs(
        self,
        painter: QPainter,
        y: int,
        placed: list[PlacedRun],
        *,
        selected: bool = False,
        ink: QColor | None = None,
    ) -> None:
        """``ink`` is for all text and graphics instead of their own colours."""
        for shape, run_style, x, advance, _reach in placed:
            if not run_style.hidden:
                text = self.palette.selected_text(run_style) if selected else run_style.text
                self._paint_shape(painter, shape, x, y, ink or text, ink or run_style.foreground)
            if run_style.has_lines:
                self._decorations.paint(painter, run_style, x, y, advance)

    def _paint_shape(
        self, painter: QPainter, shape: TextShape, x: int, y: int, text: QColor, graphics: QColor
    ) -> None:
        baseline = y + self.font.baseline
        if shape.glyphs:
            painter.setPen(text)
            for glyphs in shape.glyphs:
                painter.drawGlyphRun(QPointF(x, baseline), glyphs)
        for opacity, rects in shape.rects:
            color = _faded(graphics, opacity)
            for rect in rects:
                painter.fillRect(rect.translated(x, y), color)
        if shape.paths:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            for offset, path, opacity in shape.paths:
                painter.setBrush(_faded(graphics, opacity))
                painter.drawPath(path.translated(x + offset, y))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if shape.clusters:
            painter.setPen(text)
            for left, cluster in shape.clusters:
                _paint_cluster(painter, QPointF(x + left, baseline), cluster)

    def paint_cursor(
        self,
        painter: QPainter,
        cell: QRect,
        shape: int,
        focused: bool,
        styled: StyledLine | None,
        column: int,
        order: VisualOrder | None = None,
    ) -> None:
        """Paint the cursor over ``cell``, which shows at ``column``. A filled block shows the character under it in the
        cursor's text colour.
        """
        color = self.palette.cursor
        stroke = self.font.stroke
        if not focused:
            thick = max(1, round(self.font.ratio))
            x, y, width, height = cell.x(), cell.y(), cell.width(), cell.height()
            painter.fillRect(x, y, width, thick, color)
            painter.fillRect(x, y + height - thick, width, thick, color)
            painter.fillRect(x, y, thick, height, color)
            painter.fillRect(x + width - thick, y, thick, height, color)
        elif shape == CursorShape.BAR:
            painter.fillRect(cell.x(), cell.y(), max(2, 2 * stroke), cell.height(), color)
        elif shape == CursorShape.UNDERLINE:
            thick = max(2, 2 * stroke)
            painter.fillRect(cell.x(), cell.y() + cell.height() - thick, cell.width(), thick, color)
        else:
            painter.fillRect(cell, color)
            self._paint_cell_text(painter, cell, styled, column, order)

    def _paint_cell_text(
        self,
        painter: QPainter,
        cell: QRect,
        styled: StyledLine | None,
        column: int,
        order: VisualOrder | None,
    ) -> None:
        """What is under the cursor is a part of its run: a symbol may reach into it, and ligatures into each other."""
        painter.setClipRect(cell, Qt.ClipOperation.IntersectClip)
        ink, left = self.palette.cursor_text, column * self.font.width
        for shape, _style, x, _advance, reach in self._place(styled, inf, order):
            if x <= left < x + reach:
                self._paint_shape(painter, shape, cell.x() + x - left, cell.y(), ink, ink)

    def paint_preedit(self, painter: QPainter, x: int, y: int, text: str) -> int:
        """Paint text an input method is still composing, underlined; returns its width."""
        columns = sum(2 if unicodedata.east_asian_width(character) in "FW" else 1 for character in text)
        shape = self._glyphs.shape(text, 0, 1 if text.isascii() else -columns)
        width = columns * self.font.width
        painter.fillRect(x, y, width, self.font.height, self.palette.background)
        self._paint_shape(painter, shape, x, y, self.palette.foreground, self.palette.foreground)
        painter.fillRect(x, y + self.font.underline, width, self.font.stroke, self.palette.foreground)
        return width


def _paint_cluster(painter: QPainter, place: QPointF, cluster: Cluster) -> None:
    if cluster.across == 1:
        for glyphs in cluster.runs:
            painter.drawGlyphRun(place, glyphs)
        return
    painter.save()
    painter.translate(place)
    painter.scale(cluster.across, 1)
    for glyphs in cluster.runs:
        painter.drawGlyphRun(QPointF(), glyphs)
    painter.restore()


def _is_blank(following: tuple[Run, ...]) -> bool:
    """True where the next cell shows nothing; so it is behind the last run."""
    return not following or following[0].text.startswith(" ")


def _faded(color: QColor, opacity: float) -> QColor:
    """The same colour where it is opaque."""
    if opacity >= 1:
        return color
    faded = QColor(color)
    faded.setAlphaF(opacity)
    return faded
