"""The calls for a person: which are raised, which are withdrawn, and what a person has not seen yet.

A question is raised once, after it has stood for 300 ms, and not while a person looks at it. What has ended is raised
like that too; a bell never is, it only leaves its mark. An alert is withdrawn when its question has ended, when
something else is to be told of the instance, and when a person looks at it.
"""

from collections import deque
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

import msgspec

from podium.attention.signals import Attention, AttentionState
from podium.core.ids import InstanceId
from podium.core.protocol.attention import Question

HOLD: Final = 0.3
"""Seconds that something must stand to be raised: what is answered by itself at once alarms nobody."""
BURST: Final = 3
"""Alerts of one instance that are raised within BURST_SECONDS; later ones wait for those to pass."""
BURST_SECONDS: Final = 60.0


class AlertKind(StrEnum):
    QUESTION = "question"
    FAILED = "failed"
    DONE = "done"
    BELL = "bell"


class Alert(msgspec.Struct, frozen=True):
    """Something that one instance wants to tell a person."""

    number: int
    """Of no other alert in this process."""
    instance: InstanceId
    kind: AlertKind
    since: float
    """Of the clock of the caller."""
    question: str = ""
    asked: Question | None = None
    """The question as it stands on the screen, where it was found there."""
    seen: bool = False
    """A person has looked at it since."""


class Raised(msgspec.Struct, frozen=True):
    """A person is to be told."""

    alert: Alert


class Withdrawn(msgspec.Struct, frozen=True):
    """An alert that was raised no longer counts."""

    alert: Alert


AlertChange = Raised | Withdrawn


class _Item(msgspec.Struct):
    alert: Alert
    due: float | None
    """When it is raised; None when it was, or never will be."""
    raised: bool = False


ALERT_KINDS: Final = {
    AttentionState.WAITING: AlertKind.QUESTION,
    AttentionState.DONE: AlertKind.DONE,
    AttentionState.FAILED: AlertKind.FAILED,
}


class AlertPolicy:
    """At most one alert for each instance. ``step`` when ``next_deadline`` has come."""

    def __init__(self) -> None:
        self._items: dict[InstanceId, _Item] = {}
        self._raised_at: dict[InstanceId, deque[float]] = {}
        self._watched: InstanceId | None = None
        self._changes: list[AlertChange] = []
        self._number = 0

    # What there is

    @property
    def watched(self) -> InstanceId | None:
        """What a person looks at."""
        return self._watched

    def alert(self, instance: InstanceId) -> Alert | None:
        """What the instance has to tell, seen or not."""
        item = self._items.get(instance)
        return item.alert if item is not None else None

    def open(self) -> tuple[Alert, ...]:
        """All questions, and all else that was not seen; the oldest first."""
        alerts: Iterable[Alert] = (item.alert for item in self._items.values())
        shown = (alert for alert in alerts if alert.kind is AlertKind.QUESTION or not alert.seen)
        return tuple(sorted(shown, key=lambda alert: (alert.since, alert.number)))

    def take_changes(self) -> tuple[AlertChange, ...]:
        """What was raised and withdrawn since the last call, in order."""
        changes, self._changes = tuple(self._changes), []
        return changes

    def next_deadline(self) -> float | None:
        """The time at which ``step`` may change something."""
        return min((item.due for item in self._items.values() if item.due is not None), default=None)

    # What happens

    def on_attention(self, instance: InstanceId, attention: Attention, now: float) -> None:
        """The program of ``instance`` needs something else, or the same."""
        kind = ALERT_KINDS.get(attention.state)
        before = self.alert(instance)
        if kind is None:
            if before is not None and before.kind is not AlertKind.BELL:
                self._drop(instance)
        elif before is not None and _is_same(before, kind, attention):
            self._items[instance].alert = msgspec.structs.replace(
                before,
                since=attention.since,
                question=attention.question or before.question,
                asked=attention.asked or before.asked,
            )
        else:
            self._drop(instance)
            self._add(instance, kind, attention.since, now, attention)

    def on_bell(self, instance: InstanceId, now: float) -> None:
        before = self.alert(instance)
        if instance != self._watched and (before is None or (before.seen and before.kind is AlertKind.BELL)):
            self._drop(instance)
            self._add(instance, AlertKind.BELL, now, now)

    def watch(self, instance: InstanceId | None, now: float) -> None:
        """A person looks at ``instance`` from now on, or at none of them."""
        self._watched = instance
        if instance is not None:
            self.see(instance)
        self.step(now)

    def see(self, instance: InstanceId) -> None:
        """A person has seen what ``instance`` has to tell."""
        item = self._items.get(instance)
        if item is not None and not item.alert.seen:
            item.alert = msgspec.structs.replace(item.alert, seen=True)
            item.due = None
            self._withdraw(item)

    def remove(self, instance: InstanceId) -> None:
        self._drop(instance)
        self._raised_at.pop(instance, None)

    def step(self, now: float) -> None:
        """Let time do what it does."""
        for instance, item in self._items.items():
            if item.due is None or now < item.due:
                continue
            if instance == self._watched:
                self.see(instance)
                continue
            times = self._raised_at.setdefault(instance, deque(maxlen=BURST))
            if len(times) == BURST and now < times[0] + BURST_SECONDS:
                item.due = times[0] + BURST_SECONDS
                continue
            times.append(now)
            item.due, item.raised = None, True
            self._changes.append(Raised(item.alert))

    def _add(
        self,
        instance: InstanceId,
        kind: AlertKind,
        since: float,
        now: float,
        attention: Attention | None = None,
    ) -> None:
        self._number += 1
        question = attention.question if attention is not None else ""
        asked = attention.asked if attention is not None else None
        alert = Alert(self._number, instance, kind, since, question, asked)
        due = None if kind is AlertKind.BELL else max(now, since + HOLD)
        self._items[instance] = _Item(alert, due)
        if instance == self._watched and kind is not AlertKind.QUESTION:
            self.see(instance)
        self.step(now)

    def _drop(self, instance: InstanceId) -> None:
        item = self._items.pop(instance, None)
        if item is not None:
            self._withdraw(item)

    def _withdraw(self, item: _Item) -> None:
        if item.raised:
            item.raised = False
            self._changes.append(Withdrawn(item.alert))


def _is_same(before: Alert, kind: AlertKind, attention: Attention) -> bool:
    """Whether ``attention`` is what ``before`` tells already: a question may be recognized piece by piece."""
    if before.kind is not kind or attention.since > before.since:
        return False
    if kind is not AlertKind.QUESTION:
        return attention.since == before.since
    if before.asked is not None and attention.asked is not None:
        return (before.asked.text, before.asked.subject) == (attention.asked.text, attention.asked.subject)
    return not before.question or attention.question in ("", before.question)
