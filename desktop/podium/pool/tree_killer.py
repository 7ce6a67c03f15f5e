"""Ends what a worker started, off the window's thread: looking through all processes takes a while."""

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Collection
from typing import Final

import psutil

from podium.core.processes import led_sessions, run_processes, send_signal

_PASSES: Final = 20
"""A process may fork while the list is made."""
_BETWEEN_PASSES: Final = 0.05


def kill_tree(pid: int, marker: str) -> None:
    """Kill worker ``pid`` and its programs, soon. What left a shell's session is the person's and lives on."""
    try:
        worker = psutil.Process(pid)  # Remembers the start time, so a reused pid is never touched.
    except psutil.Error:
        return
    _in_background(lambda: _kill(worker, marker))


def sweep(marker: str) -> None:
    """Kill, soon, what a worker that is gone has left: processes whose marker begins with ``marker``."""
    _in_background(lambda: _kill_all((), marker))


def _in_background(work: Callable[[], None]) -> None:
    # Not a daemon: a quit waits for it, and nothing is left behind.
    threading.Thread(target=work, name="tree killer").start()


def _kill(worker: psutil.Process, marker: str) -> None:
    # Read while the worker still holds its tree together; afterwards its children belong to nobody.
    sessions = led_sessions(worker)
    with contextlib.suppress(psutil.Error):
        worker.kill()
    _kill_all(sessions, marker)


def _kill_all(sessions: Collection[int], marker: str) -> None:
    for _ in range(_PASSES):
        left = run_processes(sessions, marker)
        if not left:
            return
        send_signal(left, signal.SIGKILL)
        time.sleep(_BETWEEN_PASSES)
