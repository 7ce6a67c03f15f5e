"""Which connections of a listener may stay. No aiohttp in here.

A connection is a stranger until its first request was let in. Strangers have little time and a room of their own:
when that is full, the oldest of the peer that has the most makes way, so that whoever has a token always gets to show
it. Those who were let in are limited by peer.
"""

from collections import Counter
from collections.abc import Hashable
from typing import Protocol

from podium.control.api.limits import MAX_ALL_CONNECTIONS, MAX_CONNECTIONS, MAX_STRANGERS


class Guest(Protocol):
    """A connection."""

    def turn_away(self) -> None:
        """End it at once."""


class Admission:
    """The connections of one listener."""

    def __init__(
        self,
        strangers: int = MAX_STRANGERS,
        of_one_peer: int = MAX_CONNECTIONS,
        all_known: int = MAX_ALL_CONNECTIONS,
    ) -> None:
        self._most_strangers = strangers
        self._most_of_one = of_one_peer
        self._most_known = all_known
        self._strangers: dict[Guest, Hashable] = {}
        self._known: dict[Guest, Hashable] = {}

    def arrive(self, guest: Guest, peer: Hashable) -> None:
        """``guest`` has connected. Another stranger may have to go for it."""
        self._strangers[guest] = peer
        if len(self._strangers) > self._most_strangers:
            counted = Counter(self._strangers.values())
            crowd = max(counted, key=counted.__getitem__)
            oldest = next(one for one, of in self._strangers.items() if of == crowd)
            del self._strangers[oldest]
            oldest.turn_away()

    def is_stranger(self, guest: Guest) -> bool:
        return guest in self._strangers

    def let_in(self, guest: Guest, peer: Hashable) -> bool:
        """A request of ``guest`` was let in, as one of ``peer``. False, and turned away, when there are too many."""
        if guest in self._known:
            return True
        present = self._strangers.pop(guest, None) is not None
        taken = tuple(self._known.values())
        if not present or len(taken) >= self._most_known or taken.count(peer) >= self._most_of_one:
            guest.turn_away()
            return False
        self._known[guest] = peer
        return True

    def leave(self, guest: Guest) -> None:
        self._strangers.pop(guest, None)
        self._known.pop(guest, None)
