"""The last lines of an instance's screen on its card, in its theme."""

from typing import Final

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from podium.core.themes import ThemeVariant
from podium.ui.inbox.tails import ROWS
from podium.ui.terminal.model.line_cache import StyledLine
from podium.ui.terminal.model.row_content import RowContent
from podium.ui.terminal.painting.colors import Palette
from podium.ui.terminal.painting.fonts import CellFont
from podium.ui.terminal.painting.glyphs import GlyphCache
from podium.ui.terminal.painting.painter import LinePainter
from podium.ui.terminal.painting.screen_image import ScreenImage
from podium.ui.theme.painting import stroke_round
from podium.ui.theme.palette import color

_FONT: Final = 12
_SIDE: Final = 10
_ABOVE: Final = 4
_RADIUS: Final = 5


class TailGlyphs:
    """The glyphs of all cards, for each scale of the screens they are on."""

    def __init__(self) -> None:
        self._caches: dict[float, GlyphCache] = {}

    def at(self, ratio: float) -> GlyphCache:
        if ratio not in self._caches:
            self._caches = {ratio: GlyphCache(CellFont(_FONT, ratio))}
        return self._caches[ratio]


class TailView(QWidget):
    """As high as ROWS rows, whatever there is, so that nothing moves when they come."""

    def __init__(self, glyphs: TailGlyphs, parent: QWidget) -> None:
        super().__init__(parent)
        self._glyphs = glyphs
        self._rows: tuple[StyledLine, ...] = ()
        self._theme: ThemeVariant | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def rows(self) -> tuple[StyledLine, ...]:
        return self._rows

    def show_rows(self, rows: tuple[StyledLine, ...], theme: ThemeVariant) -> None:
        if (rows, theme) != (self._rows, self._theme):
            self._rows, self._theme = rows, theme
            self.update()

    def sizeHint(self) -> QSize:
        cells = self._glyphs.at(self.devicePixelRatioF()).font
        return QSize(200, round(ROWS * cells.height / cells.ratio) + 2 * _ABOVE + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._theme is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        frame = QPainterPath()
        frame.addRoundedRect(rect, _RADIUS, _RADIUS)
        painter.fillPath(frame, color(self._theme.background))
        painter.drawPixmap(_SIDE, _ABOVE + 1, self._image(self._theme))
        stroke_round(painter, rect, _RADIUS, color(self._theme.outline))

    def _image(self, theme: ThemeVariant) -> QPixmap:
        ratio = self.devicePixelRatioF()
        glyphs = self._glyphs.at(ratio)
        width = round((self.width() - 2 * _SIDE) * ratio)
        screen = ScreenImage(LinePainter(glyphs, Palette(theme)), width, ROWS * glyphs.font.height)
        screen.show([RowContent(row) for row in self._rows])
        image = screen.pixmap
        image.setDevicePixelRatio(ratio)
        return image
