"""Questions to many sessions in, one answer each out."""

from collections.abc import Callable
from typing import Any

import pytest

from podium.core.ids import InstanceId
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.frames import AttributeEntry, Cursor, Frame
from podium.core.protocol.reports import (
    ErrorReport,
    LinesReport,
    MatchedReport,
    Report,
    ScreenReport,
    TappedReport,
    TextReport,
    WatchingReport,
)
from podium.core.protocol.requests import (
    Control,
    ControlCommand,
    LinesWanted,
    ScreenWanted,
    Tap,
    TextWanted,
    Watch,
)
from podium.sessions.hub import SessionHub
from podium.sessions.queries import MAX_PENDING, SessionGone
from tests.sessions.instances import A, B, fail
from tests.workspace.doubles import FakeBackend

ENDINGS = [WorkerState.STOPPED, WorkerState.FAILED, WorkerState.BACKOFF, WorkerState.STARTING]


def numbers(backend: FakeBackend, instance: str, kind: type) -> list[int]:
    return [request.request for request in backend.requests(instance, kind)]  # type: ignore[attr-defined]


def test_a_reply_reaches_the_asker_alone_under_its_own_number(hub: SessionHub, backend: FakeBackend) -> None:
    """Two panes that number their requests alike, as they do."""
    answers: dict[InstanceId, list[Any]] = {A: [], B: []}
    broadcast: list[object] = []
    hub.subscribe(TextReport, lambda *news: broadcast.append(news))
    for instance in (A, B):
        assert hub.ask(instance, answers[instance].append, TextWanted(7))
    (of_a,), (of_b,) = numbers(backend, A, TextWanted), numbers(backend, B, TextWanted)
    assert of_a != of_b
    backend.report(B, TextReport(of_a, "b can't answer for a"))
    backend.report(A, TextReport(of_a, "one"))
    backend.report(B, TextReport(of_b, "two"))
    assert answers == {A: [TextReport(7, "one")], B: [TextReport(7, "two")]}
    assert broadcast == []


def test_two_who_ask_the_same_of_one_session_get_an_answer_each(
    hub: SessionHub, backend: FakeBackend
) -> None:
    answers: list[tuple[str, object]] = []
    for name in ("first", "second"):
        hub.ask(A, lambda reply, name=name: answers.append((name, reply)), TextWanted(1))  # type: ignore[misc]
    first, second = numbers(backend, A, TextWanted)
    backend.report(A, TextReport(second, "y"))
    backend.report(A, TextReport(first, "x"))
    assert answers == [("second", TextReport(1, "y")), ("first", TextReport(1, "x"))]


PARTS: list[tuple[Any, Callable[[int], list[Report]]]] = [
    (TextWanted(0), lambda n: [TextReport(n, "a", more=True), TextReport(n, "b")]),
    (LinesWanted(0, 0, 9), lambda n: [LinesReport(n, 0, 0, (), (), more=True), LinesReport(n, 0, 0, (), ())]),
    (
        ScreenWanted(0),
        lambda n: [
            ScreenReport(n, 80, 24, Cursor(), 0, 0, 0, 0),
            LinesReport(n, 0, 0, (), (AttributeEntry(1, _default()),)),
        ],
    ),
    (Watch(0, "a.b"), lambda n: [WatchingReport(n), MatchedReport(n, "axb")]),
    (Tap(0, 9), lambda n: [TappedReport(n, b"x"), TappedReport(n, b"y"), ErrorReport("too many", n)]),
    (Control(0, ControlCommand.COMMENT), lambda n: [ErrorReport("It does not listen.", n)]),
]


def _default() -> Any:
    from podium.core.protocol.frames import Attributes

    return Attributes()


