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
_YOUNG_LOOKS: Final = 20
_MIDDLE_LOOKS: Final = 50
"""So many looks at the young make one at the middle-aged; so many of those one at all of them."""


class Collector(QObject):
    """Lives on the window's thread. What is there when it is made, or at ``settle``, is never looked at again."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self.settle()
        timer = QTimer(self)
        timer.setInterval(_LOOK_MS)
        timer.timeout.connect(self.look)
        timer.start()

    def settle(self) -> None:
        """Walking through all that was loaded and built, again and again, would take two frames' time."""
        gc.freeze()

    def look(self) -> None:
        """Collect what is due; costs next to nothing when nothing is."""
        young, young_looks, middle_looks = gc.get_count()
        if young <= _YOUNG:
            return
        if young_looks <= _YOUNG_LOOKS:
            gc.collect(0)
        elif middle_looks <= _MIDDLE_LOOKS:
            gc.collect(1)
        else:
            gc.collect(2)
