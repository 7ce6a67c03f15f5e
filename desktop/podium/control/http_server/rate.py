"""Two limits of how often: a token bucket, and a count within a span of time."""

from collections import deque

from podium.core.clock import Clock, monotonic


class Bucket:
    """Allows ``rate`` a second on average and ``burst`` at once."""

    def __init__(self, rate: float, burst: int, clock: Clock = monotonic) -> None:
        self._rate = rate
        self._burst = float(burst)
        self._clock = clock
        self._tokens = float(burst)
        self._at = clock()

    def take(self) -> bool:
        """True, and counted, when one more is allowed now."""
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Failures:
    """Counts failures of the last ``seconds``; ``limit`` of them are allowed."""

    def __init__(self, limit: int, seconds: float, clock: Clock = monotonic) -> None:
        self._limit = limit
        self._seconds = seconds
        self._clock = clock
        self._times: deque[float] = deque(maxlen=limit)

    def add(self) -> bool:
        """Note one more; False when it is over the limit."""
        now = self._clock()
        while self._times and now - self._times[0] > self._seconds:
            self._times.popleft()
        if len(self._times) == self._limit:
            return False
        self._times.append(now)
        return True
