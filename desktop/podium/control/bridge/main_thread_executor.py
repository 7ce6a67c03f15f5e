"""Runs work on the main thread: the one module of this room that imports Qt."""

import logging
from collections import deque
from collections.abc import Callable
from time import perf_counter
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

_log = logging.getLogger(__name__)
_PASS_SECONDS: Final = 0.002
"""Calls may take so long of one pass of the main loop: painting and keys come in between."""


class MainThreadExecutor(QObject):
    """Runs submitted work in order, on the thread it was made on."""

    _posted = Signal()

    def __init__(self, after_turn: Callable[[], None] = lambda: None, parent: QObject | None = None) -> None:
        """``after_turn`` is called whenever some of what was submitted has run."""
        super().__init__(parent)
        self._after_turn = after_turn
        self._waiting: deque[Callable[[], object]] = deque()
        self._awake = False
        # Emitted on the server's thread, received on this one.
        self._posted.connect(self._on_posted, Qt.ConnectionType.QueuedConnection)

    def submit(self, work: Callable[[], object]) -> None:
        """Run ``work`` on the main thread. Callable from any thread."""
        self._waiting.append(work)
        if not self._awake:
            # Two threads may both see it asleep; one pass too many does nothing.
            self._awake = True
            self._posted.emit()

    def _on_posted(self) -> None:
        self._awake = False
        deadline = perf_counter() + _PASS_SECONDS
        while self._waiting:
            try:
                self._waiting.popleft()()
            except Exception:
                # The caller of this one has a time limit; the work behind it must not wait for that, too.
                _log.exception("The API could not carry out a call")
            if self._waiting and perf_counter() > deadline:
                self._awake = True
                QTimer.singleShot(0, self._on_posted)
                break
        self._after_turn()
