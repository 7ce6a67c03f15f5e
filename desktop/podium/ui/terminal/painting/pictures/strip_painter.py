"""Paints the parts of pictures that one line shows, in device pixels."""

from collections.abc import Sequence
from math import inf
from typing import Protocol

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage, QPainter

from podium.core.protocol.images import UNDER_BACKGROUNDS, ImageStrip
from podium.ui.terminal.painting.fonts import CellFont


class Pictures(Protocol):
    """The pictures of a session by their numbers."""

    def get(self, number: int) -> QImage | None:
        """The picture; None for one that can't be painted, or not yet."""

    def awaits(self, number: int) -> bool:
        """Whether it is on its way."""


class NoPictures:
    """There are none."""

    def get(self, _number: int) -> None:
        return None

    def awaits(self, _number: int) -> bool:
        return False


class StripPainter:
    """Each strip is the whole picture in its place, clipped to the cells of one line: neighbours meet exactly."""

    def __init__(self, font: CellFont, pictures: Pictures) -> None:
        self._font = font
        self._pictures = pictures

    def paint_under_backgrounds(self, painter: QPainter, line: QRect, strips: Sequence[ImageStrip]) -> None:
        """Those that even the backgrounds of cells hide; ``line`` is what may be painted on."""
        self._paint(painter, line, strips, -inf, UNDER_BACKGROUNDS)

    def paint_under_text(self, painter: QPainter, line: QRect, strips: Sequence[ImageStrip]) -> None:
        self._paint(painter, line, strips, UNDER_BACKGROUNDS, 0)

    def paint_over_text(self, painter: QPainter, line: QRect, strips: Sequence[ImageStrip]) -> None:
        self._paint(painter, line, strips, 0, inf)

    def _paint(
        self, painter: QPainter, line: QRect, strips: Sequence[ImageStrip], lowest: float, end: float
    ) -> None:
        """Those whose z is from ``lowest`` up to, not including, ``end``."""
        wanted = [strip for strip in strips if lowest <= strip.z < end]
        if not wanted:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for strip in sorted(wanted, key=lambda strip: strip.z):
            cells = self._cells(line, strip)
            if not cells.isEmpty() and (picture := self._pictures.get(strip.image)) is not None:
                painter.setClipRect(cells)
                source = QRectF(strip.left, strip.top, strip.width, strip.height)
                painter.drawImage(self._place(line, strip), picture, source)
        painter.setClipRect(line)

    def _cells(self, line: QRect, strip: ImageStrip) -> QRect:
        width = self._font.width
        area = QRect(strip.start * width, line.y(), (strip.stop - strip.start) * width, self._font.height)
        return area.intersected(line)

    def _place(self, line: QRect, strip: ImageStrip) -> QRectF:
        """Where the whole picture is. On whole pixels: one that is as large as its pixels stays sharp."""
        width, height = self._font.width, self._font.height
        left, top = strip.column * width + round(strip.x * width), round(strip.y * height)
        right = strip.column * width + round((strip.x + strip.columns) * width)
        bottom = round((strip.y + strip.rows) * height)
        return QRectF(left, line.y() - strip.row * height + top, right - left, bottom - top)
