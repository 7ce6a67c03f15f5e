"""Pseudo-terminals of POSIX systems, through ptyprocess, and the ends of their programs: a pidfd on Linux, polling
elsewhere.
"""

import contextlib
import os
import signal
import struct
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

from podium.worker.program.child_watch import Ended
from podium.worker.program.pty import TerminalSize

if sys.platform == "win32":
    raise ImportError("Windows has none of these.")

import fcntl
import termios

_SPAWN_DESCRIPTORS: Final = 6
"""Master, slave, the pipe that tells of a failed exec, and the copy of the master that is kept."""


class WaitedChild:
    """The ``ChildWatch`` of a child process, which it reaps."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._ended: Ended | None = None
        self.descriptor: int | None = None
        if hasattr(os, "pidfd_open"):
            with contextlib.suppress(OSError):
                self.descriptor = os.pidfd_open(pid)

    def poll(self) -> Ended | None:
        if self._ended is None:
            try:
                pid, status = os.waitpid(self._pid, os.WNOHANG)
            except ChildProcessError:
                self._ended = Ended(None, None)  # Somebody else reaped it; the status is lost.
                return self._ended
            if pid:
                code = os.waitstatus_to_exitcode(status)
                self._ended = Ended(code, None) if code >= 0 else Ended(None, -code)
        return self._ended

    def close(self) -> None:
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None


class PosixPty:
    """A ``Pty`` whose ``master`` does not block and is this object's own."""

    def __init__(self, pid: int, master: int) -> None:
        self.pid = pid
        self.master = master

    def watch(self) -> WaitedChild:
        return WaitedChild(self.pid)

    def fileno(self) -> int:
        return self.master

    def read(self, size: int) -> bytes:
        return os.read(self.master, size)

    def write(self, data: bytes | bytearray) -> int:
        return os.write(self.master, data)

    def set_size(self, size: TerminalSize) -> None:
        """The kernel tells the program when the size changed (SIGWINCH)."""
        _set_size(self.master, size)

    def unread_input(self) -> int:
        """A line that the terminal still lets people edit counts only when it is complete. Linux alone tells."""
        if not sys.platform.startswith("linux"):
            return 0
        open_peer = 0x5441  # TIOCGPTPEER, since Linux 4.13; termios has no name for it yet.
        try:
            other_side = fcntl.ioctl(self.master, open_peer, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError:
            return 0
        try:
            return int.from_bytes(fcntl.ioctl(other_side, termios.FIONREAD, bytes(4)), sys.byteorder)
        except OSError:
            return 0
        finally:
            os.close(other_side)

    def foreground_group(self) -> int:
        try:
            group = os.tcgetpgrp(self.master)
        except OSError:
            return 0
        return group if group > 1 else 0

    def signal(self, number: int) -> set[int]:
        groups = {self.pid, self.foreground_group() or self.pid}
        for group in groups:
            with contextlib.suppress(OSError):
                os.killpg(group, number)
                os.killpg(group, signal.SIGCONT)
        return groups

    def signal_foreground(self, number: int) -> None:
        with contextlib.suppress(OSError):
            os.killpg(self.foreground_group() or self.pid, number)

    def let_go(self) -> None:
        """The descriptor's number stays taken: it is /dev/null's from here on."""
        nothing = os.open(os.devnull, os.O_RDWR)
        try:
            os.dup2(nothing, self.master, inheritable=False)
        finally:
            os.close(nothing)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            os.close(self.master)


def spawn(
    argv: Sequence[str],
    folder: str,
    environment: Mapping[str, str],
    size: TerminalSize,
    inherited: Sequence[int],
) -> PosixPty:
    """Start ``argv``, whose first word is a path, on a terminal of ``size``. Raises OSError."""
    from ptyprocess import PtyProcess, PtyProcessError

    def prepare() -> None:
        # ptyprocess reports an exception from here, but not one from its own chdir.
        os.chdir(folder)
        _set_size(0, size)
        _restore_signals()

    # ptyprocess sets the size once more when the program runs already, and without pixels.
    sized: Any = type("SizedProcess", (PtyProcess,), {"setwinsize": lambda _self, _rows, _columns: None})
    _require_descriptors()
    try:
        process = sized.spawn(
            list(argv),
            env=dict(environment),
            dimensions=(size.lines, size.columns),
            pass_fds=tuple(inherited),
            preexec_fn=prepare,
        )
    except PtyProcessError as error:
        raise OSError(str(error)) from error
    master = os.dup(process.fd)
    os.set_blocking(master, False)
    # ptyprocess would end the program when its object goes; from here on the session does that itself. Both
    # attributes are ptyprocess's own: its version is bounded for them.
    process.closed = True
    process.fileobj.close()
    _set_utf8(master)
    return PosixPty(process.pid, master)


def _set_size(terminal: int, size: TerminalSize) -> None:
    fitting = size.possible()
    packed = struct.pack("HHHH", fitting.lines, fitting.columns, fitting.width, fitting.height)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, packed)


def _require_descriptors() -> None:
    """Raise OSError unless there are enough for a spawn: running out in the middle of it, ptyprocess leaks a pipe."""
    with contextlib.ExitStack() as opened:
        for _ in range(_SPAWN_DESCRIPTORS):
            opened.callback(os.close, os.open(os.devnull, os.O_RDONLY))


def _restore_signals() -> None:
    # An ignored signal stays ignored over exec: with Python's SIGPIPE `yes | head` would never end, and with the
    # worker's SIGINT no Ctrl+C would reach a program.
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        with contextlib.suppress(OSError, ValueError):  # Some real-time signals belong to the C library.
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _set_utf8(master: int) -> None:
    """Let the kernel's line editing erase whole UTF-8 characters."""
    iutf8 = getattr(termios, "IUTF8", 0x4000 if sys.platform.startswith("linux") else 0)
    try:
        attributes = termios.tcgetattr(master)
        attributes[0] |= iutf8
        termios.tcsetattr(master, termios.TCSANOW, attributes)
    except termios.error:
        pass  # A nicety only.
