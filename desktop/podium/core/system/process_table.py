"""The platform seam for looking at processes: parent, session and start of each.

On Linux one small file of /proc for each process, without psutil: loading that costs a worker more than its whole
end. Elsewhere psutil answers. A process is signalled only while pid and start still agree: a reused pid is another
process.
"""

import contextlib
import errno
import os
import signal
import sys
import time
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from podium.core.join_names import first_few
from podium.core.system.process_identity import identity, parse_stat, session_of
from podium.core.system.signals import KILL
from podium.core.system.subreaper import reap_orphans

if TYPE_CHECKING:
    import psutil

_OUT_OF_RESOURCES: Final = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)
_BETWEEN_LOOKS: Final = 0.001
_MAX_FILE: Final = 4 << 20
_LINUX: Final = sys.platform.startswith("linux")


class ProcessEntry(NamedTuple):
    """One process when the table was read. ``started`` is its ``process_identity.identity``."""

    pid: int
    parent: int
    group: int
    session: int
    started: str
    name: str
    zombie: bool = False
    terminal: bool = False
    """Whether it has a controlling terminal."""


def process_table() -> list[ProcessEntry]:
    """All processes, zombies among them. Raises OSError when this process has no descriptor left to find out."""
    if not _LINUX:
        return _psutil_table()
    found = []
    for name in os.listdir("/proc"):  # noqa: PTH208 - a Path for each would double the time.
        if name.isdigit() and (entry := process_entry(int(name))) is not None:
            found.append(entry)
    return found


def process_entry(pid: int) -> ProcessEntry | None:
    """The process ``pid`` as it is now; None when there is none. Raises OSError as ``process_table`` does."""
    if not _LINUX:
        return next((entry for entry in _psutil_table() if entry.pid == pid), None)
    data = _read(f"/proc/{pid}/stat")
    if not data:
        return None
    stat = parse_stat(data)
    zombie = stat.state in ("Z", "X")
    return ProcessEntry(
        pid, stat.parent, stat.group, stat.session, stat.started, stat.name, zombie, stat.terminal != 0
    )


def descendants(
    roots: Collection[int], table: Collection[ProcessEntry], without: Collection[int] = ()
) -> list[ProcessEntry]:
    """The children of ``roots``, their children and so on, without the subtrees that begin at ``without``."""
    children: dict[int, list[ProcessEntry]] = {}
    for entry in table:
        children.setdefault(entry.parent, []).append(entry)
    found: dict[int, ProcessEntry] = {}
    waiting = list(roots)
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child.pid not in found and child.pid not in without:
                found[child.pid] = child
                waiting.append(child.pid)
    return list(found.values())


def kill_new_children(seen: set[int], seconds: float) -> None:
    """For so long at most, and while there is any, kill each child of this process as soon as it is there, but for
    the pids in ``seen`` and this process's own session. What forks and exits all the time has a new pid at each reading
    at all processes; a look at the new ones alone is quick enough to meet it. Does nothing where orphans can't be
    inherited. Raises OSError as ``process_table`` does.
    """
    if not _LINUX:
        return
    own, session = os.getpid(), session_of(0)
    until = time.monotonic() + seconds
    while reap_orphans() and time.monotonic() < until:
        new = {int(name) for name in os.listdir("/proc") if name.isdigit()} - seen  # noqa: PTH208 - as above.
        seen |= new
        for entry in filter(None, map(process_entry, new)):
            if entry.parent == own and entry.session != session:
                with contextlib.suppress(OSError):
                    os.kill(entry.pid, KILL)  # Only this process reaps it: the number stays its own.
        time.sleep(_BETWEEN_LOOKS)


def variable_of(pid: int, name: str) -> str:
    """The value of a variable in the environment ``pid`` was started with; "" where there is none, or it may not be
    read. Raises OSError as ``process_table`` does.
    """
    if not _LINUX:
        import psutil

        try:
            return str(psutil.Process(pid).environ().get(name, ""))
        except (psutil.Error, OSError, ValueError):
            return ""
    prefix = name.encode() + b"="
    data = _read(f"/proc/{pid}/environ")
    if prefix not in data:
        return ""
    for variable in data.split(b"\0"):
        if variable.startswith(prefix):
            return os.fsdecode(variable[len(prefix) :])
    return ""


