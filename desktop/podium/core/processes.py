"""Finding and ending the processes of one run: those that carry its marker in their environment.

Only marked processes are ever ended, and only while pid and start time still agree: a reused pid is somebody else.
"""

import os
import signal
from collections.abc import Iterable
from typing import Final

import psutil

INSTANCE_VARIABLE: Final = "PODIUM_INSTANCE"
"""Tells a program which instance it runs in."""
RUN_VARIABLE: Final = "PODIUM_RUN"
"""The marker: a value no other run has."""


def run_processes(leader: int, run: str | None) -> list[psutil.Process]:
    """The live processes of one run: those in the terminal session that ``leader`` opened, and, with ``run``,
    those with that marker in their environment, whoever their parent is now.
    """
    own = os.getpid()
    found = []
    for process in psutil.process_iter():
        try:
            belongs = os.getsid(process.pid) == leader or (
                run is not None and process.environ().get(RUN_VARIABLE) == run
            )
            if belongs and process.pid != own and _alive(process):
                found.append(process)
        except (psutil.Error, OSError, ValueError):
            continue  # It has gone, or it belongs to somebody else.
    return found


def tree_below(pid: int) -> list[psutil.Process]:
    """The descendants of ``pid``, and all that carry a marker one of them carries."""
    try:
        below = psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []
    runs = set()
    for process in below:
        try:
            runs.add(process.environ().get(RUN_VARIABLE))
        except (psutil.Error, OSError):
            continue
    found = {process.pid: process for process in below}
    for run in runs - {None}:
        found.update({process.pid: process for process in run_processes(-1, run)})
    return list(found.values())


def send_signal(processes: Iterable[psutil.Process], number: signal.Signals) -> None:
    """Signal each; psutil refuses a pid that was reused meanwhile."""
    for process in processes:
        try:
            process.send_signal(number)
        except (psutil.Error, OSError):
            continue


def names(processes: Iterable[psutil.Process], most: int = 3) -> str:
    """``vim (412), sleep (431) and 3 more`` for a person."""
    texts = []
    for process in processes:
        try:
            texts.append(f"{process.name()} ({process.pid})")
        except psutil.Error:
            continue
    shown = ", ".join(texts[:most])
    return f"{shown} and {len(texts) - most} more" if len(texts) > most else shown


def _alive(process: psutil.Process) -> bool:
    return process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
