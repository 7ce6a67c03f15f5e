"""Who needs a person over the API: events in, calls out, answers to one and to several."""

import json
from concurrent.futures import Future
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from podium.attention.signals import AttentionState
from podium.control.api.attention import (
    AnswerInstance,
    AnswerSeveral,
    AttentionChanged,
    AttentionInfo,
    GivenAnswer,
    GivenAnswers,
    Reply,
)
from podium.control.api.errors import ApiError
from podium.control.api.instances import GetStatus, Notify, NotifyState
from podium.control.api.shapes import Done
from podium.control.api.terminals import Wait, Waited
from podium.control.operations.events.attention_events import INTERVAL
from podium.core.instances import Kind
from podium.core.protocol.attention import (
    AgentScreen,
    Allow,
    AnsweredReport,
    AnswerQuestion,
    Choose,
    Decision,
    Deny,
    Question,
    QuestionKind,
    Say,
    StatusSaid,
)
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.reports import ErrorReport
from tests.control.bench import Bench

ASKED = Question(
    QuestionKind.PERMISSION,
    "Do you want to proceed?",
    "make",
    ("Yes", "No"),
    "1",
    "2",
    ("1", "2"),
    shown="a1",
)
CHOICE = Question(
    QuestionKind.CHOICE,
    "Which one?",
    "",
    ("Red", "Blue", "Blue green", "Other"),
    choices=("1", "2", "3", ""),
    reply="4",
)


class Stage(Bench):
    """Instances whose programs say what a test says."""

    def run(self, *ids: str) -> None:
        for id in ids:
            instance = self.create(id, Kind.SHELL)
            self.backend.run(instance)

    def asks(self, id: str, asked: Question | None, tool: str = "claude") -> None:
        """It asks on its screen, and a hook says that it waits, which counts at once."""
        self.backend.report(id, AgentScreen(tool, asked, tells=True))
        self.says(id, NotifyState.WAITING)

    def says(self, id: str, state: NotifyState, text: str = "") -> None:
        assert self.call(Notify(id=id, state=state, text=text)) == [Done()]
        self.settle()

    def settle(self) -> None:
        """Let those know who are told as soon as what changed it is done."""
        QCoreApplication.processEvents()

    def attention(self, id: str) -> AttentionInfo:
        [info] = self.call(GetStatus(id=id))
        return info.attention

    def answered(self, id: str) -> list[Decision]:
        """The answers that its worker was asked to give."""
        return [one.decision for one in self.backend.requests(id, AnswerQuestion)]

    def take(self, id: str, reason: str = "") -> None:
        """Its worker says what came of the newest answer."""
        request = self.backend.requests(id, AnswerQuestion)[-1].request
        self.backend.report(id, ErrorReport(reason, request) if reason else AnsweredReport(request))
        self.settle()

    def events(self) -> list[AttentionChanged]:
        """Those that were published since the last look."""
        waiting = [payload for _, _, _, payload in self.hub._inbox if isinstance(payload, AttentionChanged)]
        self.hub._inbox.clear()
        return waiting


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    stage = Stage()
    stage.run("one")
    stage.events()
    return stage


def refusal(outcome: list[Any]) -> tuple[int, str]:
    [error] = outcome
    assert isinstance(error, ApiError)
    return error.status, error.code


# What it says


def test_a_status_says_what_is_asked_since_when_and_what_answers_it(stage: Stage) -> None:
    stage.asks("one", ASKED)
    first = stage.attention("one")
    assert (first.state, first.source, first.tool) == ("waiting", "hook", "claude")
    assert (first.question, first.subject) == ("Do you want to proceed? make", "make")
    assert first.answers == ("allow", "deny", "option")
    assert stage.attention("one").since == first.since
    stage.asks("one", CHOICE)
    assert stage.attention("one").answers == ("option", "text")


