"""Processes that an instance left behind: found by its worker's marker or by pid and start, listed, ended."""

import signal
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from podium.core.join_names import first_few
from podium.core.system.process_identity import lives
from podium.core.system.process_table import (
    ProcessEntry,
    command_of,
    continue_entries,
    descendants,
    process_table,
    signal_entries,
    variable_of,
)
from podium.core.system.processes import WORKER_VARIABLE
from podium.core.system.signals import KILL

_GRACE: Final = 2.0
_POLL: Final = 0.05
_KILL_PATIENCE: Final = 2.0
_PASSES: Final = 5
"""A process may fork while the others are listed."""
_MAX_COMMAND: Final = 120


@dataclass(frozen=True, slots=True)
class Trace:
    """Traces of a worker: the marker its programs carry, and processes by (pid, identity)."""

    marker: str
    known: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LeftProcess:
    """A process that is still there. ``command`` is its command line, cut and printable."""

    pid: int
    started: str
    name: str
    command: str


def find_leftovers(traces: Collection[Trace]) -> dict[str, tuple[LeftProcess, ...]]:
    """Living processes of each trace, by marker; markers of which nothing lives are left out. Looks through all
    processes, once for all traces: not for the window's thread. A pid that was used again is another process and never
    found; a descendant of a known process is found with it, whatever its environment.
    """
    markers = {trace.marker for trace in traces if trace.marker}
    known = {pair: trace.marker for trace in traces for pair in trace.known}
    table = process_table()
    owners = {
        entry.pid: known[entry.pid, entry.started] for entry in table if (entry.pid, entry.started) in known
    }
    for pid, marker in tuple(owners.items()):
        for entry in descendants((pid,), table):
            owners.setdefault(entry.pid, marker)
    found: dict[str, list[LeftProcess]] = {}
    for entry in table:
        if entry.zombie:
            continue
        marker = variable_of(entry.pid, WORKER_VARIABLE)
        if marker not in markers:
            marker = owners.get(entry.pid, "")
        if marker:
            found.setdefault(marker, []).append(_described(entry))
    return {marker: tuple(processes) for marker, processes in found.items()}


def end_leftovers(processes: Iterable[LeftProcess], grace: float = _GRACE) -> tuple[LeftProcess, ...]:
    """Ask them to end, kill those left after ``grace`` seconds, and return the survivors. Blocks."""
    waiting = [left for left in processes if lives(left.pid, left.started)]
    for number, patience in ((signal.SIGTERM, grace), (KILL, _KILL_PATIENCE)):
        _signal(waiting, number)
        deadline = time.monotonic() + patience
        while waiting and time.monotonic() < deadline:
            time.sleep(_POLL)
            waiting = [left for left in waiting if lives(left.pid, left.started)]
    return tuple(waiting)


def end_traces(traces: Collection[Trace], grace: float = _GRACE) -> tuple[LeftProcess, ...]:
    """End all that is found of ``traces``, also what forks meanwhile; returns the survivors. Blocks."""
    for attempt in range(_PASSES):
        found = [left for processes in find_leftovers(traces).values() for left in processes]
        if not found:
            return ()
        # Who was asked once and has children all the same is not asked again.
        end_leftovers(found, 0.0 if attempt else grace)
    return tuple(left for processes in find_leftovers(traces).values() for left in processes)


def summary(left: Mapping[str, Collection[LeftProcess]]) -> str:
    """``tmux: server (412), sleep (431) and 3 more`` over all markers."""
    texts = [f"{process.name} ({process.pid})" for processes in left.values() for process in processes]
    return first_few(texts)


def _described(entry: ProcessEntry) -> LeftProcess:
    command = (command_of(entry.pid) or entry.name)[:_MAX_COMMAND]
    shown = "".join(char if char.isprintable() else " " for char in command)
    return LeftProcess(entry.pid, entry.started, entry.name, shown)


def _signal(processes: Iterable[LeftProcess], number: signal.Signals) -> None:
    chosen = [ProcessEntry(left.pid, 0, 0, 0, left.started, left.name) for left in processes]
    signal_entries(chosen, number)
    continue_entries(chosen)
