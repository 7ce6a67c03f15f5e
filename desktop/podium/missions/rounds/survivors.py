"""Ending what agents and gates have left running: those of a killed mission before it goes on, and one's own last."""

import os
import signal
import time
from typing import Final

from podium.core.system.process_table import (
    ProcessEntry,
    descendants,
    kill_new_children,
    process_table,
    signal_entries,
    still_running,
    variable_of,
)
from podium.core.system.subreaper import reap_orphans
from podium.missions.turns.environment import MISSION_RUN

_GRACE: Final = 2.0
_POLL: Final = 0.05


def end_survivors(run: str) -> int:
    """End every process that carries the mark of ``run``, and what descends from one, whatever its environment;
    returns how many there were. Blocks.
    """
    found = alive = _living(run)
    signal_entries(found, signal.SIGTERM)
    deadline = time.monotonic() + _GRACE
    while (alive := still_running(alive)) and time.monotonic() < deadline:
        time.sleep(_POLL)
    if found and not alive:
        alive = _living(run)  # One may have started another when it was asked to end, as a shell's trap does.
    deadline = time.monotonic() + _GRACE
    while alive and time.monotonic() < deadline:
        signal_entries(alive, signal.SIGKILL)
        time.sleep(_POLL)
        alive = still_running(alive) or _living(run)  # One may have forked meanwhile.
    return len(found)


def running_of_runs() -> dict[str, list[int]]:
    """The processes that runs have started and that live, by run. Blocks."""
    found: dict[str, list[int]] = {}
    for entry in process_table():
        run = "" if entry.zombie or entry.pid == os.getpid() else variable_of(entry.pid, MISSION_RUN)
        if run:
            found.setdefault(run, []).append(entry.pid)
    return found


def end_descendants() -> None:
    """Kill everything below this process: as a rule nothing, what a program's reaper ends otherwise. Blocks shortly,
    and only if there is something. For the end of a process: whoever waits for one of its children does so in vain.
    """
    deadline = time.monotonic() + _GRACE
    while reap_orphans() and time.monotonic() < deadline:
        table = process_table()
        signal_entries(descendants((os.getpid(),), table), signal.SIGKILL)
        kill_new_children({entry.pid for entry in table}, _POLL)


def _living(run: str) -> list[ProcessEntry]:
    table = process_table()
    own = os.getpid()
    marked = {
        entry.pid: entry
        for entry in table
        if entry.pid != own and not entry.zombie and variable_of(entry.pid, MISSION_RUN) == run
    }
    below = descendants(marked, table, without=(own,))
    return list({**marked, **{entry.pid: entry for entry in below if not entry.zombie}}.values())
