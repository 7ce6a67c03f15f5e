"""When a frame goes out: at most 60 a second, one unacknowledged at a time, none in the middle of an update."""

from typing import Final

from podium.core.clock import Clock
from podium.core.protocol.frames import Frame
from podium.terminal import Emulator
from podium.terminal.output.frames import FrameSource

FRAME_INTERVAL: Final = 1 / 60
SYNCHRONIZED_LIMIT: Final = 0.5
"""A program that starts a synchronized update (mode 2026) and never ends it is shown all the same."""


class FramePacer:
    """Decides when to take the next frame. Acknowledging is the window's way to ask for more.

    Until frame 0 is acknowledged, none is taken: before its first program starts, a session shows nothing.
    """

    def __init__(self, source: FrameSource, emulator: Emulator, clock: Clock) -> None:
        self._source = source
        self._emulator = emulator
        self._clock = clock
        self._number = 0
        self._acknowledged = False
        self._not_before = 0.0
        self._held_since: float | None = None

    def acknowledge(self, number: int) -> None:
        if number == self._number:
            self._acknowledged = True

    def next_deadline(self) -> float | None:
        """When ``take`` may have a frame; None while there is nothing to send or nobody asked."""
        if not self._acknowledged or not self._source.pending:
            return None
        if self._emulator.synchronized and self._held_since is not None:
            return max(self._not_before, self._held_since + SYNCHRONIZED_LIMIT)
        return self._not_before

    def take(self) -> Frame | None:
        """The next frame, if one is due."""
        now = self._clock()
        if not self._emulator.synchronized:
            self._held_since = None
        elif self._held_since is None:
            self._held_since = now
        deadline = self.next_deadline()
        if deadline is None or now < deadline:
            return None
        self._number += 1
        self._acknowledged = False
        self._not_before = now + FRAME_INTERVAL
        return self._source.take(self._number)