def test_the_time_of_day_of_a_state_stays_when_the_clock_is_set_back(stage: Stage) -> None:
    now = 5000.0
    stage.context.attention._clock = lambda: now
    stage.asks("one", ASKED)
    assert stage.attention("one").since == pytest.approx(5000, abs=1)
    now = 100.0
    assert stage.attention("one").since == pytest.approx(5000, abs=1)


# Events


def test_each_change_is_an_event_once(stage: Stage) -> None:
    stage.says("one", NotifyState.WORKING)
    stage.after(INTERVAL)
    stage.asks("one", ASKED)
    stage.after(INTERVAL)
    stage.asks("one", ASKED)
    stage.backend.report("one", StatusSaid("blocked"))
    stage.after(INTERVAL)
    assert [(one.state, one.source, one.question, one.kind) for one in stage.events()] == [
        ("busy", "hook", "", ""),
        ("waiting", "hook", "Do you want to proceed? make", "permission"),
    ]


def test_an_event_names_its_instance(stage: Stage) -> None:
    stage.says("one", NotifyState.WAITING, "Which one?")
    stage.hub.drain()
    _, kept = stage.hub.after(0)
    [told] = [json.loads(event.message) for event in kept if event.name == "attention:changed"]
    since = stage.attention("one").since
    assert told["data"] == {
        "workerId": "one",
        "state": "waiting",
        "source": "hook",
        "since": since,
        "question": "Which one?",
        "kind": "",
    }


def test_a_flood_of_hooks_is_ten_events_a_second_and_the_last_one_counts(stage: Stage) -> None:
    for step in range(1000):
        stage.says("one", NotifyState.WAITING, f"Question {step}")
        stage.now += 0.0001
    stage.after(INTERVAL)
    assert [one.question for one in stage.events()] == ["Question 0", "Question 999"]
    stage.after(INTERVAL)
    assert stage.events() == []
    assert stage.later == []


def test_a_flood_that_ends_where_it_began_is_no_second_event(stage: Stage) -> None:
    for state in (NotifyState.WAITING, NotifyState.WORKING, NotifyState.WAITING):
        stage.says("one", state)
    stage.after(INTERVAL)
    assert [one.state for one in stage.events()] == ["waiting"]


def test_nothing_is_told_of_an_instance_that_was_removed_meanwhile(stage: Stage) -> None:
    stage.says("one", NotifyState.WAITING)
    stage.says("one", NotifyState.WORKING)
    stage.events()
    stage.backend.exit("one")
    stage.workspace.remove(stage.workspace.ids()[0])
    stage.after(1)
    assert stage.events() == []


def test_one_waits_for_a_state_of_attention(stage: Stage) -> None:
    waited = stage.call(Wait(id="one", attention=AttentionState.WAITING))
    assert waited == []
    stage.says("one", NotifyState.WORKING)
    assert waited == []
    stage.says("one", NotifyState.WAITING)
    assert waited == [Waited(what="attention", text="waiting")]


# One answer


@pytest.mark.parametrize(
    ("asked", "fields", "decision"),
    [
        (ASKED, {"answer": Reply.ALLOW}, Allow()),
        (ASKED, {"answer": Reply.DENY}, Deny()),
        (CHOICE, {"option": 1}, Choose(1)),
        (CHOICE, {"answer": Reply.OPTION, "option": 3}, Choose(3)),
        (CHOICE, {"option": "red"}, Choose(1)),
        (CHOICE, {"option": "  BLUE   Green"}, Choose(3)),
        pytest.param(CHOICE, {"option": "Blue"}, Choose(2), id="the option of just these words"),
        (CHOICE, {"text": "Green"}, Say("Green")),
        (CHOICE, {"answer": Reply.TEXT, "text": "two\nlines\n"}, Say("two\nlines")),
    ],
)
def test_an_answer_is_passed_on_and_confirmed(
    stage: Stage, asked: Question, fields: dict[str, Any], decision: Decision
) -> None:
    stage.asks("one", asked)
    outcome = stage.call(AnswerInstance(id="one", **fields))
    assert stage.answered("one") == [decision]
    assert outcome == []
    stage.take("one")
    assert outcome == [Done()]


