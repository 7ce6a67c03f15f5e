"""What the inbox shows: a card for each question, one for all who ask the same, and what ended unseen. Qt-free."""

from collections.abc import Iterable, Set
from typing import Final

import msgspec

from podium.attention.alerts import Alert, AlertKind
from podium.attention.same_questions import Waiting, group
from podium.attention.signals import Attention, AttentionState, Source
from podium.workspace.views import InstanceView

NOTHING_APART: Final[frozenset[int]] = frozenset()


class Member(msgspec.Struct, frozen=True):
    """An instance with its alert."""

    view: InstanceView
    alert: Alert

    @property
    def number(self) -> int:
        """That of the alert, which no other one ever has."""
        return self.alert.number


class Card(msgspec.Struct, frozen=True):
    """A question, and all who ask it, the oldest first: one at least."""

    members: tuple[Member, ...]
    apart: bool = False
    """Others ask the same, and have cards of their own because a person wants to see them one by one."""

    @property
    def first(self) -> Member:
        return self.members[0]

    @property
    def numbers(self) -> frozenset[int]:
        """Those of its alerts."""
        return frozenset(member.number for member in self.members)

    def can_say(self, *, allow: bool) -> bool:
        """Whether the keys are known that say so to all who ask."""
        asked = [member.alert.asked for member in self.members]
        return all(one is not None and bool(one.allow if allow else one.deny) for one in asked)


class Contents(msgspec.Struct, frozen=True):
    """The oldest question first; what ended last comes first."""

    cards: tuple[Card, ...] = ()
    ended: tuple[Member, ...] = ()

    @property
    def questions(self) -> int:
        return sum(len(card.members) for card in self.cards)


def contents(members: Iterable[Member], apart: Set[int] = NOTHING_APART) -> Contents:
    """The contents of ``members``, what their questions have in common taken together but for the alerts in ``apart``.

    A question that joins those that are apart is apart too.
    """
    members = tuple(members)
    asking = {member.view.id: member for member in members if member.alert.kind is AlertKind.QUESTION}
    cards: list[Card] = []
    for found in group(_waiting(member) for member in asking.values()):
        same = tuple(asking[instance] for instance in found.instances)
        if len(same) > 1 and any(member.number in apart for member in same):
            cards += [Card((member,), apart=True) for member in same]
        else:
            cards.append(Card(same))
    cards.sort(key=lambda card: (card.first.alert.since, card.first.number))
    ended = [member for member in members if member.alert.kind is not AlertKind.QUESTION]
    ended.sort(key=lambda member: (-member.alert.since, member.number))
    return Contents(tuple(cards), tuple(ended))


def same_as(card: Card, cards: Iterable[Card]) -> frozenset[int]:
    """The alerts that ask what ``card`` asks, its own too, among ``cards`` that are apart."""
    among = {member.view.id: member for one in cards if one.apart or one is card for member in one.members}
    for found in group(_waiting(member) for member in among.values()):
        if card.first.view.id in found.instances:
            return frozenset(among[instance].number for instance in found.instances)
    return card.numbers


def _waiting(member: Member) -> Waiting:
    alert = member.alert
    asks = Attention(AttentionState.WAITING, Source.SCREEN, alert.since, alert.question, alert.asked)
    return Waiting(member.view.id, member.view.attention.tool, asks)
