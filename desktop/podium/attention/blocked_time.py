"""How long one run waited for a person, by local day.

Lengths are of a clock that only goes forward, and on Linux and macOS stands still while the machine sleeps: then
nothing could go on, asked or not. Setting the time of day makes no wait longer; it only says which day it was.
"""

import time
from typing import Final

import msgspec

from podium.core.blocked import Blocked

_MOST_DAYS: Final = 400
"""Days of one run that are kept; the oldest go first."""


class Stretch(msgspec.Struct):
    """One wait: ``seconds`` until ``ended`` (seconds since 1970), be that now."""

    ended: float
    seconds: float = 0.0

    def after(self, moment: float) -> float:
        """Seconds of it from ``moment`` on."""
        return max(0.0, min(self.seconds, self.ended - moment))


class BlockedTime:
    """Is told, at each change and every few seconds, since when the run waits."""

    def __init__(self) -> None:
        self.days: dict[str, Blocked] = {}
        """By local day, ``2026-01-31``. A wait counts on each day for as long as it was on by then."""
        self.changed: set[str] = set()
        """The days that are others since this was last cleared."""
        self.stretch: Stretch | None = None
        """The wait that is on, or was last; the next one has another."""
        self._since: float | None = None
        """Since when the question stands that is waited for."""
        self._counted_to = float("-inf")

    @property
    def waits(self) -> bool:
        return self._since is not None

    def observe(self, since: float | None, now: float, wall: float) -> None:
        """It waits ``since`` then, or not at all. ``now`` is of the same clock, ``wall`` is seconds since 1970."""
        if self._since is not None and (since is None or since > self._since):
            ended = now if since is None else min(since, now)
            self._count(ended, wall - (now - ended))
            self._since = None
        if since is None:
            return
        if self._since is None:
            self._begin(min(since, now), wall - max(0.0, now - since))
        self._count(now, wall)

    def _begin(self, since: float, wall: float) -> None:
        self._since = since
        self._counted_to = max(since, self._counted_to)
        self.stretch = Stretch(wall)
        self._add(_day_of(wall), Blocked(questions=1))

    def _count(self, now: float, wall: float) -> None:
        """The wait has gone on until ``now``."""
        left = now - self._counted_to
        if left <= 0 or self.stretch is None:
            return
        self._counted_to = now
        self.stretch.ended = wall
        at = wall - left
        while left > 0:
            part = min(left, _seconds_to_midnight(at))
            self.stretch.seconds += part
            self._add(_day_of(at), Blocked(part, 0, self.stretch.seconds))
            at += part
            left -= part

    def _add(self, day: str, more: Blocked) -> None:
        self.days[day] = self.days.get(day, Blocked()) + more
        self.changed.add(day)
        if len(self.days) > _MOST_DAYS:
            oldest = min(self.days)
            del self.days[oldest]
            self.changed.discard(oldest)


def _day_of(wall: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(wall))


def _seconds_to_midnight(wall: float) -> float:
    day = time.localtime(wall)
    midnight = time.mktime((day.tm_year, day.tm_mon, day.tm_mday + 1, 0, 0, 0, 0, 0, -1))
    # Where clocks are set forward at midnight, there is none that day.
    return midnight - wall if midnight > wall else 3600.0
