"""Icons: our own SVG files, tinted and rendered for the screen they are shown on; and the mark."""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from podium.core.instances import ThemeName
from podium.core.resources import read_bytes
from podium.core.themes import ColorScheme, load_theme, load_tokens
from podium.ui.theme.palette import WindowColors, color

MARK_BARS = (11, 20, 15, 8)
"""Heights of the mark's four bars in its 20 px box, in the order of the themes."""


def paint_icon(painter: QPainter, name: str, tint: QColor, x: float, y: float, size: int = 16) -> None:
    """Paint icon ``name`` (a file in ``icons/``) with its top left corner at (x, y)."""
    _renderer(name, tint.name()).render(painter, QRectF(x, y, size, size))


def icon_pixmap(name: str, tint: QColor, ratio: float = 1.0, size: int = 16) -> QPixmap:
    """Icon ``name`` as a pixmap of ``size`` logical px for a screen with device pixel ``ratio``."""
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_icon(painter, name, tint, 0, 0, size)
    painter.end()
    return pixmap


def icon(name: str, tint: QColor, disabled: QColor | None = None) -> QIcon:
    """Icon ``name`` for menus and fields, in the common pixel ratios."""
    made = QIcon()
    for ratio in (1.0, 2.0):
        made.addPixmap(icon_pixmap(name, tint, ratio))
        if disabled is not None:
            made.addPixmap(icon_pixmap(name, disabled, ratio), QIcon.Mode.Disabled)
    return made


def paint_mark(
    painter: QPainter, x: float, y: float, size: float, colors: WindowColors | None = None
) -> None:
    """Paint the mark in a box of ``size`` px; without ``colors`` in its own (an app icon)."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(x, y)
    painter.scale(size / 20, size / 20)
    painter.setPen(Qt.PenStyle.NoPen)
    for index, (theme, height) in enumerate(zip(ThemeName, MARK_BARS, strict=True)):
        accent = load_theme(theme).dark.accent if colors is None else colors.theme(theme).accent_ui
        painter.setBrush(color(accent))
        painter.drawRoundedRect(QRectF(index * 5.33, 20 - height, 4, height), 0.9, 0.9)
    painter.restore()


@cache
def app_icon() -> QIcon:
    """The mark on a dark tile, as the window's icon."""
    made = QIcon()
    tile = color(load_tokens().chrome[ColorScheme.DARK]["chrome"])
    for size in (16, 24, 32, 48, 64, 128, 256):
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tile)
        painter.drawRoundedRect(QRectF(0, 0, size, size), size * 0.2, size * 0.2)
        paint_mark(painter, size * 0.19, size * 0.17, size * 0.62)
        painter.end()
        made.addPixmap(pixmap)
    return made


@cache
def _renderer(name: str, tint: str) -> QSvgRenderer:
    svg = read_bytes("icons", f"{name}.svg").replace(b"currentColor", tint.encode())
    return QSvgRenderer(QByteArray(svg))
