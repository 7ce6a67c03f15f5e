"""When Python looks for garbage: on the window's thread alone, and never for long.

Python collects on whichever thread comes to it. Among the garbage may be widgets and timers, and Qt's objects that
are destroyed on another thread than their own take the process with them. So nothing is collected by itself, and
who makes much garbage on other threads has the window look (the control API does, after each turn of its calls).
"""

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

_LOOK_MS: Final = 1000
_YOUNG: Final = 1_000
"""New objects between two looks. A look at ten thousand would hold up the window for several frames."""
_YOUNG_LOOKS: Final = 5
"""So many looks at the young make one at the middle-aged."""
_MIDDLE_LOOKS: Final = 50
"""So many of those make one at all there is, when nothing else happens: it takes several frames' time."""
_MOST_MIDDLE_LOOKS: Final = 2_000
"""Then it is time, whatever happens."""


class Collector(QObject):
    """Lives on the window's thread. What is there when it is made, or at ``settle``, is never looked at again."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self.settle()
        self._busy = False
        timer = QTimer(self)
        timer.setInterval(_LOOK_MS)
        timer.timeout.connect(self._on_time)
        timer.start()

    def settle(self) -> None:
        """Walking through all that was loaded and built, again and again, would take two frames' time."""
        gc.freeze()

    def look(self) -> None:
        """Collect what is due, while things happen; costs next to nothing when nothing is."""
        self._busy = True
        self._collect(_MOST_MIDDLE_LOOKS)

    def _on_time(self) -> None:
        busy, self._busy = self._busy, False
        self._collect(_MOST_MIDDLE_LOOKS if busy else _MIDDLE_LOOKS)

    def _collect(self, most_middle_looks: int) -> None:
        young, young_looks, middle_looks = gc.get_count()
        if middle_looks > most_middle_looks:
            gc.collect(2)
        elif young > _YOUNG:
            gc.collect(1 if young_looks > _YOUNG_LOOKS else 0)
