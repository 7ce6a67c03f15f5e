"""One way to do slow things: a function on a pool thread, its result back on the window's thread."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThreadPool, Signal


class Background(QObject):
    """Runs functions off the window's thread, one pool for all."""

    _finished = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._over = False
        # Emitted on a pool thread, received on the window's.
        self._finished.connect(self._on_finished)

    def run(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], None] = lambda _: None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Call ``then`` with what ``work`` returns, or ``failed`` with what it raised, on the window's thread."""

        def do() -> None:
            try:
                result = work()
            except Exception as error:
                self._finished.emit(failed or _raise, error)
            else:
                self._finished.emit(then, result)

        # The function itself, never a QRunnable: the pool destroys that one unknown to Python, whose wrapper stays
        # registered at an address that the next Qt object may get, and that object then has the wrong class.
        self._pool.start(do)

    def wait(self) -> None:
        """Wait for all that was started; nobody hears of it any more. Only for the very end, after the event loop."""
        self._pool.waitForDone()
        self._over = True

    def _on_finished(self, receive: Callable[[Any], None], value: object) -> None:
        if not self._over:
            receive(value)


def _raise(error: Exception) -> None:
    raise error
