"""Questions in, answers out, and what becomes of them when sessions end."""

import pytest
from pytestqt.qtbot import QtBot

from podium.control.operations.session_queries import MAX_QUESTIONS, Failure, ScreenNow, SessionQueries
from podium.core.ids import InstanceId
from podium.core.protocol.backend import WorkerState, WorkerStatus
from podium.core.protocol.frames import AttributeEntry, Attributes, Cursor, Line, Run
from podium.core.protocol.reports import (
    ErrorReport,
    LinesReport,
    MatchedReport,
    OutputReport,
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


class Remembers:
    def __init__(self) -> None:
        self.statuses: list[WorkerStatus] = []
        self.reports: list[Report] = []

    def worker_changed(self, status: WorkerStatus) -> None:
        self.statuses.append(status)

    def session_reported(self, instance: InstanceId, report: Report) -> None:
        self.reports.append(report)


class Setup:
    def __init__(self) -> None:
        self.backend = FakeBackend()
        self.workspace, self.observer = Remembers(), Remembers()
        self.line = SessionQueries(self.backend, self.workspace, self.observer)
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
    assert setup.workspace.reports == setup.observer.reports == []


def test_what_was_not_asked_here_goes_on(setup: Setup) -> None:
    others: list[Report] = [
        LinesReport(1, 0, 0, (), ()),
        TextReport(2, "x"),
        ErrorReport("no", 3),
        ErrorReport("no"),
    ]
    for report in others:
        setup.report(report)
    assert setup.workspace.reports == others
    setup.report(OutputReport(3))
    assert setup.workspace.reports == others
    assert setup.observer.reports == [*others, OutputReport(3)]


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
        setup.line.control(
            ONE, lambda number: Control(number, ControlCommand.COMMENT, "x"), setup.answers.append
        )
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
    assert first == again
    setup.line.forget(ONE)
    (answer,) = setup.answers
    assert isinstance(answer, Failure)
    assert answer.gone
    setup.report(MatchedReport(first.request, "x"))
    assert len(setup.answers) == 1


def test_a_watch_matches_once_or_is_taken_back(setup: Setup) -> None:
    matched = setup.line.watch(ONE, setup.answers.append, text="x")
    taken_back = setup.line.watch(ONE, setup.answers.append, quiet=1.0)
    wrong = setup.line.watch(ONE, setup.answers.append, text="(")
    setup.line.unwatch(taken_back)
    assert setup.asked(Unwatch) == [Unwatch(taken_back)]
    setup.report(MatchedReport(matched, "xx"))
    setup.report(MatchedReport(matched, "xx"))
    setup.report(MatchedReport(taken_back))
    setup.report(ErrorReport("no pattern", wrong))
    assert setup.answers == ["xx", Failure("no pattern")]


def test_a_tap_goes_on_with_the_credit_that_is_left(setup: Setup) -> None:
    ended: list[bool] = []
    number = setup.line.tap(ONE, setup.answers.append, lambda: ended.append(True))
    setup.line.grant(number, 100)
    setup.report(TappedReport(number, b"x" * 30))
    setup.backend.become("one", WorkerState.BACKOFF)
    setup.backend.become("one", WorkerState.RUNNING)
    assert setup.asked(Tap) == [Tap(number, 0), Tap(number, 70)]
    assert setup.asked(TapCredit) == [TapCredit(number, 100)]
    assert setup.answers == [b"x" * 30]
    setup.line.forget(ONE)
    assert ended == [True]
    setup.report(TappedReport(number, b"late"))
    assert len(setup.answers) == 1


def test_a_terminal_without_a_session_waits_for_one(setup: Setup, qtbot: QtBot) -> None:
    setup.backend.become("one", WorkerState.STOPPED)
    number = setup.line.tap(ONE, setup.answers.append, lambda: None)
    setup.line.grant(number, 50)
    assert setup.asked(Tap) == []
    setup.backend.become("one", WorkerState.RUNNING)
    assert setup.asked(Tap) == [Tap(number, 50)]
