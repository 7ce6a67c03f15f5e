"""Schedules the acknowledgement of frames, which limits the share of the window's time one terminal takes."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

from podium.core.clock import Clock, monotonic

SHARE: Final = 0.25
"""Of the window's thread, for the terminal with the keyboard, and for all others in sight together."""


class AckSchedule:
    """Acknowledges the last frame once painting has taken no more than its share of the time.

    A session sends a frame only when the one before is acknowledged. So the cheaper frames are here, the more of
    them come: a key's echo costs next to nothing and never waits, floods in four panes leave the window its time.
    """

    def __init__(self, parent: QObject, acknowledge: Callable[[int], None], clock: Clock = monotonic) -> None:
        """``acknowledge`` is called with a frame's number, once for each frame at most."""
        self.share = SHARE
        self._clock = clock
        self._free_at = 0.0
        self._unacknowledged: int | None = None
        self._send = acknowledge
        self._timer = QTimer(parent)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.acknowledge)

    def set_share(self, focused: bool, visible_count: int) -> None:
        """``visible_count`` terminals are in sight; those without the keyboard share one share."""
        self.share = SHARE if focused else SHARE / max(1, visible_count - 1)

    def spent(self, seconds: float) -> None:
        """So much went into painting just now."""
        now = self._clock()
        self._free_at = max(self._free_at, now) + seconds * (1 / self.share - 1)

    def take_frame(self, number: int) -> None:
        """A frame has come. It is not acknowledged yet."""
        self._unacknowledged = number

    def schedule_ack(self) -> None:
        """Acknowledge as soon as the share allows: at once, or later."""
        wait = self._free_at - self._clock()
        if wait < 0.001:
            self.acknowledge()
        elif not self._timer.isActive():
            self._timer.start(round(wait * 1000))

    def acknowledge(self) -> None:
        """Acknowledge now, if a frame waits for it."""
        self._timer.stop()
        if self._unacknowledged is not None:
            number, self._unacknowledged = self._unacknowledged, None
            self._send(number)

    def pause(self) -> None:
        """The terminal is out of view: its last frame waits for the next ``acknowledge``."""
        self._timer.stop()

    def forget(self) -> None:
        """The session that sent the frame is gone."""
        self._timer.stop()
        self._unacknowledged = None
