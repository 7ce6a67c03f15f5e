"""How long each instance waited for a person: counted as the workspace sees it, written into the history soon after.

All methods are called on the window's thread. Nothing here waits: the history's own thread does the writing.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from podium.attention.blocked_time import BlockedTime, Stretch
from podium.core.blocked import Blocked
from podium.core.clock import Clock, monotonic
from podium.core.ids import InstanceId
from podium.history import blocked
from podium.history.blocked import BlockedDay
from podium.history.writer import HistoryThread
from podium.workspace.run_report import RunReport

_MOST_STRETCHES: Final = 4096
"""The newest waits that ``since`` counts."""


class BlockedJournal:
    """Call ``step`` every few seconds while it is ``active``: what is not written by then is lost in a crash."""

    def __init__(
        self, history: HistoryThread, wall: Callable[[], float] = time.time, clock: Clock = monotonic
    ) -> None:
        """``clock`` is the workspace's, ``wall`` what people call the time."""
        self._history = history
        self._wall = wall
        self._clock = clock
        self.activated: Callable[[], None] = lambda: None
        """Called when it may have become ``active``."""
        self._runs: dict[InstanceId, tuple[str, BlockedTime]] = {}
        """The current run of each instance that has waited in it."""
        self._waiting_since: dict[InstanceId, float] = {}
        self._today = ""
        self._others: dict[InstanceId, Blocked] = {}
        """What runs that are over come to on that day, also those of an earlier Podium."""
        self._own_runs: set[str] | None = set()
        """Runs of this Podium, until what earlier ones counted today is known."""
        self._stretches: deque[Stretch] = deque(maxlen=_MOST_STRETCHES)

    @property
    def active(self) -> bool:
        """Something waits, or is not written yet."""
        return bool(self._waiting_since) or any(counted.changed for _, counted in self._runs.values())

    def observe(self, instance: InstanceId, run: RunReport) -> None:
        """The instance's current run is like this just now."""
        known, counted = self._runs.get(instance, ("", None))
        if counted is not None and known != run.id:
            self._conclude(instance)
            counted = None
        if run.over:
            if counted is not None:
                self._count(instance, counted, None, run.started + run.seconds)
                self._conclude(instance)
            return
        since = run.waits_since
        if counted is None:
            if since is None:
                return
            counted = BlockedTime()
            self._runs[instance] = (run.id, counted)
            if self._own_runs is not None:
                self._own_runs.add(run.id)
        self._count(instance, counted, since, self._clock())
        if self.active:
            self.activated()

    def _count(self, instance: InstanceId, counted: BlockedTime, since: float | None, now: float) -> None:
        before = counted.stretch
        counted.observe(since, now, self._wall() - (self._clock() - now))
        if counted.stretch is not None and counted.stretch is not before:
            self._stretches.append(counted.stretch)
        if since is None:
            self._waiting_since.pop(instance, None)
        else:
            self._waiting_since[instance] = since

    def _conclude(self, instance: InstanceId) -> None:
        """The run is over, or was followed by another."""
        run, counted = self._runs.pop(instance)
        self._waiting_since.pop(instance, None)
        self._write(self._changed_days(instance, run, counted))
        self._turn_the_day()
        if today := counted.days.get(self._today):
            self._others[instance] = self._others.get(instance, Blocked()) + today

    def step(self) -> None:
        """Count what goes on, and write what has changed."""
        self._count_on()
        self._write(
            [
                day
                for instance, (run, counted) in self._runs.items()
                for day in self._changed_days(instance, run, counted)
            ]
        )

    def forget_instance(self, instance: InstanceId) -> None:
        """It was removed; what it waited stays in the sums."""
        if instance in self._runs:
            self._conclude(instance)

    def write_again(self) -> None:
        """The history was begun anew: what goes on now has to be in it."""
        for _, counted in self._runs.values():
            counted.changed.update(counted.days)
        self.step()

    def today(self) -> Mapping[InstanceId, Blocked]:
        """By instance, also of those that were removed, since midnight and up to now."""
        self._count_on()
        self._turn_the_day()
        sums = dict(self._others)
        for instance, (_, counted) in self._runs.items():
            if today := counted.days.get(self._today):
                sums[instance] = sums.get(instance, Blocked()) + today
        return sums

    def since(self, moment: float) -> float:
        """Seconds that all instances together waited from ``moment`` (seconds since 1970) on, as far as this Podium
        saw it.
        """
        self._count_on()
        return sum(stretch.after(moment) for stretch in self._stretches)

    def load(
        self,
        hand_over: Callable[[Callable[[Any], None], object], None],
        known: Callable[[], None] = lambda: None,
    ) -> None:
        """Read what earlier Podiums counted today. ``hand_over`` calls with a value on the window's thread; there
        ``known`` is called when it is in.
        """
        day = self._day()

        def take(found: tuple[BlockedDay, ...]) -> None:
            self._take_earlier(day, found)
            known()

        def then(found: tuple[BlockedDay, ...]) -> None:
            hand_over(take, found)

        if not self._history.ask(
            lambda database: blocked.of_day(database, day), then, lambda _error: then(())
        ):
            self._own_runs = None

    def _take_earlier(self, day: str, found: Iterable[BlockedDay]) -> None:
        own, self._own_runs = self._own_runs or set(), None
        self._turn_the_day()
        if day != self._today:
            return
        for one in found:
            if one.run not in own:
                instance = InstanceId(one.instance)
                self._others[instance] = self._others.get(instance, Blocked()) + one.blocked

    def _count_on(self) -> None:
        now = self._clock()
        for instance, since in tuple(self._waiting_since.items()):
            self._count(instance, self._runs[instance][1], since, now)

    def _turn_the_day(self) -> None:
        day = self._day()
        if day != self._today:
            self._today = day
            self._others.clear()

    def _day(self) -> str:
        return time.strftime("%Y-%m-%d", time.localtime(self._wall()))

    def _changed_days(self, instance: InstanceId, run: str, counted: BlockedTime) -> list[BlockedDay]:
        days = [BlockedDay(day, instance, run, counted.days[day]) for day in sorted(counted.changed)]
        counted.changed.clear()
        return days

    def _write(self, days: list[BlockedDay]) -> None:
        if days:
            self._history.submit(lambda database: blocked.record(database, days))
