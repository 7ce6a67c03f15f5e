"""What the page is asked to show: conditions, a range of days, an order. No Qt in here."""

from datetime import date, timedelta
from typing import Final

import msgspec

from podium.core.ids import InstanceId
from podium.core.runs import RunOutcome
from podium.history.run_list import RunOrder
from podium.history.runs import RunFilter
from podium.ui.history.words import day_span, day_start

RANGES: Final = (7, 14, 30, 90)
"""Choices of days; None is all there is."""
USUAL_RANGE: Final = 14
MOST_PLOTTED: Final = 30
"""Days of a plot."""


class Wanted(msgspec.Struct, frozen=True):
    """A choice of runs."""

    text: str = ""
    outcome: RunOutcome | None = None
    instance: InstanceId | None = None
    days: int | None = USUAL_RANGE
    day: str | None = None
    """One day of the plot, ``2026-01-31``."""
    order: RunOrder = RunOrder.STARTED
    ascending: bool = False

    @property
    def grouped(self) -> bool:
        """Whether days have headers."""
        return self.order is RunOrder.STARTED

    def range(self, today: date) -> RunFilter:
        """The range of days alone."""
        return RunFilter(since=self._since(today))

    def plotted(self, today: date) -> RunFilter:
        """All conditions but the one day."""
        return RunFilter(
            since=self._since(today), text=self.text, outcome=self.outcome, instance=self.instance
        )

    def filter(self, today: date) -> RunFilter:
        """All conditions."""
        wanted = self.plotted(today)
        if self.day is None:
            return wanted
        since, until = day_span(self.day)
        return msgspec.structs.replace(wanted, since=since, until=until)

    def plotted_days(self, today: date) -> tuple[str, ...]:
        """The days of the plot, the oldest first."""
        count = min(self.days or MOST_PLOTTED, MOST_PLOTTED)
        return tuple((today - timedelta(days=back)).isoformat() for back in range(count - 1, -1, -1))

    def _since(self, today: date) -> float | None:
        return day_start(today - timedelta(days=self.days - 1)) if self.days is not None else None
