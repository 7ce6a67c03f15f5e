"""Requests that wait for answers of sessions: numbered from one space, bounded, each answered to its end."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Final, TypeAlias

import msgspec

from podium.core.ids import InstanceId
from podium.core.protocol.attention import AnsweredReport, AnswerQuestion, PromptReport, SubmitPrompt
from podium.core.protocol.command_reports import FailedReport, RanOutputReport, RanReport
from podium.core.protocol.command_requests import (
    CommandsWanted,
    CommandTextWanted,
    FailedWanted,
    PromptWanted,
    RanOutputWanted,
    RanWanted,
    RunAtPrompt,
)
from podium.core.protocol.finding import Find, FindLines
from podium.core.protocol.images import ImageReport, ImageWanted
from podium.core.protocol.reports import (
    AcknowledgedReport,
    CommandsReport,
    ErrorReport,
    FoldersReport,
    ForegroundReport,
    FoundLinesReport,
    FoundReport,
    LinesReport,
    MatchedReport,
    ScreenReport,
    StaleReport,
    SubmittedReport,
    TappedReport,
    TextReport,
    WatchingReport,
)
from podium.core.protocol.requests import (
    Control,
    FoldersWanted,
    ForegroundWanted,
    LinesWanted,
    ScreenWanted,
    SendText,
    Tap,
    TextWanted,
    Watch,
)
from podium.sessions.subscriptions import call_safely

MAX_PENDING: Final = 512
"""Queries of one instance that may wait: one that hangs must not use up memory."""

Query: TypeAlias = (
    LinesWanted
    | TextWanted
    | ImageWanted
    | CommandsWanted
    | PromptWanted
    | CommandTextWanted
    | FailedWanted
    | RanWanted
    | RanOutputWanted
    | ScreenWanted
    | SendText
    | RunAtPrompt
    | Control
    | Watch
    | Tap
    | ForegroundWanted
    | Find
    | FindLines
    | FoldersWanted
    | AnswerQuestion
    | SubmitPrompt
)
"""A request that is answered under its number."""
Reply: TypeAlias = (
    LinesReport
    | TextReport
    | ImageReport
    | StaleReport
    | CommandsReport
    | FailedReport
    | RanReport
    | RanOutputReport
    | ScreenReport
    | SubmittedReport
    | MatchedReport
    | WatchingReport
    | TappedReport
    | ForegroundReport
    | FoundReport
    | FoundLinesReport
    | FoldersReport
    | AnsweredReport
    | PromptReport
    | AcknowledgedReport
    | ErrorReport
)
"""An answer of a session, or a part of it. An ErrorReport says why there is none."""
_STANDING: Final = (Watch, Tap, Find, SubmitPrompt)
"""Requests that a session still answers while it is ending."""


@dataclass(frozen=True, slots=True)
class SessionGone:
    """There is no session, or it ended before it had answered; words for a person."""

    reason: str


Receive: TypeAlias = Callable[[Reply | SessionGone], None]


class PendingQuery:
    """A query on its way. Nothing comes of it after ``cancel``."""

    def __init__(
        self,
        number: int,
        own_number: int,
        standing: bool,
        receive: Receive,
        leave: Callable[["PendingQuery"], None],
    ) -> None:
        self.number = number
        """The number it has in its session."""
        self.standing = standing
        self._own_number = own_number
        self._receive: Receive | None = receive
        self._leave = leave

    @property
    def waits(self) -> bool:
        """Whether more of an answer may come."""
        return self._receive is not None

    def cancel(self) -> None:
        """Drop the request. The session gets no message about it."""
        if self._receive is not None:
            self._receive = None
            self._leave(self)

    def deliver(self, reply: Reply | SessionGone) -> None:
        """Hand on ``reply`` under the number that the asker gave its query."""
        receive = self._receive
        if receive is None:
            return
        if is_last(reply):
            self.cancel()
        if not isinstance(reply, SessionGone) and reply.request != self._own_number:
            reply = msgspec.structs.replace(reply, request=self._own_number)
        call_safely(receive, reply)


class PendingQueries:
    """All that wait, by instance and number."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._pending: dict[InstanceId, dict[int, PendingQuery]] = {}

    def add(self, instance: InstanceId, query: Query, receive: Receive) -> PendingQuery | None:
        """A place and a number for ``query``; None when there is no room."""
        if len(self._pending.get(instance, ())) >= MAX_PENDING:
            return None
        number = next(self._numbers)
        standing = isinstance(query, _STANDING)
        pending = PendingQuery(
            number, query.request, standing, receive, lambda leaving: self._remove(instance, leaving)
        )
        self._pending.setdefault(instance, {})[number] = pending
        return pending

    def answer(self, instance: InstanceId, reply: Reply) -> None:
        """Hand ``reply`` to the asker. A reply without an asker is dropped."""
        pending = self._pending.get(instance, {}).get(reply.request or 0)
        if pending is not None:
            pending.deliver(reply)

    def fail(self, instance: InstanceId, reason: str, *, standing: bool) -> None:
        """Tell those who wait that no answer comes; with ``standing`` also those of watches and taps."""
        for pending in tuple(self._pending.get(instance, {}).values()):
            if standing or not pending.standing:
                pending.deliver(SessionGone(reason))

    def _remove(self, instance: InstanceId, leaving: PendingQuery) -> None:
        pending = self._pending[instance]
        del pending[leaving.number]
        if not pending:
            del self._pending[instance]


def is_last(reply: Reply | SessionGone) -> bool:
    """Whether nothing follows ``reply``."""
    match reply:
        case LinesReport() | TextReport() | FoundLinesReport():
            return not reply.more
        case PromptReport():
            return reply.submitted
        case ScreenReport() | WatchingReport() | TappedReport() | FoundReport() | RanOutputReport():
            return False
    return True
