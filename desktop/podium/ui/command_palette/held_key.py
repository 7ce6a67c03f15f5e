"""A key that closed the palette and is still held: its repeats must not reach the terminal."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QKeyEvent


class HeldKey(QObject):
    """Swallows repeats of one key, until it is released or another one is pressed."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._key = 0

    @property
    def held(self) -> bool:
        return self._key != 0

    def hold(self, key: int) -> None:
        if not self._key:
            _application().installEventFilter(self)
        self._key = key

    def let_go(self) -> None:
        if self._key:
            self._key = 0
            _application().removeEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.WindowDeactivate:
            self.let_go()  # Its release goes to another window.
        if not isinstance(event, QKeyEvent) or not self._key:
            return False
        if event.key() == self._key and event.isAutoRepeat():
            return True
        if kind in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride) or event.key() == self._key:
            self.let_go()
        return False


def _application() -> QCoreApplication:
    application = QCoreApplication.instance()
    assert application is not None
    return application
