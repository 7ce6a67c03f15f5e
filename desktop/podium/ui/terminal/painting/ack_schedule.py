"""How much of the window's time one terminal may take for painting, whatever its program prints."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

from podium.core.clock import Clock, monotonic

SHARE: Final = 0.25
"""Of the window's thread, for the terminal with the keyboard, and for all others in sight together."""


class PaintBudget:
    """Holds the next frame back until the last one's painting has paid for itself.

    A session sends a frame only when the one before is acknowledged. So the cheaper frames are here, the more of
    them come: a key's echo costs next to nothing and never waits, floods in four panes leave the window its time.
    """

    def __init__(self, parent: QObject, pay: Callable[[], None], clock: Clock = monotonic) -> None:
        """``pay`` is called once what was spent has been waited for, if ``settle`` asked for it."""
        self.share = SHARE
        self._clock = clock
        self._free_at = 0.0
        self._pay = pay
        self._timer = QTimer(parent)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(pay)

    def spent(self, seconds: float) -> None:
        """So much went into painting just now."""
        now = self._clock()
        self._free_at = max(self._free_at, now) + seconds * (1 / self.share - 1)

    def settle(self) -> None:
        """Call ``pay`` as soon as nothing is owed: at once, or later."""
        wait = self._free_at - self._clock()
        if wait < 0.001:
            self._timer.stop()
            self._pay()
        elif not self._timer.isActive():
            self._timer.start(round(wait * 1000))
