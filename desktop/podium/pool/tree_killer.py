"""Kills a worker and everything below it, off the window's thread: looking through all processes takes a while."""

import contextlib
import signal

import psutil
from PySide6.QtCore import QRunnable, QThreadPool

from podium.core.processes import send_signal, tree_below


def kill_tree(pid: int) -> None:
    """End process ``pid`` and its descendants, soon."""
    try:
        process = psutil.Process(pid)  # Remembers the start time, so a reused pid is never touched.
    except psutil.Error:
        return
    QThreadPool.globalInstance().start(QRunnable.create(lambda: _kill(process)))


def _kill(process: psutil.Process) -> None:
    # The tree is read while the worker still holds it together; afterwards its children belong to nobody.
    below = tree_below(process.pid)
    with contextlib.suppress(psutil.Error):
        process.kill()
    send_signal(below, signal.SIGKILL)
