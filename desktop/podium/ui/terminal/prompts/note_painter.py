"""Paints marks and words beside prompts, and the line above each."""

from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from podium.core.themes import ThemeVariant
from podium.ui.terminal.painting.geometry import PADDING_X
from podium.ui.terminal.prompts.row_notes import Mark, RowNote
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.painting import mix

SIZE: Final = 8
"""Of a mark, in logical pixels."""
_FROM_TEXT: Final = 14
"""The distance of a mark's left edge from the text."""
_RIGHT: Final = 22
"""Free at the right edge, for the scroll bar."""
_GAP: Final = 8
"""The least distance of words from the row's own text."""


class NotePainter:
    """The colours are those of the terminal's theme."""

    def __init__(self, theme: ThemeVariant) -> None:
        foreground, background = QColor(theme.foreground), QColor(theme.background)
        self._line = QColor(theme.bar)
        quiet = mix(background, foreground, 0.62)
        self._colors = {
            Mark.NONE: quiet,
            Mark.SUCCEEDED: quiet,
            Mark.FAILED: QColor(theme.bright[1]),
            Mark.RUNNING: QColor(theme.bright[2]),
        }

    def paint(self, painter: QPainter, row: QRect, text_end: float, note: RowNote, *, line: bool) -> None:
        """Paint a note. ``row`` is the row's text area and ``text_end`` where its own text ends, in logical pixels;
        ``line``: a thin one above.
        """
        painter.save()
        left = max(1.0, row.left() - _FROM_TEXT)
        right = row.right() + 1 + PADDING_X - _RIGHT
        if line:
            painter.fillRect(QRectF(left, row.top(), right - left, 1), self._line)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self._colors[note.mark]
        self._paint_mark(painter, QPointF(left, row.top() + (row.height() - SIZE) / 2), note.mark, color)
        if note.text:
            words = font(Role.SMALL)
            width = QFontMetrics(words).horizontalAdvance(note.text)
            if right - width >= text_end + _GAP:
                painter.setFont(words)
                painter.setPen(color)
                area = QRectF(right - width, row.top(), width + 1, row.height())
                painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), note.text)
        painter.restore()

    def _paint_mark(self, painter: QPainter, corner: QPointF, mark: Mark, color: QColor) -> None:
        box = QRectF(corner.x(), corner.y(), SIZE, SIZE)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen = QPen(color, 1.6)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        match mark:
            case Mark.SUCCEEDED:
                painter.drawEllipse(box.adjusted(1.3, 1.3, -1.3, -1.3))
            case Mark.FAILED:
                inner = box.adjusted(1.2, 1.2, -1.2, -1.2)
                painter.drawLine(inner.topLeft(), inner.bottomRight())
                painter.drawLine(inner.topRight(), inner.bottomLeft())
            case Mark.RUNNING:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(color)
                painter.drawEllipse(box.adjusted(0.6, 0.6, -0.6, -0.6))
