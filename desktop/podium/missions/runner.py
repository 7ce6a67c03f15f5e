"""The mission itself: rounds of agents, gates after each, and when to end."""

import asyncio
import time
from typing import Final

import msgspec

from podium.core.events import (
    AgentComplete,
    AgentError,
    AgentStart,
    GateResult,
    OrchestratorLog,
    OrchestratorStarted,
    OrchestratorStopped,
    ProgramEvent,
    RoundComplete,
    RoundStart,
)
from podium.core.mission_file import AgentSpec, Mission
from podium.core.program_channels import EventWriter
from podium.missions.agent import AgentResult, run_agent
from podium.missions.gate import GateOutcome, run_gate
from podium.missions.log import MissionLog, priced, shown_name
from podium.missions.sink import Sink
from podium.missions.stopping import StopSignal
from podium.missions.text import clean, count, duration

DONE: Final = 0
GATES_FAILING: Final = 1
BAD_FILE: Final = 2
CRASHED: Final = 70
"""A fault of Podium's own; apart from the codes that say how the mission went."""
STOPPED: Final = 130

_SHOWN_LINES: Final = 2000
"""Lines of one agent's turn that go into the log."""


class _Costs:
    """A sum that stays unknown until somebody tells a cost."""

    def __init__(self) -> None:
        self.usd: float | None = None
        self.simulated = False

    def add(self, usd: float | None, simulated: bool) -> None:
        if usd is not None:
            self.usd = (self.usd or 0.0) + usd
            self.simulated = self.simulated or simulated


class _End(msgspec.Struct, frozen=True):
    """How the mission ended: ``what`` for the log, ``outcome`` and ``reason`` for the event."""

    code: int
    outcome: str
    what: str
    reason: str = ""


class MissionRun:
    """One run of one mission."""

    def __init__(
        self, mission: Mission, log: MissionLog, sink: Sink, events: EventWriter, stop: StopSignal
    ) -> None:
        self._mission = mission
        self._log = log
        self._sink = sink
        self._events = events
        self._stop = stop
        self._costs = _Costs()

    async def run(self, file: str) -> int:
        """Run all rounds and return the exit code. ``file`` is the mission file as the person named it."""
        mission = self._mission
        started = time.monotonic()
        self._events.write(OrchestratorStarted(mission.name, mission.max_rounds, len(mission.agents)))
        self._log.mission_started(mission, file)
        rounds = 0
        end: _End | None = None
        while end is None:
            rounds += 1
            gates = await self._round(rounds)
            end = self._end_after(rounds, gates)
        costs = self._costs
        facts = (
            count(rounds, "round"),
            duration(time.monotonic() - started),
            priced(costs.usd, costs.simulated),
        )
        self._log.mission_ended(end.outcome, end.what, facts)
        self._events.write(
            OrchestratorStopped(end.outcome, rounds, end.code, costs.usd, costs.simulated, end.reason)
        )
        return end.code

    def _end_after(self, rounds: int, gates: list[GateOutcome]) -> _End | None:
        """Whether the mission ends here. Without gates the last round ends it, with success."""
        stop, mission = self._stop, self._mission
        if stop.now.is_set():
            return _End(STOPPED, "stopped", f"in round {rounds}, {stop.reason}", stop.reason)
        failing = ", ".join(gate.name for gate in gates if not gate.passed)
        if gates and not failing:
            return _End(DONE, "done", "all gates pass")
        if not gates and rounds == mission.max_rounds:
            return _End(DONE, "done", "all rounds are over; there are no gates")
        if stop.finishing:
            still = f"; still failing: {failing}" if failing else ""
            return _End(STOPPED, "stopped", f"{stop.reason}{still}", stop.reason + still)
        if rounds == mission.max_rounds:
            return _End(GATES_FAILING, "failed", f"still failing: {failing}", f"still failing: {failing}")
        return None

    async def _round(self, number: int) -> list[GateOutcome]:
        mission = self._mission
        started = time.monotonic()
        costs = _Costs()
        self._events.write(RoundStart(number, mission.max_rounds))
        self._log.round_started(number, mission.max_rounds)
        for result in await self._agents(number):
            costs.add(result.cost_usd, result.simulated)
            self._costs.add(result.cost_usd, result.simulated)
        gates = await self._gates(number)
        if self._stop.now.is_set():
            return gates
        results = tuple(GateResult(gate.name, gate.passed) for gate in gates)
        self._events.write(RoundComplete(number, results, costs.usd, costs.simulated))
        self._log.round_ended(time.monotonic() - started, costs.usd, costs.simulated)
        return gates

    async def _agents(self, number: int) -> list[AgentResult]:
        """Run the agents in the file's order, so many at once as may be."""
        free = asyncio.Semaphore(self._mission.max_concurrency)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._agent(agent, number, free)) for agent in self._mission.agents]
        return [result for task in tasks if (result := task.result()) is not None]

    async def _agent(self, agent: AgentSpec, number: int, free: asyncio.Semaphore) -> AgentResult | None:
        async with free:
            if self._stop.asked:
                self._log.agent_skipped(agent)
                return None
            self._events.write(AgentStart(agent.id, number, shown_name(agent)))
            self._log.agent_started(agent)
            output = _AgentOutput(agent, self._log, self._sink)
            result = await run_agent(self._mission, agent, number, self._stop, output, self._forward)
            output.close()
        self._log.agent_ended(agent, result)
        self._events.write(_agent_event(result, number))
        return result

    async def _gates(self, number: int) -> list[GateOutcome]:
        outcomes = []
        for gate in self._mission.gates:
            if self._stop.now.is_set():
                break
            outcome = await run_gate(self._mission, gate, number, self._stop)
            if not outcome.stopped:
                self._log.gate_ended(outcome)
                outcomes.append(outcome)
        return outcomes

    def _forward(self, event: ProgramEvent) -> None:
        if isinstance(event, OrchestratorLog):
            self._log.note(clean(event.text.encode("utf-8", "replace")))
        self._events.write(event)


def _agent_event(result: AgentResult, number: int) -> AgentComplete | AgentError:
    if result.reason:
        return AgentError(
            result.agent, number, result.seconds, result.reason, result.cost_usd, result.simulated
        )
    return AgentComplete(
        result.agent, number, result.seconds, result.cost_usd, result.simulated, result.summary
    )


class _AgentOutput:
    """Brings an agent's lines into the log, and no more of them than anybody would read."""

    def __init__(self, agent: AgentSpec, log: MissionLog, sink: Sink) -> None:
        self._agent = agent
        self._log = log
        self._sink = sink
        self._lines = 0

    def line(self, line: bytes) -> None:
        self._lines += 1
        if self._lines <= _SHOWN_LINES and (text := clean(line)):
            self._log.agent_printed(self._agent, text)

    async def ready(self, exited: asyncio.Event) -> None:
        await self._sink.drain(exited)

    def close(self) -> None:
        if self._lines > _SHOWN_LINES:
            more = count(self._lines - _SHOWN_LINES, "more line")
            self._log.agent_printed(self._agent, f"… {more} not shown")
