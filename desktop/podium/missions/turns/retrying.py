"""Retries of failed turns: only of transient failures, later each time, not before a limit's reset."""

import asyncio
import random
import time
from collections.abc import Callable
from typing import Final

import msgspec

from podium.missions.stopping import StopSignal
from podium.missions.turns.results import AttemptResult

LONGEST_WAIT: Final = 26 * 3600.0
"""Seconds; a limit that is reset later than tomorrow is no reason to hold up a mission."""


class RetryPolicy(msgspec.Struct, frozen=True):
    """``first_delay`` seconds pass before the second attempt, then four times as long each time."""

    retries: int = 3
    first_delay: float = 2.0
    limits: int = 10
    """The number of rate-limit resets that one turn waits for."""


class Retries:
    """The retries of one turn."""

    def __init__(self, retry_policy: RetryPolicy, wall: Callable[[], float] = time.time) -> None:
        self._policy = retry_policy
        self._wall = wall
        self._tried = 0
        self._limits = 0
        self._fresh = False

    def next_at(self, result: AttemptResult) -> float | None:
        """The time of the next try (seconds since 1970), or None for never."""
        now = self._wall()
        if result.fresh and not self._fresh:
            self._fresh = True
            return now
        if not result.transient:
            return None
        if result.retry_at is not None:
            self._limits += 1
            if self._limits > self._policy.limits or result.retry_at > now + LONGEST_WAIT:
                return None
            return max(result.retry_at, now)
        self._tried += 1
        if self._tried > self._policy.retries:
            return None
        return now + self._policy.first_delay * 4.0 ** (self._tried - 1) * random.uniform(0.8, 1.2)


async def wait_until(moment: float, stop: StopSignal) -> bool:
    """Wait for ``moment`` (seconds since 1970); False if something stopped it before."""
    while not stop.now.is_set():
        left = moment - time.time()
        if left <= 0:
            return True
        # In slices, by the wall clock: a laptop that slept must not wait for the time it was asleep again.
        await asyncio.wait({stopped := asyncio.ensure_future(stop.now.wait())}, timeout=min(left, 30.0))
        stopped.cancel()
    return False
