"""The way to the window's thread: the one file of this room, besides ``operations``, that Qt runs."""

import logging
from collections import deque
from collections.abc import Callable
from time import perf_counter
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

_log = logging.getLogger(__name__)
_TURN_SECONDS: Final = 0.002
"""What calls may take of one turn of the window's loop: painting and keys come in between."""


class WindowHop(QObject):
    """Made on the window's thread, where all that is submitted runs, in order."""

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
        """Run ``work`` on the window's thread. Callable from any thread."""
        self._waiting.append(work)
        if not self._awake:
            # Two threads may both see it asleep; one turn too many does nothing.
            self._awake = True
            self._posted.emit()

    def _on_posted(self) -> None:
        self._awake = False
        deadline = perf_counter() + _TURN_SECONDS
        while self._waiting:
            try:
                self._waiting.popleft()()
            except Exception:
                # Whoever waits for this one has a time limit; those behind it must not wait for it, too.
                _log.exception("The API could not carry out a call")
            if self._waiting and perf_counter() > deadline:
                self._awake = True
                QTimer.singleShot(0, self._on_posted)
                break
        self._after_turn()
