"""What stands around the inbox's cards: the words of an empty one, and the line that names the keys."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import paint_icon
from podium.ui.theme.painting import paint_text
from podium.ui.theme.palette import ThemeManager

_KEYS: Final = (
    ("↑↓", "choose"),
    ("A", "allow"),
    ("D", "deny"),
    ("↵", "show"),
    ("E", "seen"),
    ("Z", "one by one"),
)
_LAST: Final = ("Esc", "close")

Key = tuple[str, str]
"""A key, and what it does."""
_SIDE: Final = 16
_BETWEEN: Final = 14


class EmptyInbox(QWidget):
    """A check, and that nobody waits."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._text = ""
        themes.changed.connect(self.update)

    def set_text(self, text: str) -> None:
        self._text = text
        self.setAccessibleName(f"Nobody waits for you. {text}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 170)

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        paint_icon(painter, "check", chrome.text, self.width() / 2 - 8, middle - 44, 16)
        painter.setFont(font(Role.BODY_STRONG))
        centre = Qt.AlignmentFlag.AlignHCenter
        title = QRectF(0, middle - 16, self.width(), 20)
        paint_text(painter, title, "Nobody waits for you", chrome.text, centre)
        painter.setFont(font(Role.SMALL))
        paint_text(painter, QRectF(0, middle + 6, self.width(), 18), self._text, chrome.text_2, centre)


class KeyLine(QWidget):
    """Names the keys, as many as there is room for; how it is closed always. None while it is disabled."""

    def __init__(
        self, themes: ThemeManager, parent: QWidget, keys: Sequence[Key] = _KEYS, last: Key = _LAST
    ) -> None:
        super().__init__(parent)
        self._themes = themes
        self._keys, self._last = keys, last
        self.setFixedHeight(30)
        self.setAccessibleName(", ".join(f"{key} {what}" for key, what in (*keys, last)))
        themes.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, chrome.border)
        if not self.isEnabled():
            return
        end = self.width() - _SIDE - self._width(*self._last)
        self._paint(painter, end, *self._last)
        left = float(_SIDE)
        for key, what in self._keys:
            if left + self._width(key, what) > end - _BETWEEN:
                break
            left = self._paint(painter, left, key, what) + _BETWEEN

    @staticmethod
    def _width(key: str, what: str) -> float:
        keys, words = QFontMetricsF(font(Role.CAPTION, 600)), QFontMetricsF(font(Role.CAPTION))
        return keys.horizontalAdvance(key) + 5 + words.horizontalAdvance(what)

    def _paint(self, painter: QPainter, left: float, key: str, what: str) -> float:
        """Returns where it ends."""
        chrome = self._themes.colors.chrome
        width = self._width(key, what)
        painter.setFont(font(Role.CAPTION, 600))
        paint_text(painter, QRectF(left, 0, width, self.height()), key, chrome.text_2)
        rest = left + QFontMetricsF(painter.font()).horizontalAdvance(key) + 5
        painter.setFont(font(Role.CAPTION))
        paint_text(painter, QRectF(rest, 0, width, self.height()), what, chrome.text_3)
        return left + width
