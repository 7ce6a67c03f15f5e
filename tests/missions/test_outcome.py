"""What a mission came to, when it ends, and who takes part: states in, ends out. No agent runs."""

from pathlib import Path
from typing import Any

import pytest

from podium.core.missions.spec import AgentSpec, AgentType, GateSpec, Mission, StopWhen
from podium.core.missions.state import (
    AgentMemory,
    Delivery,
    GateState,
    KeptWork,
    MissionState,
    RoundState,
    Stage,
    TurnState,
    WorktreesState,
)
from podium.missions.rounds.ending import end_after
from podium.missions.rounds.exits import DONE, GATES_FAILING, PARTLY_DONE, STOPPED, End
from podium.missions.rounds.outcome import final_end
from podium.missions.rounds.selection import at_once, due, wake
from podium.missions.stopping import StopSignal
from podium.missions.turns.memory import note_failure, note_success
from podium.missions.turns.results import AttemptResult
from podium.missions.turns.retrying import LONGEST_WAIT, Retries, RetryPolicy
from podium.missions.workspace import newly_broken

IS_DONE = End(DONE, "done", "all agents are done")
GATE = GateSpec("tests", ("true",))


def a_mission(*agents: AgentSpec, **more: Any) -> Mission:
    return Mission(Path("/m.toml"), "Try", Path("/"), agents or (AgentSpec("a"), AgentSpec("b")), **more)


def a_state(worktrees: WorktreesState | None = None, **agents: AgentMemory) -> MissionState:
    return MissionState("run", "/m.toml", agents=agents, worktrees=worktrees)


def memory(delivery: Delivery, reason: str = "", **more: Any) -> AgentMemory:
    return AgentMemory(last_round=1, last_delivery=delivery, last_reason=reason, **more)


def trees(head: str = "new") -> WorktreesState:
    return WorktreesState("/r", "/t", "podium/m/run/result", "base", head)


# Outcome


@pytest.mark.parametrize("delivery", [Delivery.MERGED, Delivery.SHARED, Delivery.UNCHANGED])
def test_work_that_was_taken_is_done(delivery: Delivery) -> None:
    assert final_end(a_mission(), a_state(a=memory(delivery)), IS_DONE, ()) is IS_DONE


@pytest.mark.parametrize(
    ("delivery", "why"),
    [
        (Delivery.CONFLICT, "it conflicts"),
        (Delivery.BROKE_GATE, "it broke a gate"),
        (Delivery.UNFINISHED, "it is unfinished"),
        (Delivery.LOST, "it could not be committed"),
        (Delivery.KEPT, "it could not be merged"),
    ],
)
def test_work_that_was_left_out_is_done_in_part(delivery: Delivery, why: str) -> None:
    end = final_end(a_mission(), a_state(a=memory(delivery)), IS_DONE, ())
    assert end == End(
        PARTLY_DONE,
        "partial",
        f"all agents are done; not taken: the work of a ({why})",
        f"not taken: the work of a ({why})",
    )


def test_any_other_end_stays_as_it_is() -> None:
    failed = End(GATES_FAILING, "failed", "still failing: tests")
    assert final_end(a_mission(), a_state(a=memory(Delivery.LOST)), failed, ()) is failed


def test_a_mission_of_which_every_agent_failed_has_failed() -> None:
    state = a_state(a=memory(Delivery.UNFINISHED, "exited with 1"), b=memory(Delivery.SHARED, "stuck"))
    end = final_end(a_mission(), state, IS_DONE, ())
    assert (end.code, end.outcome) == (GATES_FAILING, "failed")
    assert end.reason == "no agent has finished its work: a: exited with 1; b: stuck"
    # An agent that never had a turn, or is no longer in the file, says nothing about it.
    state.agents |= {"b": AgentMemory(), "gone": memory(Delivery.MERGED)}
    assert final_end(a_mission(), state, IS_DONE, ()).outcome == "failed"


def test_gates_that_judged_something_beat_agents_that_failed() -> None:
    mission = a_mission(gates=(GATE,))
    failed = {"a": memory(Delivery.SHARED, "exited with 1")}
    assert final_end(mission, a_state(trees("new"), **failed), IS_DONE, ()) is IS_DONE
    assert final_end(mission, a_state(None, **failed), IS_DONE, ()) is IS_DONE
    assert final_end(mission, a_state(trees("base"), **failed), IS_DONE, ()).outcome == "failed"
    optional = a_mission(gates=(GateSpec("lint", ("true",), required=False),))
    assert final_end(optional, a_state(trees("new"), **failed), IS_DONE, ()).outcome == "failed"


