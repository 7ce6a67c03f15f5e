"""Whether a person is there: they were, when they last used a key in the window or moved the pointer."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from podium.core.clock import Clock, monotonic

_LOOK_MS: Final = 10_000
"""How often the pointer is looked at. It moves in other programs too: whoever moves it is at the machine."""


class Presence(QObject):
    """Times are of ``clock``, in seconds."""

    changed = Signal()
    """The person has gone away, or is back."""

    def __init__(
        self,
        pointer: Callable[[], object] | None = None,
        clock: Clock = monotonic,
        parent: QObject | None = None,
    ) -> None:
        """``pointer`` is where the pointer is; None where there is none."""
        super().__init__(parent)
        self._find_pointer = pointer or (lambda: None)
        self._clock = clock
        self._used_at = clock()
        self._pointer: object = None
        self._limit: float | None = None
        self._away = False
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)

    @property
    def away(self) -> bool:
        return self._away

    @property
    def used_at(self) -> float:
        """When the person was last there, as far as is known."""
        return self._used_at

    def set_limit(self, seconds: float | None) -> None:
        """After so long a person counts as away; None: never."""
        self._limit = seconds
        self._pointer = None
        if seconds is None:
            self._timer.stop()
        else:
            self._timer.start()
        self._look()

    def touch(self) -> None:
        """The person is there."""
        if self._away:
            self._away = False
            self.changed.emit()
        self._used_at = self._clock()

    def _look(self) -> None:
        pointer = self._find_pointer()
        if self._pointer is not None and pointer != self._pointer:
            self.touch()
        self._pointer = pointer
        limit = self._limit
        away = limit is not None and self._clock() - self._used_at >= limit
        if away and not self._away:
            self._away = True
            self.changed.emit()
        elif not away and limit is None and self._away:
            self.touch()
