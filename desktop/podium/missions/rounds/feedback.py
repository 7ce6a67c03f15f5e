"""The feedback that an agent gets in its next turn about the work of its last one."""

from collections.abc import Sequence
from typing import Final

from podium.core.missions.state import Delivery, GateState, TurnState

_LONGEST: Final = 8_000
"""Characters; the rest of a gate's output is in the log."""


def feedback_for(turn: TurnState) -> str:
    """The words for a turn that did not go into the mission's work, or ""."""
    detail = turn.detail.strip()
    match turn.delivery:
        case Delivery.CONFLICT:
            text = (
                "Your last turn's work conflicts with what others did meanwhile and was left out. "
                f"It is kept on the branch {turn.branch}. Your folder holds the current state without it: bring your "
                "work in again so that it fits, keeping what the others did. The conflicts were in:\n"
                + detail
            )
        case Delivery.BROKE_GATE:
            text = (
                "Your last turn's work broke a check that passed before, and was left out. "
                f"It is kept on the branch {turn.branch}. Your folder holds the current state without it: do it again "
                "without breaking the check. The check said:\n" + detail
            )
        case Delivery.UNFINISHED:
            text = (
                f"Your last turn ended early: {turn.reason}. What it had done is not in your folder; it is kept on the "
                f"branch {turn.branch}. Use what is good of it."
            )
        case Delivery.KEPT:
            text = (
                f"Your last turn's work could not be merged: {detail}. It is kept on the branch {turn.branch}, and not "
                "in your folder."
            )
        case Delivery.LOST:
            text = f"Your last turn's work could not be taken over: {detail}. It is not in your folder."
        case _:
            return ""
    return text[:_LONGEST]


def gates_still_fail(gates: Sequence[GateState]) -> str:
    """For agents that reported done while required gates fail."""
    parts = ["You said that nothing is left to do, but these checks fail:"]
    for gate in gates:
        parts.append(f"{gate.name}: {gate.reason}")
        parts += [f"  {line}" for line in gate.last_lines]
    return "\n".join(parts)[:_LONGEST]
