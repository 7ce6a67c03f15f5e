"""SIGTERM, SIGINT and SIGHUP as an event of the window's loop: a Python handler alone would wait for Qt to return."""

import signal
import socket
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QSocketNotifier

_SIGNALS: Final = ("SIGTERM", "SIGINT", "SIGHUP")


class EndSignals(QObject):
    """Calls ``ended`` on the window's thread when the process is asked to end."""

    def __init__(self, ended: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ended = ended
        # Sockets, not a pipe: Windows can watch nothing else.
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_activated)
        signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        for name in _SIGNALS:
            number = getattr(signal, name, None)
            # Ignored from the start is meant so: nohup, or a background job of a script.
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, lambda *_: None)

    def _on_activated(self) -> None:
        self._read.recv(512)
        self._ended()
