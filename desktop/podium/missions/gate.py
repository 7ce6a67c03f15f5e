"""Running one gate: the check that decides whether the mission is done."""

import asyncio
from collections import deque
from pathlib import Path
from typing import Final

import msgspec

from podium.core.missions.spec import GateSpec, Mission
from podium.core.missions.state import GateState
from podium.missions.processes import Lines, run_program
from podium.missions.stopping import StopSignal
from podium.missions.text import clean
from podium.missions.turns.environment import mission_environment, start_failure

_SHOWN_LINES: Final = 12


class GateOutcome(msgspec.Struct, frozen=True):
    """The result of a gate. ``last_lines`` are the end of its output, ``reason`` why it failed."""

    name: str
    passed: bool
    seconds: float = 0.0
    reason: str = ""
    last_lines: tuple[str, ...] = ()
    stopped: bool = False
    required: bool = True

    @property
    def state(self) -> GateState:
        """The lines that are kept."""
        return GateState(self.name, self.passed, self.required, self.reason, self.last_lines)


async def run_gate(
    mission: Mission,
    gate: GateSpec,
    round_number: int,
    stop: StopSignal,
    folder: Path | None = None,
    run: str = "",
) -> GateOutcome:
    """Run ``gate`` to its end, in the mission's folder or another. Never raises for what the gate does."""
    output = LastLines()
    environment = mission_environment(mission, round_number, folder, run)
    where = folder or mission.folder
    try:
        ending = await run_program(gate.command, where, environment, gate.timeout, stop, output)
    except (OSError, ValueError) as error:
        reason = f"could not start: {start_failure(error, where, gate.command[0])}"
        return GateOutcome(gate.name, passed=False, reason=reason, required=gate.required)
    reason = "" if ending.succeeded else ending.failure_text(gate.timeout)
    return GateOutcome(
        gate.name,
        ending.succeeded,
        ending.seconds,
        reason,
        tuple(output.lines),
        ending.stopped,
        gate.required,
    )


class LastLines(Lines):
    """Keeps only the end of what a program prints."""

    def __init__(self) -> None:
        super().__init__(self._keep)
        self.lines: deque[str] = deque(maxlen=_SHOWN_LINES)

    def _keep(self, line: bytes) -> None:
        if text := clean(line):
            self.lines.append(text)

    async def ready(self, exited: asyncio.Event) -> None:
        """Nothing is shown yet, so nothing can be too slow."""
