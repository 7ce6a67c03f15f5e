"""Tells the session which places of its text the view has to find again, once they have settled."""

from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer

from podium.core.protocol.requests import Follow

DELAY_MS: Final = 30
"""Scrolling and selecting move places all the time."""


class Follower(Protocol):
    """The state of a view, as the sender sees it."""

    @property
    def is_followed(self) -> bool: ...
    def follow_request(self) -> Follow: ...


class PlaceSender(QObject):
    """A new size is to be sent after ``send_now``: then the session has heard of all places before it reflows."""

    def __init__(self, follower: Follower, send: Callable[[Follow], None], parent: QObject) -> None:
        super().__init__(parent)
        self._follower = follower
        self._send = send
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.send_now)

    def view_moved(self) -> None:
        """What the view shows or what is selected in it may have moved."""
        if not self._timer.isActive() and not self._follower.is_followed:
            self._timer.start()

    def send_now(self) -> None:
        self._timer.stop()
        if not self._follower.is_followed:
            self._send(self._follower.follow_request())
