"""The cursor's blinking: only while it is asked for and somebody types, so that an idle window rests."""

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

BLINK_SECONDS: Final = 10.0
"""Without a key or output the cursor stays on after this long."""


class CursorBlink(QObject):
    """Says whether a blinking cursor is on at the moment."""

    toggled = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.on = True
        self._wanted = False
        self._left = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def is_ticking(self) -> bool:
        return self._timer.isActive()

    def set_wanted(self, wanted: bool) -> None:
        """Set whether the cursor is one that blinks and is in view and focus."""
        if wanted != self._wanted:
            self._wanted = wanted
            self.restart()

    def restart(self) -> None:
        """Something happened: on, and blinking again for a while."""
        was_on, self.on = self.on, True
        period = QGuiApplication.styleHints().cursorFlashTime() // 2
        if self._wanted and period > 0:
            self._left = round(BLINK_SECONDS * 1000 / period)
            self._timer.start(period)
        else:
            self._timer.stop()
        if not was_on:
            self.toggled.emit()

    def _on_timeout(self) -> None:
        self._left -= 1
        self.on = not self.on or self._left <= 0
        if self._left <= 0:
            self._timer.stop()
        self.toggled.emit()
