"""The program at the other end of a Unix socket, and the instance it runs inside of, if any.

The kernel says which process connected. It is inside when it, or a process above it, is a worker or the program of
one; when its terminal session is led by one; or when the environment of one of them carries the marks that Podium
gives to programs. A worker inherits the orphans of its programs where the system allows that, so they stay below it.
Known limits: see docs/guide/control-api.md. This keeps honest programs within their scope, not attackers.
"""

import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from podium.control.http_server.runtime_folder import INSTANCES_PREFIX, peer_pid
from podium.core.ids import InstanceId, InvalidInstanceId, instance_id
from podium.core.system.process_identity import session_of
from podium.core.system.processes import INSTANCE_VARIABLE, SOCKET_VARIABLE, WORKER_VARIABLE

_MAX_DEPTH: Final = 256
"""Parents that are looked at; a deeper tree hides something."""
_TRIES: Final = 8
"""Attempts at one check: a parent may end meanwhile, and its children have another one then."""
NOBODY: Final = InstanceId("")
"""Stands for an unknown instance: it may do nothing."""


@dataclass(frozen=True, slots=True)
class Peer:
    """The program that connected. ``pid`` is None where the system has none, ``instance`` None for one outside of
    all instances.
    """

    pid: int | None = None
    instance: InstanceId | None = None


@dataclass(frozen=True, slots=True)
class InstanceTrees:
    """The known processes of the instances: workers and programs by pid, workers by marker."""

    pids: Mapping[int, InstanceId]
    markers: Mapping[str, InstanceId]


def find_peer(connected: socket.socket, trees: InstanceTrees, folder: Path) -> Peer:
    """The program at the other end. ``folder`` holds the API's sockets, those of the instances in folders below."""
    # None also for a process of a pid namespace above ours: that is in no instance.
    pid = peer_pid(connected)
    return Peer(pid, instance_of(pid, trees, folder) if pid is not None else None)


def instance_of(pid: int, trees: InstanceTrees, folder: Path) -> InstanceId | None:
    """The instance that process ``pid`` is inside of, NOBODY when that is unknown: it has ended before it could be
    looked at, or what is above it changes all the time or never ends.
    """
    for _ in range(_TRIES):
        try:
            line = _line_of(pid, trees)
        except OSError:
            continue
        if not isinstance(line, list):
            return line
        marked = (_by_marks(_marks(one), trees, folder) for one in line)
        return next((instance for instance in marked if instance is not None), None)
    return NOBODY


def _line_of(pid: int, trees: InstanceTrees) -> list[int] | InstanceId:
    """The instance whose tree ``pid`` is in; else ``pid`` and all above it, up to this program: what is above that is
    above the instances, too. Raises OSError when one of them ends meanwhile.
    """
    own = os.getpid()
    line: list[int] = []
    above = pid
    while above > 1 and above != own:
        if above in trees.pids:
            return trees.pids[above]
        if len(line) == _MAX_DEPTH:
            return NOBODY
        parent, session = _parent_and_session(above)
        if session in trees.pids:
            return trees.pids[session]
        line.append(above)
        above = parent
    return line


def _by_marks(marks: Mapping[str, str], trees: InstanceTrees, folder: Path) -> InstanceId | None:
    marker = marks.get(WORKER_VARIABLE, "")
    if marker in trees.markers:
        return trees.markers[marker]
    given = Path(marks.get(SOCKET_VARIABLE, ""))
    if given.parent.parent != folder or not given.parent.name.startswith(INSTANCES_PREFIX):
        return None
    # Of a worker that has ended, or of an earlier Podium.
    try:
        return instance_id(marks.get(INSTANCE_VARIABLE, ""))
    except InvalidInstanceId:
        return NOBODY


def _parent_and_session(pid: int) -> tuple[int, int]:
    """The parent's pid, and that of the terminal session's leader. Raises OSError when ``pid`` has ended."""
    if sys.platform.startswith("linux"):
        # psutil asks ten times as much; this is looked at for each parent of each client.
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return int(fields[1]), int(fields[3])
    import psutil

    try:
        return psutil.Process(pid).ppid(), session_of(pid)
    except psutil.Error as error:
        raise ProcessLookupError(pid) from error


def _marks(pid: int) -> dict[str, str]:
    """Podium's variables in the environment of a process; none where it may not be read."""
    if sys.platform.startswith("linux"):
        try:
            pairs = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        except OSError:
            return {}
        found = (os.fsdecode(pair).partition("=") for pair in pairs if pair.startswith(b"PODIUM_"))
        return {name: value for name, _, value in found}
    import psutil

    try:
        return psutil.Process(pid).environ()
    except (psutil.Error, OSError):
        return {}
