"""Which card or row is chosen, and whether a key may answer it yet. Qt-free."""

from collections.abc import Sequence
from typing import Final

from podium.core.clock import Clock
from podium.ui.inbox.contents import Card, Member

SETTLE: Final = 0.3
"""Seconds for which a card that has just come under the selection takes no answer: it can't have been read."""

Entry = Card | Member
_Question = tuple[int, str, tuple[str, str, tuple[str, ...]] | None]


class Selection:
    """Stays on the same alerts whatever comes and goes around them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: tuple[Entry, ...] = ()
        self._at = -1
        self._came_at: dict[_Question, float] = {}
        """When each question came to be what it is."""
        self._moved_at = 0.0
        """When the selection went elsewhere by itself."""

    @property
    def index(self) -> int:
        """Of the chosen entry; -1 for none."""
        return self._at

    @property
    def entry(self) -> Entry | None:
        return self._entries[self._at] if self._at >= 0 else None

    def show(self, entries: Sequence[Entry]) -> None:
        """These are the entries from now on, the cards first.

        What was chosen stays chosen where any of it is left, else its place is: after a card a card, if there is any.
        """
        before = self.entry
        now = self._clock()
        here = [_question(member) for entry in entries for member in _members(entry)]
        self._came_at = {question: self._came_at.get(question, now) for question in here}
        self._entries = tuple(entries)
        wanted = _numbers(before) if before is not None else frozenset()
        kept = [len(_numbers(entry) & wanted) for entry in self._entries]
        if any(kept):
            self._at = kept.index(max(kept))
            if not _numbers(self._entries[self._at]) <= wanted:
                self._moved_at = now  # Others have joined it: an answer would be meant for fewer.
        else:
            cards = sum(isinstance(entry, Card) for entry in self._entries)
            last = (cards if cards and isinstance(before, Card) else len(self._entries)) - 1
            self._at = min(max(self._at, 0), last)
            self._moved_at = now

    def forget(self) -> None:
        """Begin anew at the first of the entries that are shown next."""
        self._entries, self._at = (), -1

    def choose(self, index: int) -> None:
        """A person chooses an entry."""
        if 0 <= index < len(self._entries):
            self._at = index

    def step(self, by: int) -> None:
        """A person moves on by so many entries."""
        if self._entries:
            self._at = min(max(self._at + by, 0), len(self._entries) - 1)

    def settled(self) -> bool:
        """Whether what is chosen has been there for long enough to have been read."""
        entry = self.entry
        if entry is None:
            return False
        came = max(self._came_at[_question(member)] for member in _members(entry))
        return self._clock() >= max(came, self._moved_at) + SETTLE


def _members(entry: Entry) -> tuple[Member, ...]:
    return entry.members if isinstance(entry, Card) else (entry,)


def _numbers(entry: Entry) -> frozenset[int]:
    return frozenset(member.number for member in _members(entry))


def _question(member: Member) -> _Question:
    """What is read of an alert: it may be known only in part at first."""
    asked = member.alert.asked
    what = (asked.text, asked.subject, asked.options) if asked is not None else None
    return member.number, member.alert.question, what