def test_one_agent_that_failed_among_others_is_told_of_where_no_gate_decides() -> None:
    state = a_state(a=memory(Delivery.MERGED, "timed out"), b=memory(Delivery.MERGED))
    end = final_end(a_mission(), state, IS_DONE, ())
    assert (end.code, end.reason) == (PARTLY_DONE, "not taken: a failed: timed out")
    optional = a_mission(gates=(GateSpec("lint", ("true",), required=False),))
    assert final_end(optional, state, IS_DONE, ()) == end
    assert final_end(a_mission(gates=(GATE,)), state, IS_DONE, ()) is IS_DONE


def test_an_agent_whose_work_is_left_out_is_named_once_though_it_failed() -> None:
    state = a_state(a=memory(Delivery.UNFINISHED, "timed out"), b=memory(Delivery.MERGED))
    assert final_end(a_mission(), state, IS_DONE, ()).reason == "not taken: the work of a (it is unfinished)"


def test_work_that_lies_somewhere_is_named_once() -> None:
    kept = (KeptWork("/trees/a", "a", "git could not take big"),)
    end = final_end(a_mission(), a_state(a=memory(Delivery.LOST)), IS_DONE, kept)
    assert end.what == "all agents are done; not taken: work that could not be committed (below)"
    assert end.reason == "not taken: what lies in /trees/a"


def test_a_long_list_is_cut() -> None:
    agents = tuple(AgentSpec(f"a{number}") for number in range(7))
    state = a_state(**{agent.id: memory(Delivery.CONFLICT) for agent in agents})
    reason = final_end(a_mission(*agents), state, IS_DONE, ()).reason
    assert (reason.count("it conflicts"), reason.endswith("; and 2 more")) == (5, True)


# When it ends


def ended(mission: Mission, *, round_number: int = 1, passed: bool | None = None, **more: Any) -> End | None:
    state = a_state(**more.pop("agents", {}))
    state.round = RoundState(round_number)
    gates = [] if passed is None else [GateState("tests", passed)]
    return end_after(mission, state, gates, more.pop("stop", StopSignal()), more.pop("money", ""))


RETIRED = {"a": AgentMemory(retired=True), "b": AgentMemory(retired=True)}


def test_gates_that_pass_end_it_unless_agents_decide() -> None:
    end = ended(a_mission(max_rounds=3), passed=True)
    assert end is not None
    assert end.code == DONE
    assert ended(a_mission(max_rounds=3), passed=False) is None
    assert ended(a_mission(max_rounds=3)) is None, "no gate at all passes nothing"
    assert ended(a_mission(max_rounds=3, stop_when=StopWhen.AGENTS_DONE), passed=True) is None


def test_agents_that_are_done_end_it_where_they_decide() -> None:
    for when, passed, code in (
        (StopWhen.GATES_PASS, None, DONE),
        (StopWhen.GATES_PASS, False, None),
        (StopWhen.AGENTS_DONE, True, DONE),
        (StopWhen.AGENTS_DONE, False, GATES_FAILING),
        (StopWhen.NEVER, True, None),
    ):
        end = ended(a_mission(max_rounds=3, stop_when=when), passed=passed, agents=RETIRED)
        assert (end.code if end else None) == code, (when, passed)
    one = {"a": AgentMemory(retired=True), "b": AgentMemory()}
    assert ended(a_mission(max_rounds=3), agents=one) is None


def test_the_last_round_ends_it_and_money_only_before() -> None:
    last = a_mission(max_rounds=3)
    assert ended(last, round_number=2) is None
    for passed, code in ((None, DONE), (False, GATES_FAILING)):
        end = ended(last, round_number=3, passed=passed, money="no money")
        assert end is not None
        assert end.code == code
    broke = ended(last, round_number=2, passed=False, money="no money")
    assert broke == End(
        STOPPED, "stopped", "no money; still failing: tests", "no money; still failing: tests"
    )


