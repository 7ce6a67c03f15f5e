"""The seam between rounds and worktrees: the folders agents work in and the delivery of their work."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from podium.core.missions.spec import AgentSpec, Mission
from podium.core.missions.state import Delivery, GateState, KeptWork, TurnState

RunGates = Callable[[Path | None, int], Awaitable[list[GateState] | None]]
"""Runs all gates in a folder (None: the mission's own) in a round; None when *stop now* came between."""


class CannotPrepare(Exception):
    """An agent's folder can't be made ready; the message says why."""


class Outcome(msgspec.Struct, frozen=True):
    """The results of a mission. ``branch`` holds its work; "" without worktrees, or without any work."""

    branch: str = ""
    commits: int = 0
    kept: tuple[str, ...] = ()
    """Branches with work that was left out."""
    kept_work: tuple[KeptWork, ...] = ()
    """Work that could not be committed, and where it lies."""


class Workspace(Protocol):
    isolated: bool
    """Whether agents have folders of their own."""

    async def open(self) -> None:
        """Make ready, or find again what an interrupted run has left. Raises CannotPrepare."""

    def environment(self, agent: AgentSpec, /) -> Mapping[str, str]:
        """The variables that agents need to work there."""

    async def prepare(self, agent: AgentSpec, round_number: int, turn: TurnState, keep: bool, /) -> Path:
        """The agent's folder for this turn. ``keep``: it goes on with what it had begun. Raises CannotPrepare."""

    def usable(self, agent: AgentSpec, /) -> bool:
        """Whether the folder that ``prepare`` returned is still that folder."""

    async def deliver(self, agent: AgentSpec, round_number: int, turn: TurnState) -> None:
        """Take the turn's work over; ``turn.delivery`` says what became of it, NONE if *stop now* came between."""

    async def gates(self, round_number: int) -> list[GateState]:
        """The state of the gates after all that was delivered."""

    async def close(self) -> Outcome:
        """The mission is over: put everything away."""


class SharedFolder:
    """All agents work in the mission's folder itself, as the person does."""

    isolated = False

    def __init__(self, mission: Mission, run_gates: RunGates) -> None:
        self._mission = mission
        self._run_gates = run_gates

    async def open(self) -> None:
        """The folder is there: reading the mission has made sure."""

    def environment(self, _agent: AgentSpec) -> Mapping[str, str]:
        return {}

    async def prepare(self, _agent: AgentSpec, _round: int, _turn: TurnState, _keep: bool) -> Path:
        return self._mission.folder

    def usable(self, _agent: AgentSpec) -> bool:
        return self._mission.folder.is_dir()

    async def deliver(self, _agent: AgentSpec, _round: int, turn: TurnState) -> None:
        turn.delivery = Delivery.SHARED

    async def gates(self, round_number: int) -> list[GateState]:
        return await self._run_gates(None, round_number) or []

    async def close(self) -> Outcome:
        return Outcome()


def newly_broken(before: Sequence[GateState], after: Sequence[GateState]) -> list[GateState]:
    """The required gates that fail now and did not before."""
    failed_before = {gate.name for gate in before if not gate.passed}
    return [gate for gate in after if gate.required and not gate.passed and gate.name not in failed_before]
