"""All the pixels of a terminal view: rows from the image, the cursor, composed text and the scrollbar on top."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter

from podium.core.protocol.frames import Cursor
from podium.ui.terminal.model.cells import cell_bounds
from podium.ui.terminal.model.line_cache import StyledLine
from podium.ui.terminal.model.row_content import RowContent
from podium.ui.terminal.model.visual_order import VisualOrder, visual_spans
from podium.ui.terminal.painting.colors import Palette
from podium.ui.terminal.painting.fonts import CellFont, FontLook
from podium.ui.terminal.painting.geometry import PADDING_X, Geometry
from podium.ui.terminal.painting.glyphs import glyph_cache
from podium.ui.terminal.painting.painter import LinePainter
from podium.ui.terminal.painting.pictures.strip_painter import NoPictures, Pictures
from podium.ui.terminal.painting.screen_image import ScreenImage


class CursorContent(NamedTuple):
    """The cursor as it should show: in a row of the view, over a line."""

    row: int
    cursor: Cursor
    focused: bool
    line: StyledLine | None
    order: VisualOrder | None = None

    @property
    def columns(self) -> tuple[int, int]:
        """The columns [start, end) in which it shows; both of a wide character."""
        start, end = cell_bounds(self.line, self.cursor.x)
        return visual_spans(self.order, start, end)[0]


class Ticks(NamedTuple):
    """Matches and failed commands on the scroll bar: where the middle of each tick is, in logical pixels from the
    top.
    """

    matches: tuple[int, ...] = ()
    current: int | None = None
    failed: tuple[int, ...] = ()


NO_TICKS = Ticks()
TICK = (6, 2)
CURRENT_TICK = (10, 3)
"""Width and height of a match's tick, and of the current one's, in logical pixels."""
FAILED_TICK = (3, 3)
"""The same of a failed command's, which stands left of those of matches."""
TICK_INSET = 2
"""From the right edge to a match's tick."""
FAILED_INSET = TICK_INSET + TICK[0] + 1
"""From the right edge to a failed command's."""


