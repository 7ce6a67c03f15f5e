"""Processes that an instance left behind: found by its worker's marker or by pid and start, listed, ended."""

import signal
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from podium.core.listing import first_few
from podium.core.process_identity import identity, lives
from podium.core.processes import WORKER_VARIABLE, is_alive, send_signal

if TYPE_CHECKING:
    import psutil

_GRACE: Final = 2.0
_POLL: Final = 0.05
_KILL_PATIENCE: Final = 2.0
_PASSES: Final = 5
"""A process may fork while the others are listed."""
_MAX_COMMAND: Final = 120


@dataclass(frozen=True, slots=True)
class Trace:
    """What is known of a worker: the marker its programs carry, and processes by (pid, identity)."""

    marker: str
    known: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LeftProcess:
    """A process that is still there. ``command`` is its command line, cut."""

    pid: int
    started: str
    name: str
    command: str


def find_leftovers(traces: Collection[Trace]) -> dict[str, tuple[LeftProcess, ...]]:
    """What lives of each trace, by marker; markers of which nothing lives are left out. Looks through all processes:
    not for the window's thread. A pid that was used again is another process and never found.
    """
    import psutil

    markers = {trace.marker for trace in traces if trace.marker}
    known = {pair: trace.marker for trace in traces for pair in trace.known}
    by_pid = {pid for pid, _ in known}
    found: dict[str, list[LeftProcess]] = {}
    for process in psutil.process_iter():
        try:
            marker = process.environ().get(WORKER_VARIABLE, "")
        except (psutil.Error, OSError, ValueError):
            marker = ""  # Somebody else's, or a zombie.
        if marker not in markers:
            marker = known.get((process.pid, identity(process.pid)), "") if process.pid in by_pid else ""
        left = _describe(process) if marker else None
        if left is not None:
            found.setdefault(marker, []).append(left)
    return {marker: tuple(processes) for marker, processes in found.items()}


def end_leftovers(processes: Iterable[LeftProcess], grace: float = _GRACE) -> tuple[LeftProcess, ...]:
    """Ask them to end, kill who is left after ``grace`` seconds, and return who lives on all the same. Blocks."""
    waiting = [left for left in processes if lives(left.pid, left.started)]
    for number, patience in ((signal.SIGTERM, grace), (_kill_signal(), _KILL_PATIENCE)):
        _signal(waiting, number)
        deadline = time.monotonic() + patience
        while waiting and time.monotonic() < deadline:
            time.sleep(_POLL)
            waiting = [left for left in waiting if lives(left.pid, left.started)]
    return tuple(waiting)


def end_traces(traces: Collection[Trace], grace: float = _GRACE) -> tuple[LeftProcess, ...]:
    """End all that is found of ``traces``, also what forks meanwhile; returns who lives on all the same. Blocks."""
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


def _describe(process: "psutil.Process") -> LeftProcess | None:
    import psutil

    try:
        if not is_alive(process):
            return None
        name = process.name()
        command = " ".join(process.cmdline()) or name
    except (psutil.Error, OSError):
        return None
    started = identity(process.pid)
    return LeftProcess(process.pid, started, name, command[:_MAX_COMMAND]) if started else None


def _signal(processes: Iterable[LeftProcess], number: signal.Signals) -> None:
    import psutil

    chosen = []
    for left in processes:
        try:
            process = psutil.Process(left.pid)
        except psutil.Error:
            continue
        # Made before the look: from here on psutil itself refuses a pid that is used again.
        if lives(left.pid, left.started):
            chosen.append(process)
    send_signal(chosen, number)
    if hasattr(signal, "SIGCONT"):
        send_signal(chosen, signal.SIGCONT)


def _kill_signal() -> signal.Signals:
    return signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM
