"""The API's own questions to sessions: screens, lines, what is typed, watches, taps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from podium.core.ids import InstanceId
from podium.core.protocol.attention import AnswerQuestion
from podium.core.protocol.backend import WorkerState, WorkerStatus
from podium.core.protocol.command_reports import RanOutputReport, RanReport
from podium.core.protocol.command_requests import RanOutputWanted, RanWanted, RunAtPrompt
from podium.core.protocol.frames import Attributes, Line
from podium.core.protocol.reports import (
    ErrorReport,
    LinesReport,
    MatchedReport,
    ScreenReport,
    TappedReport,
    TextReport,
    WatchingReport,
)
from podium.core.protocol.requests import (
    MAX_WATCHES,
    Control,
    Request,
    ScreenWanted,
    SendText,
    Tap,
    TapCredit,
    TextWanted,
    Untap,
    Unwatch,
    Watch,
)
from podium.sessions.found_lines import WideSearch
from podium.sessions.hub import SessionHub
from podium.sessions.queries import PendingQuery, Query, Reply, SessionGone

MAX_QUESTIONS: Final = 256
"""Questions that may wait for answers of one instance: the API must not use up what panes and workspace need."""
_DIED: Final = "Its session ended before it had taken in the pattern; make it simpler, or ask again."


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer, in words for a person; ``gone`` when there is no session (any more), ``crowded`` when
    others have to be answered first.
    """

    reason: str
    gone: bool = False
    crowded: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """Lines from absolute number ``first`` on, with what their attribute numbers mean."""

    line_epoch: int
    first: int
    lines: tuple[Line, ...]
    attributes: dict[int, Attributes]


@dataclass(frozen=True, slots=True)
class ScreenNow:
    head: ScreenReport
    rows: Rows


@dataclass(frozen=True, slots=True)
class PrintedOutput:
    """What a command has printed."""

    head: RanOutputReport
    text: str


Outcome = ScreenNow | RanReport | PrintedOutput | Failure | None


@dataclass(slots=True)
class _Question:
    instance: InstanceId
    receive: Callable[[Outcome], None]
    pending: PendingQuery | None = None
    head: ScreenReport | None = None
    output: RanOutputReport | None = None
    texts: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    attributes: dict[int, Attributes] = field(default_factory=dict)
    first: int | None = None


@dataclass(slots=True)
class _Watching:
    instance: InstanceId
    request: Watch
    receive: Callable[[str | Failure], None]
    pending: PendingQuery | None = None
    suspect: bool = False
    """A session has its pattern and has not accepted it yet."""


@dataclass(slots=True)
class _Tapping:
    instance: InstanceId
    receive: Callable[[bytes], None]
    ended: Callable[[], None]
    pending: PendingQuery | None = None
    credit: int = 0
    """Credit that was granted and not used yet, as far as is known here."""


