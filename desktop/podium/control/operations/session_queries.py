"""The API's own questions to sessions, apart from those of panes and workspace: screens, lines, watches, taps.

It sits between the backend and the workspace: what answers one of its questions stays here, the rest goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from podium.core.ids import InstanceId
from podium.core.protocol.backend import BackendListener, SessionBackend, WorkerState, WorkerStatus
from podium.core.protocol.frames import Attributes, Line
from podium.core.protocol.reports import (
    ErrorReport,
    LinesReport,
    MatchedReport,
    OutputReport,
    Report,
    ScreenReport,
    SubmittedReport,
    TappedReport,
    TextReport,
    WatchingReport,
)
from podium.core.protocol.requests import (
    MAX_WATCHES,
    Control,
    Request,
    ScreenWanted,
    Tap,
    TapCredit,
    TextWanted,
    Untap,
    Unwatch,
    Watch,
)

_OWN_REQUESTS: Final = 1 << 40
"""Requests are numbered from here, apart from those of workspace and panes."""
MAX_QUESTIONS: Final = 256
"""Questions that may wait for answers of one instance: one that hangs must not use up the others'."""
_DIED: Final = "Its session ended before it had taken in the pattern; make it simpler, or ask again."
_ALIVE: Final = frozenset({WorkerState.RUNNING, WorkerState.STOPPING})


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer, in words for a person; ``gone`` when there is no session (any more), ``crowded`` when
    others have to be answered first.
    """

    reason: str
    gone: bool = False
    crowded: bool = False


_ENDED: Final = Failure("Its session ended before it could answer.", gone=True)


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


@dataclass(slots=True)
class _Question:
    instance: InstanceId
    receive: "Callable[[ScreenNow | Failure | None], None]"
    head: ScreenReport | None = None
    lines: list[Line] = field(default_factory=list)
    attributes: dict[int, Attributes] = field(default_factory=dict)
    first: int | None = None


@dataclass(slots=True)
class _Watching:
    instance: InstanceId
    request: Watch
    receive: Callable[[str | Failure], None]
    suspect: bool = False
    """A session has its pattern and has not said yet that it can live with it."""


@dataclass(slots=True)
class _Tapping:
    instance: InstanceId
    receive: Callable[[bytes], None]
    ended: Callable[[], None]
    credit: int = 0
    """What was granted and not used yet, as far as is known here."""


class SessionQueries:
    """A BackendListener in front of another. All methods are called on the window's thread."""

    def __init__(self, backend: SessionBackend, onward: BackendListener, observer: BackendListener) -> None:
        """``onward`` is who heard of the backend before and hears of the rest; ``observer`` hears of it after that,
        and of what only the API has a use for.
        """
        self._backend = backend
        self._onward = onward
        self._observer = observer
        self._numbers = count(_OWN_REQUESTS)
        self._questions: dict[int, _Question] = {}
        self._watching: dict[int, _Watching] = {}
        self._tapping: dict[int, _Tapping] = {}
        backend.set_listener(self)

    # Questions

    def screen(
        self,
        instance: InstanceId,
        receive: Callable[[ScreenNow | Failure | None], None],
        first: int | None = None,
        count: int = 0,
    ) -> int:
        """Hand the screen to ``receive``, or why it can't be had; see ScreenWanted for ``first`` and ``count``. Returns
        the question's number.
        """
        return self._ask(instance, receive, lambda number: ScreenWanted(number, first, count))

    def control(
        self,
        instance: InstanceId,
        make: Callable[[int], Control],
        receive: Callable[[ScreenNow | Failure | None], None],
    ) -> int:
        """Send a command to the program; None when it was passed on. Returns the question's number."""
        # A session answers in order and errors first: when the text is there, no error has come.
        return self._ask(instance, receive, make, lambda number: TextWanted(number, (0, 0), (0, 0)))

    def _ask(
        self,
        instance: InstanceId,
        receive: Callable[[ScreenNow | Failure | None], None],
        *make: Callable[[int], Request],
        send: Callable[[Request], bool] | None = None,
    ) -> int:
        number = next(self._numbers)
        if sum(question.instance == instance for question in self._questions.values()) >= MAX_QUESTIONS:
            receive(Failure("Too many questions wait for its session."))
            return number
        self._questions[number] = _Question(instance, receive)
        send = send or (lambda request: self._backend.send_to(instance, request))
        try:
            sent = all(send(one(number)) for one in make)
        except BaseException:
            self._questions.pop(number, None)
            raise
        if not sent and self._questions.pop(number, None) is not None:
            receive(Failure("It has no session to ask.", gone=True))
        return number

    def drop(self, number: int) -> None:
        """Nobody waits for the answer to this question any more."""
        self._questions.pop(number, None)

    def type(
        self,
        send: Callable[[Request], bool],
        instance: InstanceId,
        make: Callable[[int], Request],
        receive: Callable[[ScreenNow | Failure | None], None],
    ) -> int:
        """Type something through ``send``; None when all of it was typed. Returns the question's number."""
        return self._ask(instance, receive, make, send=send)

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
        """Look out for text or quiet; outlives the session: the next one goes on with it. Returns its number.

        A pattern that no session has accepted yet may be what its session died of; no other one gets it then.
        """
        number = next(self._numbers)
        if sum(other.instance == instance for other in self._watching.values()) >= MAX_WATCHES:
            receive(Failure(f"{MAX_WATCHES} clients wait for its screen already.", crowded=True))
            return number
        watching = _Watching(instance, Watch(number, text, quiet, new), receive)
        self._watching[number] = watching
        try:
            self._send(watching)
        except BaseException:
            self._watching.pop(number, None)
            raise
        return number

    def unwatch(self, number: int) -> None:
        watching = self._watching.pop(number, None)
        if watching is not None:
            self._backend.send_to(watching.instance, Unwatch(number))

    # Taps

    def tap(self, instance: InstanceId, receive: Callable[[bytes], None], ended: Callable[[], None]) -> int:
        """Hand the raw terminal to ``receive``, as far as ``grant`` allows; ``ended`` when the instance is gone."""
        number = next(self._numbers)
        self._tapping[number] = _Tapping(instance, receive, ended)
        self._backend.send_to(instance, Tap(number))
        return number

    def grant(self, number: int, credit: int) -> None:
        tapping = self._tapping.get(number)
        if tapping is not None:
            tapping.credit += credit
            self._backend.send_to(tapping.instance, TapCredit(number, credit))

    def untap(self, number: int) -> None:
        tapping = self._tapping.pop(number, None)
        if tapping is not None:
            self._backend.send_to(tapping.instance, Untap(number))

    def forget(self, instance: InstanceId) -> None:
        """The instance is gone: nobody waits for it any more."""
        gone = Failure("The instance was removed.", gone=True)
        self._fail(instance, gone)
        for number, watching in tuple(self._watching.items()):
            if watching.instance == instance:
                del self._watching[number]
                watching.receive(gone)
        for number, tapping in tuple(self._tapping.items()):
            if tapping.instance == instance:
                del self._tapping[number]
                tapping.ended()

    # BackendListener

    def worker_changed(self, status: WorkerStatus) -> None:
        self._onward.worker_changed(status)
        self._observer.worker_changed(status)
        if status.state is WorkerState.RUNNING:
            self._take_up(status.instance)
        else:
            self._fail(status.instance, _ENDED)
            if status.state not in _ALIVE:
                self._fail_suspects(status.instance)

    def session_reported(self, instance: InstanceId, report: Report) -> None:
        match report:
            case ScreenReport() | LinesReport() | TextReport() | SubmittedReport() if (
                report.request in self._questions
            ):
                self._on_answer(report)
            case MatchedReport():
                watching = self._watching.pop(report.request, None)
                if watching is not None:
                    watching.receive(report.text)
            case WatchingReport():
                if report.request in self._watching:
                    self._watching[report.request].suspect = False
            case TappedReport():
                tapping = self._tapping.get(report.request)
                if tapping is not None:
                    tapping.credit -= len(report.data)
                    tapping.receive(report.data)
            case ErrorReport() if report.request is not None and report.request >= _OWN_REQUESTS:
                self._on_error(report.request, report.message)
            case ScreenReport() | LinesReport() | TextReport() if report.request >= _OWN_REQUESTS:
                pass  # Nobody waits for it any more.
            case OutputReport():
                self._observer.session_reported(instance, report)
            case _:
                self._onward.session_reported(instance, report)
                self._observer.session_reported(instance, report)

    # Inside

    def _on_answer(self, report: ScreenReport | LinesReport | TextReport | SubmittedReport) -> None:
        question = self._questions[report.request]
        if isinstance(report, ScreenReport):
            question.head = report
            return
        if isinstance(report, TextReport | SubmittedReport):
            self._settle(report.request, None)
            return
        question.first = report.first if question.first is None else question.first
        question.lines += report.lines
        question.attributes.update((entry.number, entry.attributes) for entry in report.attributes)
        if not report.more and question.head is not None:
            attributes = {0: Attributes()} | question.attributes
            rows = Rows(report.line_epoch, question.first, tuple(question.lines), attributes)
            self._settle(report.request, ScreenNow(question.head, rows))

    def _on_error(self, number: int, message: str) -> None:
        if number in self._questions:
            self._settle(number, Failure(message))
        watching = self._watching.pop(number, None)
        if watching is not None:
            watching.receive(Failure(message))
        tapping = self._tapping.pop(number, None)
        if tapping is not None:
            tapping.ended()

    def _settle(self, number: int, outcome: ScreenNow | Failure | None) -> None:
        self._questions.pop(number).receive(outcome)

    def _take_up(self, instance: InstanceId) -> None:
        """A new session is ready: what was watched and tapped goes on there."""
        for watching in tuple(self._watching.values()):
            if watching.instance == instance:
                self._send(watching)
        for number, tapping in tuple(self._tapping.items()):
            if tapping.instance == instance:
                self._backend.send_to(instance, Tap(number, max(0, tapping.credit)))

    def _send(self, watching: _Watching) -> None:
        sent = self._backend.send_to(watching.instance, watching.request)
        watching.suspect = sent and watching.request.has_pattern

    def _fail(self, instance: InstanceId, failure: Failure) -> None:
        for number, question in tuple(self._questions.items()):
            if question.instance == instance:
                self._settle(number, failure)

    def _fail_suspects(self, instance: InstanceId) -> None:
        for number, watching in tuple(self._watching.items()):
            if watching.instance == instance and watching.suspect:
                del self._watching[number]
                watching.receive(Failure(_DIED))
