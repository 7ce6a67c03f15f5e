"""The content of an empty window: ways to begin."""

from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from podium.core.commands import CommandId, command
from podium.core.themes import load_tokens
from podium.ui.keys_in_use import KeysInUse
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.icons import paint_icon, paint_mark
from podium.ui.theme.painting import FOCUS_RING, fill_round, paint_text, stroke_round
from podium.ui.theme.palette import ThemeManager
from podium.ui.widgets.keycaps import paint_keycaps

_WIDTH = 520
_ROW = 56
_HEAD = 142


class _Way(NamedTuple):
    command: CommandId
    icon: str


_WAYS = (
    _Way(CommandId.NEW_AGENT, "prompt"),
    _Way(CommandId.NEW_MISSION, "podium"),
    _Way(CommandId.SHELL_HERE, "shell"),
    _Way(CommandId.NEW_COMMAND, "command"),
    _Way(CommandId.WATCH_DEMO, "start"),
)


class _Row(QAbstractButton):
    def __init__(self, themes: ThemeManager, keys: KeysInUse, way: _Way, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes
        self._icon_name = way.icon
        row = command(way.command)
        self._command = way.command
        self._keys = keys
        self._help = row.help.rstrip(".")
        self.setText(row.title.rstrip("…"))
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(row.help)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        themes.changed.connect(self.update)
        keys.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _ROW)

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect()).adjusted(5, 5, -5, -5)
        if self.hasFocus() or self.isDown():
            fill_round(painter, body, 6, chrome.selected)
        elif self.underMouse():
            fill_round(painter, body, 6, chrome.hover)
        if self.hasFocus():
            stroke_round(painter, body, 6, chrome.focus_ring, FOCUS_RING)
        paint_icon(painter, self._icon_name, chrome.text_2, 21, (self.height() - 16) / 2)
        painter.setFont(font(Role.BODY_STRONG))
        keys_left = paint_keycaps(
            painter, self._keys.caps(self._command), self.width() - 16, self.height() / 2, chrome
        )
        width = keys_left - 52 - 8
        painter.setFont(font(Role.BODY_STRONG))
        paint_text(painter, QRectF(52, 9, width, 20), self.text(), chrome.text)
        painter.setFont(font(Role.SMALL))
        paint_text(painter, QRectF(52, 27, width, 18), self._help, chrome.text_2)


class Welcome(QWidget):
    """Mark, one sentence, five rows; arrow keys and Tab go through them."""

    requested = Signal(object)
    """A CommandId."""

    def __init__(self, themes: ThemeManager, keys: KeysInUse, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._rows = [_Row(themes, keys, way, self) for way in _WAYS]
        for row, way in zip(self._rows, _WAYS, strict=True):
            row.clicked.connect(lambda _checked=False, way=way: self.requested.emit(way.command))
        self.setFocusProxy(self._rows[0])
        themes.changed.connect(self.update)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        focused = next((index for index, row in enumerate(self._rows) if row.hasFocus()), None)
        if step is not None:
            index = 0 if focused is None else (focused + step) % len(self._rows)
            self._rows[index].setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and focused is not None:
            self._rows[focused].click()
        else:
            super().keyPressEvent(event)

    def _origin(self) -> tuple[int, int]:
        height = _HEAD + 4 * _ROW
        return (self.width() - _WIDTH) // 2, max(24, round((self.height() - height) * 0.42))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        left, top = self._origin()
        for index, row in enumerate(self._rows):
            row.setGeometry(left, top + _HEAD + index * _ROW, _WIDTH, _ROW)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = self._themes.colors
        chrome = colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), chrome.page)
        left, top = self._origin()
        paint_mark(painter, left, top, 43, colors)
        painter.setFont(font(Role.DISPLAY))
        width = max(
            _WIDTH, QFontMetricsF(painter.font()).horizontalAdvance("Run several orchestrators side by side")
        )
        paint_text(
            painter,
            QRectF(left, top + 58, width + 2, 36),
            "Run several orchestrators side by side",
            chrome.text,
        )
        painter.setFont(font(Role.BODY))
        sentence = "Each in a real terminal. See who works, who is done and who waits for you."
        paint_text(painter, QRectF(left, top + 96, _WIDTH, 20), sentence, chrome.text_2)
        card = QRectF(left, top + _HEAD, _WIDTH, 4 * _ROW)
        fill_round(painter, card, load_tokens().radius["card"], chrome.surface)
        stroke_round(painter, card, load_tokens().radius["card"], chrome.border)
        for index in range(1, 4):
            painter.fillRect(QRectF(left + 16, card.y() + index * _ROW, _WIDTH - 32, 1), chrome.border)
