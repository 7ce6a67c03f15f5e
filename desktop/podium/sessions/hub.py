"""The session hub: it takes the reports of all sessions, whatever runs them, and passes them to subscribers.

Made once, in ``app``. All methods are called on the window's thread. No Qt in here.
"""

from collections import deque
from collections.abc import Callable
from typing import Final, TypeVar

import msgspec

from podium.core.ids import InstanceId
from podium.core.protocol.backend import SessionBackend, SessionSink, WorkerState, WorkerStatus
from podium.core.protocol.reports import ErrorReport, Report
from podium.core.protocol.requests import Request
from podium.sessions.queries import PendingQueries, PendingQuery, Query, Receive, Reply, SessionGone
from podium.sessions.subscriptions import Subscription, Subscriptions

_R = TypeVar("_R")
_ENDED: Final = "Its session ended before it could answer."
_REMOVED: Final = "The instance was removed."


class SessionHub:
    """A SessionSink. All receivers get all news in the same order: what happens in the course of a delivery is
    delivered after it.
    """

    def __init__(self, connect: Callable[[SessionSink], SessionBackend]) -> None:
        """``connect`` makes the backend that delivers to the sink it is given."""
        self._subscriptions = Subscriptions()
        self._queries = PendingQueries()
        self._inbox: deque[tuple[InstanceId, Report | WorkerStatus]] = deque()
        self._delivering = False
        self.backend = connect(self)
        """Spawns and ends the sessions."""

    # Subscriptions

    def subscribe(self, kind: type[_R], receive: Callable[[InstanceId, _R], None]) -> Subscription:
        """Call ``receive`` with the instance and each report of this ``kind``, or WorkerStatus."""
        return self._subscriptions.add(kind, None, receive)

    def subscribe_to(
        self, instance: InstanceId, kind: type[_R], receive: Callable[[_R], None]
    ) -> Subscription:
        """Call ``receive`` with each report of this ``kind`` of one instance, until that is removed."""
        return self._subscriptions.add(kind, instance, lambda _instance, news: receive(news))

    # Requests

    def send(self, instance: InstanceId, request: Request) -> bool:
        """Hand ``request`` to the session. False when it is not running or its queue is full."""
        return self.backend.send_to(instance, request)

    def ask(
        self,
        instance: InstanceId,
        receive: Receive,
        query: Query,
        *more: Query,
        send: Callable[[Request], bool] | None = None,
    ) -> PendingQuery | None:
        """Send ``query``, and ``more`` under the same number, through ``send`` if there is one; hand all that answers
        them to ``receive``, at last an end: the last reply, an ErrorReport or SessionGone. The hub gives the number;
        replies come back under the one in ``query``. None when nothing was sent, and ``receive`` knows why.
        """
        pending = self._queries.add(instance, query, receive)
        if pending is None:
            receive(ErrorReport("Too many questions wait for its session.", query.request))
            return None
        send = send or (lambda request: self.backend.send_to(instance, request))
        try:
            sent = all(send(msgspec.structs.replace(one, request=pending.number)) for one in (query, *more))
        except BaseException:
            pending.cancel()
            raise
        if not sent:
            pending.deliver(SessionGone("It has no session to ask."))
            return None
        return pending

    def forget(self, instance: InstanceId) -> None:
        """The instance was removed: drop its requests."""
        self._queries.fail(instance, _REMOVED, standing=True)
        self._subscriptions.forget(instance)

    # SessionSink

    def worker_changed(self, status: WorkerStatus) -> None:
        self._deliver(status.instance, status)

    def session_reported(self, instance: InstanceId, report: Report) -> None:
        self._deliver(instance, report)

    def _deliver(self, instance: InstanceId, news: Report | WorkerStatus) -> None:
        self._inbox.append((instance, news))
        if self._delivering:
            return
        self._delivering = True
        try:
            while self._inbox:
                self._deliver_now(*self._inbox.popleft())
        finally:
            self._delivering = False

    def _deliver_now(self, instance: InstanceId, news: Report | WorkerStatus) -> None:
        if isinstance(news, Reply) and news.request:
            self._queries.answer(instance, news)
            return
        for receiver in (*self._subscriptions.of(type(news), instance), *self._subscriptions.of(type(news))):
            receiver.deliver(instance, news)
        if isinstance(news, WorkerStatus) and news.state is not WorkerState.RUNNING:
            self._queries.fail(instance, _ENDED, standing=news.state is not WorkerState.STOPPING)
