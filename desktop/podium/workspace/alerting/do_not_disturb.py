"""Whether a person wants to be left alone: what is asked shows in the window, and nothing calls for them."""

from math import inf
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from podium.core.clock import Clock, wall

_LONGEST_WAIT_MS: Final = 60_000
"""A clock may be set, and a machine may sleep: the end is looked for this often."""


_LONGEST: Final = 7 * 86_400.0
"""Seconds: a clock that was wrong may have made it longer."""


class DoNotDisturb(QObject):
    """Belongs to the workspace. Times are seconds since 1970."""

    changed = Signal()

    def __init__(self, clock: Clock = wall, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._until = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_due)

    @property
    def active(self) -> bool:
        return self._clock() < self._until

    @property
    def until(self) -> float:
        """When it ends; ``inf`` when a person has to end it, 0.0 when it is off."""
        return self._until if self.active else 0.0

    def saved(self) -> float | None:
        """``until`` as ``restore`` takes it, in numbers that every file can hold: None for ``inf``."""
        return None if self.until == inf else self.until

    def restore(self, saved: float | None) -> None:
        """Go on as at the last end. What lies further ahead than a person can have chosen lasts until they end it."""
        self.turn_on(inf if saved is None or saved > self._clock() + _LONGEST else saved)

    def turn_on(self, until: float = inf) -> None:
        self._until = until
        self._keep_time()
        self.changed.emit()

    def turn_on_for(self, seconds: float) -> None:
        self.turn_on(self._clock() + seconds)

    def turn_off(self) -> None:
        self.turn_on(0.0)

    def _keep_time(self) -> None:
        if self.active and self._until != inf:
            left = round((self._until - self._clock()) * 1000) + 1
            self._timer.start(min(_LONGEST_WAIT_MS, left))
        else:
            self._timer.stop()

    def _on_due(self) -> None:
        self._keep_time()
        if not self.active:
            self.changed.emit()
