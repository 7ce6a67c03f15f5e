"""Ending what a killed mission's agents and gates have left running, before the mission goes on."""

import os
import time
from collections.abc import Callable
from typing import Final

import psutil

from podium.missions.turns.environment import MISSION_RUN

_GRACE: Final = 2.0


def end_survivors(run: str) -> int:
    """End every process that carries the mark of ``run``; returns how many there were. Blocks."""
    found = _living(run)
    for process in found:
        _send(process.terminate)
    _, alive = psutil.wait_procs(found, timeout=_GRACE)
    deadline = time.monotonic() + _GRACE
    while alive and time.monotonic() < deadline:
        for process in alive:
            _send(process.kill)
        psutil.wait_procs(alive, timeout=0.2)
        alive = _living(run)  # One may have forked meanwhile.
    return len(found)


def running_of_runs() -> dict[str, list[int]]:
    """The processes that runs have started and that live, by run. Blocks."""
    found: dict[str, list[int]] = {}
    for process in psutil.process_iter():
        try:
            run = process.environ().get(MISSION_RUN)
            if run and process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE:
                found.setdefault(run, []).append(process.pid)
        except (psutil.Error, OSError):
            continue
    return found


def _living(run: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            ours = process.pid != os.getpid() and process.environ().get(MISSION_RUN) == run
            if ours and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def _send(action: Callable[[], None]) -> None:
    try:
        action()
    except psutil.Error:
        pass
