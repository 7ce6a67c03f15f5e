"""The program's output on its way into the emulator, a few milliseconds at a time, so that requests are looked at in
between.
"""

from collections.abc import Callable
from typing import Final

from podium.core.clock import Clock

STEP_SECONDS: Final = 0.005
"""How long one step may parse before requests are looked at again."""


class OutputFeed:
    """Holds output that is not parsed yet. ``feed`` takes data and a deadline, and returns how much it consumed."""

    def __init__(self, feed: Callable[[bytes, float], int], clock: Clock) -> None:
        self._feed = feed
        self._clock = clock
        self._waiting = b""

    @property
    def pending(self) -> bool:
        return bool(self._waiting)

    def put(self, data: bytes) -> None:
        """Take over ``data``; only while nothing is pending."""
        assert not self._waiting
        self._waiting = data

    def step(self) -> None:
        """Parse what waits: all of it, or until the time is up or a frame is due."""
        if self._waiting:
            consumed = self._feed(self._waiting, self._clock() + STEP_SECONDS)
            self._waiting = self._waiting[consumed:]