def command_of(pid: int) -> str:
    """Its command line, words apart by blanks; "" when it has none or it may not be read. Raises OSError as
    ``process_table`` does.
    """
    if not _LINUX:
        import psutil

        try:
            return " ".join(psutil.Process(pid).cmdline())
        except (psutil.Error, OSError):
            return ""
    return os.fsdecode(_read(f"/proc/{pid}/cmdline")).rstrip("\0").replace("\0", " ")


def signal_entries(entries: Iterable[ProcessEntry], number: int) -> list[ProcessEntry]:
    """Signal each that is still the same process; those are returned that may not be signalled."""
    refused = []
    for entry in entries:
        try:
            _signal(entry, number)
        except PermissionError:
            refused.append(entry)
        except OSError:
            continue  # It has gone.
    return refused


def stop_entries(entries: Iterable[ProcessEntry]) -> None:
    """Keep each from running until it is continued. Windows can't."""
    if sys.platform != "win32":
        signal_entries(entries, signal.SIGSTOP)


def continue_entries(entries: Iterable[ProcessEntry]) -> None:
    """Let those run that were stopped: they get no other signal before. Windows stops none."""
    if sys.platform != "win32":
        signal_entries(entries, signal.SIGCONT)


def names_of(entries: Iterable[ProcessEntry]) -> str:
    """``vim (412), sleep (431) and 3 more`` for a person."""
    return first_few([f"{entry.name} ({entry.pid})" if entry.pid else entry.name for entry in entries])


def still_running(entries: Iterable[ProcessEntry]) -> list[ProcessEntry]:
    """Those of ``entries`` that have not ended, as they are now."""
    found = []
    for entry in entries:
        now = process_entry(entry.pid)
        if now is not None and now.started == entry.started and not now.zombie:
            found.append(now)
    return found


def _signal(entry: ProcessEntry, number: int) -> None:
    """Raises OSError when there is no such process, or it may not be signalled."""
    if hasattr(os, "pidfd_open") and hasattr(signal, "pidfd_send_signal"):
        try:
            descriptor = os.pidfd_open(entry.pid)
        except OSError as error:
            if error.errno not in (*_OUT_OF_RESOURCES, errno.ENOSYS, errno.EPERM):
                raise
        else:
            # From here on the descriptor means one process for good: looked at after it was opened.
            try:
                if identity(entry.pid) == entry.started:
                    signal.pidfd_send_signal(descriptor, number)
            finally:
                os.close(descriptor)
            return
    if identity(entry.pid) == entry.started:
        os.kill(entry.pid, number)


def _read(path: str) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError as error:
        if error.errno in _OUT_OF_RESOURCES:
            raise
        return b""
    try:
        data = os.read(descriptor, 1 << 16)
        if len(data) < 1 << 12:  # One page is what /proc gives at once.
            return data
        pieces, size = [data], len(data)
        while size < _MAX_FILE and (more := os.read(descriptor, 1 << 16)):
            pieces.append(more)
            size += len(more)
        return b"".join(pieces)
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def _has_terminal(process: "psutil.Process") -> bool:
    return sys.platform != "win32" and process.terminal() is not None


def _psutil_table() -> list[ProcessEntry]:
    import psutil

    found = []
    for process in psutil.process_iter():
        try:
            with process.oneshot():
                zombie = process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
                group = os.getpgid(process.pid) if hasattr(os, "getpgid") else 0
                session = session_of(process.pid)
                found.append(
                    ProcessEntry(
                        process.pid,
                        process.ppid(),
                        group,
                        session,
                        identity(process.pid),
                        process.name(),
                        zombie,
                        _has_terminal(process),
                    )
                )
        except (psutil.Error, OSError) as error:
            if isinstance(error, OSError) and error.errno in _OUT_OF_RESOURCES:
                raise
    return _without_strangers(found) if sys.platform == "win32" else found


def _without_strangers(table: list[ProcessEntry]) -> list[ProcessEntry]:
    """``table`` without parents that are none: Windows keeps the pid of a parent that has ended, and gives that pid to
    another process, which began later than its child.
    """
    began = {entry.pid: float(entry.started or 0) for entry in table}
    return [
        entry._replace(parent=0) if began.get(entry.parent, 0.0) > began[entry.pid] else entry
        for entry in table
    ]
