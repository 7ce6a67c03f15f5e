"""When Python looks for garbage: on the window's thread alone, and never for long.

Python collects on whichever thread comes to it. Among the garbage may be widgets and timers, and Qt's objects that
are destroyed on another thread than their own take the process with them. So nothing is collected by itself, and
who makes much garbage on other threads has the window look (the control API does, after each turn of its calls).

A look at all there is takes several frames' time, so it is taken apart. What has survived a look is put where no
later one goes (``gc.freeze``): each looks only at what is new since. Now and then, when the window has been quiet for
a moment, and at the latest after some minutes, everything is looked at once.
"""

import gc
import logging
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

from podium.core.clock import Clock, monotonic

_LOOK_MS: Final = 1000
_YOUNG: Final = 1_000
"""New objects between two looks. A look at ten thousand would hold up the window for several frames."""
_YOUNG_LOOKS: Final = 5
"""So many looks at the young make one at the middle-aged."""
_STEP_SECONDS: Final = 20.0
"""Between two looks at all that is new since everything was looked at; what dies meanwhile waits no longer."""
_WHOLE_SECONDS: Final = 600.0
"""Between two looks at everything, whatever happens."""
_SHARE: Final = 500
"""A look that took long is taken more seldom: at most so much of the time goes into it."""
_QUIET_LOOKS: Final = 3
"""So many seconds in which nothing happened make a good moment."""
_QUIET_SHARE: Final = 20
"""The same for a window in which nothing happens."""
_LONG_SECONDS: Final = 0.1

_log = logging.getLogger(__name__)


class Collector(QObject):
    """Lives on the window's thread. What is there when it is made, or at ``settle``, is looked at seldom."""

    def __init__(self, parent: QObject | None = None, clock: Clock = monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        gc.disable()
        self.longest_pause = 0.0
        """Seconds that one look has taken at most."""
        self._busy = False
        self._quiet_looks = 0
        self._unseen = False
        """Something happened since everything was looked at."""
        self._step_after = self._whole_after = 0.0
        self._whole_pause = 0.0
        self._seen_at = clock()
        self.settle()
        timer = QTimer(self)
        timer.setInterval(_LOOK_MS)
        timer.timeout.connect(self._on_time)
        timer.start()

    def settle(self) -> None:
        """Walking through all that was loaded and built, again and again, would take two frames' time."""
        gc.freeze()
        self._step_after = max(self._step_after, self._clock() + _STEP_SECONDS)
        self._whole_after = max(self._whole_after, self._clock() + _WHOLE_SECONDS)

    def look(self) -> None:
        """Collect what is due, while things happen; costs next to nothing when nothing is."""
        self._busy = self._unseen = True
        self._collect()

    def _on_time(self) -> None:
        busy, self._busy = self._busy, False
        self._quiet_looks = 0 if busy else self._quiet_looks + 1
        if (
            self._unseen
            and self._quiet_looks >= _QUIET_LOOKS
            and self._clock() - self._seen_at >= self._whole_pause * _QUIET_SHARE
        ):
            self._look_at_everything()
        else:
            self._unseen = self._unseen or gc.get_count()[0] > _YOUNG
            self._collect()

    def _collect(self) -> None:
        now = self._clock()
        young, young_looks, _ = gc.get_count()
        if now >= self._whole_after and self._unseen:
            self._look_at_everything()
        elif now >= self._step_after:
            if any(gc.get_count()):
                self._timed(gc.collect)
                gc.freeze()
            self._step_after = self._clock() + _STEP_SECONDS
        elif young > _YOUNG:
            self._timed(lambda: gc.collect(1 if young_looks > _YOUNG_LOOKS else 0))

    def _look_at_everything(self) -> None:
        gc.unfreeze()
        self._whole_pause = pause = self._timed(gc.collect)
        gc.freeze()
        self._unseen = False
        self._seen_at = now = self._clock()
        self._step_after = now + _STEP_SECONDS
        self._whole_after = now + max(_WHOLE_SECONDS, pause * _SHARE)

    def _timed(self, collect: Callable[[], object]) -> float:
        began = self._clock()
        collect()
        pause = self._clock() - began
        if pause > max(self.longest_pause, _LONG_SECONDS):
            _log.info("Looking for garbage took %.0f ms", pause * 1000)
        self.longest_pause = max(self.longest_pause, pause)
        return pause