def test_an_answer_that_was_not_taken_says_why(stage: Stage) -> None:
    stage.asks("one", ASKED)
    outcome = stage.call(AnswerInstance(id="one", answer=Reply.ALLOW))
    stage.take("one", "The keys were typed, and the question is still on its screen.")
    assert refusal(outcome) == (409, "not-answered")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"answer": Reply.TEXT},
        {"answer": Reply.OPTION},
        {"answer": Reply.ALLOW, "text": "yes"},
        {"answer": Reply.ALLOW, "option": 1},
        {"option": 1, "text": "yes"},
        {"text": " \n"},
        {"text": "\x03"},
        {"text": "go\x1b[A"},
        {"text": "go\u202e"},
    ],
)
def test_what_is_no_answer_is_refused_and_types_nothing(stage: Stage, fields: dict[str, Any]) -> None:
    stage.asks("one", CHOICE)
    assert refusal(stage.call(AnswerInstance(id="one", **fields))) == (422, "bad-shape")
    assert stage.answered("one") == []


@pytest.mark.parametrize("option", [5, 12, "Green", "B"])
def test_an_option_that_is_not_there_or_not_one_alone_is_refused(stage: Stage, option: int | str) -> None:
    stage.asks("one", CHOICE)
    assert refusal(stage.call(AnswerInstance(id="one", option=option))) == (409, "no-such-option")
    assert stage.answered("one") == []


def test_another_question_than_the_one_that_is_meant_is_not_answered(stage: Stage) -> None:
    stage.asks("one", ASKED)
    outcome = stage.call(AnswerInstance(id="one", answer=Reply.ALLOW, question="Do you want to proceed? rm"))
    assert refusal(outcome) == (409, "another-question")
    assert stage.answered("one") == []


@pytest.mark.parametrize("fields", [{"answer": Reply.ALLOW}, {"answer": Reply.DENY}, {"option": 1}])
def test_what_asks_nothing_on_its_screen_takes_no_yes_or_no(stage: Stage, fields: dict[str, Any]) -> None:
    stage.asks("one", None)
    assert refusal(stage.call(AnswerInstance(id="one", **fields))) == (409, "no-question")
    assert stage.answered("one") == []


def test_a_text_answers_what_waits_without_a_question_on_its_screen(stage: Stage) -> None:
    stage.asks("one", None)
    outcome = stage.call(AnswerInstance(id="one", text="Postgres"))
    assert [one.question for one in stage.backend.requests("one", AnswerQuestion)] == [None]
    assert stage.attention("one").state == "waiting"
    stage.take("one")
    assert outcome == [Done()]
    assert stage.attention("one").state != "waiting"


@pytest.mark.parametrize(
    ("state", "code"),
    [
        pytest.param(NotifyState.WORKING, "works", id="it works"),
        pytest.param(None, "no-question", id="a shell: the text would be a command"),
    ],
)
def test_a_text_goes_to_nothing_that_waits_for_none(
    stage: Stage, state: NotifyState | None, code: str
) -> None:
    if state is not None:
        stage.says("one", state)
    assert refusal(stage.call(AnswerInstance(id="one", text="rm -rf ."))) == (409, code)
    assert stage.answered("one") == []


def test_a_text_goes_to_the_prompt_of_a_tool_that_is_done(stage: Stage) -> None:
    stage.backend.report("one", AgentScreen("claude", tells=True, ready=True))
    stage.says("one", NotifyState.DONE)
    stage.call(AnswerInstance(id="one", text="Now the tests"))
    assert stage.answered("one") == [Say("Now the tests")]


# Several answers


