"""Lines under, through and over text."""

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from podium.core.frames import Underline
from podium.ui.terminal.colors import Look
from podium.ui.terminal.fonts import CellFont


def paint_decorations(painter: QPainter, look: Look, font: CellFont, x: int, y: int, width: int) -> None:
    """Paint a run's lines; ``x`` and ``y`` are the top left of its first cell in device pixels."""
    stroke = font.stroke
    if look.underline:
        _underline(painter, look.underline, look.underline_color, font, QRect(x, y, width, font.height))
    if look.strike:
        painter.fillRect(x, y + font.strike, width, stroke, look.text)
    if look.overline:
        painter.fillRect(x, y, width, stroke, look.text)


def _underline(painter: QPainter, style: int, color: QColor, font: CellFont, run: QRect) -> None:
    stroke = font.stroke
    x, width = run.x(), run.width()
    y = min(run.y() + font.underline, run.y() + font.height - stroke)
    if style == Underline.CURLY:
        _curl(painter, color, font, run)
    elif style == Underline.DOUBLE:
        second = min(y + 2 * stroke, run.y() + font.height - stroke)
        painter.fillRect(x, second, width, stroke, color)
        painter.fillRect(x, second - 2 * stroke, width, stroke, color)
    elif style in (Underline.DOTTED, Underline.DASHED):
        dash = stroke if style == Underline.DOTTED else max(2 * stroke, font.width // 2)
        step = 2 * stroke if style == Underline.DOTTED else font.width
        for start in range(x, x + width, step):
            painter.fillRect(start, y, min(dash, x + width - start), stroke, color)
    else:
        painter.fillRect(x, y, width, stroke, color)


def _curl(painter: QPainter, color: QColor, font: CellFont, run: QRect) -> None:
    """One wave a cell, so that it goes on from cell to cell whatever runs they are in."""
    amplitude = max(1.0, 1.1 * font.stroke)
    middle = min(
        run.y() + font.underline + font.stroke / 2, run.y() + font.height - amplitude - font.stroke / 2
    )
    path = QPainterPath(QPointF(run.x(), middle))
    half = font.width / 2
    for index in range(2 * (run.width() // font.width)):
        start = run.x() + index * half
        top = middle + (amplitude if index % 2 else -amplitude) * 2
        path.quadTo(QPointF(start + half / 2, top), QPointF(start + half, middle))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, font.stroke))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    painter.restore()
