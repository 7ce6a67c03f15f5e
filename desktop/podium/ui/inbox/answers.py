"""The answers that a person gives in the inbox, from a key to what became of them."""

from collections.abc import Callable, Set
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from podium.core.ids import InstanceId
from podium.core.protocol.attention import Question
from podium.ui.inbox.contents import Card, Member

STAYS_MS: Final = 400
"""How long a card says that it was answered."""
LINGERS_MS: Final = 600
"""For so much longer it does where the alert has not gone by then: what asks the same again after that asks anew."""

Ask = Callable[[InstanceId, Question, bool, Callable[[str], None]], None]
"""Answers a question of an instance with yes or no, and calls back once: with "", or with why it was not answered."""


class Batch:
    """One answer to all who ask on a card."""

    def __init__(self, card: Card, *, allow: bool) -> None:
        self.card = card
        self.allow = allow
        self.reasons: dict[int, str] = {}
        """By alert: "" for those who took it, else why not. As long as the answer is on its way there is none."""

    @property
    def over(self) -> bool:
        return len(self.reasons) == len(self.card.members)

    @property
    def taken(self) -> int:
        return sum(not reason for reason in self.reasons.values())

    @property
    def word(self) -> str:
        """What the card says of it."""
        count = len(self.card.members)
        if not self.over:
            return "Allowing…" if self.allow else "Denying…"
        done = "Allowed" if self.allow else "Denied"
        if not self.taken:
            return ""
        return (
            done
            if count == 1
            else f"{done} {self.taken} of {count}"
            if self.taken < count
            else f"{done} all {count}"
        )


class InboxAnswers(QObject):
    """An alert is answered once at a time; the card of one that was answered stays for a moment."""

    changed = Signal()

    def __init__(self, ask: Ask, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ask = ask
        self._batches: list[Batch] = []
        self._refused: dict[int, str] = {}
        self._open: Set[int] = frozenset()

    @property
    def batches(self) -> tuple[Batch, ...]:
        """Those on their way, and those whose cards still say what became of them."""
        return tuple(self._batches)

    def batch(self, card: Card) -> Batch | None:
        return next((batch for batch in self._batches if batch.card is card), None)

    def busy(self) -> frozenset[int]:
        """The alerts of all batches."""
        return frozenset().union(*(batch.card.numbers for batch in self._batches))

    def refusal(self, member: Member) -> str:
        """Why the last answer did not take; "" when there was none, or when it did."""
        return self._refused.get(member.number, "")

    def give(self, card: Card, *, allow: bool) -> None:
        """Answer all who ask on ``card``. Does nothing where an answer is on its way, or the keys are not known."""
        if not card.can_say(allow=allow) or card.numbers & self.busy():
            return
        batch = Batch(card, allow=allow)
        self._batches.append(batch)
        for member in card.members:
            self._refused.pop(member.number, None)
        self.changed.emit()
        for member in card.members:
            asked = member.alert.asked
            assert asked is not None  # can_say
            self._ask(member.view.id, asked, allow, self._receiver(batch, member))

    def keep(self, numbers: Set[int]) -> None:
        """Only these alerts are left: what is known of others is forgotten."""
        self._open = numbers
        self._refused = {number: why for number, why in self._refused.items() if number in numbers}

    def _receiver(self, batch: Batch, member: Member) -> Callable[[str], None]:
        def receive(reason: str) -> None:
            batch.reasons[member.number] = reason
            if reason:
                self._refused[member.number] = reason
            if batch.over:
                QTimer.singleShot(STAYS_MS if batch.taken else 0, self, lambda: self._on_told(batch))
            self.changed.emit()

        return receive

    def _on_told(self, batch: Batch) -> None:
        """A person has had the time to read what became of it."""
        taken = {number for number, reason in batch.reasons.items() if not reason}
        if taken & self._open:
            QTimer.singleShot(LINGERS_MS, self, lambda: self._end(batch))
        else:
            self._end(batch)

    def _end(self, batch: Batch) -> None:
        self._batches.remove(batch)
        self.changed.emit()
