"""Subscriptions to messages of sessions, by kind and instance."""

import sys
from collections.abc import Callable
from typing import TypeAlias

from podium.core.ids import InstanceId

_Key: TypeAlias = tuple[type, InstanceId | None]


class Subscription:
    """Lasts until ``cancel``, which may come in the middle of a delivery."""

    def __init__(self, receive: Callable[..., None], leave: Callable[["Subscription"], None]) -> None:
        self._receive: Callable[..., None] | None = receive
        self._leave = leave

    def cancel(self) -> None:
        """Receive nothing any more."""
        if self._receive is not None:
            self._receive = None
            self._leave(self)

    def deliver(self, *news: object) -> None:
        """Call a receiver; its fault is reported and does not affect others."""
        if self._receive is not None:
            call_safely(self._receive, *news)


class Subscriptions:
    """Finds receivers by the type of the news and by the instance; None stands for all instances."""

    def __init__(self) -> None:
        self._places: dict[_Key, list[Subscription]] = {}

    def add(self, kind: type, instance: InstanceId | None, receive: Callable[..., None]) -> Subscription:
        key = (kind, instance)
        subscription = Subscription(receive, lambda leaving: self._remove(key, leaving))
        self._places.setdefault(key, []).append(subscription)
        return subscription

    def of(self, kind: type, instance: InstanceId | None = None) -> tuple[Subscription, ...]:
        """The current receivers: a delivery keeps to them even if some subscribe or leave meanwhile."""
        return tuple(self._places.get((kind, instance), ()))

    def forget(self, instance: InstanceId) -> None:
        """Cancel what was subscribed to of this instance alone."""
        for kind, of in tuple(self._places):
            if of == instance:
                for subscription in self.of(kind, instance):
                    subscription.cancel()

    def _remove(self, key: _Key, leaving: Subscription) -> None:
        place = self._places[key]
        place.remove(leaving)
        if not place:
            del self._places[key]


def call_safely(receive: Callable[..., None], *news: object) -> None:
    """Call ``receive``; what it raises is reported as that of a Qt slot is, and stops here."""
    try:
        receive(*news)
    except Exception:
        sys.excepthook(*sys.exc_info())
