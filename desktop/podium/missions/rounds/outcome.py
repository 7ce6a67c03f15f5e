"""The final outcome of a mission, given the outcome of each agent's work."""

from podium.core.missions.spec import Mission
from podium.core.missions.state import AgentMemory, Delivery, KeptWork, MissionState
from podium.missions.rounds.exits import DONE, GATES_FAILING, PARTLY_DONE, End
from podium.missions.text import shortened

_TAKEN = (Delivery.MERGED, Delivery.SHARED, Delivery.UNCHANGED)
_LEFT_OUT = {
    Delivery.CONFLICT: "it conflicts",
    Delivery.BROKE_GATE: "it broke a gate",
    Delivery.UNFINISHED: "it is unfinished",
    Delivery.LOST: "it could not be committed",
    Delivery.KEPT: "it could not be merged",
}
_LONGEST_REASON = 200


def final_end(mission: Mission, state: MissionState, end: End, kept: tuple[KeptWork, ...]) -> End:
    """``end``, unless it says *done* of a mission whose agents failed, or whose work was not all taken."""
    if end.code != DONE:
        return end
    names = {agent.id: agent.name or agent.id for agent in mission.agents}
    last = {agent: memory for agent, memory in state.agents.items() if memory.last_round and agent in names}
    failed = {agent: memory for agent, memory in last.items() if memory.last_reason}
    if failed and len(failed) == len(last) and not _was_accepted(mission, state):
        reason = "no agent has finished its work: " + _each(
            [f"{names[agent]}: {memory.last_reason}" for agent, memory in failed.items()]
        )
        return End(GATES_FAILING, "failed", reason, reason)
    parts = [
        f"the work of {names[agent]} ({_LEFT_OUT[memory.last_delivery]})"
        for agent, memory in last.items()
        if memory.last_delivery in _LEFT_OUT and not _is_kept(kept, names[agent])
    ]
    gates_decide = any(gate.required for gate in mission.gates)
    if not gates_decide:
        parts += [
            f"{names[agent]} failed: {memory.last_reason}"
            for agent, memory in failed.items()
            if memory.last_delivery in _TAKEN
        ]
    if not parts and not kept:
        return end
    below = ["work that could not be committed (below)"] if kept else []
    places = [f"what lies in {work.path}" for work in kept]
    what = f"{end.what}; not taken: {_each(parts + below)}"
    return End(PARTLY_DONE, "partial", what, f"not taken: {_each(parts + places)}")


def _was_accepted(mission: Mission, state: MissionState) -> bool:
    """Whether something was taken that required gates have judged."""
    if not any(gate.required for gate in mission.gates):
        return False
    trees = state.worktrees
    return trees is None or trees.head != trees.base


def _is_kept(kept: tuple[KeptWork, ...], name: str) -> bool:
    return any(work.agent == name for work in kept)


def _each(parts: list[str]) -> str:
    return "; ".join(shortened(part, _LONGEST_REASON) for part in parts[:5]) + (
        f"; and {len(parts) - 5} more" if len(parts) > 5 else ""
    )


def remember_turn(memory: AgentMemory, delivery: Delivery, reason: str) -> None:
    """Keep what became of an agent's last turn: rounds forget their turns."""
    memory.last_delivery, memory.last_reason = delivery, reason
