"""The view's size on its way to the session, as columns and lines."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

from podium.core.protocol.requests import Resize

RESIZE_DELAY_MS: Final = 60
"""Every size on the way of a dragged edge would make the program redraw."""


class SizeSender(QObject):
    """Sends a size once it has settled, and none twice in a row."""

    def __init__(
        self, measure: Callable[[], Resize], send: Callable[[Resize], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._measure = measure
        self._send = send
        self._sent: Resize | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(RESIZE_DELAY_MS)
        self._timer.timeout.connect(self._on_settled)

    def schedule(self) -> None:
        """The size may have changed, and may go on to."""
        self._timer.start()

    def send_first(self) -> None:
        """Send the size at once if the session has none yet."""
        if self._sent is None:
            self._timer.stop()
            self._on_settled()

    def _on_settled(self) -> None:
        size = self._measure()
        if size != self._sent:
            self._sent = size
            self._send(size)
