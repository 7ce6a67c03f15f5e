"""Turns and gates in, the words for an agent's next turn out; an agent's lines in, those of the log out."""

import pytest

from podium.core.missions.spec import AgentSpec
from podium.core.missions.state import Delivery, GateState, TurnState
from podium.missions.rounds import agent_output
from podium.missions.rounds.agent_output import AgentOutput
from podium.missions.rounds.feedback import feedback_for, gates_still_fail

BRANCH = "podium/try/1125-1846-3f9a07/a-r1"


def a_turn(delivery: Delivery, detail: str = "", reason: str = "") -> TurnState:
    return TurnState(delivery=delivery, detail=detail, reason=reason, branch=BRANCH)


@pytest.mark.parametrize(
    ("delivery", "parts"),
    [
        (Delivery.CONFLICT, ["conflicts", "DETAIL", BRANCH]),
        (Delivery.BROKE_GATE, ["broke a check", "DETAIL", BRANCH]),
        (Delivery.UNFINISHED, ["ended early: REASON", BRANCH]),
        (Delivery.KEPT, ["could not be merged: DETAIL", BRANCH]),
        (Delivery.LOST, ["could not be taken over: DETAIL. It is not in your folder."]),
    ],
)
def test_work_that_was_left_out_is_told_with_why_and_where_it_is(
    delivery: Delivery, parts: list[str]
) -> None:
    words = feedback_for(a_turn(delivery, "\n DETAIL\n", "REASON"))
    assert all(part in words for part in parts)
    assert words == words.strip()


@pytest.mark.parametrize("delivery", [Delivery.MERGED, Delivery.SHARED, Delivery.UNCHANGED, Delivery.NONE])
def test_work_that_was_taken_needs_no_words(delivery: Delivery) -> None:
    assert feedback_for(a_turn(delivery, "DETAIL", "REASON")) == ""


def test_feedback_is_bounded_and_keeps_its_beginning() -> None:
    words = feedback_for(a_turn(Delivery.BROKE_GATE, "x" * 100_000))
    assert len(words) == 8000
    assert BRANCH in words
    gates = [GateState("tests", False, reason="exited with 1", last_lines=("x" * 20_000,))]
    assert len(gates_still_fail(gates)) == 8000


def test_each_failing_gate_is_told_with_its_last_lines() -> None:
    gates = [
        GateState("tests", False, reason="exited with 1", last_lines=("first", "last")),
        GateState("lint", False, reason="timed out"),
    ]
    assert gates_still_fail(gates).split("\n")[1:] == [
        "tests: exited with 1",
        "  first",
        "  last",
        "lint: timed out",
    ]


@pytest.mark.parametrize(
    ("lines", "shown", "last"),
    [(2, 2, "2"), (3, 3, "3"), (4, 4, "… 1 more line not shown"), (9, 4, "… 6 more")],
)
def test_lines_beyond_the_limit_are_counted_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, lines: int, shown: int, last: str
) -> None:
    printed: list[str] = []

    class Log:
        def agent_printed(self, _agent: AgentSpec, text: str) -> None:
            printed.append(text)

    monkeypatch.setattr(agent_output, "_SHOWN_LINES", 3)
    output = AgentOutput(AgentSpec("a"), Log())  # type: ignore[arg-type]
    for number in range(1, lines + 1):
        output.show(str(number))
    output.close()
    assert len(printed) == shown
    assert printed[-1].startswith(last)
