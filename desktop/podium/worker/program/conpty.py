"""Pseudo-terminals of Windows (ConPTY), through pywinpty. Never run on real Windows yet.

pywinpty can only be waited for by a thread. So one thread reads the terminal and one writes it, and both pass the data
on through a pair of sockets, which the worker's loop can wait for.
"""

import codecs
import contextlib
import ctypes
import os
import signal
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from podium.core.clock import Clock, monotonic
from podium.core.system.pipes.threaded_streams import PIECE, start_thread
from podium.core.system.signals import HANG_UP, KILL
from podium.core.system.windows.command_line import command_line
from podium.worker.program.child_watch import Ended
from podium.worker.program.pty import TerminalSize

_CONPTY: Final = 0
"""winpty.Backend.ConPTY: the other one, WinPTY, is for Windows before 10."""
_PAUSE: Final = 0.05
"""Seconds between two looks whether a program has ended whose terminal says nothing more."""
_LAST_OUTPUT: Final = 1.0
"""Seconds that the last output may take to arrive once the program has ended."""
_INTERRUPT: Final = b"\x03"


class Terminal(Protocol):
    """What is used of ``winpty.PTY``."""

    @property
    def pid(self) -> int | None: ...

    def spawn(
        self, appname: str, cmdline: str | None = None, cwd: str | None = None, env: str | None = None
    ) -> bool: ...

    def read(self, blocking: bool = False) -> str:
        """The next output; "" when no more will come. Raises WinptyError at the end, or once."""

    def write(self, to_write: str) -> int:
        """All of it is taken; may wait. The number means nothing."""

    def set_size(self, cols: int, rows: int) -> Any: ...

    def isalive(self) -> bool: ...

    def get_exitstatus(self) -> int | None: ...


class ConPtyWatch:
    """The ``ChildWatch`` of a terminal's program. Windows ends no process by a signal: there is a code alone."""

    descriptor: int | None = None

    def __init__(self, terminal: Terminal, reader: threading.Thread, clock: Clock) -> None:
        self._terminal = terminal
        self._reader = reader
        self._clock = clock
        self._since: float | None = None

    def poll(self) -> Ended | None:
        """The end is told once the last output can be read: the console prints it later than the program did."""
        if self._terminal.isalive():
            return None
        if self._since is None:
            self._since = self._clock()
        if self._reader.is_alive() and self._clock() < self._since + _LAST_OUTPUT:
            return None
        return Ended(self._terminal.get_exitstatus(), None)

    def close(self) -> None:
        pass


class ConPty:
    """A ``Pty``. pywinpty closes the console, and so ends all programs in it, when the first one has ended."""

    def __init__(self, terminal: Terminal, pid: int, clock: Clock = monotonic) -> None:
        self._terminal = terminal
        self._clock = clock
        self.pid = pid
        self._ours, theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._reader = start_thread("terminal reader", lambda: _pass_output(terminal, theirs))
        read_from = theirs.dup()
        start_thread("terminal writer", lambda: _pass_input(terminal, read_from))

    def watch(self) -> ConPtyWatch:
        return ConPtyWatch(self._terminal, self._reader, self._clock)

    def fileno(self) -> int:
        return self._ours.fileno()

    def read(self, size: int) -> bytes:
        return self._ours.recv(size)

    def write(self, data: bytes | bytearray) -> int:
        return self._ours.send(data)

    def set_size(self, size: TerminalSize) -> None:
        """A console has no size in pixels."""
        fitting = size.possible()
        try:
            self._terminal.set_size(fitting.columns, fitting.lines)
        except Exception as error:  # WinptyError, whose class is nowhere to be had but in the library.
            raise OSError(str(error)) from error

    def unread_input(self) -> int:
        return 0

    def foreground_group(self) -> int:
        """The program alone: Windows does not tell who reads a console."""
        return self.pid

    def signal(self, number: int) -> set[int]:
        """Windows has no signals. Ctrl+C asks to end; a shell, which only notes that, is ended when it is to lose its
        terminal.
        """
        with contextlib.suppress(OSError):  # It has ended, or does not read.
            if number != HANG_UP:
                self._ours.send(_INTERRUPT)
            elif self._terminal.isalive():  # So its pid is no other's: the terminal holds a handle of it.
                os.kill(self.pid, KILL)
        return {self.pid}

    def signal_foreground(self, number: int) -> None:
        if number == signal.SIGINT:
            self.signal(number)

    def let_go(self) -> None:
        """The programs are not told: pywinpty closes a console with its last user alone."""
        self._ours.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._ours.close()


def spawn(
    argv: Sequence[str],
    folder: str,
    environment: Mapping[str, str],
    size: TerminalSize,
    inherited: Sequence[int],
) -> ConPty:
    """Start ``argv``, whose first word is a path, in a console of ``size``. Raises OSError.

    A program in a console inherits no descriptors: ``inherited`` has to be empty.
    """
    import winpty

    assert not inherited
    line = command_line(argv)
    try:
        terminal: Terminal = winpty.PTY(size.columns, size.lines, backend=_CONPTY)
    except winpty.WinptyError as error:
        raise OSError(str(error)) from error
    try:
        # The library puts ``appname`` on the command line as it is: a blank in its path would end it there.
        terminal.spawn(line, cwd=folder, env=_block(environment))
    except winpty.WinptyError as error:
        # Let go of without a program it waits for ever, in the middle of whatever runs then; winpty-rs 1.0 does.
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(terminal))
        raise OSError(str(error)) from error
    assert terminal.pid is not None
    return ConPty(terminal, terminal.pid)


def _block(environment: Mapping[str, str]) -> str:
    """Variables as Windows wants them for a new process; the library adds the last NUL."""
    return "".join(f"{name}={value}\0" for name, value in environment.items())


def _pass_output(terminal: Terminal, theirs: socket.socket) -> None:
    """Pass all output on. This thread holds the terminal until its program has ended, whoever else has let go of it:
    pywinpty waits for that end when nothing holds it, in the middle of whatever runs then.
    """
    taken = True
    with theirs:
        while True:
            text = ""
            with contextlib.suppress(Exception):  # WinptyError, at the end of the terminal.
                text = terminal.read(blocking=True)
            if text and taken:
                try:
                    theirs.sendall(text.encode(errors="replace"))
                except OSError:
                    taken = False  # Nobody reads it any more.
            elif not text:
                if not terminal.isalive():
                    break
                time.sleep(_PAUSE)
        with contextlib.suppress(OSError):
            theirs.shutdown(socket.SHUT_WR)


def _pass_input(terminal: Terminal, theirs: socket.socket) -> None:
    """Pass all input on, whole characters at a time, until the session has closed its side."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    with theirs, contextlib.suppress(OSError):
        while data := theirs.recv(PIECE):
            text = decoder.decode(data)
            if text:
                with contextlib.suppress(Exception):  # WinptyError: the program has ended.
                    terminal.write(text)
