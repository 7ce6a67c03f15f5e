"""Whether a mission ends after a round, and how."""

from collections.abc import Sequence

from podium.core.missions.spec import AgentType, Mission, StopWhen
from podium.core.missions.state import GateState, MissionState
from podium.missions.rounds.exits import DONE, GATES_FAILING, End, stopped
from podium.missions.stopping import StopSignal


def end_after(
    mission: Mission, state: MissionState, gates: Sequence[GateState], stop: StopSignal, money: str
) -> End | None:
    """The end, or None if another round follows. ``money``: why nothing may be spent any more, or ""."""
    rounds = state.round.number
    if stop.now.is_set():
        return stopped(f"in round {rounds}, {stop.reason}", stop.reason)
    failing = ", ".join(gate.name for gate in gates if gate.required and not gate.passed)
    still = f"; still failing: {failing}" if failing else ""
    required = any(gate.required for gate in gates)
    last = rounds >= mission.max_rounds
    if mission.stop_when is StopWhen.GATES_PASS and required and not failing:
        return End(DONE, "done", "all gates pass")
    if all_done(mission, state) and mission.stop_when is not StopWhen.NEVER:
        if not failing:
            return End(DONE, "done", "all agents are done" + ("" if required else "; there are no gates"))
        if mission.stop_when is StopWhen.AGENTS_DONE:
            return End(GATES_FAILING, "failed", f"all agents are done{still}", f"still failing: {failing}")
    if last and not failing:
        return End(
            DONE, "done", "all rounds are over; " + ("all gates pass" if required else "there are no gates")
        )
    if stop.finishing:
        return stopped(f"{stop.reason}{still}", stop.reason + still)
    if last:
        return End(GATES_FAILING, "failed", f"still failing: {failing}", f"still failing: {failing}")
    if money:
        return stopped(f"{money}{still}", money + still)
    return None


def all_done(mission: Mission, state: MissionState) -> bool:
    """Whether every feature agent has retired; continuous ones alone keep no mission going."""
    features = [agent for agent in mission.agents if agent.type is AgentType.FEATURE]
    return bool(features) and all(
        agent.id in state.agents and state.agents[agent.id].retired for agent in features
    )
