"""The line at a view's edge that says that copy mode is on, and names its keys."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from podium.core.themes import ThemeVariant
from podium.ui.terminal.copy_mode.machine import CopyMode, SelectionKind
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.painting import paint_text

HEIGHT: Final = 28
_EDGE: Final = 12
_GAP: Final = 16
_KEYS: Final = (
    ("v V Ctrl+V", "select"),
    ("y", "copy"),
    ("Esc", "leave"),
    ("h j k l w b e", "move"),
    ("{ }", "paragraph"),
    ("g G", "ends"),
    ("/", "search"),
    ("f t", "find"),
    ("o", "other end"),
)
"""What fits is shown, the first ones first."""
_SELECTING: Final = {
    SelectionKind.CHARACTERS: "Selecting",
    SelectionKind.LINES: "Selecting lines",
    SelectionKind.BLOCK: "Selecting a block",
}


_Parts = Sequence[tuple[str, QFont, QColor]]


class CopyModeBar(QWidget):
    """Lies over the text, at the edge where the cursor is not."""

    def __init__(self, theme: ThemeVariant, view: QWidget) -> None:
        super().__init__(view)
        self._theme = theme
        self._view = view
        self._words = ""
        self.covered_top = self.covered_bottom = 0
        """So many pixels of the view are out of sight."""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def set_theme(self, theme: ThemeVariant) -> None:
        self._theme = theme
        self.update()

    def show_state(self, mode: CopyMode, in_lower_half: bool) -> None:
        """``in_lower_half`` of the view is the cursor."""
        words = _SELECTING[mode.selected.kind] if mode.selected is not None else "Copy mode"
        if mode.count:
            words += f"  {mode.count}"
        if words != self._words:
            self._words = words
            self.setAccessibleName(words)
            self.update()
        self.place(in_lower_half)
        self.show()

    def place(self, in_lower_half: bool) -> None:
        top = self.covered_top if in_lower_half else self._view.height() - self.covered_bottom - HEIGHT
        self.setGeometry(0, top, self._view.width(), HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.bar))
        line = HEIGHT - 1 if self.y() == self.covered_top else 0
        painter.fillRect(0, line, self.width(), 1, QColor(theme.outline))
        strong, plain = font(Role.SMALL, 600), font(Role.SMALL)
        left: float = _EDGE
        left = self._paint(painter, left, ((self._words, strong, QColor(theme.accent_text)),))
        text = QColor(theme.foreground)
        for keys, effect in _KEYS:
            parts = ((keys, strong, text), (f" {effect}", plain, text))
            if left + _GAP + _width(parts) > self.width() - _EDGE:
                break
            left = self._paint(painter, left + _GAP, parts)

    def _paint(self, painter: QPainter, left: float, parts: _Parts) -> float:
        for text, role, tint in parts:
            painter.setFont(role)
            width = QFontMetricsF(role).horizontalAdvance(text)
            room = min(width + 1, self.width() - left - _EDGE)
            paint_text(painter, QRectF(left, 0, max(0.0, room), HEIGHT), text, tint)
            left += width
        return left


def _width(parts: _Parts) -> float:
    return sum(QFontMetricsF(role).horizontalAdvance(text) for text, role, _ in parts)
