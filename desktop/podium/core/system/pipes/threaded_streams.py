"""Streams where pipes can't be waited for: a thread beside each passes its data on through a pair of sockets."""

import contextlib
import os
import socket
import threading
from collections.abc import Callable
from typing import Final

PIECE: Final = 64 * 1024


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


def read_by_thread(pipe: int) -> SocketStream:
    """The end of a pipe that this process reads. Takes the descriptor over."""
    ours, theirs = socket.socketpair()
    start_thread("pipe reader", lambda: _read_into(pipe, theirs))
    return SocketStream(ours)


def written_by_thread(pipe: int) -> SocketStream:
    """The end of a pipe that this process writes. Takes the descriptor over."""
    ours, theirs = socket.socketpair()
    return SocketStream(ours, start_thread("pipe writer", lambda: _write_from(pipe, theirs)))


def socket_streams() -> tuple[SocketStream, SocketStream]:
    """Two ends inside this process."""
    ours, theirs = socket.socketpair()
    return SocketStream(ours), SocketStream(theirs)


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