class Canvas:
    """Owns the colours and pixels of one view at one font size, on one screen."""

    def __init__(self, palette: Palette, size: int, ratio: float, width: int, height: int) -> None:
        self._palette = palette
        self._ligatures = False
        self.font_look = FontLook()
        """What the text is shown in, from the next ``set_extent`` on."""
        self._glyphs = glyph_cache(size, ratio, self._ligatures, self.font_look)
        self.text_left = PADDING_X
        """Logical pixels from the left edge to the text, from the next ``set_extent`` on."""
        self.geometry = Geometry(self.font, width, height)
        self._image: ScreenImage | None = None
        self.pictures: Pictures = NoPictures()
        """Where the pictures of programs come from; to be set before anything is painted."""

    @property
    def font(self) -> CellFont:
        return self._glyphs.font

    @property
    def image(self) -> ScreenImage:
        """The painted rows; made when they are needed."""
        if self._image is None:
            line_painter = LinePainter(self._glyphs, self._palette, self.pictures)
            self._image = ScreenImage(line_painter, *self.geometry.image_size)
        return self._image

    def drop_image(self) -> None:
        """Give the pixels' memory back, or have everything repainted."""
        self._image = None

    def set_palette(self, palette: Palette) -> None:
        self._palette = palette
        self.drop_image()

    def set_ligatures(self, wanted: bool) -> None:
        """Whether the font's ligatures are shown; everything is repainted when that changes."""
        if wanted != self._ligatures:
            self._ligatures = wanted
            self._glyphs = glyph_cache(self.font.size, self.font.ratio, wanted, self.font.look)
            self.drop_image()

    def set_extent(self, size: int, ratio: float, width: int, height: int) -> None:
        """Fit to a font size, a scale and a widget's size in logical pixels."""
        before = self.font, self.geometry.image_size, self.geometry.left
        self._glyphs = glyph_cache(size, ratio, self._ligatures, self.font_look)
        self.geometry = Geometry(self.font, width, height, self.text_left)
        if (self.font, self.geometry.image_size, self.geometry.left) != before:
            self.drop_image()

    def changed_areas(self, rows: Sequence[RowContent]) -> list[QRect]:
        """Logical rectangles of the rows that no longer look as painted."""
        columns = self.geometry.columns
        return [
            self.geometry.to_logical(self.geometry.cell_rect(row, 0, columns))
            for row in self.image.changed_rows(rows)
        ]

    def cursor_area(self, cursor: CursorContent) -> QRect:
        """Logical rectangle of the cursor."""
        start, end = cursor.columns
        return self.geometry.to_logical(self.geometry.cell_rect(cursor.row, start, end - start))

    def paint(
        self,
        painter: QPainter,
        exposed: QRect,
        rows: Sequence[RowContent],
        cursor: CursorContent | None,
        preedit: str = "",
        scrollbar: QRect | None = None,
        scrollbar_hot: bool = False,
        ticks: Ticks = NO_TICKS,
        over_text: Callable[[QPainter], None] = lambda _: None,
    ) -> None:
        """Paint ``exposed`` (logical pixels); ``painter`` paints on the widget. ``over_text`` paints between text and
        cursor, in device pixels.
        """
        image = self.image
        image.show(rows)
        ratio = self.font.ratio
        painter.save()
        # From here on one unit is one device pixel, and the origin is a whole one even where the widget's own
        # corner is not: only then are pixels copied as they are.
        painter.scale(1 / ratio, 1 / ratio)
        transform = painter.deviceTransform()
        painter.translate(round(transform.dx()) - transform.dx(), round(transform.dy()) - transform.dy())
        area = QRect(
            int(exposed.x() * ratio) - 1,
            int(exposed.y() * ratio) - 1,
            round(exposed.width() * ratio) + 3,
            round(exposed.height() * ratio) + 3,
        )
        grid = QRect(QPoint(self.geometry.left, self.geometry.top), image.pixmap.size())
        visible = area.intersected(grid)
        for margin in _around(area, visible):
            painter.fillRect(margin, self._palette.background)
        if not visible.isEmpty():
            painter.drawPixmap(visible.topLeft(), image.pixmap, visible.translated(-grid.topLeft()))
        over_text(painter)
        if cursor is not None:
            self._paint_cursor(painter, cursor, preedit)
        painter.restore()
        if scrollbar is not None and not scrollbar.isEmpty():
            self._paint_scrollbar(painter, scrollbar, scrollbar_hot)
        if ticks != NO_TICKS:
            self._paint_ticks(painter, ticks)

    def _paint_cursor(self, painter: QPainter, content: CursorContent, preedit: str) -> None:
        start, end = content.columns
        cell = self.geometry.cell_rect(content.row, start, end - start)
        line_painter = self.image.line_painter
        if preedit:
            width = line_painter.paint_preedit(painter, cell.x(), cell.y(), preedit)
            cell = QRect(cell.x() + width, cell.y(), self.font.width, cell.height())
            line_painter.paint_cursor(painter, cell, content.cursor.shape, False, None, 0)
            return
        line_painter.paint_cursor(
            painter, cell, content.cursor.shape, content.focused, content.line, start, content.order
        )

    def _paint_scrollbar(self, painter: QPainter, thumb: QRect, hot: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._palette.scrollbar_hover if hot else self._palette.scrollbar)
        radius = thumb.width() / 2
        painter.drawRoundedRect(thumb, radius, radius)

    def _paint_ticks(self, painter: QPainter, ticks: Ticks) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        colors = self._palette.matches
        current = () if ticks.current is None else (ticks.current,)
        for places, (width, height), inset, color in (
            (ticks.matches, TICK, TICK_INSET, colors.tick),
            (current, CURRENT_TICK, TICK_INSET, colors.current),
            (ticks.failed, FAILED_TICK, FAILED_INSET, self._palette.failed),
        ):
            left = self.geometry.width - inset - width
            for y in places:
                painter.fillRect(left, y - height // 2, width, height, color)


def _around(area: QRect, inner: QRect) -> list[QRect]:
    """The rest of ``area`` around ``inner``, which lies inside it."""
    if inner.isEmpty():
        return [area]
    left, top, right, bottom = area.left(), area.top(), area.right(), area.bottom()
    strips = (
        QRect(left, top, area.width(), inner.top() - top),
        QRect(left, inner.bottom() + 1, area.width(), bottom - inner.bottom()),
        QRect(left, inner.top(), inner.left() - left, inner.height()),
        QRect(inner.right() + 1, inner.top(), right - inner.right(), inner.height()),
    )
    return [strip for strip in strips if not strip.isEmpty()]
