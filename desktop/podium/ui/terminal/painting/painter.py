"""Paints lines and the cursor in device pixels. Depends on fonts and colours, not on widgets or scrolling."""

import unicodedata
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter

from podium.core.protocol.frames import DEFAULT_ATTRIBUTES, CursorShape, Run
from podium.ui.terminal.model.cells import run_at
from podium.ui.terminal.model.line_cache import StyledLine
from podium.ui.terminal.model.row_content import Mark
from podium.ui.terminal.painting.colors import Palette, RunStyle
from podium.ui.terminal.painting.decorations import Decorations
from podium.ui.terminal.painting.glyphs import GlyphCache, TextShape


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
    ) -> None:
        """Paint a line over ``width`` pixels from x 0; None paints an empty one.

        Backgrounds come first for the whole line: a glyph may reach a little into the next run's cells. Into the
        next line it may not: its ink would stay there, or be lost, when only one of the two is painted again.
        """
        font, palette = self.font, self.palette
        cell, height = font.width, font.height
        painter.setClipRect(0, y, width, height)
        painter.fillRect(0, y, width, height, palette.background)
        placed: list[tuple[Run, RunStyle, int, int]] = []
        x = 0
        if styled is not None:
            table = styled.table
            for run in styled.line.runs:
                run_style = palette.run_style(table.get(run.attribute, DEFAULT_ATTRIBUTES))
                advance = run.columns * cell
                if run_style.background is not None:
                    painter.fillRect(x, y, advance, height, run_style.background)
                placed.append((run, run_style, x, advance))
                x += advance
        self._paint_runs(painter, y, placed)
        for start, end, current in marks:
            area = QRect(start * cell, y, (end - start) * cell, height)
            painter.setClipRect(area)
            matches = palette.matches
            painter.fillRect(area, matches.current if current else matches.other)
            self._paint_runs(painter, y, placed, ink=matches.current_text if current else palette.foreground)
        if marks:
            painter.setClipRect(0, y, width, height)
        if selected is not None:
            start, end = selected
            area = QRect(start * cell, y, (end - start) * cell, height)
            painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
            painter.fillRect(area, palette.selection)
            self._paint_runs(painter, y, placed, selected=True)

    def _paint_runs(
        self,
        painter: QPainter,
        y: int,
        placed: list[tuple[Run, RunStyle, int, int]],
        *,
        selected: bool = False,
        ink: QColor | None = None,
    ) -> None:
        """``ink`` is for all text and graphics instead of their own colours."""
        for run, run_style, x, advance in placed:
            if not run_style.hidden:
                shape = self._glyphs.shape(run.text, run_style.face, run.width)
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
            color = graphics
            if opacity < 1:
                color = QColor(graphics)
                color.setAlphaF(opacity)
            for rect in rects:
                painter.fillRect(rect.translated(x, y), color)
        if shape.paths:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(graphics)
            painter.setPen(Qt.PenStyle.NoPen)
            for offset, path in shape.paths:
                painter.drawPath(path.translated(x + offset, y))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if shape.clusters:
            painter.setPen(text)
            for offset, cluster in shape.clusters:
                for glyphs in cluster:
                    painter.drawGlyphRun(QPointF(x + offset, baseline), glyphs)

    def paint_cursor(
        self,
        painter: QPainter,
        cell: QRect,
        shape: int,
        focused: bool,
        styled: StyledLine | None,
        column: int,
    ) -> None:
        """Paint the cursor over ``cell``. A filled block shows the character under it in the cursor's text colour."""
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
            self._paint_cell_text(painter, cell, styled, column)

    def _paint_cell_text(
        self, painter: QPainter, cell: QRect, styled: StyledLine | None, column: int
    ) -> None:
        found = run_at(styled, column)
        if styled is None or found is None:
            return
        run, start = found
        run_style = self.palette.run_style(styled.table.get(run.attribute, DEFAULT_ATTRIBUTES))
        if run_style.hidden:
            return
        if run.width > 0:
            place = (column - start) // run.width
            text, left = run.text[place], start + place * run.width
        else:
            text, left = run.text, start
        ink = self.palette.cursor_text
        shape = self._glyphs.shape(text, run_style.face, run.width)
        painter.setClipRect(cell, Qt.ClipOperation.IntersectClip)
        self._paint_shape(painter, shape, cell.x() + (left - column) * self.font.width, cell.y(), ink, ink)

    def paint_preedit(self, painter: QPainter, x: int, y: int, text: str) -> int:
        """Paint text an input method is still composing, underlined; returns its width."""
        columns = sum(2 if unicodedata.east_asian_width(character) in "FW" else 1 for character in text)
        shape = self._glyphs.shape(text, 0, 1 if text.isascii() else -columns)
        width = columns * self.font.width
        painter.fillRect(x, y, width, self.font.height, self.palette.background)
        self._paint_shape(painter, shape, x, y, self.palette.foreground, self.palette.foreground)
        painter.fillRect(x, y + self.font.underline, width, self.font.stroke, self.palette.foreground)
        return width
