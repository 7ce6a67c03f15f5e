"""Calls that search in, requests to sessions and answers out."""

import pytest
from pytestqt.qtbot import QtBot

from podium.control.api.errors import ApiError
from podium.control.api.finding import FindInAll, FindInInstance, FoundInAll, FoundInInstance
from podium.control.bridge.futures import when_settled
from podium.control.operations.finding import MAX_SEARCHES
from podium.core.finding.query import SearchQuery
from podium.core.ids import InstanceId
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.finding import FindLines, Unfind
from podium.core.protocol.reports import ErrorReport, FoundLine, FoundLinesReport
from podium.core.protocol.requests import Start
from tests.control.bench import Bench

LINE = FoundLine(7, "a needle", ((2, 8),))


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    made = Bench()
    for id in ("one", "two"):
        made.create(id)
        made.backend.become(id, WorkerState.RUNNING)
        assert made.backend.requests(id, Start)
    return made


def asked(bench: Bench, id: str) -> FindLines:
    return bench.backend.requests(id, FindLines)[-1]


def found(bench: Bench, id: str, *lines: FoundLine, total: int = 1, more: bool = False) -> None:
    report = FoundLinesReport(asked(bench, id).request, 3, lines, total, more)
    bench.backend.report(id, report)


def test_one_instance_is_asked_and_its_parts_are_joined(bench: Bench) -> None:
    outcome = bench.call(FindInInstance(id="one", text="needle", word=True, limit=5))
    assert asked(bench, "one").query == SearchQuery("needle", word=True)
    assert asked(bench, "one").most == 5
    assert not bench.backend.requests("two", FindLines)
    found(bench, "one", LINE, more=True)
    assert not outcome
    found(bench, "one", LINE, total=9)
    (answer,) = outcome
    assert isinstance(answer, FoundInInstance)
    assert (answer.matches, answer.line_epoch, len(answer.lines)) == (9, 3, 2)
    assert answer.lines[0].text == "a needle"


def test_all_instances_answer_together_and_one_without_an_answer_says_why(bench: Bench) -> None:
    outcome = bench.call(FindInAll(text="needle"))
    found(bench, "two", LINE)
    assert not outcome
    bench.backend.become("one", WorkerState.FAILED)
    (answer,) = outcome
    assert isinstance(answer, FoundInAll)
    assert [(one.id, one.matches, bool(one.reason)) for one in answer.instances] == [
        ("one", 0, True),
        ("two", 1, False),
    ]
    assert answer.matches == 1


def test_a_bad_pattern_is_refused_once(bench: Bench) -> None:
    outcome = bench.call(FindInAll(text="(", regex=True))
    for id in ("one", "two"):
        bench.backend.report(id, ErrorReport("Bracket is not closed", asked(bench, id).request))
    (refusal,) = outcome
    assert isinstance(refusal, ApiError)
    assert (refusal.status, refusal.code) == (422, "bad-pattern")


def test_an_unknown_instance_and_one_without_a_session_are_told_apart(bench: Bench) -> None:
    (unknown,) = bench.call(FindInInstance(id="nobody", text="x"))
    assert unknown.status == 404
    bench.backend.become("one", WorkerState.FAILED)
    (gone,) = bench.call(FindInInstance(id="one", text="x"))
    assert (gone.status, gone.code) == (409, "no-session")


def test_searches_are_bounded_and_one_that_is_given_up_makes_room(bench: Bench) -> None:
    answers = [bench.operations.carry_out(FindInInstance(id="one", text="x")) for _ in range(MAX_SEARCHES)]
    (refusal,) = bench.call(FindInInstance(id="two", text="x"))
    assert (refusal.status, refusal.code) == (409, "busy")
    answers[3].cancel()
    assert [one.request for one in bench.backend.requests("one", Unfind)] == [
        bench.backend.requests("one", FindLines)[3].request
    ]
    assert not bench.call(FindInInstance(id="two", text="x"))
    found(bench, "two")
    assert not bench.call(FindInInstance(id="two", text="x"))


def test_an_instance_that_is_removed_meanwhile_is_unknown(bench: Bench) -> None:
    future = bench.operations.carry_out(FindInInstance(id="one", text="x"))
    outcome: list[object] = []
    when_settled(future, outcome.append)
    bench.workspace.close(InstanceId("one"))
    bench.backend.become("one", WorkerState.STOPPED)
    assert isinstance(outcome[0], ApiError)


def test_nothing_is_searched_where_nothing_is(qtbot: QtBot) -> None:
    assert Bench().call(FindInAll(text="x")) == [FoundInAll(matches=0, instances=())]
