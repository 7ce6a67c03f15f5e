"""Keeps keys from a question that has just appeared: keys typed on must not answer an unread question."""

from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QWidget

SHOWN_MS: Final = 300
"""A question is in sight for so long before it takes a key."""
PAUSE_MS: Final = 200
"""And for so long nothing was typed, so that a line typed ahead is not cut in the middle."""
_KEY_EVENTS: Final = (
    QEvent.Type.KeyPress,
    QEvent.Type.KeyRelease,
    QEvent.Type.ShortcutOverride,
    QEvent.Type.Shortcut,
)


class KeyGuard(QObject):
    """While armed, no key reaches the window of ``guarded``, whichever of its widgets has the focus."""

    def __init__(self, guarded: QWidget) -> None:
        super().__init__(guarded)
        self._guarded = guarded
        self._armed = False
        self._was_painted = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def armed(self) -> bool:
        return self._armed

    def arm(self) -> None:
        """Begin; the time counts from ``painted`` on, because only then is there something to read."""
        self._timer.stop()
        self._was_painted = False
        if not self._armed:
            self._armed = True
            _application().installEventFilter(self)
        self._guarded.update()

    def painted(self) -> None:
        """``guarded`` is on the screen."""
        if self._armed and not self._was_painted:
            self._was_painted = True
            self._timer.start(SHOWN_MS)

    def disarm(self) -> None:
        self._timer.stop()
        if self._armed:
            self._armed = False
            _application().removeEventFilter(self)

    def _on_timeout(self) -> None:
        # Keys typed while the window was busy are still on their way to it; they are taken first.
        QTimer.singleShot(0, self, self._on_time_over)

    def _on_time_over(self) -> None:
        if self._was_painted and not self._timer.isActive():
            self.disarm()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in _KEY_EVENTS or not self._belongs(watched):
            return False
        if (
            event.type() is QEvent.Type.KeyPress
            and self._was_painted
            and self._timer.remainingTime() < PAUSE_MS
        ):
            self._timer.start(PAUSE_MS)
        return True

    def _belongs(self, watched: QObject) -> bool:
        window = self._guarded.window()
        if isinstance(watched, QWidget):
            return watched.window() is window
        return isinstance(watched, QWindow) and watched is window.windowHandle()


def _application() -> QCoreApplication:
    application = QCoreApplication.instance()
    assert application is not None
    return application
