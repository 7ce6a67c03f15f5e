"""A switch: on or off, painted as a sliding disc."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from podium.ui.theme.painting import FOCUS_RING, fill_round, stroke_round
from podium.ui.theme.palette import ThemeManager

_WIDTH = 32
_HEIGHT = 18
_EDGE = 4
"""Room for the focus ring."""


class Switch(QAbstractButton):
    """Checked is on. A state is told by the disc's place, not by a colour alone."""

    accessible_role = QAccessible.Role.CheckBox

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedSize(self.sizeHint())
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH + 2 * _EDGE, _HEIGHT + 2 * _EDGE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            if not event.isAutoRepeat():
                self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        chrome = self._themes.colors.chrome
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(_EDGE, _EDGE, _WIDTH, _HEIGHT)
        radius = _HEIGHT / 2
        on = self.isChecked()
        fill_round(painter, body, radius, chrome.primary if on else chrome.sunken)
        if not on:
            stroke_round(painter, body, radius, chrome.control_border)
        disc = _HEIGHT - 8
        left = body.right() - 4 - disc if on else body.left() + 4
        fill_round(
            painter,
            QRectF(left, body.top() + 4, disc, disc),
            disc / 2,
            chrome.on_primary if on else chrome.text_2,
        )
        if self.hasFocus():
            stroke_round(painter, QRectF(self.rect()), radius + _EDGE, chrome.focus_ring, FOCUS_RING)
