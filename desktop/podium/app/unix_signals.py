"""SIGTERM, SIGINT and SIGHUP as an event of the window's loop: a Python handler alone would wait for Qt to return."""

import os
import signal
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QSocketNotifier

_SIGNALS: Final = ("SIGTERM", "SIGINT", "SIGHUP")


class EndSignals(QObject):
    """Calls ``ended`` on the window's thread when the process is asked to end."""

    def __init__(self, ended: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ended = ended
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)
        self._notifier = QSocketNotifier(self._read, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_activated)
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        for name in _SIGNALS:
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), lambda *_: None)

    def _on_activated(self) -> None:
        os.read(self._read, 512)
        self._ended()
