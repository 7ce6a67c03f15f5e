"""Running one gate: the check that decides whether the mission is done."""

import asyncio
from collections import deque
from typing import Final

import msgspec

from podium.core.mission_file import GateSpec, Mission
from podium.missions.agent import mission_environment, start_failure
from podium.missions.processes import run_program
from podium.missions.stopping import StopSignal
from podium.missions.text import clean

_SHOWN_LINES: Final = 12


class GateOutcome(msgspec.Struct, frozen=True):
    """How a gate went. ``last_lines`` are the end of its output, ``reason`` why it failed."""

    name: str
    passed: bool
    seconds: float = 0.0
    reason: str = ""
    last_lines: tuple[str, ...] = ()
    stopped: bool = False


async def run_gate(mission: Mission, gate: GateSpec, round_number: int, stop: StopSignal) -> GateOutcome:
    """Run ``gate`` to its end. Never raises for what the gate does."""
    output = _LastLines()
    environment = mission_environment(mission, round_number)
    try:
        ending = await run_program(gate.command, mission.folder, environment, gate.timeout, stop, output)
    except (OSError, ValueError) as error:
        reason = f"could not start: {start_failure(error, mission, gate.command[0])}"
        return GateOutcome(gate.name, passed=False, reason=reason)
    reason = "" if ending.succeeded else ending.why(gate.timeout)
    return GateOutcome(
        gate.name, ending.succeeded, ending.seconds, reason, tuple(output.lines), ending.stopped
    )


class _LastLines:
    """Keeps only the end of what a gate prints."""

    def __init__(self) -> None:
        self.lines: deque[str] = deque(maxlen=_SHOWN_LINES)

    def line(self, line: bytes) -> None:
        if text := clean(line):
            self.lines.append(text)

    async def ready(self, exited: asyncio.Event) -> None:
        """Nothing is shown yet, so nothing can be too slow."""
