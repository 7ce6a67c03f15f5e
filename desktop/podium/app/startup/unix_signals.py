"""SIGTERM, SIGINT and SIGHUP as an event of the window's loop: a Python handler alone would wait for Qt to return."""

import signal
import socket
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QObject, QSocketNotifier

_SIGNALS: Final = ("SIGTERM", "SIGINT", "SIGHUP")


class EndSignals(QObject):
    """Calls ``ended`` on the window's thread when the process is asked to end. Once destroyed, signals do again what
    they did before.
    """

    def __init__(self, ended: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ended = ended
        # Sockets, not a pipe: Windows can watch nothing else.
        self._read, write = socket.socketpair()
        self._read.setblocking(False)
        write.setblocking(False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_activated)
        signal.set_wakeup_fd(write.fileno(), warn_on_full_buffer=False)
        before = {}
        for name in _SIGNALS:
            number = getattr(signal, name, None)
            # Ignored from the start is meant so: nohup, or a background job of a script.
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, _wake)
        self.destroyed.connect(partial(_give_back, self._read, write, before))

    def _on_activated(self) -> None:
        self._read.recv(512)
        self._ended()


def _wake(_number: int, _frame: object) -> None:
    """Python has written to the socket by now."""


def _give_back(
    read: socket.socket, write: socket.socket, before: dict[int, Any], *_destroyed: object
) -> None:
    """Stop waking: the descriptor's number may soon be another file's, and signals would be written into that."""
    waking = signal.set_wakeup_fd(-1)
    if waking not in (-1, write.fileno()):
        signal.set_wakeup_fd(waking)
    for number, handler in before.items():
        # Another one that was made since has its own way of going back.
        if waking == write.fileno() and signal.getsignal(number) is _wake:
            signal.signal(number, handler)
    read.close()
    write.close()
