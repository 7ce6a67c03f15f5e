"""The identity of a process: pids are used again, and a wall clock can be set."""

import os
import sys
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

HAS_SESSIONS: Final = sys.platform != "win32"
"""Whether a terminal's processes can be told by their session."""


def identity(pid: int) -> str:
    """A value no other process ever has together with this pid; "" when there is no such process.

    On Linux the start time in clock ticks since this boot, and the boot; elsewhere the time of creation. Reads a few
    small files: not for the window's thread.
    """
    if pid <= 0:
        return ""
    if sys.platform.startswith("linux"):
        return _linux_identity(pid)
    import psutil

    try:
        return f"{psutil.Process(pid).create_time():.2f}"
    except psutil.Error:
        return ""


def session_of(pid: int) -> int:
    """The pid of the leader of the terminal session of ``pid``, 0 being this process; 0 on Windows, which has no
    sessions. Raises OSError when there is no such process.
    """
    if sys.platform == "win32":
        return 0
    return os.getsid(pid)


class ProcessIdentity(msgspec.Struct, frozen=True):
    """A process to come back to, as it is written into files."""

    pid: int = 0
    started: str = ""

    @property
    def alive(self) -> bool:
        return lives(self.pid, self.started)


def own_identity() -> ProcessIdentity:
    """This process."""
    pid = os.getpid()
    return ProcessIdentity(pid, identity(pid))


def lives(pid: int, started: str) -> bool:
    """Whether the process that was ``started`` under ``pid`` is still there; a reused pid is another one."""
    return bool(started) and identity(pid) == started


class Stat(NamedTuple):
    """The fields of proc_pid_stat(5) for a process. ``started`` is its identity, whatever its state."""

    state: str
    parent: int
    group: int
    session: int
    terminal: int
    """The number of its controlling terminal; 0 for none."""
    started: str
    name: str


def _printable(name: str) -> str:
    """The name, made safe for terminals: a program chooses its own."""
    return name if name.isprintable() else "".join(char if char.isprintable() else "?" for char in name)


def parse_stat(data: bytes) -> Stat:
    """Read what ``/proc/PID/stat`` holds."""
    # The name in parentheses may hold anything; the numbers follow the last one. State is the 3rd field, the start
    # the 22nd.
    end = data.rindex(b")")
    fields = data[end + 2 :].split(None, 20)
    return Stat(
        fields[0].decode(),
        int(fields[1]),
        int(fields[2]),
        int(fields[3]),
        int(fields[4]),
        f"{_boot()}:{int(fields[19])}",
        _printable(data[data.index(b"(") + 1 : end].decode(errors="replace")),
    )


def _linux_identity(pid: int) -> str:
    try:
        stat = parse_stat(Path(f"/proc/{pid}/stat").read_bytes())
    except (OSError, ValueError):
        return ""
    return "" if stat.state in ("Z", "X") else stat.started


@lru_cache(maxsize=1)
def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return "boot"
