"""The places that have to stay on their text when the session's lines flow anew at another width. Qt-free.

The session follows them. What a view was asked to do meanwhile is not lost: it counts from where it was then.
"""

from typing import Final, NamedTuple

from podium.core.protocol.frames import Frame, Place
from podium.core.protocol.requests import Follow

_MOST_ON_THE_WAY: Final = 64
"""Requests that are remembered while no frame says which of them was the last to arrive in time."""


class ViewPlaces(NamedTuple):
    """The first line of a view that is scrolled up, the ends of what is selected in it, and where copy mode is: its
    cursor, and where it began to select.
    """

    top: Place | None = None
    selected: tuple[Place, ...] = ()
    copying: tuple[Place, ...] = ()

    @classmethod
    def of(cls, places: tuple[Place, ...], like: "ViewPlaces") -> "ViewPlaces":
        """``places`` in the order in which ``like.all()`` gives them."""
        top, rest = (None, places) if like.top is None else (places[0], places[1:])
        selected = len(like.selected)
        return cls(top, rest[:selected], rest[selected:])

    def all(self) -> tuple[Place, ...]:
        above = () if self.top is None else (self.top,)
        return (*above, *self.selected, *self.copying)


class Following:
    """What a session was asked to follow, and where it went."""

    def __init__(self) -> None:
        self._sent: dict[int, ViewPlaces] = {}
        self._number = 0
        self._line_epoch = 0

    def is_followed(self, places: ViewPlaces, line_epoch: int) -> bool:
        """Whether the session follows ``places``, or need not follow any."""
        last = self._sent.get(self._number, ViewPlaces())
        return (places == last and line_epoch == self._line_epoch) or not (places.all() or last.all())

    def request(self, places: ViewPlaces, line_epoch: int) -> Follow:
        """The request that makes the session follow ``places``."""
        self._number += 1
        self._line_epoch = line_epoch
        self._sent[self._number] = places
        if len(self._sent) > _MOST_ON_THE_WAY:
            del self._sent[next(iter(self._sent))]
        return Follow(self._number, line_epoch, places.all())

    def moved(self, frame: Frame) -> tuple[ViewPlaces, ViewPlaces] | None:
        """Places that were followed and where they are in ``frame``, the first of a line epoch. None when the session
        followed none that are still known.
        """
        before = self._sent.get(frame.followed)
        self._sent.clear()
        if before is None or len(before.all()) != len(frame.places):
            return None
        last = max(0, frame.first_line + frame.lines - 1)
        places = [
            (min(max(line, 0), last), min(max(column, 0), frame.columns)) for line, column in frame.places
        ]
        after = ViewPlaces.of(tuple(places), before)
        # The session goes on with these.
        self._number, self._line_epoch = max(self._number, frame.followed), frame.line_epoch
        self._sent[frame.followed] = self._sent[self._number] = after
        return before, after

    def clear(self) -> None:
        """Another session knows nothing of what was followed."""
        self._sent.clear()
