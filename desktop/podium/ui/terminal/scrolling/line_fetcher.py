"""Asks the session for scrollback lines that the view needs, at a limited rate."""

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from podium.core.protocol.requests import LinesWanted
from podium.ui.terminal.scrolling.scroll import LineRequests, Viewport

DELAY_MS: Final = 10
"""Scrolling quickly asks for lines at most once in this time."""


class LineFetcher(QObject):
    """Follows a viewport; never ticks while it is at the bottom, where every line is known."""

    requested = Signal(object)
    """A LinesWanted for the session."""

    def __init__(
        self,
        viewport: Viewport,
        line_requests: LineRequests,
        next_request: Callable[[], int],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._viewport = viewport
        self._line_requests = line_requests
        self._next_request = next_request
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self._on_due)

    def view_moved(self) -> None:
        """The viewport may have moved."""
        if not self._viewport.at_bottom and not self._timer.isActive():
            self._timer.start()

    def fetch_now(self) -> None:
        """Every line is unknown: ask without waiting for more to be wanted."""
        if not self._viewport.at_bottom:
            self._timer.stop()
            self._on_due()

    def _on_due(self) -> None:
        now = time.monotonic()
        wanted = self._line_requests.next_range(now)
        if wanted is not None:
            request = self._next_request()
            self._line_requests.sent(request, *wanted, now)
            self.requested.emit(LinesWanted(request, *wanted))