class SessionQueries:
    """Sends questions through the hub, and repeats those that outlive a session. Called on the main thread."""

    def __init__(self, hub: SessionHub) -> None:
        self._hub = hub
        self._keys = count(1)
        self._questions: dict[int, _Question] = {}
        self._watching: dict[int, _Watching] = {}
        self._tapping: dict[int, _Tapping] = {}
        hub.subscribe(WorkerStatus, self._on_worker)

    # Questions

    def screen(
        self,
        instance: InstanceId,
        receive: Callable[[Outcome], None],
        first: int | None = None,
        count: int = 0,
        send: Callable[[Request], bool] | None = None,
    ) -> int:
        """Hand the screen to ``receive``, or why it can't be had; see ScreenWanted for ``first`` and ``count``. It is
        asked through ``send``, where that is given. Returns what ``drop`` takes, as the others do.
        """
        return self._ask(instance, receive, ScreenWanted(0, first, count), send=send)

    def control(
        self,
        instance: InstanceId,
        control: Control,
        receive: Callable[[Outcome], None],
    ) -> int:
        """Send a command to the program; None when it was passed on."""
        # A session answers in order and errors first: when the text is there, no error has come.
        return self._ask(instance, receive, control, TextWanted(0, (0, 0), (0, 0)))

    def type(
        self,
        send: Callable[[Request], bool],
        instance: InstanceId,
        text: SendText | RunAtPrompt,
        receive: Callable[[Outcome], None],
    ) -> int:
        """Type ``text`` through ``send``; None when all of it was typed."""
        return self._ask(instance, receive, text, send=send)

    def answer(
        self,
        instance: InstanceId,
        answer: AnswerQuestion,
        receive: Callable[[Outcome], None],
    ) -> int:
        """Answer an agent's question; None when it was, and has gone from the screen."""
        return self._ask(instance, receive, answer)

    def ran(
        self, instance: InstanceId, receive: Callable[[Outcome], None], wanted: RanWanted | RanOutputWanted
    ) -> int:
        """Hand ``receive`` the commands that its shell has run (RanReport), or what one of them has printed."""
        return self._ask(instance, receive, wanted)

    def search(
        self, instances: Sequence[InstanceId], send: Callable[[InstanceId, Request], bool]
    ) -> WideSearch:
        """A search of several instances, which are asked through ``send``."""
        return WideSearch(self._hub, instances, send)

    def drop(self, key: int) -> None:
        """Drop the question: its answer is no longer wanted."""
        question = self._questions.pop(key, None)
        if question is not None:
            _cancel(question.pending)

    def _ask(
        self,
        instance: InstanceId,
        receive: Callable[[Outcome], None],
        query: Query,
        *more: Query,
        send: Callable[[Request], bool] | None = None,
    ) -> int:
        key = next(self._keys)
        if sum(question.instance == instance for question in self._questions.values()) >= MAX_QUESTIONS:
            receive(Failure("Too many questions wait for its session.", crowded=True))
            return key
        question = self._questions[key] = _Question(instance, receive)
        try:
            question.pending = self._hub.ask(
                instance, lambda reply: self._on_answer(key, reply), query, *more, send=send
            )
        except BaseException:
            self._questions.pop(key, None)
            raise
        return key

    def _on_answer(self, key: int, reply: Reply | SessionGone) -> None:
        question = self._questions.get(key)
        if question is None:
            return
        match reply:
            case SessionGone(reason):
                self._settle(key, Failure(reason, gone=True))
            case ErrorReport(message):
                self._settle(key, Failure(message))
            case ScreenReport():
                question.head = reply
            case LinesReport():
                question.first = reply.first if question.first is None else question.first
                question.lines += reply.lines
                question.attributes.update((entry.number, entry.attributes) for entry in reply.attributes)
                if not reply.more and question.head is not None:
                    attributes = {0: Attributes()} | question.attributes
                    rows = Rows(reply.line_epoch, question.first, tuple(question.lines), attributes)
                    self._settle(key, ScreenNow(question.head, rows))
            case RanReport():
                self._settle(key, reply)
            case RanOutputReport():
                question.output = reply
            case TextReport() if question.output is not None:
                question.texts.append(reply.text)
                if not reply.more:
                    self._settle(key, PrintedOutput(question.output, "".join(question.texts)))
            case _:
                self._settle(key, None)

    def _settle(self, key: int, outcome: Outcome) -> None:
        question = self._questions.pop(key)
        _cancel(question.pending)
        question.receive(outcome)

    # Watches

    def watch(
        self,
        instance: InstanceId,
        receive: Callable[[str | Failure], None],
        *,
        text: str = "",
        quiet: float | None = None,
        new: bool | None = None,
    ) -> int:
        """Look out for text or quiet; outlives the session: the next one goes on with it. Returns what ``unwatch``
        takes.

        A pattern that no session has accepted yet may be what its session died of; no other one gets it then.
        """
        key = next(self._keys)
        if sum(other.instance == instance for other in self._watching.values()) >= MAX_WATCHES:
            receive(Failure(f"{MAX_WATCHES} clients wait for its screen already.", crowded=True))
            return key
        watching = self._watching[key] = _Watching(instance, Watch(0, text, quiet, new), receive)
        try:
            self._begin_watch(key, watching)
        except BaseException:
            self._watching.pop(key, None)
            raise
        return key

    def unwatch(self, key: int) -> None:
        watching = self._watching.pop(key, None)
        if watching is not None and watching.pending is not None:
            watching.pending.cancel()
            self._hub.send(watching.instance, Unwatch(watching.pending.number))

    def _begin_watch(self, key: int, watching: _Watching) -> None:
        watching.pending = self._hub.ask(
            watching.instance, lambda reply: self._on_watched(key, watching, reply), watching.request
        )
        watching.suspect = watching.pending is not None and watching.request.has_pattern

    def _on_watched(self, key: int, watching: _Watching, reply: Reply | SessionGone) -> None:
        match reply:
            case WatchingReport():
                watching.suspect = False
            case MatchedReport(text=text):
                self._end_watch(key, text)
            case ErrorReport(message):
                self._end_watch(key, Failure(message))
            case SessionGone() if watching.suspect:
                self._end_watch(key, Failure(_DIED))
            case _:
                watching.pending = None

    def _end_watch(self, key: int, outcome: str | Failure) -> None:
        watching = self._watching.pop(key, None)
        if watching is not None:
            watching.receive(outcome)

    # Taps

    def tap(self, instance: InstanceId, receive: Callable[[bytes], None], ended: Callable[[], None]) -> int:
        """Hand the raw terminal to ``receive``, as far as ``grant`` allows; ``ended`` when the instance is gone.
        Returns what ``grant`` and ``untap`` take.
        """
        key = next(self._keys)
        tapping = self._tapping[key] = _Tapping(instance, receive, ended)
        self._begin_tap(key, tapping)
        return key

    def grant(self, key: int, credit: int) -> None:
        tapping = self._tapping.get(key)
        if tapping is not None:
            tapping.credit += credit
            if tapping.pending is not None:
                self._hub.send(tapping.instance, TapCredit(tapping.pending.number, credit))

    def untap(self, key: int) -> None:
        tapping = self._tapping.pop(key, None)
        if tapping is not None and tapping.pending is not None:
            tapping.pending.cancel()
            self._hub.send(tapping.instance, Untap(tapping.pending.number))

    def _begin_tap(self, key: int, tapping: _Tapping) -> None:
        tapping.pending = self._hub.ask(
            tapping.instance,
            lambda reply: self._on_tapped(key, tapping, reply),
            Tap(0, max(0, tapping.credit)),
        )

    def _on_tapped(self, key: int, tapping: _Tapping, reply: Reply | SessionGone) -> None:
        match reply:
            case TappedReport(data=data):
                tapping.credit -= len(data)
                tapping.receive(data)
            case ErrorReport():
                if self._tapping.pop(key, None) is not None:
                    tapping.ended()
            case _:
                tapping.pending = None

    # What becomes of sessions

    def forget(self, instance: InstanceId) -> None:
        """The instance is gone: drop its questions."""
        gone = Failure("The instance was removed.", gone=True)
        for key, question in tuple(self._questions.items()):
            if question.instance == instance:
                self.drop(key)
                question.receive(gone)
        for key, watching in tuple(self._watching.items()):
            if watching.instance == instance:
                _cancel(watching.pending)
                self._end_watch(key, gone)
        for key, tapping in tuple(self._tapping.items()):
            if tapping.instance == instance:
                _cancel(tapping.pending)
                del self._tapping[key]
                tapping.ended()

    def _on_worker(self, instance: InstanceId, status: WorkerStatus) -> None:
        """A new session is ready: what was watched and tapped goes on there."""
        if status.state is not WorkerState.RUNNING:
            return
        for key, watching in tuple(self._watching.items()):
            if watching.instance == instance and watching.pending is None:
                self._begin_watch(key, watching)
        for key, tapping in tuple(self._tapping.items()):
            if tapping.instance == instance and tapping.pending is None:
                self._begin_tap(key, tapping)


def _cancel(pending: PendingQuery | None) -> None:
    if pending is not None:
        pending.cancel()
