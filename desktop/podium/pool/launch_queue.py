"""Worker processes start a few at a time: many at once would take the processors from the window's thread.

Forking a worker takes the window less than a millisecond, but while 44 interpreters load on two cores each fork waits
50 ms for its turn.
"""

import os
from collections.abc import Callable, Collection
from typing import Final

from PySide6.QtCore import QObject, QTimer

from podium.core.ids import InstanceId

_AT_ONCE: Final = 1 + (os.cpu_count() or 2)
_PATIENCE_MS: Final = 500
"""A worker that takes longer to get ready does not delay the next."""


class LaunchQueue(QObject):
    """Lets workers start in the order they came, those in sight first."""

    def __init__(self, at_once: int = _AT_ONCE, parent: QObject | None = None) -> None:
        """``at_once`` is how many may be starting; after half a second the next starts all the same."""
        super().__init__(parent)
        self.in_sight: Callable[[], Collection[InstanceId]] = lambda: ()
        """The instances that a person looks at, the most important first."""
        self._at_once = at_once
        self._waiting: dict[InstanceId, Callable[[], None]] = {}
        self._starting: set[InstanceId] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._launch_next)

    def enter(self, instance: InstanceId, launch: Callable[[], None]) -> None:
        """Call ``launch``: now when there is room, else later."""
        self._starting.discard(instance)
        self._waiting[instance] = launch
        if len(self._waiting) == 1 and self._has_room:
            self._launch_next()
        elif not self._timer.isActive():
            self._plan()

    def leave(self, instance: InstanceId) -> bool:
        """Its worker is ready, has ended or is not wanted any more. True when it was not launched yet."""
        waited = self._waiting.pop(instance, None) is not None
        if instance in self._starting:
            self._starting.remove(instance)
            self._plan()
        return waited

    def waits(self, instance: InstanceId) -> bool:
        return instance in self._waiting

    @property
    def _has_room(self) -> bool:
        return len(self._starting) < self._at_once

    def _plan(self) -> None:
        if self._waiting:
            self._timer.start(0 if self._has_room else _PATIENCE_MS)

    def _launch_next(self) -> None:
        if not self._waiting:
            return
        first = next((id for id in self.in_sight() if id in self._waiting), None)
        instance = first if first is not None else next(iter(self._waiting))
        launch = self._waiting.pop(instance)
        self._starting.add(instance)
        launch()
        self._plan()
