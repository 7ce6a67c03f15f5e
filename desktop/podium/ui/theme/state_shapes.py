"""The ten state shapes, painted in a 10 px box. Never glyphs of a font: those differ between systems."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from podium.core.themes import load_tokens
from podium.workspace.views import InstanceState

BOX = 10


def paint_state(painter: QPainter, x: float, y: float, state: InstanceState, color: QColor) -> None:
    """Paint the shape of ``state`` with its box's top left corner at (x, y)."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(x, y)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _SHAPES[load_tokens().state[state].shape](painter, color)
    painter.restore()


def paint_warning(painter: QPainter, x: float, y: float, color: QColor) -> None:
    """Paint a triangle in a 10 px box at (x, y): something can't be used as it is."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(x, y)
    painter.setPen(Qt.PenStyle.NoPen)
    _triangle(painter, color)
    painter.restore()


def _stroke(painter: QPainter, color: QColor, width: float) -> None:
    pen = QPen(color, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)


def _ring(painter: QPainter, color: QColor) -> None:
    _stroke(painter, color, 1.6)
    painter.drawEllipse(QRectF(1, 1, 8, 8))


def _half(painter: QPainter, color: QColor) -> None:
    painter.setBrush(color)
    painter.drawPie(QRectF(1, 1, 8, 8), 90 * 16, 180 * 16)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _stroke(painter, color, 1.5)
    painter.drawEllipse(QRectF(1, 1, 8, 8))


def _disc(painter: QPainter, color: QColor) -> None:
    painter.setBrush(color)
    painter.drawEllipse(QRectF(0.75, 0.75, 8.5, 8.5))


def _disc_ring(painter: QPainter, color: QColor) -> None:
    painter.setBrush(color)
    painter.drawEllipse(QRectF(3, 3, 4, 4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _stroke(painter, color, 1.4)
    painter.drawEllipse(QRectF(0.8, 0.8, 8.4, 8.4))


def _diamond(painter: QPainter, color: QColor) -> None:
    painter.setBrush(color)
    painter.drawPolygon(QPolygonF([QPointF(5, 0), QPointF(10, 5), QPointF(5, 10), QPointF(0, 5)]))


def _check(painter: QPainter, color: QColor) -> None:
    _stroke(painter, color, 1.8)
    painter.drawPolyline(QPolygonF([QPointF(1.2, 5.4), QPointF(3.8, 8), QPointF(8.9, 2.2)]))


def _arc(painter: QPainter, color: QColor) -> None:
    _stroke(painter, color, 1.8)
    path = QPainterPath()
    path.arcMoveTo(QRectF(1, 1, 8, 8), 80)
    path.arcTo(QRectF(1, 1, 8, 8), 80, -290)
    painter.drawPath(path)


def _square(painter: QPainter, color: QColor) -> None:
    painter.setBrush(color)
    painter.drawRoundedRect(QRectF(0.75, 0.75, 8.5, 8.5), 0.75, 0.75)


def _triangle(painter: QPainter, color: QColor) -> None:
    painter.setBrush(color)
    _stroke(painter, color, 1)
    painter.drawPolygon(QPolygonF([QPointF(5, 1), QPointF(9.4, 8.9), QPointF(0.6, 8.9)]))


def _cross(painter: QPainter, color: QColor) -> None:
    _stroke(painter, color, 2)
    painter.drawLine(QPointF(1.4, 1.4), QPointF(8.6, 8.6))
    painter.drawLine(QPointF(8.6, 1.4), QPointF(1.4, 8.6))


_SHAPES: dict[str, Callable[[QPainter, QColor], None]] = {
    "ring": _ring,
    "half": _half,
    "disc": _disc,
    "disc-ring": _disc_ring,
    "diamond": _diamond,
    "check": _check,
    "arc": _arc,
    "square": _square,
    "triangle": _triangle,
    "cross": _cross,
}
