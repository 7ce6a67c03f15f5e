"""A limit for calls: so many in so long a time."""

from collections import deque


class RateLimit:
    """At most ``calls`` calls in any ``seconds``."""

    def __init__(self, calls: int, seconds: float) -> None:
        self._times: deque[float] = deque(maxlen=calls)
        self._calls = calls
        self._seconds = seconds

    def take(self, now: float) -> bool:
        """Whether one more may be made at ``now``, in seconds; it then counts."""
        if now < self.free_at():
            return False
        self._times.append(now)
        return True

    def free_at(self) -> float:
        """The time from which on one more may be made."""
        return self._times[0] + self._seconds if len(self._times) == self._calls else float("-inf")
