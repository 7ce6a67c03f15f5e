"""Lines under, through and over text."""

from typing import Final

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from podium.core.protocol.frames import Underline
from podium.ui.terminal.painting.colors import RunStyle
from podium.ui.terminal.painting.fonts import CellFont

WAVES_KEPT: Final = 64
"""Colours of curly underlines whose pixels are kept; few programs use more than two."""


class Decorations:
    """Paints the lines of runs in one font."""

    def __init__(self, font: CellFont) -> None:
        self._font = font
        self._waves: dict[int, QPixmap] = {}

    def paint(self, painter: QPainter, run_style: RunStyle, x: int, y: int, width: int) -> None:
        """Paint a run's lines; ``x`` and ``y`` are the top left of its first cell in device pixels."""
        font, stroke = self._font, self._font.stroke
        if run_style.underline:
            self._underline(
                painter, run_style.underline, run_style.underline_color, QRect(x, y, width, font.height)
            )
        if run_style.strike:
            painter.fillRect(x, y + font.strike, width, stroke, run_style.text)
        if run_style.overline:
            painter.fillRect(x, y, width, stroke, run_style.text)

    def _underline(self, painter: QPainter, style: int, color: QColor, run: QRect) -> None:
        font, stroke = self._font, self._font.stroke
        x, width = run.x(), run.width()
        y = min(run.y() + font.underline, run.y() + font.height - stroke)
        if style == Underline.CURLY:
            wave = self._wave(color)
            painter.drawTiledPixmap(x, run.y() + font.height - wave.height(), width, wave.height(), wave)
        elif style == Underline.DOUBLE:
            second = min(y + 2 * stroke, run.y() + font.height - stroke)
            painter.fillRect(x, second, width, stroke, color)
            # Lines a stroke apart, or a pixel, where they would touch the letters.
            top = run.y() + font.baseline + 1
            first = max(second - 2 * stroke, min(top, second - stroke - 1))
            painter.fillRect(x, first, width, stroke, color)
        elif style in (Underline.DOTTED, Underline.DASHED):
            dash = stroke if style == Underline.DOTTED else max(2 * stroke, font.width // 2)
            step = 2 * stroke if style == Underline.DOTTED else font.width
            # From a multiple of the step, so that the dots of the next run go on at the same distance.
            for start in range(-(-x // step) * step, x + width, step):
                painter.fillRect(start, y, min(dash, x + width - start), stroke, color)
        else:
            painter.fillRect(x, y, width, stroke, color)

    def _wave(self, color: QColor) -> QPixmap:
        """The lower part of a cell with a curly underline; a wave a cell goes on from cell to cell in any runs.

        Kept as pixels: stroking an antialiased path takes twenty times as long as the text above it.
        """
        wave = self._waves.get(color.rgb())
        if wave is None:
            if len(self._waves) >= WAVES_KEPT:
                self._waves.clear()
            wave = self._waves[color.rgb()] = self._draw_wave(color)
        return wave

    def _draw_wave(self, color: QColor) -> QPixmap:
        font, stroke = self._font, self._font.stroke
        amplitude = max(1.0, 1.1 * stroke)
        middle = min(font.underline + stroke / 2, font.height - amplitude - stroke / 2)
        half = font.width / 2
        # A little more than the cell, which then cuts the line where it goes on.
        path = QPainterPath(QPointF(-font.width, middle))
        for index in range(-2, 4):
            start = index * half
            top = middle + (amplitude if index % 2 else -amplitude) * 2
            path.quadTo(QPointF(start + half / 2, top), QPointF(start + half, middle))
        above = int(middle - amplitude - stroke)
        wave = QPixmap(font.width, font.height - above)
        wave.fill(Qt.GlobalColor.transparent)
        painter = QPainter(wave)
        painter.translate(0, -above)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color, stroke))
        painter.drawPath(path)
        painter.end()
        return wave
