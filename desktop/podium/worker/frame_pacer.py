"""The pace of frames: at most 60 a second, one unacknowledged at a time, none in the middle of an update."""

import math
from typing import Final

from podium.core.clock import Clock
from podium.core.protocol.frames import Frame
from podium.terminal import Emulator
from podium.terminal.output.frames import FrameSource

FRAME_INTERVAL: Final = 1 / 60
SYNCHRONIZED_LIMIT: Final = 0.5
"""A program that starts a synchronized update (mode 2026) and never ends it is shown all the same."""


class FramePacer:
    """Decides when to take the next frame. The window acknowledges a frame to get the next.

    Until frame 0 is acknowledged, none is taken: before its first program starts, a session shows nothing.
    """

    def __init__(self, source: FrameSource, emulator: Emulator, clock: Clock) -> None:
        self._source = source
        self._emulator = emulator
        self._clock = clock
        self._number = 0
        self._acknowledged = False
        self._not_before = 0.0
        self._update = -1
        """The synchronized update that was seen last."""
        self._update_limit = 0.0
        """The time until which that one may hold frames back."""

    @property
    def frame_due(self) -> float:
        """The clock's time from which on a frame may go, between updates; ``inf`` while one is unacknowledged."""
        return self._not_before if self._acknowledged else math.inf

    def acknowledge(self, number: int) -> None:
        if number == self._number:
            self._acknowledged = True

    def next_deadline(self) -> float | None:
        """The time at which ``take`` may have a frame; None without one to send or while one is unacknowledged."""
        if not self._acknowledged or not self._source.pending:
            return None
        if self._emulator.synchronized and self._emulator.updates == self._update:
            return max(self._not_before, self._update_limit)
        return self._not_before

    def take(self) -> Frame | None:
        """The next frame, if one is due."""
        now = self._clock()
        if self._emulator.synchronized and self._emulator.updates != self._update:
            self._update = self._emulator.updates
            self._update_limit = now + SYNCHRONIZED_LIMIT
        deadline = self.next_deadline()
        if deadline is None or now < deadline:
            return None
        self._number += 1
        self._acknowledged = False
        # A frame that waited for the end of an update does not delay the ones after it: they keep the beat.
        self._not_before = max(self._not_before + FRAME_INTERVAL, now + FRAME_INTERVAL / 2)
        return self._source.take(self._number)
