"""What the command and the address are to be told: an alert by itself, or several in one digest."""

from collections import deque
from typing import Final

from podium.attention.alerts import AlertKind
from podium.notifications.notice import Notice
from podium.notifications.rate import RateLimit
from podium.notifications.rules import Circumstances, When

CALLS: Final = 10
CALLS_SECONDS: Final = 600.0
COLLECT: Final = 30.0
"""Seconds that a digest waits for what else happens."""
MOST_ENDED: Final = 256
"""Ends that are kept for a digest; of more, the oldest are forgotten."""


class Outbox:
    """Times are in seconds of one clock. ``take`` when ``due`` has come."""

    def __init__(self, period: float = 900.0) -> None:
        self.period = period
        """The least time between two digests while the person is away."""
        self._limit = RateLimit(CALLS, CALLS_SECONDS)
        self._questions: set[int] = set()
        self._ended: deque[Notice] = deque(maxlen=MOST_ENDED)
        self._first_at = 0.0
        self._digest_at = float("-inf")

    def add(self, notice: Notice, when: When, now: float) -> bool:
        """Whether ``notice`` is to be sent now; if not, it waits for a digest, or is never sent."""
        if when is When.NEVER:
            return False
        if when is When.NOW and self._limit.take(now):
            return True
        if not self._questions and not self._ended:
            self._first_at = now
        if notice.alert.kind is AlertKind.QUESTION:
            self._questions.add(notice.alert.number)
        else:
            self._ended.append(notice)
        return False

    def withdraw(self, number: int) -> None:
        """The question of this alert was answered or seen."""
        self._questions.discard(number)

    def due(self, circumstances: Circumstances) -> float | None:
        """When the digest is to be sent; None when there is none, and while the person wants quiet."""
        if circumstances.quiet or not (self._questions or self._ended):
            return None
        due = max(self._first_at + COLLECT, self._limit.free_at())
        return max(due, self._digest_at + self.period) if circumstances.away else due

    def take(self, now: float) -> tuple[Notice, ...]:
        """What has ended since the last digest. It counts as sent."""
        ended = tuple(self._ended)
        self.clear()
        self._digest_at = now
        self._limit.take(now)
        return ended

    def clear(self) -> None:
        """The person has seen for themselves."""
        self._questions.clear()
        self._ended.clear()
