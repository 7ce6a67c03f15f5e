"""The bounds of a listener's connections. No aiohttp in here.

A connection is pending until its first request is authorized. Pending ones have little time and a bound of their own:
beyond it the oldest of the peer that has the most is dropped, so that the holder of a token always gets to show it.
Authorized ones are limited by peer.
"""

from collections import Counter
from collections.abc import Hashable
from typing import Protocol

from podium.control.api.limits import MAX_ALL_CONNECTIONS, MAX_CONNECTIONS, MAX_PENDING


class Droppable(Protocol):
    """A connection."""

    def drop(self) -> None:
        """End it at once."""


class Admission:
    """The connections of one listener."""

    def __init__(
        self,
        pending: int = MAX_PENDING,
        of_one_peer: int = MAX_CONNECTIONS,
        authorized: int = MAX_ALL_CONNECTIONS,
    ) -> None:
        self._max_pending = pending
        self._max_of_one_peer = of_one_peer
        self._max_authorized = authorized
        self._pending: dict[Droppable, Hashable] = {}
        self._authorized: dict[Droppable, Hashable] = {}

    def add(self, connection: Droppable, peer: Hashable) -> None:
        """``connection`` was made. Another pending one may be dropped for it."""
        self._pending[connection] = peer
        if len(self._pending) > self._max_pending:
            counted = Counter(self._pending.values())
            crowd = max(counted, key=counted.__getitem__)
            oldest = next(one for one, of in self._pending.items() if of == crowd)
            del self._pending[oldest]
            oldest.drop()

    def is_pending(self, connection: Droppable) -> bool:
        return connection in self._pending

    def authorize(self, connection: Droppable, peer: Hashable) -> bool:
        """Count ``connection`` as an authorized one of ``peer``. False, and dropped, where there are too many."""
        if connection in self._authorized:
            return True
        present = self._pending.pop(connection, None) is not None
        taken = tuple(self._authorized.values())
        if not present or len(taken) >= self._max_authorized or taken.count(peer) >= self._max_of_one_peer:
            connection.drop()
            return False
        self._authorized[connection] = peer
        return True

    def remove(self, connection: Droppable) -> None:
        """``connection`` has ended."""
        self._pending.pop(connection, None)
        self._authorized.pop(connection, None)
