"""Questions in, answers out, and what becomes of them when sessions end."""

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
)
from podium.core.protocol.requests import (
    Control,
    ControlCommand,
    ScreenWanted,
    Tap,
    TapCredit,
    TextWanted,
    Unwatch,
    Watch,
)
from tests.workspace.doubles import FakeBackend

ONE = InstanceId("one")


class Setup:
    def __init__(self) -> None:
        self.backend = FakeBackend()
        self.line = SessionQueries(self.backend.hub)
        self.answers: list[object] = []
        self.backend.become("one", WorkerState.RUNNING)

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
