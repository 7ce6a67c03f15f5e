"""The icon of the system tray: the mark, with the number of instances that wait."""

from functools import cache
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPixmap

from podium.core.themes import load_tokens
from podium.ui.theme.icons import app_icon
from podium.ui.theme.palette import color

_SIZES: Final = (16, 22, 24, 32, 44, 48, 64)
"""Pixels, as panels show icons."""
_MOST: Final = 9
"""The highest number that is legible on 16 pixels."""


def tray_icon(waiting: int) -> QIcon:
    """The tile is dark and the number dark on yellow, so both read on panels of any colour."""
    return _icon(min(waiting, _MOST + 1))


@cache
def _icon(waiting: int) -> QIcon:
    made = QIcon()
    for size in _SIZES:
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, app_icon().pixmap(size, size))
        if waiting:
            _paint_number(painter, str(waiting) if waiting <= _MOST else f"{_MOST}+", size)
        painter.end()
        made.addPixmap(pixmap)
    return made


def _paint_number(painter: QPainter, text: str, size: int) -> None:
    """Fill the lower right part of the icon: a smaller one could not be read."""
    colors = load_tokens().waiting
    height = size * 0.66
    width = height if len(text) == 1 else size * 0.92
    rect = QRectF(size - width, size - height, width, height)
    # An edge of the tile's colour around it.
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color(colors.on_fill)))
    edge = max(1.0, size / 22)
    painter.drawRoundedRect(rect.adjusted(-edge, -edge, 0, 0), height * 0.3, height * 0.3)
    painter.setBrush(QColor(color(colors.fill)))
    painter.drawRoundedRect(rect, height * 0.26, height * 0.26)
    font = QFont(painter.font())
    font.setPixelSize(max(8, round(height * 0.88)))
    font.setWeight(QFont.Weight.Bold)
    painter.setFont(font)
    painter.setPen(color(colors.on_fill))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
