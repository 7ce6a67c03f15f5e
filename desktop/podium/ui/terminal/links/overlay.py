"""Paints the marks of links over the rows of a view: underlines, the link under the pointer, labels of hints."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter

from podium.core.themes import ThemeVariant
from podium.ui.terminal.hit_tester import HitTester
from podium.ui.terminal.links.hints import Hint
from podium.ui.terminal.links.scan import Link
from podium.ui.terminal.painting.fonts import BOLD_FACE, terminal_font

_TYPED_OPACITY: Final = 0.45
_DIMMED: Final = 0.55
"""The share of the text's colour that stays while labels are shown."""


class Marks(NamedTuple):
    """What is marked now."""

    pointed: Link | None
    underlined: Sequence[Link]
    hints: Sequence[Hint]


class LinkOverlay:
    """Paints in device pixels from the view's top left, like the canvas below it."""

    def __init__(self, hit_tester: HitTester) -> None:
        self._hit_tester = hit_tester

    def paint(self, painter: QPainter, marks: Marks, theme: ThemeVariant) -> None:
        painter.save()
        if marks.pointed is not None:
            self._fill(painter, marks.pointed)
        color = QColor(theme.link)
        for link in (*marks.underlined, *((marks.pointed,) if marks.pointed is not None else ())):
            self._underline(painter, link, color)
        if marks.hints:
            self._labels(painter, marks.hints, theme)
        painter.restore()

    def _cells(self, link: Link) -> list[tuple[int, int, int]]:
        """(row of the view, first column, end column) of its cells that are in view."""
        state = self._hit_tester.state
        top, columns = state.viewport.top, state.model.columns
        return [
            (span.line - top, span.start, min(span.end, columns))
            for span in link.spans
            if 0 <= span.line - top < state.model.lines and span.start < columns
        ]

    def _shown_cells(self, link: Link) -> list[tuple[int, int, int]]:
        """The same where they are shown, where text runs from right to left."""
        shown = self._hit_tester.shown_spans
        return [(row, *span) for row, start, end in self._cells(link) for span in shown(row, start, end)]

    def _fill(self, painter: QPainter, link: Link) -> None:
        canvas, state = self._hit_tester.canvas, self._hit_tester.state
        if not state.selection.is_empty:
            return  # Two fills in one colour would read as one selection.
        for row, start, end in self._cells(link):
            line = state.model.line_at(state.viewport.top + row)
            area = canvas.geometry.cell_rect(row, 0, state.model.columns)
            painter.save()
            painter.translate(area.topLeft())
            order = state.orders.of(state.viewport.top + row)
            canvas.image.line_painter.paint_line(painter, 0, area.width(), line, (start, end), (), order)
            painter.restore()

    def _underline(self, painter: QPainter, link: Link, color: QColor) -> None:
        canvas = self._hit_tester.canvas
        for row, start, end in self._shown_cells(link):
            area = canvas.geometry.cell_rect(row, start, end - start)
            painter.fillRect(
                area.x(), area.y() + canvas.font.underline, area.width(), canvas.font.stroke, color
            )

    def _labels(self, painter: QPainter, hints: Sequence[Hint], theme: ThemeVariant) -> None:
        canvas, state = self._hit_tester.canvas, self._hit_tester.state
        grid = canvas.geometry.cell_rect(0, 0, state.model.columns)
        grid.setHeight(grid.height() * state.model.lines)
        background, text = QColor(theme.background), QColor(theme.foreground)
        veil = QColor(background)
        veil.setAlphaF(1 - _DIMMED)
        painter.fillRect(grid, veil)
        painter.setFont(terminal_font(canvas.font.pixel_size, BOLD_FACE))
        for hint in hints:
            self._underline(painter, hint.link, QColor(theme.link))
            cells = self._shown_cells(hint.link)
            if cells:
                row, start, _ = cells[0]
                size = len(hint.label)
                column = max(0, min(start, state.model.columns - size))
                self._label(painter, canvas.geometry.cell_rect(row, column, size), hint, text, background)

    def _label(self, painter: QPainter, area: QRect, hint: Hint, fill: QColor, ink: QColor) -> None:
        painter.fillRect(area, fill)
        width = area.width() // len(hint.label)
        for place, letter in enumerate(hint.label):
            color = QColor(ink)
            if place < hint.typed:
                color.setAlphaF(_TYPED_OPACITY)
            painter.setPen(color)
            cell = QRect(area.x() + place * width, area.y(), width, area.height())
            painter.drawText(cell, int(Qt.AlignmentFlag.AlignCenter), letter.upper())