def test_a_gate_that_is_not_required_holds_nothing_up() -> None:
    gates = [GateState("tests", True), GateState("lint", False, required=False)]
    state = a_state()
    state.round = RoundState(1)
    end = end_after(a_mission(max_rounds=3), state, gates, StopSignal(), "")
    assert end == End(DONE, "done", "all gates pass")
    assert end_after(a_mission(max_rounds=3), state, gates[1:], StopSignal(), "") is None


def test_a_stop_beats_what_the_round_came_to_and_finish_round_does_not() -> None:
    now, later = StopSignal(), StopSignal()
    now.stop_now("by Ctrl+C")
    later.finish_round("after the round, as asked")
    mission = a_mission(max_rounds=3)
    end = ended(mission, round_number=2, passed=True, stop=now)
    assert end == End(STOPPED, "stopped", "in round 2, by Ctrl+C", "by Ctrl+C")
    assert not end.for_good
    end = ended(mission, passed=True, stop=later)
    assert end is not None
    assert (end.code, end.for_good) == (DONE, True)
    end = ended(mission, passed=False, stop=later, money="no money")
    assert end is not None
    assert end.reason == "after the round, as asked; still failing: tests"
    end = ended(a_mission(max_rounds=3), round_number=3, passed=False, stop=later)
    assert end is not None
    assert not end.for_good, "with more rounds it could go on"
    assert End(GATES_FAILING, "failed", "").for_good
    assert End(PARTLY_DONE, "partial", "").for_good


def test_continuous_agents_neither_keep_it_going_nor_end_it() -> None:
    steady = AgentSpec("steady", type=AgentType.CONTINUOUS)
    retired = {"a": AgentMemory(retired=True), "steady": AgentMemory()}
    end = ended(a_mission(AgentSpec("a"), steady, max_rounds=3), agents=retired)
    assert end is not None
    assert end.code == DONE
    assert ended(a_mission(steady, max_rounds=3), agents={"steady": AgentMemory(retired=True)}) is None


# Who takes part


def test_retired_agents_rest_and_continuous_ones_keep_their_distance() -> None:
    steady = AgentSpec("steady", type=AgentType.CONTINUOUS, min_frequency_rounds=3)
    mission = a_mission(AgentSpec("a"), steady)
    state = a_state(a=AgentMemory(retired=True))
    assert [agent.id for agent in due(mission, state, 1)] == ["steady"]
    state.agents["steady"].last_round = 2
    assert [[agent.id for agent in due(mission, state, number)] for number in (3, 4, 5)] == [
        [],
        [],
        ["steady"],
    ]
    state.round.turns["a"] = TurnState()
    assert [agent.id for agent in due(mission, state, 3)] == ["a"]


def test_failing_gates_wake_those_who_are_done() -> None:
    failing = [GateState("tests", False, reason="exited with 1")]
    state = a_state(a=AgentMemory(retired=True), b=AgentMemory(retired=True, feedback="before"))
    wake(a_mission(stop_when=StopWhen.AGENTS_DONE), state, failing)
    assert state.agents["a"].retired
    wake(a_mission(), state, [GateState("tests", False, required=False)])
    assert state.agents["a"].retired
    wake(a_mission(), state, failing)
    assert not state.agents["a"].retired
    assert "tests" in state.agents["a"].feedback
    assert state.agents["b"].feedback == "before"


def test_nobody_is_woken_while_somebody_works_and_only_those_who_are_done() -> None:
    failing = [GateState("tests", False), GateState("lint", False, required=False)]
    state = a_state(a=AgentMemory(retired=True), b=AgentMemory())
    wake(a_mission(), state, failing)
    assert state.agents["a"].retired
    steady = AgentSpec("steady", type=AgentType.CONTINUOUS)
    state = a_state(a=AgentMemory(retired=True))
    wake(a_mission(AgentSpec("a"), steady), state, failing)
    assert not state.agents["a"].retired
    assert "lint" not in state.agents["a"].feedback
    assert state.agents["steady"].feedback == ""
    wake(a_mission(), a_state(**RETIRED), [])
    assert all(memory.retired for memory in RETIRED.values())


