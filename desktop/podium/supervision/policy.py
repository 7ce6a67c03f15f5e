"""The numbers of supervision, all in seconds, all injectable."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """Time limits of supervision."""

    start_timeout: float = 10.0
    """Seconds until ready: a slower worker is killed, and that counts as a failure."""
    ping_interval: float = 30.0
    missed_pongs: int = 3
    grace: float = 5.0
    """From the shutdown message until the whole tree is killed."""
    kill_margin: float = 1.0
    """The worker ends its tree itself at ``grace``; this much later it is killed from outside."""
    first_delay: float = 1.0
    longest_delay: float = 60.0
    jitter: float = 0.1
    """Share of a delay that may be added, so that many workers don't come back at once."""
    breaker_failures: int = 3
    """Failures in a row that open the breaker."""
    breaker_cooldown: float = 30.0
    """An open breaker allows one trial by itself after this long."""
    stable_after: float = 60.0
    """A worker that ran this long has its failures forgotten."""
    max_restarts: int = 5
    """By itself, without a stable time in between or a restart by hand; the next failure is final."""
    stop_patience: float = 2.0
    """A session that lives says within this time that it is stopping its program; one that does not hangs."""
    stop_limit: float = 10.0
    """Within this time of saying so a session that lives has killed what of its program did not end when asked."""

    def delay(self, failures: int, random: Callable[[], float]) -> float:
        """Seconds to wait after the n-th failure in a row: 1, 2, 4 … 60, plus jitter."""
        base = min(self.first_delay * 2.0 ** max(0, failures - 1), self.longest_delay)
        return base * (1 + self.jitter * random())
