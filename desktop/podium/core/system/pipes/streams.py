"""The platform seam for pipes: reading and writing them never waits, and a poller waits for them.

A pipe is its descriptor on POSIX. Windows can wait for sockets alone (never run there yet): ``threaded_streams.py``.
"""

import os
import sys
from typing import Protocol

from podium.core.system.pipes.descriptors import set_nonblocking


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


def reading_stream(pipe: int) -> Stream:
    """The end of a pipe that this process reads. Takes the descriptor over. Raises OSError."""
    if sys.platform == "win32":
        from podium.core.system.pipes.threaded_streams import read_by_thread

        return read_by_thread(pipe)
    return DescriptorStream(pipe)


def writing_stream(pipe: int) -> Stream:
    """The end of a pipe that this process writes. Takes the descriptor over. Raises OSError."""
    if sys.platform == "win32":
        from podium.core.system.pipes.threaded_streams import written_by_thread

        return written_by_thread(pipe)
    return DescriptorStream(pipe)


def wake_streams() -> tuple[Stream, Stream]:
    """Two ends inside this process: what is written to the second ends a wait for the first. Raises OSError."""
    if sys.platform == "win32":
        from podium.core.system.pipes.threaded_streams import socket_streams

        return socket_streams()
    reading, writing = os.pipe()
    return DescriptorStream(reading), DescriptorStream(writing)
