"""Schedules Python's garbage collection: on the window's thread alone, and never for long.

Python collects on whichever thread allocates. Among the garbage may be widgets and timers, and Qt's objects that are
destroyed on another thread than their own take the process with them. So automatic collection is off, and code that
makes much garbage on other threads has the window collect (the control API does, after each batch of its calls).

A full collection takes several frames' time, so it is parted. What has survived a collection is frozen
(``gc.freeze``): each one walks only through what is new since. Now and then, when the window has been quiet for a
moment, and at the latest after some minutes, everything is thawed and collected at once.
"""

import gc
import logging
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

from podium.core.clock import Clock, monotonic

_TICK_MS: Final = 1000
_YOUNG: Final = 1_000
"""New objects between two collections. Ten thousand would hold up the window for several frames."""
_YOUNG_COLLECTIONS: Final = 5
"""Collections of the young generation between two of the middle one."""
_STEP_SECONDS: Final = 20.0
"""Between two collections of all that is not frozen; what dies meanwhile waits no longer."""
_WHOLE_SECONDS: Final = 600.0
"""Between two collections of everything, whatever happens."""
_SHARE: Final = 500
"""A collection that took long comes more seldom: it takes at most one part in so many of the time."""
_QUIET_TICKS: Final = 3
"""So many seconds in which nothing happened are a good moment to collect everything."""
_QUIET_SHARE: Final = 20
"""The same as ``_SHARE`` for a window in which nothing happens."""
_LONG_SECONDS: Final = 0.1

_log = logging.getLogger(__name__)


class GcScheduler(QObject):
    """Lives on the window's thread. What is there when it is made, or at ``freeze``, is collected seldom."""

    def __init__(self, parent: QObject | None = None, clock: Clock = monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        gc.disable()
        self.longest_pause = 0.0
        """Seconds that one collection has taken at most."""
        self._busy = False
        self._quiet_ticks = 0
        self._uncollected = False
        """Something happened since everything was collected."""
        self._step_after = self._whole_after = 0.0
        self._whole_pause = 0.0
        self._collected_at = clock()
        self.freeze()
        timer = QTimer(self)
        timer.setInterval(_TICK_MS)
        timer.timeout.connect(self._on_time)
        timer.start()

    def freeze(self) -> None:
        """Set aside what is there now: walking through all that was loaded and built takes two frames' time."""
        gc.freeze()
        self._step_after = max(self._step_after, self._clock() + _STEP_SECONDS)
        self._whole_after = max(self._whole_after, self._clock() + _WHOLE_SECONDS)

    def collect_some(self) -> None:
        """Collect what is due, while things happen; costs next to nothing when nothing is."""
        self._busy = self._uncollected = True
        self._collect()

    def _on_time(self) -> None:
        busy, self._busy = self._busy, False
        self._quiet_ticks = 0 if busy else self._quiet_ticks + 1
        if (
            self._uncollected
            and self._quiet_ticks >= _QUIET_TICKS
            and self._clock() - self._collected_at >= self._whole_pause * _QUIET_SHARE
        ):
            self._collect_everything()
        else:
            self._uncollected = self._uncollected or gc.get_count()[0] > _YOUNG
            self._collect()

    def _collect(self) -> None:
        now = self._clock()
        young, young_collections, _ = gc.get_count()
        if now >= self._whole_after and self._uncollected:
            self._collect_everything()
        elif now >= self._step_after:
            if any(gc.get_count()):
                self._timed(gc.collect)
                gc.freeze()
            self._step_after = self._clock() + _STEP_SECONDS
        elif young > _YOUNG:
            self._timed(lambda: gc.collect(1 if young_collections > _YOUNG_COLLECTIONS else 0))

    def _collect_everything(self) -> None:
        gc.unfreeze()
        self._whole_pause = pause = self._timed(gc.collect)
        gc.freeze()
        self._uncollected = False
        self._collected_at = now = self._clock()
        self._step_after = now + _STEP_SECONDS
        self._whole_after = now + max(_WHOLE_SECONDS, pause * _SHARE)

    def _timed(self, collect: Callable[[], object]) -> float:
        began = self._clock()
        collect()
        pause = self._clock() - began
        if pause > max(self.longest_pause, _LONG_SECONDS):
            _log.info("Collecting garbage took %.0f ms", pause * 1000)
        self.longest_pause = max(self.longest_pause, pause)
        return pause
