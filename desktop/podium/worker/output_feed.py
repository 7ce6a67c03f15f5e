"""The program's output on its way into the emulator, a few milliseconds at a time, so that requests are looked at in
between.
"""

from collections.abc import Callable
from typing import Final

from podium.core.clock import Clock

STEP_SECONDS: Final = 0.005
"""Seconds that one step may parse before requests are looked at again."""
DRAIN_BYTES: Final = 4 << 20
"""The most output that is read after the program has ended; a grandchild could go on for ever."""


class OutputFeed:
    """Holds output that is not parsed yet. ``feed`` takes data and a deadline, and returns how much it consumed."""

    def __init__(self, feed: Callable[[bytes, float], int], clock: Clock) -> None:
        self._feed = feed
        self._clock = clock
        self.begin()

    def begin(self) -> None:
        """A new program is going to print."""
        self._waiting = b""
        self._closed = self._dry = False
        self._drained = 0

    @property
    def pending(self) -> bool:
        """Whether output waits to be parsed."""
        return bool(self._waiting)

    @property
    def wants_more(self) -> bool:
        """Whether more should be read."""
        return not self._closed and not self._waiting

    @property
    def exhausted(self) -> bool:
        """Whether all is parsed, and the last read gave nothing more or enough was read of an ended program."""
        return not self._waiting and (self._dry or self._drained > DRAIN_BYTES)

    def put(self, data: bytes | None, *, program_ended: bool) -> None:
        """Take over what was read: b"" when nothing waits, None when the terminal is closed. Nothing may be pending."""
        assert not self._waiting
        self._closed = data is None
        self._dry = not data
        self._waiting = data or b""
        if program_ended:
            self._drained += len(self._waiting)

    def step(self) -> None:
        """Parse what waits: all of it, or until the time is up or a frame is due."""
        if self._waiting:
            consumed = self._feed(self._waiting, self._clock() + STEP_SECONDS)
            self._waiting = self._waiting[consumed:]
