"""The last screen of a run: read from what its session kept, and shown in its theme."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from podium.core.protocol.saved_screen import KeptScreen, read
from podium.core.runs import Run
from podium.core.themes import ThemeVariant
from podium.history import run_list
from podium.history.database import Database
from podium.ui.terminal.model.line_cache import StyledLine
from podium.ui.terminal.model.row_content import RowContent
from podium.ui.terminal.painting.colors import Palette
from podium.ui.terminal.painting.fonts import CellFont
from podium.ui.terminal.painting.glyphs import GlyphCache
from podium.ui.terminal.painting.painter import LinePainter
from podium.ui.terminal.painting.screen_image import ScreenImage
from podium.ui.theme.painting import stroke_round
from podium.ui.theme.palette import color

NOT_KEPT: Final = "Not kept (privacy.keep_screens)"
GONE: Final = "Not there any more: a later run has the terminal, or the instance was closed."
NOT_YET: Final = "Nothing is kept of it yet."
_MOST_ROWS: Final = 80
_FONTS: Final = (12, 11, 10, 9, 8)
"""The largest at which the screen's columns fit."""
_SIDE: Final = 10
_ABOVE: Final = 8
_RADIUS: Final = 8


class LastScreen(msgspec.Struct, frozen=True):
    """The last rows of a terminal ``columns`` wide, from the top down."""

    rows: tuple[StyledLine, ...]
    columns: int
    saved_at: float

    @property
    def text(self) -> str:
        return "\n".join("".join(run.text for run in row.line.runs).rstrip() for row in self.rows)


def find_last_screen(run: Run, path: str, exists: bool) -> Callable[[Database], LastScreen | str]:
    """What is asked of the history: the screen in the file ``path`` if it really is this run's, else why there is none.
    Reads the disk. ``exists``: the run's instance is in the window.
    """

    def find(database: Database) -> LastScreen | str:
        screen, _ = read(Path(path))
        its_own = screen is not None and screen.saved_at >= run.started_at
        if screen is None or not its_own:
            return NOT_YET if exists and not run_list.outlived(database, run, math.inf) else GONE
        if run_list.outlived(database, run, screen.saved_at):
            return GONE
        return _last_rows(screen) if screen.lines else NOT_YET

    return find


def _last_rows(screen: KeptScreen) -> LastScreen:
    table = screen.table()
    rows: list[StyledLine] = []
    for line in screen.lines[-_MOST_ROWS:]:
        used = {run.attribute for run in line.runs}
        rows.append(StyledLine(line, {number: table[number] for number in used if number in table}))
    return LastScreen(tuple(rows), screen.columns, screen.saved_at)


class ScreenView(QWidget):
    """Shows as many of the last rows as there is room for, at the top."""

    accessible_role = QAccessible.Role.StaticText

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._screen: LastScreen | None = None
        self._theme: ThemeVariant | None = None
        self._glyphs: tuple[Any, GlyphCache] | None = None
        self.setAccessibleName("Last screen")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def screen_shown(self) -> LastScreen | None:
        return self._screen

    def show_screen(self, screen: LastScreen, theme: ThemeVariant) -> None:
        self._screen, self._theme = screen, theme
        self.setAccessibleDescription(screen.text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 160)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._theme is None or self._screen is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        frame = QPainterPath()
        frame.addRoundedRect(rect, _RADIUS, _RADIUS)
        painter.fillPath(frame, color(self._theme.background))
        glyphs = self._glyphs_for(self._screen)
        ratio = self.devicePixelRatioF()
        room = round((self.height() - 2 * _ABOVE) * ratio)
        count = max(1, room // glyphs.font.height)
        rows = self._screen.rows[-count:]
        width = round((self.width() - 2 * _SIDE) * ratio)
        image = ScreenImage(LinePainter(glyphs, Palette(self._theme)), width, len(rows) * glyphs.font.height)
        image.show([RowContent(row) for row in rows])
        pixmap = image.pixmap
        pixmap.setDevicePixelRatio(ratio)
        painter.drawPixmap(_SIDE, _ABOVE, pixmap)
        stroke_round(painter, rect, _RADIUS, color(self._theme.outline))

    def _glyphs_for(self, screen: LastScreen) -> GlyphCache:
        ratio = self.devicePixelRatioF()
        width = (self.width() - 2 * _SIDE) * ratio
        key = (ratio, width, screen.columns)
        if self._glyphs is None or self._glyphs[0] != key:
            fonts = (CellFont(size, ratio) for size in _FONTS)
            fitting = next((one for one in fonts if one.width * screen.columns <= width), None)
            self._glyphs = key, GlyphCache(fitting or CellFont(_FONTS[-1], ratio))
        return self._glyphs[1]
