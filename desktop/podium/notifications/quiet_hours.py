"""Hours of the day in which nothing calls for a person."""

import re
from datetime import datetime, time

import msgspec

from podium.core.config.notify_settings import QUIET_HOURS


class QuietHours(msgspec.Struct, frozen=True):
    """From ``begin`` until just before ``end``, over midnight where that is earlier; both the same is never."""

    begin: time = time(0)
    end: time = time(0)

    def hold(self, now: datetime) -> bool:
        """Whether they are on at local time ``now``."""
        at = now.time()
        if self.begin <= self.end:
            return self.begin <= at < self.end
        return at >= self.begin or at < self.end


def parse_hours(text: str) -> QuietHours:
    """Read ``22:00-07:00``; the empty text is never. Raises ValueError."""
    if re.fullmatch(QUIET_HOURS, text) is None:
        raise ValueError(text)
    if not text:
        return QuietHours()
    begin, end = text.split("-")
    return QuietHours(time.fromisoformat(begin), time.fromisoformat(end))
