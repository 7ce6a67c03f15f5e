"""Finding and ending the processes of a run: those in its terminal session or with its marker in their environment.

Only these are ever ended, and only while pid and start time still agree: a reused pid is somebody else.
"""

import errno
import os
import signal
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Final

from podium.core.listing import first_few

# psutil is loaded in the functions: only ends need it, and every worker starts without waiting for it.
if TYPE_CHECKING:
    import psutil

INSTANCE_VARIABLE: Final = "PODIUM_INSTANCE"
"""Tells a program which instance it runs in."""
SOCKET_VARIABLE: Final = "PODIUM_SOCKET"
"""Where a program reaches the API of its instance."""
WORKER_VARIABLE: Final = "PODIUM_WORKER"
"""The marker of the worker process a program was started by, in every program: how leftovers are found later."""
RUN_VARIABLE: Final = "PODIUM_RUN"
"""The marker, only in programs that end with their whole tree: a value no other run has. It begins with the one
that all runs of the same worker process share.
"""
GIVEN_VARIABLES: Final = frozenset(
    {
        INSTANCE_VARIABLE,
        SOCKET_VARIABLE,
        WORKER_VARIABLE,
        RUN_VARIABLE,
        "PODIUM_EVENTS_FD",
        "PODIUM_CONTROL_FD",
        "PODIUM_EVENTS_PIPE",
        "PODIUM_CONTROL_PIPE",
    }
)
"""What Podium tells every program; nobody else sets them."""

_OUT_OF_RESOURCES: Final = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)


def run_processes(sessions: Collection[int], marker: str | None) -> "list[psutil.Process]":
    """The live processes in one of these terminal ``sessions`` (a session's number is its leader's pid), and those
    whose marker begins with ``marker``, whoever their parent is now. Raises OSError when this process has no
    descriptor left to find out.
    """
    import psutil

    own = os.getpid()
    found = []
    for process in psutil.process_iter():
        try:
            belongs = bool(sessions) and os.getsid(process.pid) in sessions
            if not belongs and marker:
                belongs = process.environ().get(RUN_VARIABLE, "").startswith(marker)
            if belongs and process.pid != own and is_alive(process):
                found.append(process)
        except (psutil.Error, OSError, ValueError) as error:
            if isinstance(error, OSError) and error.errno in _OUT_OF_RESOURCES:
                raise
            # Otherwise it has gone, or it belongs to somebody else.
    return found


def led_sessions(process: "psutil.Process") -> set[int]:
    """The terminal sessions that ``process`` and its children lead."""
    import psutil

    try:
        pids = [process.pid, *(child.pid for child in process.children())]
    except psutil.Error:
        return set()
    found = set()
    for pid in pids:
        try:
            if os.getsid(pid) == pid:
                found.add(pid)
        except OSError:
            continue
    return found


def send_signal(processes: "Iterable[psutil.Process]", number: signal.Signals) -> None:
    """Signal each; psutil refuses a pid that was reused meanwhile."""
    import psutil

    for process in processes:
        try:
            process.send_signal(number)
        except (psutil.Error, OSError):
            continue


def names(processes: "Iterable[psutil.Process]") -> str:
    """``vim (412), sleep (431) and 3 more`` for a person."""
    import psutil

    texts = []
    for process in processes:
        try:
            texts.append(f"{process.name()} ({process.pid})")
        except psutil.Error:
            continue
    return first_few(texts)


def is_alive(process: "psutil.Process") -> bool:
    import psutil

    return process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
