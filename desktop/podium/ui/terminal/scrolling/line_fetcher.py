"""Asks the session for scrollback lines the view wants to show, at most once in a while."""

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from podium.core.protocol.requests import LinesWanted
from podium.ui.terminal.view_state import Scene

DELAY_MS: Final = 10
"""Scrolling quickly asks for lines at most once in this time."""


class LineFetcher(QObject):
    """Watches what a scene shows; never ticks while all of it is known."""

    requested = Signal(object)
    """A LinesWanted for the session."""

    def __init__(self, scene: Scene, next_request: Callable[[], int], parent: QObject) -> None:
        super().__init__(parent)
        self._scene = scene
        self._next_request = next_request
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._on_due)

    def view_moved(self) -> None:
        """What is shown may have changed."""
        if not self._scene.viewport.at_bottom and not self._timer.isActive():
            self._timer.start()

    def _on_due(self) -> None:
        scene, now = self._scene, time.monotonic()
        wanted = scene.line_requests.next_range(scene.viewport.top, max(1, scene.model.lines), now)
        if wanted is not None:
            request = self._next_request()
            scene.line_requests.sent(request, *wanted, now)
            self.requested.emit(LinesWanted(request, *wanted))
