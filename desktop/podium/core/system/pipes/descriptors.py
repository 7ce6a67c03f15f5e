"""The platform seam for descriptors: none that blocks, and one wait for several."""

import errno
import os
import select
import sys
import time
from typing import Final, Protocol

READABLE: Final = 0x1
WRITABLE: Final = 0x4
"""The values of POLLIN and POLLOUT, on every system that has them."""


class Poller(Protocol):
    """Waits until a descriptor is ready, or has failed. Made anew for each wait."""

    def register(self, descriptor: int, events: int, /) -> None:
        """Wait for ``events``: READABLE, WRITABLE or both."""

    def poll(self, milliseconds: float | None = None, /) -> list[tuple[int, int]]:
        """The descriptors that are ready, with their events; empty when the time is over. None waits for ever."""


def new_poller() -> Poller:
    """poll on Linux, where descriptors may be above 1023. select elsewhere: on macOS poll takes no terminals."""
    if sys.platform == "linux":
        return select.poll()
    return SelectPoller()


class SelectPoller:
    """Waits by select. On Windows that knows sockets only, and needs one at least."""

    def __init__(self) -> None:
        self._wanted: dict[int, int] = {}

    def register(self, descriptor: int, events: int, /) -> None:
        self._wanted[descriptor] = events

    def poll(self, milliseconds: float | None = None, /) -> list[tuple[int, int]]:
        seconds = None if milliseconds is None else milliseconds / 1000
        if not self._wanted and seconds is not None:
            time.sleep(seconds)
            return []
        reading = [descriptor for descriptor, events in self._wanted.items() if events & READABLE]
        writing = [descriptor for descriptor, events in self._wanted.items() if events & WRITABLE]
        readable, writable, _ = select.select(reading, writing, [], seconds)
        ready = dict.fromkeys(readable, READABLE)
        for descriptor in writable:
            ready[descriptor] = ready.get(descriptor, 0) | WRITABLE
        return list(ready.items())


def set_nonblocking(*descriptors: int) -> None:
    """Reading and writing them raises BlockingIOError from now on where it would wait. Raises OSError."""
    if sys.platform != "win32" or sys.version_info >= (3, 12):
        for descriptor in descriptors:
            os.set_blocking(descriptor, False)
        return
    raise OSError(errno.ENOSYS, "Windows needs Python 3.12 for that")