def test_all_that_ask_the_same_are_answered_each_for_itself(stage: Stage) -> None:
    stage.run("two", "three", "four", "five")
    for id in ("one", "two", "three"):
        stage.asks(id, ASKED)
    stage.asks("four", msgspec.structs.replace(ASKED, subject="make install"))
    stage.asks("five", ASKED, tool="codex")
    outcome = stage.call(AnswerSeveral(like="two", answer=Reply.ALLOW))
    assert [stage.answered(id) for id in ("one", "two", "three", "four", "five")] == [[Allow()]] * 3 + [
        [],
        [],
    ]
    stage.take("three")
    stage.take("one", "The keys were typed, and the question is still on its screen.")
    assert outcome == []
    stage.take("two")
    assert outcome == [
        GivenAnswers(
            answers=(
                GivenAnswer(
                    id="one",
                    taken=False,
                    reason="The keys were typed, and the question is still on its screen.",
                ),
                GivenAnswer(id="two", taken=True),
                GivenAnswer(id="three", taken=True),
            )
        )
    ]


def test_of_those_that_are_named_only_who_asks_the_same_is_answered(stage: Stage) -> None:
    stage.run("two", "three")
    stage.asks("one", ASKED)
    stage.asks("two", msgspec.structs.replace(ASKED, shown="b2"))
    outcome = stage.call(AnswerSeveral(instances=("one", "two", "three", "nobody", "one"), answer=Reply.DENY))
    stage.take("one")
    [given] = outcome
    assert [(one.id, one.taken, bool(one.reason)) for one in given.answers] == [
        ("one", True, False),
        ("two", False, True),
        ("three", False, True),
        ("nobody", False, True),
    ]
    assert stage.answered("two") == stage.answered("three") == []


def test_a_question_that_is_not_the_one_that_was_seen_answers_nobody(stage: Stage) -> None:
    stage.run("two")
    for id in ("one", "two"):
        stage.asks(id, ASKED)
    [given] = stage.call(AnswerSeveral(like="one", answer=Reply.ALLOW, question="Another?"))
    assert [one.taken for one in given.answers] == [False, False]
    assert stage.answered("one") == stage.answered("two") == []


@pytest.mark.parametrize(
    "fields",
    [
        {"answer": Reply.ALLOW},
        {"answer": Reply.ALLOW, "instances": ("one",), "like": "one"},
        {"instances": ("one",)},
        {"like": "one", "text": "\x03"},
    ],
)
def test_several_answers_need_those_who_and_what(stage: Stage, fields: dict[str, Any]) -> None:
    stage.asks("one", ASKED)
    assert refusal(stage.call(AnswerSeveral(**fields))) == (422, "bad-shape")
    assert stage.answered("one") == []


def test_nobody_is_like_one_that_asks_nothing(stage: Stage) -> None:
    assert refusal(stage.call(AnswerSeveral(like="one", answer=Reply.ALLOW))) == (409, "no-question")
    assert refusal(stage.call(AnswerSeveral(like="nobody", answer=Reply.ALLOW))) == (404, "unknown-instance")


def test_who_asks_for_several_answers_and_goes_leaves_none_waiting(stage: Stage) -> None:
    stage.run("two")
    for id in ("one", "two"):
        stage.asks(id, ASKED)
    waiting = stage.operations.carry_out(AnswerSeveral(like="one", answer=Reply.ALLOW))
    assert isinstance(waiting, Future)
    waiting.cancel()
    assert stage.sessions._questions == {}


def test_a_session_that_ends_meanwhile_is_told(stage: Stage) -> None:
    stage.run("two")
    for id in ("one", "two"):
        stage.asks(id, ASKED)
    outcome = stage.call(AnswerSeveral(like="one", answer=Reply.ALLOW))
    stage.backend.become("one", WorkerState.FAILED)
    stage.take("two")
    [given] = outcome
    assert [(one.id, one.taken) for one in given.answers] == [("one", False), ("two", True)]
