"""Questions in, answers out, and what becomes of them when sessions end."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from podium.control.operations.session_queries import MAX_QUESTIONS, Failure, ScreenNow, SessionQueries
from podium.core.ids import InstanceId
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.frames import AttributeEntry, Attributes, Cursor, Line, Run
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
    MAX_WATCHES,
    Control,
    ControlCommand,
    ScreenWanted,
    Tap,
    TapCredit,
    TextWanted,
    Untap,
    Unwatch,
    Watch,
)
from tests.workspace.doubles import FakeBackend

ONE, TWO = InstanceId("one"), InstanceId("two")


class Setup:
    def __init__(self) -> None:
        self.backend = FakeBackend()
        self.line = SessionQueries(self.backend.hub)
        self.answers: list[object] = []
        for instance in (ONE, TWO):
            self.backend.become(instance, WorkerState.RUNNING)

    def asked(self, kind: type) -> list:
        return self.backend.requests("one", kind)

    def report(self, report: Report) -> None:
        self.backend.report("one", report)


@pytest.fixture
def setup() -> Setup:
    return Setup()


def head(number: int) -> ScreenReport:
    return ScreenReport(number, 80, 24, Cursor(), 0, 0, 5, 0)


def test_a_screen_comes_in_parts(setup: Setup) -> None:
    setup.line.screen(ONE, setup.answers.append)
    (wanted,) = setup.asked(ScreenWanted)
    number = wanted.request
    setup.report(head(number))
    look = Attributes(style=1)
    setup.report(LinesReport(number, 0, 5, (), (AttributeEntry(1, look),), more=True))
    setup.report(LinesReport(number, 0, 5, (Line((Run("a", 1),)),), (), more=True))
    assert setup.answers == []
    setup.report(LinesReport(number, 0, 6, (Line((Run("b"),)),), ()))
    (answer,) = setup.answers
    assert isinstance(answer, ScreenNow)
    assert answer.rows.first == 5
    assert [line.runs[0].text for line in answer.rows.lines] == ["a", "b"]
    assert answer.rows.attributes == {0: Attributes(), 1: look}


def test_a_session_that_ends_fails_its_questions(setup: Setup) -> None:
    setup.line.screen(ONE, setup.answers.append)
    setup.backend.become("one", WorkerState.BACKOFF)
    (answer,) = setup.answers
    assert isinstance(answer, Failure)
    assert answer.gone
    setup.line.screen(ONE, setup.answers.append)
    assert isinstance(setup.answers[1], Failure)


def test_questions_are_bounded(setup: Setup) -> None:
    for _ in range(MAX_QUESTIONS + 1):
        setup.line.screen(ONE, setup.answers.append)
    assert len(setup.answers) == 1
    assert len(setup.asked(ScreenWanted)) == MAX_QUESTIONS


def test_a_command_is_passed_on_or_refused(setup: Setup) -> None:
    for _ in range(2):
        setup.line.control(ONE, Control(0, ControlCommand.COMMENT, "x"), setup.answers.append)
    first, second = setup.asked(Control)
    assert [wanted.request for wanted in setup.asked(TextWanted)] == [first.request, second.request]
    setup.report(ErrorReport("It does not listen.", first.request))
    setup.report(TextReport(first.request, ""))
    setup.report(TextReport(second.request, ""))
    assert setup.answers == [Failure("It does not listen."), None]


def test_a_watch_outlives_its_session_and_ends_with_its_instance(setup: Setup) -> None:
    setup.line.watch(ONE, setup.answers.append, text="x")
    setup.backend.become("one", WorkerState.BACKOFF)
    setup.backend.become("one", WorkerState.RUNNING)
    first, again = setup.asked(Watch)
    assert (first.text, again.text) == ("x", "x")
    assert first.request != again.request
    setup.report(MatchedReport(first.request, "of the session before"))
    assert setup.answers == []
    setup.line.forget(ONE)
    (answer,) = setup.answers
    assert isinstance(answer, Failure)
    assert answer.gone
    setup.report(MatchedReport(again.request, "x"))
    assert len(setup.answers) == 1


def test_a_watch_matches_once_or_is_taken_back(setup: Setup) -> None:
    setup.line.watch(ONE, setup.answers.append, text="x")
    key = setup.line.watch(ONE, setup.answers.append, quiet=1.0)
    setup.line.watch(ONE, setup.answers.append, text="(")
    setup.line.unwatch(key)
    matched, taken_back, wrong = (wanted.request for wanted in setup.asked(Watch))
    assert setup.asked(Unwatch) == [Unwatch(taken_back)]
    setup.report(MatchedReport(matched, "xx"))
    setup.report(MatchedReport(matched, "xx"))
    setup.report(MatchedReport(taken_back))
    setup.report(ErrorReport("no pattern", wrong))
    assert setup.answers == ["xx", Failure("no pattern")]


def test_a_tap_goes_on_with_the_credit_that_is_left(setup: Setup) -> None:
    ended: list[bool] = []
    key = setup.line.tap(ONE, setup.answers.append, lambda: ended.append(True))
    setup.line.grant(key, 100)
    (first,) = setup.asked(Tap)
    setup.report(TappedReport(first.request, b"x" * 30))
    setup.backend.become("one", WorkerState.BACKOFF)
    setup.backend.become("one", WorkerState.RUNNING)
    first, again = setup.asked(Tap)
    assert (first.credit, again.credit) == (0, 70)
    assert setup.asked(TapCredit) == [TapCredit(first.request, 100)]
    assert setup.answers == [b"x" * 30]
    setup.line.forget(ONE)
    assert ended == [True]
    setup.report(TappedReport(again.request, b"late"))
    assert len(setup.answers) == 1


def test_a_terminal_without_a_session_waits_for_one(setup: Setup, qtbot: QtBot) -> None:
    setup.backend.become("one", WorkerState.STOPPED)
    key = setup.line.tap(ONE, setup.answers.append, lambda: None)
    setup.line.grant(key, 50)
    assert setup.asked(Tap) == []
    setup.backend.become("one", WorkerState.RUNNING)
    assert [tap.credit for tap in setup.asked(Tap)] == [50]


# Each instance has its own


def test_each_instance_has_room_of_its_own_for_questions_and_watches(setup: Setup) -> None:
    for _ in range(MAX_QUESTIONS):
        setup.line.screen(ONE, setup.answers.append)
    for _ in range(MAX_WATCHES):
        setup.line.watch(ONE, setup.answers.append, quiet=1.0)
    setup.line.screen(TWO, setup.answers.append)
    setup.line.watch(TWO, setup.answers.append, quiet=1.0)
    assert setup.answers == []
    setup.line.watch(ONE, setup.answers.append, quiet=1.0)
    (failure,) = setup.answers
    assert isinstance(failure, Failure)
    assert (failure.crowded, failure.gone) == (True, False)


def test_an_instance_that_is_removed_takes_no_question_of_others_along(setup: Setup) -> None:
    heard: dict[str, list[object]] = {ONE: [], TWO: []}
    for instance, answers in heard.items():
        setup.line.screen(InstanceId(instance), answers.append)
        setup.line.watch(InstanceId(instance), answers.append, text="x")
        setup.line.tap(InstanceId(instance), answers.append, lambda answers=answers: answers.append("ended"))  # type: ignore[misc]
    for _ in range(2):
        setup.line.forget(ONE)
    gone = Failure("The instance was removed.", gone=True)
    assert heard == {ONE: [gone, gone, "ended"], TWO: []}
    for kind, answer in ((Watch, MatchedReport), (Tap, TappedReport)):
        (wanted,) = setup.backend.requests("two", kind)
        setup.backend.report("two", answer(wanted.request, "x" if kind is Watch else b"x"))  # type: ignore[attr-defined]
    assert heard[TWO] == ["x", b"x"]


def test_a_session_that_runs_already_gets_nothing_twice(setup: Setup) -> None:
    setup.line.watch(ONE, setup.answers.append, text="x")
    setup.line.tap(ONE, setup.answers.append, lambda: None)
    for instance in (TWO, ONE, ONE):
        setup.backend.become(instance, WorkerState.RUNNING)
    assert (len(setup.asked(Watch)), len(setup.asked(Tap))) == (1, 1)


# What is no longer wanted


def test_a_question_that_was_dropped_is_not_answered_and_leaves_its_place(setup: Setup) -> None:
    for _ in range(MAX_QUESTIONS + 1):
        setup.line.drop(setup.line.screen(ONE, setup.answers.append))
    number = setup.asked(ScreenWanted)[-1].request
    setup.report(head(number))
    setup.report(LinesReport(number, 0, 5, (), ()))
    setup.backend.become("one", WorkerState.FAILED)
    assert setup.answers == []


def test_nothing_waits_for_what_was_taken_back(setup: Setup) -> None:
    """Also in the hub: a session may never answer."""
    setup.line.drop(setup.line.screen(ONE, setup.answers.append))
    setup.line.unwatch(setup.line.watch(ONE, setup.answers.append, text="x"))
    setup.line.untap(setup.line.tap(ONE, setup.answers.append, lambda: None))
    assert setup.backend.hub._queries._pending == {}


def test_a_tap_that_was_taken_back_is_told_to_its_session_and_gets_nothing_more(setup: Setup) -> None:
    ended: list[bool] = []
    key = setup.line.tap(ONE, setup.answers.append, lambda: ended.append(True))
    (tap,) = setup.asked(Tap)
    for _ in range(2):
        setup.line.untap(key)
    assert setup.asked(Untap) == [Untap(tap.request)]
    setup.report(TappedReport(tap.request, b"late"))
    setup.line.grant(key, 100)
    setup.backend.become("one", WorkerState.RUNNING)
    setup.line.forget(ONE)
    assert (setup.answers, ended, setup.asked(TapCredit)) == ([], [], [])


@pytest.mark.parametrize(
    "ask",
    [
        lambda line: line.screen(ONE, pytest.fail),
        lambda line: line.watch(ONE, pytest.fail, text="x"),
    ],
    ids=["question", "watch"],
)
def test_what_can_not_be_sent_takes_no_room(
    setup: Setup, monkeypatch: pytest.MonkeyPatch, ask: Callable[[SessionQueries], object]
) -> None:
    def overflow(*_: object) -> bool:
        raise OverflowError("int too big")

    with monkeypatch.context() as patch:
        patch.setattr(setup.backend, "send_to", overflow)
        for _ in range(MAX_QUESTIONS):
            with pytest.raises(OverflowError):
                ask(setup.line)
    ask(setup.line)


# Sessions that die


@pytest.mark.parametrize(
    ("text", "accepted", "goes_on"),
    [("a.b", False, False), ("a.b", True, True), ("plain", False, True), ("plain", True, True)],
)
def test_a_pattern_that_a_session_may_have_died_of_is_given_to_no_other(
    setup: Setup, text: str, accepted: bool, goes_on: bool
) -> None:
    setup.line.watch(ONE, setup.answers.append, text=text)
    if accepted:
        setup.report(WatchingReport(setup.asked(Watch)[0].request))
    setup.backend.become("one", WorkerState.BACKOFF)
    setup.backend.become("one", WorkerState.RUNNING)
    assert len(setup.asked(Watch)) == (2 if goes_on else 1)
    assert [isinstance(answer, Failure) for answer in setup.answers] == ([] if goes_on else [True])


def test_a_tap_that_was_given_more_than_its_credit_begins_anew_without_any(setup: Setup) -> None:
    key = setup.line.tap(ONE, setup.answers.append, lambda: None)
    setup.line.grant(key, 10)
    setup.report(TappedReport(setup.asked(Tap)[0].request, b"x" * 30))
    setup.backend.become("one", WorkerState.BACKOFF)
    setup.backend.become("one", WorkerState.RUNNING)
    assert [tap.credit for tap in setup.asked(Tap)] == [0, 0]


def test_a_tap_that_a_session_refuses_ends_once(setup: Setup) -> None:
    ended: list[bool] = []
    setup.line.tap(ONE, setup.answers.append, lambda: ended.append(True))
    setup.report(ErrorReport("Too many watch it.", setup.asked(Tap)[0].request))
    assert ended == [True]
    setup.line.forget(ONE)
    assert ended == [True]
