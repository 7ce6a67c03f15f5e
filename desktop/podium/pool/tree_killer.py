"""Ends what a worker started, off the window's thread: looking through all processes takes a while."""

import os
import threading
import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QTimer

from podium.core.system.process_table import (
    ProcessEntry,
    descendants,
    process_entry,
    process_table,
    signal_entries,
    stop_entries,
    variable_of,
)
from podium.core.system.processes import RUN_VARIABLE
from podium.core.system.signals import KILL

_PASSES: Final = 20
"""A process may fork while the list is made."""
_BETWEEN_PASSES: Final = 0.05
_TRY_AGAIN: Final = 0.25
_MOST_TRIES: Final = 120


def kill_tree(pid: int, marker: str, whole: bool) -> None:
    """Kill worker ``pid``, a child of ours, and its program, soon: with ``whole`` all that it started. Otherwise what
    left a shell's session is the person's and lives on.
    """
    _in_background(lambda: _kill(pid, marker, whole))


def sweep(marker: str) -> None:
    """Kill, soon, what a worker that is gone has left: processes whose marker begins with ``marker``."""
    _in_background(lambda: _kill_marked(marker))


def _in_background(work: Callable[[], None]) -> None:
    try:
        # Not a daemon: a quit waits for it, and nothing is left behind.
        threading.Thread(target=_retry, args=(work,), name="tree killer").start()
    except RuntimeError:  # The system has no thread left to give.
        QTimer.singleShot(round(_TRY_AGAIN * 1000), lambda: _in_background(work))


def _retry(work: Callable[[], None]) -> None:
    """Repeat ``work`` until it succeeds: without a free descriptor no process can be looked at."""
    for _ in range(_MOST_TRIES):
        try:
            work()
            return
        except (OSError, ImportError):
            if not threading.main_thread().is_alive():
                return  # A quit does not wait for that; the next start finds what is left.
            time.sleep(_TRY_AGAIN)


def _kill(pid: int, marker: str, whole: bool) -> None:
    worker = process_entry(pid)
    # Once it is reaped, its pid may be another process's, which is then no child of ours.
    if worker is not None and worker.parent == os.getpid() and not worker.zombie:
        # A stopped worker still inherits what its programs leave, so all of that can be found below it.
        stop_entries([worker])
        try:
            _kill_until_gone(lambda table: _programs(worker, whole, table))
        finally:
            signal_entries([worker], KILL)
    _kill_marked(marker)


def _programs(worker: ProcessEntry, whole: bool, table: list[ProcessEntry]) -> list[ProcessEntry]:
    """The processes that end with ``worker``: all below it, or the session of its terminal. A daemon that it inherited
    leads a session too, but has no terminal.
    """
    below = descendants((worker.pid,), table)
    if whole:
        return below
    leaders = {
        entry.pid
        for entry in below
        if entry.parent == worker.pid and entry.session == entry.pid and entry.terminal
    }
    return [entry for entry in below if entry.session in leaders]


def _kill_marked(marker: str) -> None:
    """Kill processes of commands and missions of a worker that is gone, whatever their parent is by now."""
    if marker:
        _kill_until_gone(
            lambda table: [
                entry for entry in table if variable_of(entry.pid, RUN_VARIABLE).startswith(marker)
            ]
        )


def _kill_until_gone(choose: Callable[[list[ProcessEntry]], list[ProcessEntry]]) -> None:
    for _ in range(_PASSES):
        left = [entry for entry in choose(process_table()) if not entry.zombie]
        if not left:
            return
        signal_entries(left, KILL)
        time.sleep(_BETWEEN_PASSES)
