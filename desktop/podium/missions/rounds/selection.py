"""Selection of the agents that take part in a round."""

from collections.abc import Collection, Sequence

from podium.core.missions.spec import AgentSpec, AgentType, Mission, StopWhen
from podium.core.missions.state import AgentMemory, GateState, MissionState, Stage
from podium.missions.rounds.ending import all_done
from podium.missions.rounds.feedback import gates_still_fail


def memory_of(state: MissionState, agent: AgentSpec) -> AgentMemory:
    return state.agents.setdefault(agent.id, AgentMemory())


def wake(mission: Mission, state: MissionState, gates: Sequence[GateState]) -> None:
    """Wake all agents if all are done but required gates fail; their feedback names the gates."""
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


def at_once(
    mission: Mission,
    state: MissionState,
    agent: AgentSpec,
    started: Collection[str],
    holders: Collection[str],
) -> int:
    """Among how many agents ``agent`` shares the money that is free: itself, those that have ``started`` their turns,
    and those that may start beside it, but for the ``holders`` of a share. What waits for others gets what they leave.
    """
    turns = state.round.turns
    over = {id for id, turn in turns.items() if turn.stage in (Stage.ENDED, Stage.DELIVERED)}
    over |= set(state.round.skipped)
    waiting = [one for one in due(mission, state, state.round.number) if one.id not in over]
    names = {one.id for one in waiting}
    ready = [one.id for one in waiting if not names.intersection(one.depends_on)]
    others = {*started, *ready} - {*holders, agent.id}
    places = mission.max_concurrency - len({*holders} - {agent.id})
    return max(1, min(1 + len(others), places))


def _is_due(agent: AgentSpec, state: MissionState, round_number: int) -> bool:
    if agent.id in state.round.turns:
        return True
    memory = memory_of(state, agent)
    if agent.type is AgentType.CONTINUOUS:
        return not memory.last_round or round_number - memory.last_round >= agent.min_frequency_rounds
    return not memory.retired
