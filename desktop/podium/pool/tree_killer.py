"""Ends what a worker started, off the window's thread: looking through all processes takes a while."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Collection
from typing import Final

from PySide6.QtCore import QTimer

from podium.core.processes import led_sessions, run_processes, send_signal

_PASSES: Final = 20
"""A process may fork while the list is made."""
_BETWEEN_PASSES: Final = 0.05
_TRY_AGAIN: Final = 0.25
_MOST_TRIES: Final = 120


def kill_tree(pid: int, marker: str) -> None:
    """Kill worker ``pid``, a child of ours, and its programs, soon. What left a shell's session is the person's and
    lives on.
    """
    _in_background(lambda: _kill(pid, marker))


def sweep(marker: str) -> None:
    """Kill, soon, what a worker that is gone has left: processes whose marker begins with ``marker``."""
    _in_background(lambda: _kill_all((), marker))


def _in_background(work: Callable[[], None]) -> None:
    try:
        # Not a daemon: a quit waits for it, and nothing is left behind.
        threading.Thread(target=_stubbornly, args=(work,), name="tree killer").start()
    except RuntimeError:  # The system has no thread left to give.
        QTimer.singleShot(round(_TRY_AGAIN * 1000), lambda: _in_background(work))


def _stubbornly(work: Callable[[], None]) -> None:
    """Until it works: without a free descriptor nothing can be found out about any process."""
    for _ in range(_MOST_TRIES):
        try:
            work()
            return
        except (OSError, ImportError):
            if not threading.main_thread().is_alive():
                return  # A quit does not wait for that; the next start finds what is left.
            time.sleep(_TRY_AGAIN)


def _kill(pid: int, marker: str) -> None:
    import psutil  # Here, because it takes longer to load than a window may stand still.

    sessions: set[int] = set()
    # Once it is reaped its number may be somebody else's, who is then no child of ours.
    with contextlib.suppress(psutil.Error):
        worker = psutil.Process(pid)
        if worker.ppid() == os.getpid():
            # Read while the worker still holds its tree together; afterwards its children belong to nobody.
            sessions = led_sessions(worker)
            worker.kill()
    _kill_all(sessions, marker)


def _kill_all(sessions: Collection[int], marker: str) -> None:
    for _ in range(_PASSES):
        left = run_processes(sessions, marker)
        if not left:
            return
        send_signal(left, signal.SIGKILL)
        time.sleep(_BETWEEN_PASSES)
