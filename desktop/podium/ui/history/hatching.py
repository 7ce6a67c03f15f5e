"""Hatched areas: time in which a program waited for a person. Never yellow, that is for what waits now."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

_PITCH = 5.0


def paint_hatched(painter: QPainter, rect: QRectF, radius: float, tint: QColor) -> None:
    """An outlined rectangle with slanting lines."""
    if rect.width() < 1 or rect.height() < 1:
        return
    painter.save()
    shape = QPainterPath()
    shape.addRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.setPen(QPen(tint, 1))
    painter.drawPath(shape)
    painter.setClipPath(shape)
    at = rect.left() - rect.height()
    while at < rect.right():
        painter.drawLine(QPointF(at, rect.bottom()), QPointF(at + rect.height(), rect.top()))
        at += _PITCH
    painter.restore()
