"""What the program printed, on its way into the emulator: in slices short enough to look at requests in between."""

from collections.abc import Callable
from typing import Final

from podium.core.clock import Clock

TURN_SECONDS: Final = 0.005
"""How long one turn may parse before requests are looked at again."""
_SMALLEST: Final = 64
_LARGEST: Final = 16 * 1024


class OutputFeed:
    """Holds output that is not parsed yet and feeds it slice by slice.

    The size of a slice follows its cost: some sequences do a thousand times the work of a letter. ``flood`` takes
    from the front of all that waits what costs next to nothing, and says how many bytes that were.
    """

    def __init__(self, feed: Callable[[bytes], None], flood: Callable[[bytes], int], clock: Clock) -> None:
        self._feed = feed
        self._flood = flood
        self._clock = clock
        self._waiting = memoryview(b"")
        self._slice = 4096

    @property
    def pending(self) -> bool:
        return bool(self._waiting)

    def put(self, data: bytes) -> None:
        """Take over ``data``; only while nothing is pending."""
        assert not self._waiting
        self._waiting = memoryview(data)[self._flood(data) :]

    def turn(self) -> None:
        """Parse what waits, for one turn."""
        start = now = self._clock()
        while self._waiting and now - start < TURN_SECONDS:
            self._feed(bytes(self._waiting[: self._slice]))
            self._waiting = self._waiting[self._slice :]
            before, now = now, self._clock()
            if now - before > TURN_SECONDS:
                self._slice = max(_SMALLEST, self._slice // 2)
            elif now - before < TURN_SECONDS / 4:
                self._slice = min(_LARGEST, self._slice * 2)
