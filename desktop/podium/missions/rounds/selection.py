"""Which agents take part in a round."""

from collections.abc import Sequence

from podium.core.mission_spec import AgentSpec, AgentType, Mission, StopWhen
from podium.core.mission_state import AgentMemory, GateState, MissionState
from podium.missions.rounds.ending import all_done
from podium.missions.rounds.feedback import gates_still_fail


def memory_of(state: MissionState, agent: AgentSpec) -> AgentMemory:
    return state.agents.setdefault(agent.id, AgentMemory())


def wake(mission: Mission, state: MissionState, gates: Sequence[GateState]) -> None:
    """Everybody is done, but required gates fail: nobody is done. They hear what fails."""
    failing = [gate for gate in gates if gate.required and not gate.passed]
    if mission.stop_when is StopWhen.GATES_PASS and failing and all_done(mission, state):
        for agent in mission.agents:
            memory = memory_of(state, agent)
            if memory.retired:
                memory.retired = False
                memory.feedback = memory.feedback or gates_still_fail(failing)


def due(mission: Mission, state: MissionState, round_number: int) -> list[AgentSpec]:
    """The agents of this round, in the file's order. Agents of a round that goes on stay in it."""
    return [agent for agent in mission.agents if _is_due(agent, state, round_number)]


def _is_due(agent: AgentSpec, state: MissionState, round_number: int) -> bool:
    if agent.id in state.round.turns:
        return True
    memory = memory_of(state, agent)
    if agent.type is AgentType.CONTINUOUS:
        return not memory.last_round or round_number - memory.last_round >= agent.min_frequency_rounds
    return not memory.retired
