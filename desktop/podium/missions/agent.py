"""Running one agent once: its command, its environment, and what it tells about itself."""

import asyncio
import os
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from podium.core.events import (
    MAX_EVENT_BYTES,
    AgentComplete,
    AgentError,
    FilesChanged,
    OrchestratorLog,
    ProgramEvent,
    decode_line,
    typed_event,
)
from podium.core.mission_file import AgentSpec, Mission
from podium.core.program_channels import LineBuffer, open_event_channel
from podium.missions.pipes import chunks
from podium.missions.processes import Output, run_program
from podium.missions.stopping import StopSignal
from podium.missions.text import one_line


class AgentResult(msgspec.Struct, frozen=True):
    """How one agent's turn went. ``reason`` says why it failed and is empty when it did not."""

    agent: str
    seconds: float = 0.0
    cost_usd: float | None = None
    simulated: bool = False
    summary: str = ""
    reason: str = ""
    stopped: bool = False


def mission_environment(mission: Mission, round_number: int) -> dict[str, str]:
    """What agents and gates get: the mission's own environment, and where they are."""
    return {
        **os.environ,
        "PWD": str(mission.folder),
        "PODIUM_MISSION": mission.name,
        "PODIUM_ROUND": str(round_number),
    }


async def run_agent(
    mission: Mission,
    agent: AgentSpec,
    round_number: int,
    stop: StopSignal,
    output: Output,
    forward: Callable[[ProgramEvent], None],
) -> AgentResult:
    """Run ``agent`` to its end. Never raises for what the agent does."""
    channel = open_event_channel()
    told = _Told(agent.id, forward)
    listening = asyncio.create_task(told.listen(channel.host))
    await asyncio.sleep(
        0
    )  # From here on the task owns its pipe and closes it, however early it is cancelled.
    environment = {
        **mission_environment(mission, round_number),
        "PODIUM_AGENT": agent.id,
        "PODIUM_PROMPT": agent.prompt,
        **channel.environment,
    }
    command = [word.replace("{prompt}", agent.prompt) for word in agent.command]
    try:
        ending = await run_program(
            command, mission.folder, environment, agent.timeout, stop, output, [channel.program]
        )
    except (OSError, ValueError) as error:
        os.close(channel.program)
        return AgentResult(agent.id, reason=f"could not start: {start_failure(error, mission, command[0])}")
    else:
        os.close(channel.program)
        await asyncio.wait({listening}, timeout=1.0)
    finally:
        listening.cancel()
    reason = "" if ending.succeeded else ending.why(agent.timeout)
    return AgentResult(
        agent.id,
        ending.seconds,
        told.cost_usd,
        told.simulated,
        told.summary,
        # What the agent says beats its exit status: many tools fail and exit with 0.
        reason if ending.stopped or ending.timed_out else told.reason or reason,
        ending.stopped,
    )


def start_failure(error: Exception, mission: Mission, program: str) -> str:
    """Why a program could not be started, for a person."""
    if not mission.folder.is_dir():
        return f"the folder {mission.folder} is gone"
    if isinstance(error, FileNotFoundError):
        if (mission.folder / program).is_file():  # The kernel means the interpreter after “#!”.
            return f"{program} names an interpreter that does not exist"
        return f"there is no program “{program}”"
    if isinstance(error, PermissionError):
        return f"{program} may not be run"
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


class _Told:
    """What an agent reports over its own event channel, added up."""

    def __init__(self, agent: str, forward: Callable[[ProgramEvent], None]) -> None:
        self._agent = agent
        self._forward = forward
        self.cost_usd: float | None = None
        self.simulated = False
        self.summary = ""
        self.reason = ""

    async def listen(self, descriptor: int) -> None:
        lines = LineBuffer(MAX_EVENT_BYTES)
        async for data in chunks(descriptor):
            for line in lines.feed(data):
                try:
                    event = decode_line(line)
                    self._take(self._typed(event.event, event.data))
                except ValueError:
                    continue  # An agent that speaks nonsense here still does its work.

    def _typed(self, name: str, data: Mapping[str, Any]) -> ProgramEvent | None:
        return typed_event(name, {**data, "agent": self._agent} if name.startswith("agent:") else dict(data))

    def _take(self, event: ProgramEvent | None) -> None:
        if isinstance(event, AgentComplete | AgentError):
            if event.cost_usd is not None and event.cost_usd >= 0:
                self.cost_usd = (self.cost_usd or 0.0) + event.cost_usd
                self.simulated = self.simulated or event.simulated
            if isinstance(event, AgentComplete):
                self.summary, self.reason = one_line(event.summary), ""
            else:
                self.reason = one_line(event.reason) or "it says that it failed"
        elif isinstance(event, OrchestratorLog | FilesChanged):
            self._forward(event)
