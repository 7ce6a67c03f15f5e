"""The platform seam for pipes: reading and writing them never waits, and a poller waits for them.

A pipe is its descriptor on POSIX. Windows can wait for sockets alone (never run there yet): a thread beside each pipe
passes its data on through a pair of sockets.
"""

import contextlib
import os
import socket
import sys
import threading
from collections.abc import Callable
from typing import Final, Protocol

from podium.core.descriptors import set_nonblocking

PIECE: Final = 64 * 1024


class Stream(Protocol):
    """One end of a way to another process or thread."""

    def fileno(self) -> int:
        """The number to wait for."""

    def read(self, size: int) -> bytes:
        """What has arrived; b"" at the end. Raises BlockingIOError when there is nothing, and OSError."""

    def write(self, data: bytes | bytearray) -> int:
        """Send what can be sent now; the number of bytes. Raises BlockingIOError when that is nothing, and OSError."""

    def close(self, patience: float = 0.0) -> None:
        """Give it up. What was written and is still on its way gets ``patience`` seconds to arrive."""


class DescriptorStream:
    """A descriptor, which this object owns from now on."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        set_nonblocking(descriptor)

    def fileno(self) -> int:
        return self._descriptor

    def read(self, size: int) -> bytes:
        return os.read(self._descriptor, size)

    def write(self, data: bytes | bytearray) -> int:
        return os.write(self._descriptor, data)

    def close(self, patience: float = 0.0) -> None:  # noqa: ARG002 - nothing is on its way.
        os.close(self._descriptor)


class SocketStream:
    """A connected socket, which this object owns from now on. ``thread`` passes on what is written to it."""

    def __init__(self, connected: socket.socket, thread: threading.Thread | None = None) -> None:
        self._socket = connected
        self._thread = thread
        connected.setblocking(False)

    def fileno(self) -> int:
        return self._socket.fileno()

    def read(self, size: int) -> bytes:
        return self._socket.recv(size)

    def write(self, data: bytes | bytearray) -> int:
        return self._socket.send(data)

    def close(self, patience: float = 0.0) -> None:
        if self._thread is not None and patience > 0:
            with contextlib.suppress(OSError):  # The thread has ended.
                self._socket.shutdown(socket.SHUT_WR)
            self._thread.join(patience)
        self._socket.close()


def reading_stream(pipe: int) -> Stream:
    """The end of a pipe that this process reads. Takes the descriptor over. Raises OSError."""
    return read_by_thread(pipe) if sys.platform == "win32" else DescriptorStream(pipe)


def writing_stream(pipe: int) -> Stream:
    """The end of a pipe that this process writes. Takes the descriptor over. Raises OSError."""
    return written_by_thread(pipe) if sys.platform == "win32" else DescriptorStream(pipe)


def wake_streams() -> tuple[Stream, Stream]:
    """Two ends inside this process: what is written to the second ends a wait for the first. Raises OSError."""
    if sys.platform != "win32":
        reading, writing = os.pipe()
        return DescriptorStream(reading), DescriptorStream(writing)
    ours, theirs = socket.socketpair()
    return SocketStream(ours), SocketStream(theirs)


def read_by_thread(pipe: int) -> SocketStream:
    """``reading_stream`` where pipes can't be waited for."""
    ours, theirs = socket.socketpair()
    start_thread("pipe reader", lambda: _read_into(pipe, theirs))
    return SocketStream(ours)


def written_by_thread(pipe: int) -> SocketStream:
    """``writing_stream`` where pipes can't be waited for."""
    ours, theirs = socket.socketpair()
    return SocketStream(ours, start_thread("pipe writer", lambda: _write_from(pipe, theirs)))


def start_thread(name: str, work: Callable[[], None]) -> threading.Thread:
    """Do ``work`` on a thread that holds up no end: it waits for another process, which may never answer."""
    thread = threading.Thread(target=work, name=name, daemon=True)
    thread.start()
    return thread


def _read_into(pipe: int, theirs: socket.socket) -> None:
    with theirs, contextlib.suppress(OSError):
        while data := os.read(pipe, PIECE):
            theirs.sendall(data)
    os.close(pipe)


def _write_from(pipe: int, theirs: socket.socket) -> None:
    with theirs, contextlib.suppress(OSError):  # Nobody reads the pipe any more.
        while data := theirs.recv(PIECE):
            while data:
                data = data[os.write(pipe, data) :]
    os.close(pipe)
