"""Tells a person when missions and the tools that they work with have together spent most of the day's budget. Nothing
is stopped by it: that is for missions to do, which count their own costs alone.
"""

import time
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from podium.history import costs, session_costs
from podium.history.database import Database
from podium.history.writer import HistoryThread

_LOOK_EVERY_MS: Final = 60_000
_SHARES: Final = (0.8, 1.0)
"""Of the budget, at which it is told, once a day each."""

HandOver = Callable[[Callable[[Any], None], object], None]


class DayBudget(QObject):
    """Looks into the history once a minute while there is a budget; it is read on the history's thread."""

    reached = Signal(str)
    """Most of the budget is spent, or all of it; words for a person."""

    def __init__(
        self,
        history: HistoryThread,
        hand_over: HandOver,
        parent: QObject | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self._history = history
        self._hand_over = hand_over
        self._wall = wall
        self._usd = 0.0
        self._told: tuple[float, float] = (0.0, 0.0)
        """The last midnight of which something was told, and the highest share that was."""
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def set_usd(self, usd: float) -> None:
        """The budget from now on; 0 is none."""
        if usd != self._usd:
            self._usd = usd
            self._told = (0.0, 0.0)
        if usd:
            self._timer.start()
            self.look()
        else:
            self._timer.stop()

    def look(self) -> None:
        """See what was spent today."""
        midnight = _midnight(self._wall())

        def work(database: Database) -> tuple[float | None, float | None]:
            return costs.spent_since(database, midnight), session_costs.spent_since(database, midnight)

        def judge(spent: tuple[float | None, float | None]) -> None:
            missions, sessions = spent
            self._judge(midnight, missions or 0.0, sessions or 0.0)

        # Where the history can't be read, that is told by others.
        self._history.ask(work, lambda spent: self._hand_over(judge, spent), lambda _error: None)

    def _judge(self, midnight: float, missions: float, sessions: float) -> None:
        # Without sessions, missions tell it themselves.
        if not self._usd or not sessions:
            return
        share = (missions + sessions) / self._usd
        reached = max((limit for limit in _SHARES if share >= limit), default=0.0)
        told = self._told[1] if self._told[0] == midnight else 0.0
        if reached > told:
            self._told = (midnight, reached)
            self.reached.emit(
                f"${missions + sessions:.2f} was spent today, of a budget of ${self._usd:.2f}: ${missions:.2f} by "
                f"missions, ${sessions:.2f} by agents that you work with. Only missions stop at the budget, and only "
                "their own costs count for that."
            )


def _midnight(now: float) -> float:
    day = time.localtime(now)
    return time.mktime((day.tm_year, day.tm_mon, day.tm_mday, 0, 0, 0, 0, 0, -1))