@pytest.mark.parametrize(("query", "parts"), PARTS, ids=lambda value: type(value).__name__)
def test_an_answer_is_received_to_its_end_and_no_further(
    hub: SessionHub, backend: FakeBackend, query: Any, parts: Callable[[int], list[Report]]
) -> None:
    answers: list[Any] = []
    pending = hub.ask(A, answers.append, query)
    assert pending is not None
    (number,) = numbers(backend, A, type(query))
    replies = parts(number)
    for reply in replies:
        assert pending.waits
        backend.report(A, reply)
    assert not pending.waits
    assert [type(answer) for answer in answers] == [type(reply) for reply in replies]
    backend.report(A, replies[-1])
    backend.become(A, WorkerState.STOPPED)
    assert len(answers) == len(replies)


@pytest.mark.parametrize("state", ENDINGS)
def test_a_session_that_ends_answers_all_who_wait(
    hub: SessionHub, backend: FakeBackend, state: WorkerState
) -> None:
    answers: list[object] = []
    untouched: list[object] = []
    queries = (TextWanted(1), LinesWanted(1, 0, 5), ScreenWanted(1), Watch(1, "x"), Tap(1))
    for query in queries:
        hub.ask(A, answers.append, query)
    hub.ask(B, untouched.append, TextWanted(1))
    backend.become(A, state)
    assert len(answers) == len(queries)
    assert all(isinstance(answer, SessionGone) for answer in answers)
    assert untouched == []


def test_a_session_that_is_ending_still_answers_watches_and_taps(
    hub: SessionHub, backend: FakeBackend
) -> None:
    plain: list[object] = []
    standing: list[object] = []
    hub.ask(A, plain.append, TextWanted(1))
    hub.ask(A, standing.append, Tap(0, 100))
    backend.become(A, WorkerState.STOPPING)
    (number,) = numbers(backend, A, Tap)
    backend.report(A, TappedReport(number, b"last words"))
    assert [type(answer) for answer in plain] == [SessionGone]
    assert standing == [TappedReport(0, b"last words")]


@pytest.mark.parametrize(
    ("query", "stays"), [(Watch(1, "x"), True), (Tap(1), True), (ScreenWanted(1), False)]
)
def test_only_watches_and_taps_wait_for_a_session_that_is_ending(
    hub: SessionHub, backend: FakeBackend, query: Any, stays: bool
) -> None:
    answers: list[object] = []
    pending = hub.ask(A, answers.append, query)
    assert pending is not None
    backend.become(A, WorkerState.STOPPING)
    assert (pending.waits, answers == []) == (stays, stays)
    backend.become(A, WorkerState.STOPPED)
    assert [type(answer) for answer in answers] == [SessionGone]


@pytest.mark.parametrize("accepted", [True, False])
def test_a_request_that_needs_no_answer_is_taken_or_not(
    hub: SessionHub, backend: FakeBackend, accepted: bool
) -> None:
    backend.accepts = accepted
    assert hub.send(A, TextWanted(0)) is accepted


def test_without_a_session_the_asker_knows_at_once(hub: SessionHub, backend: FakeBackend) -> None:
    backend.become(A, WorkerState.STOPPED)
    answers: list[object] = []
    assert hub.ask(A, answers.append, TextWanted(1)) is None
    assert [type(answer) for answer in answers] == [SessionGone]


def test_a_removed_instance_answers_all_who_wait(hub: SessionHub, backend: FakeBackend) -> None:
    answers: list[object] = []
    frames: list[object] = []
    hub.ask(A, answers.append, Watch(1, "x"))
    hub.subscribe_to(A, Frame, frames.append)
    hub.forget(A)
    backend.report(A, Frame(1, 80, 24))
    assert answers == [SessionGone("The instance was removed.")]
    assert frames == []


def test_what_comes_too_late_is_dropped(hub: SessionHub, backend: FakeBackend) -> None:
    answers: list[object] = []
    errors: list[object] = []
    hub.subscribe(ErrorReport, lambda *news: errors.append(news))
    pending = hub.ask(A, answers.append, TextWanted(1))
    assert pending is not None
    pending.cancel()
    backend.report(A, TextReport(pending.number, "late"))
    backend.report(A, ErrorReport("late", pending.number))
    backend.become(A, WorkerState.STOPPED)
    assert answers == errors == []


