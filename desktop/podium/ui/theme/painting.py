"""Small painting helpers that every painted widget of the window shares."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from podium.ui.theme.short_text import fit_path

FOCUS_RING = 2


def fill_round(painter: QPainter, rect: QRectF, radius: float, fill: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(rect, radius, radius)


def stroke_round(painter: QPainter, rect: QRectF, radius: float, line: QColor, width: float = 1) -> None:
    """Outline ``rect`` on its inside, so that the line never leaves it."""
    half = width / 2
    painter.setPen(QPen(line, width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), radius - half, radius - half)


def paint_text(
    painter: QPainter,
    rect: QRectF,
    text: str,
    tint: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> None:
    """One line of text in the painter's font, centred in height, elided to ``rect``."""
    painter.setPen(tint)
    shown = QFontMetricsF(painter.font()).elidedText(text, elide, rect.width() + 0.5)
    painter.drawText(rect, int(align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), shown)


def paint_name(painter: QPainter, rect: QRectF, name: str, tint: QColor) -> None:
    """``paint_text`` for a name: elided in the middle, as names that are long often differ at their ends."""
    paint_text(painter, rect, name, tint, elide=Qt.TextElideMode.ElideMiddle)


def paint_path(painter: QPainter, rect: QRectF, path: str, tint: QColor) -> None:
    """``paint_text`` for a folder: names at its beginning go as a whole; only a last one that is too long is cut."""
    width_of = QFontMetricsF(painter.font()).horizontalAdvance
    if shown := fit_path(path, rect.width() + 0.5, width_of):
        paint_text(painter, rect, shown, tint)
    else:
        paint_name(painter, rect, path.rpartition("/")[2], tint)


def mix(base: QColor, other: QColor, share: float) -> QColor:
    """``base`` with ``share`` (0–1) of ``other`` in it."""
    return QColor(
        round(base.red() + (other.red() - base.red()) * share),
        round(base.green() + (other.green() - base.green()) * share),
        round(base.blue() + (other.blue() - base.blue()) * share),
    )
