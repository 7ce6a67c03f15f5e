"""The pill at a pane's bottom: so many lines were printed since the person scrolled up."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from podium.core.commands import CommandId, command
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import paint_icon
from podium.ui.theme.painting import fill_round, paint_text, stroke_round
from podium.ui.theme.palette import ThemeManager
from podium.ui.widgets.keycaps import keycaps_width, paint_keycaps, split_keys

_HEIGHT: Final = 28
_PADDING: Final = 14
_ICON: Final = 14
_GAP: Final = 8
_MOST: Final = 999


class NewLinesPill(QWidget):
    """Hidden while there is nothing new. A click goes to the newest line, as its key does."""

    clicked = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._text = ""
        self._keys = split_keys(next(iter(command(CommandId.SCROLL_BOTTOM).keys), ""))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("Show the newest line")
        themes.changed.connect(self.update)
        self.hide()

    def show_count(self, count: int) -> None:
        """Show that there are ``count`` new lines; 0 hides it."""
        shown = f"{count}" if count <= _MOST else f"{_MOST}+"
        self._text = f"{shown} new line{'' if count == 1 else 's'}"
        self.setAccessibleName(self._text)
        self.resize(self.sizeHint())
        self.setVisible(count > 0)
        self.update()

    def sizeHint(self) -> QSize:
        text = QFontMetricsF(font(Role.BODY_STRONG)).horizontalAdvance(self._text)
        keys = keycaps_width(self._keys) + _GAP if self._keys else 0
        return QSize(round(2 * _PADDING + _ICON + _GAP + text + keys + 0.5), _HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        fill_round(painter, rect, _HEIGHT / 2, chrome.overlay)
        stroke_round(painter, rect, _HEIGHT / 2, chrome.border_strong)
        middle = self.height() / 2
        paint_icon(painter, "arrow-down", chrome.text, _PADDING, round(middle - _ICON / 2), _ICON)
        painter.setFont(font(Role.BODY_STRONG))
        paint_text(painter, rect.adjusted(_PADDING + _ICON + _GAP, 0, 0, 0), self._text, chrome.text)
        paint_keycaps(painter, self._keys, self.width() - _PADDING, middle, chrome)
