"""An agent's memory between turns: its session, and whether it needs the stronger model."""

from typing import Final

from podium.core.missions.spec import AgentSpec
from podium.core.missions.state import AgentMemory
from podium.missions.session_ids import usable_session

ROUNDS_OF_A_SESSION: Final = 10
"""Longer ones cost more and remember less."""
_FAILURES_TO_ESCALATE: Final = 2
_SUCCESSES_TO_RETURN: Final = 2


def model_for(agent: AgentSpec, memory: AgentMemory, default: str = "") -> str:
    """``default`` is for agents that name none."""
    return agent.max_model if memory.escalated and agent.max_model else agent.model or default


def session_for(memory: AgentMemory) -> str:
    """The session to go on with, or "" for a fresh one."""
    fresh = memory.session_rounds >= ROUNDS_OF_A_SESSION or not usable_session(memory.session)
    return "" if fresh else memory.session


def forget_session(memory: AgentMemory) -> None:
    """The next turn starts fresh: after a revert, the session remembers work that is not there any more."""
    memory.session = ""
    memory.session_rounds = 0
    memory.session_totals = {}


def note_success(memory: AgentMemory) -> bool:
    """A turn's work was accepted. True if the agent goes back to its own model."""
    memory.failures = 0
    memory.successes += 1
    if memory.escalated and memory.successes >= _SUCCESSES_TO_RETURN:
        memory.escalated = False
        return True
    return False


def note_failure(agent: AgentSpec, memory: AgentMemory) -> bool:
    """A turn failed, or its work broke a gate. True if the agent gets its stronger model from now on."""
    memory.successes = 0
    memory.failures += 1
    if agent.max_model and not memory.escalated and memory.failures >= _FAILURES_TO_ESCALATE:
        memory.escalated = True
        return True
    return False