def test_money_is_shared_by_those_that_may_be_at_work_together() -> None:
    a, b, c = AgentSpec("a"), AgentSpec("b"), AgentSpec("c", depends_on=("a",))
    mission = a_mission(a, b, c, max_concurrency=3)
    state = a_state()
    assert at_once(mission, state, a, (), ()) == 2, "c waits for a"
    assert at_once(a_mission(a, b, c, max_concurrency=1), state, a, (), ()) == 1
    assert at_once(mission, state, a, (), ("b",)) == 1, "b has its share"
    state.round.turns["a"] = TurnState(Stage.DELIVERED)
    assert at_once(mission, state, b, (), ()) == 2, "now c may start"
    state.round.skipped.append("c")
    assert at_once(mission, state, b, (), ()) == 1
    assert at_once(mission, state, b, ("c",), ()) == 2, "it has started all the same"
    assert at_once(a_mission(a, b, c, max_concurrency=2), state, b, ("a", "c"), ("a",)) == 1
    assert at_once(a_mission(a, b, c, max_concurrency=2), state, b, ("a", "c"), ("a", "b")) == 1
    assert at_once(a_mission(a, b, c, max_concurrency=1), state, b, (), ("a",)) == 1, "it is itself one"


def test_a_turn_that_waits_for_its_delivery_takes_no_money_and_its_own_share_no_place() -> None:
    a, b, c = AgentSpec("a"), AgentSpec("b"), AgentSpec("c")
    mission, state = a_mission(a, b, c, max_concurrency=3), a_state()
    assert at_once(mission, state, b, (), ("b",)) == 3
    state.round.turns["a"] = TurnState(Stage.ENDED)
    state.round.turns["c"] = TurnState(Stage.RUNNING)
    assert at_once(mission, state, b, (), ()) == 2
    assert at_once(mission, state, b, (), ("c",)) == 1


def test_only_required_gates_that_passed_before_are_broken() -> None:
    before = [GateState("old", False), GateState("tests", True)]
    after = [
        GateState("old", False),
        GateState("tests", False),
        GateState("lint", False, required=False),
        GateState("new", False),
        GateState("fine", True),
    ]
    assert [gate.name for gate in newly_broken(before, after)] == ["tests", "new"]


# Memory and retries


def test_two_failures_in_a_row_escalate_and_two_successes_return() -> None:
    agent, remembered = AgentSpec("a", max_model="big"), AgentMemory()
    assert [note_failure(agent, remembered), note_success(remembered)] == [False, False]
    assert [note_failure(agent, remembered), note_failure(agent, remembered)] == [False, True]
    assert remembered.escalated
    assert not note_failure(agent, remembered), "it is told once"
    assert [note_success(remembered), note_failure(agent, remembered)] == [False, False]
    assert [note_success(remembered), note_success(remembered)] == [False, True]
    assert not remembered.escalated
    plain = AgentMemory()
    assert not any(note_failure(AgentSpec("a"), plain) for _ in range(3))


def test_transient_failures_are_tried_again_later_each_time() -> None:
    retries = Retries(RetryPolicy(retries=3, first_delay=2.0), wall=lambda: 1000.0)
    later = AttemptResult("no network", transient=True)
    waits = [moment - 1000.0 for moment in iter(lambda: retries.next_at(later), None)]
    assert [
        low <= wait <= high
        for wait, (low, high) in zip(waits, [(1.6, 2.4), (6.4, 9.6), (25.6, 38.4)], strict=True)
    ] == [
        True,
        True,
        True,
    ]
    assert Retries(RetryPolicy()).next_at(AttemptResult("wrong")) is None


def test_limits_are_waited_for_and_not_counted_as_tries() -> None:
    retries = Retries(RetryPolicy(retries=1, limits=2), wall=lambda: 1000.0)
    assert retries.next_at(AttemptResult("limit", transient=True, retry_at=1500.0)) == 1500.0
    assert retries.next_at(AttemptResult("limit", transient=True, retry_at=900.0)) == 1000.0
    assert retries.next_at(AttemptResult("limit", transient=True, retry_at=1500.0)) is None
    assert retries.next_at(AttemptResult("no network", transient=True)) is not None
    far = Retries(RetryPolicy(), wall=lambda: 1000.0)
    assert far.next_at(AttemptResult("limit", transient=True, retry_at=1000.0 + LONGEST_WAIT)) is not None
    assert far.next_at(AttemptResult("limit", transient=True, retry_at=1001.0 + LONGEST_WAIT)) is None


def test_a_lost_session_is_replaced_once() -> None:
    retries = Retries(RetryPolicy(), wall=lambda: 1000.0)
    lost = AttemptResult("no such session", fresh=True)
    assert [retries.next_at(lost), retries.next_at(lost)] == [1000.0, None]
