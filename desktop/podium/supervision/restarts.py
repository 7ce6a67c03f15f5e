"""Back-off and breaker: how long to wait after a failure, and when to give up. One for each thing that restarts."""

import random as random_module
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from podium.supervision.policy import Policy


class Breaker(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


class Wait(NamedTuple):
    """A pause until the clock's time ``at``; attempt number ``attempt`` of ``attempts`` follows."""

    at: float
    attempt: int
    attempts: int


class Restarts:
    """Counts failures and restarts. It has no clock: the caller waits as long as ``failed`` says, then ``tried``."""

    def __init__(
        self, policy: Policy | None = None, random: Callable[[], float] = random_module.random
    ) -> None:
        self.policy = policy or Policy()
        self._random = random
        self.breaker = Breaker.CLOSED
        self.failures = 0
        """In a row."""
        self.used = 0
        """Automatic restarts since the last stable time or restart by hand."""

    @property
    def attempt(self) -> int:
        """The number of the restart that is waited for, or that was made last."""
        return min(self.used + 1, self.policy.max_restarts)

    def failed(self, ran: float | None) -> float | None:
        """It failed after running ``ran`` seconds (None: it never ran). Seconds to wait; None when that was enough."""
        if ran is not None and ran >= self.policy.stable_after:
            self.forget()
        self.failures += 1
        if self.used >= self.policy.max_restarts:
            return None
        delay = self.policy.delay(self.failures, self._random)
        if self.failures >= self.policy.breaker_failures:
            self.breaker = Breaker.OPEN
            delay = max(delay, self.policy.breaker_cooldown)
        return delay

    def tried(self) -> None:
        """The wait is over and it is started again, unasked."""
        if self.breaker is Breaker.OPEN:
            self.breaker = Breaker.HALF_OPEN
        self.used += 1

    def give_up(self) -> None:
        """The next failure is the last: another try would end the same way."""
        self.used = self.policy.max_restarts

    def forget(self) -> None:
        """It has run long enough, or a person started it: as if nothing had happened."""
        self.failures = self.used = 0
        self.breaker = Breaker.CLOSED