def test_errors_and_lines_that_nobody_asked_for_are_news(hub: SessionHub, backend: FakeBackend) -> None:
    errors: list[object] = []
    lines: list[object] = []
    hub.subscribe(ErrorReport, lambda *news: errors.append(news))
    hub.subscribe_to(A, LinesReport, lines.append)
    backend.report(A, ErrorReport("It runs without limits."))
    backend.report(A, LinesReport(0, 0, 0, (), ()))
    assert errors == [(A, ErrorReport("It runs without limits."))]
    assert lines == [LinesReport(0, 0, 0, (), ())]


def test_queries_are_bounded_and_each_instance_has_its_own_room(
    hub: SessionHub, backend: FakeBackend
) -> None:
    refused: list[object] = []
    pending = [hub.ask(A, refused.append, TextWanted(3)) for _ in range(MAX_PENDING)]
    assert refused == []
    assert hub.ask(A, refused.append, TextWanted(3)) is None
    assert refused == [ErrorReport("Too many questions wait for its session.", 3)]
    assert hub.ask(B, refused.append, TextWanted(3)) is not None
    assert pending[0] is not None
    pending[0].cancel()
    assert hub.ask(A, refused.append, TextWanted(3)) is not None


def test_an_asker_may_ask_again_while_it_receives_its_answer(hub: SessionHub, backend: FakeBackend) -> None:
    """Its own place is free by then, even where all others are taken."""
    refused: list[object] = []
    asked: list[object] = []
    first = hub.ask(A, lambda _reply: asked.append(hub.ask(A, refused.append, TextWanted(1))), TextWanted(1))
    assert first is not None
    for _ in range(MAX_PENDING - 1):
        hub.ask(A, refused.append, TextWanted(1))
    backend.report(A, TextReport(first.number, ""))
    assert refused == []
    assert None not in asked


def test_a_thousand_answered_queries_leave_nothing(hub: SessionHub, backend: FakeBackend) -> None:
    answers: list[object] = []
    for _ in range(1000):
        pending = hub.ask(A, answers.append, TextWanted(1))
        assert pending is not None
        backend.report(A, TextReport(pending.number, ""))
    assert len(answers) == 1000
    assert hub._queries._pending == {}


def test_an_asker_that_raises_breaks_nothing(
    hub: SessionHub, backend: FakeBackend, faults: list[BaseException]
) -> None:
    answers: list[object] = []
    hub.ask(A, fail, TextWanted(1))
    hub.ask(A, answers.append, TextWanted(1))
    backend.become(A, WorkerState.STOPPED)
    assert [type(answer) for answer in answers] == [SessionGone]
    assert len(faults) == 1


def test_a_query_that_can_not_be_sent_leaves_nothing(
    hub: SessionHub, backend: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overflow(*_: object) -> bool:
        raise OverflowError("int too big")

    monkeypatch.setattr(backend, "send_to", overflow)
    with pytest.raises(OverflowError):
        hub.ask(A, fail, LinesWanted(0, 2**70, 1))
    assert hub._queries._pending == {}


def test_requests_go_together_under_one_number_and_another_way(hub: SessionHub, backend: FakeBackend) -> None:
    sent: list[Any] = []

    def send(request: object) -> bool:
        sent.append(request)
        return True

    answers: list[object] = []
    hub.ask(A, answers.append, Control(0, ControlCommand.COMMENT), TextWanted(0), send=send)
    control, text = sent
    assert control.request == text.request > 0
    assert backend.requests(A, Control) == []
    backend.report(A, ErrorReport("It does not listen.", control.request))
    backend.report(A, TextReport(control.request, ""))
    assert answers == [ErrorReport("It does not listen.", 0)]


def test_what_goes_with_a_request_that_is_refused_is_not_sent(hub: SessionHub, backend: FakeBackend) -> None:
    sent: list[Any] = []

    def refuse(request: object) -> bool:
        sent.append(request)
        return False

    answers: list[object] = []
    query = Control(0, ControlCommand.COMMENT)
    assert hub.ask(A, answers.append, query, TextWanted(0), send=refuse) is None
    assert [type(request) for request in sent] == [Control]
    assert [type(answer) for answer in answers] == [SessionGone]
