"""The context that all rounds of a mission share: state, costs, log, events and the stop signal."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from podium.core.costs import Cost, LedgerBusy
from podium.core.missions.spec import AgentSpec, Mission
from podium.core.missions.state import GateState, MissionState
from podium.core.protocol.events import OrchestratorLog, ProgramEvent
from podium.core.protocol.program_channels import EventWriter
from podium.core.system.fault_reports import FaultReports
from podium.missions.costs.book import CostBook
from podium.missions.costs.budget import Budgets, Share
from podium.missions.costs.coalescing import Coalesced
from podium.missions.drivers import AgentDrivers
from podium.missions.gate import run_gate
from podium.missions.log import MissionLog
from podium.missions.rounds.selection import at_once
from podium.missions.rounds.store import StateStore
from podium.missions.sink import Sink
from podium.missions.stopping import StopSignal
from podium.missions.text import clean, count
from podium.missions.turns.agent_driver import AgentDriver, AttemptCallbacks, Task
from podium.missions.turns.agent_questions import AgentQuestions
from podium.missions.turns.low_descriptors import LowDescriptors
from podium.missions.turns.retrying import RetryPolicy

_WRITE_EVERY: Final = 0.25
"""Seconds between two writes of costs; a kill loses no more than the costs since the last one."""
_LAST_WORDS: Final = 1.0
"""Seconds for an agent whose cost has used the money up: it often reports itself done with its cost, and ends."""
_PATIENCE: Final = 30.0
"""Seconds that costs wait while another program holds the history; then the mission stops."""
_LAST_PATIENCE: Final = 5.0
"""The same at the end, for which somebody may wait."""
_ASK_AGAIN: Final = 0.5
"""Seconds between two attempts to reserve money."""


class MissionServices(msgspec.Struct, frozen=True):
    """The services that a mission uses."""

    log: MissionLog
    sink: Sink
    events: EventWriter
    stop: StopSignal
    store: StateStore
    descriptors: LowDescriptors
    retry_policy: RetryPolicy = RetryPolicy()
    faults: FaultReports = msgspec.field(default_factory=lambda: FaultReports("mission"))


class MissionContext:
    """Serves the turns, gates and workspace of one run."""

    def __init__(
        self,
        mission: Mission,
        state: MissionState,
        services: MissionServices,
        book: CostBook,
        day_usd: float | None,
    ) -> None:
        self.mission = mission
        self.state = state
        self.book = book
        self.log = services.log
        self.stop = services.stop
        self.retry_policy = services.retry_policy
        self.descriptors = services.descriptors
        self.parts: dict[str, StopSignal] = {}
        """The signals of the agents that run."""
        self._faults = services.faults
        self._sink = services.sink
        self._events = services.events
        self._questions = AgentQuestions(self.write)
        self._store = services.store
        self._store.failed = self._on_not_saved
        self._drivers = AgentDrivers(mission)
        self._budgets = Budgets(mission, book, day_usd, self.report)
        self._writing = Coalesced(self.save, _WRITE_EVERY)
        self._busy_since: float | None = None
        """The time since when another program keeps costs from being written; None: none does."""

    @property
    def default_model(self) -> str:
        """The model of agents that name none."""
        return self.state.settings.model

    def change(self, mission: Mission) -> None:
        """``mission`` has other limits from now on; agents that are over them now are ended."""
        self.mission = mission
        self.state.max_rounds = mission.max_rounds
        self._budgets.change_mission_budget(mission.budget_usd)
        self._end_if_used_up()

    def save(self) -> None:
        """Costs first: what the state says of a session's count must not outlive what it cost."""
        self._writing.cancel()
        try:
            self.book.write()
            self._busy_since = None
        except LedgerBusy as error:
            # The state has the sum all the same.
            now = time.monotonic()
            self._busy_since = self._busy_since or now
            if now - self._busy_since < _PATIENCE:
                self._writing.later()
            else:
                self._on_not_saved(f"a cost can’t be written down: {error}")
        except OSError as error:
            self._on_not_saved(f"a cost can’t be written down: {error.strerror or error}")
        if notice := self.book.take_notice():
            self.report(notice)
        self._store.save()

    async def settle(self) -> None:
        """At the end, write the costs that another program kept from being written."""
        deadline = time.monotonic() + _LAST_PATIENCE
        self.save()
        while self._busy_since is not None and time.monotonic() < deadline:
            await asyncio.sleep(_WRITE_EVERY)
            self.save()
        if left := self.book.unwritten:
            self.report(
                f"{count(left, 'cost')} could not be written into the history; its state file has the sum"
            )

    def say_faults(self) -> None:
        """Report the faults in the person's prices: costs of faulty rows stay unknown."""
        for fault in self._drivers.price_faults:
            self.report(str(fault))

    def write(self, event: ProgramEvent) -> None:
        self._events.write(event)

    def forward(self, event: ProgramEvent) -> None:
        """An event of an agent's own."""
        if isinstance(event, OrchestratorLog):
            self.log.note(clean(event.text.encode("utf-8", "replace")))
        self._events.write(event)

    def ask(self, agent: AgentSpec, question: str | None) -> None:
        """An agent waits for a person, or no longer."""
        self._questions.ask(agent.id, agent.name or agent.id, question)

    def note(self, text: str) -> None:
        """Write a line into the log."""
        self.log.note(text)

    def fault(self, error: Exception) -> str:
        return self._faults.sentence(error)

    def report(self, text: str) -> None:
        """Write a line into the log and send it to the window."""
        self.log.note(text)
        self._events.write(OrchestratorLog(text))

    async def drain(self, exited: asyncio.Event) -> None:
        await self._sink.drain(exited)

    def driver(self, agent: AgentSpec, task: Task, callbacks: AttemptCallbacks) -> AgentDriver:
        return self._drivers.driver(agent, task, callbacks)

    async def reserve(self, agent: AgentSpec, stop: StopSignal) -> Share:
        """The share that ``agent`` may spend in its next attempt; waits while others have reserved all that is left."""
        reported = False
        while True:
            among = at_once(self.mission, self.state, agent, self.parts, self._budgets.holders)
            try:
                share = self._budgets.reserve(agent, among)
            except LedgerBusy:
                share = Share(wait="another program holds the history of costs")
            except OSError as error:
                self._on_not_saved(f"no money can be reserved: {error.strerror or error}")
                return Share(reason="stopped")
            if not share.wait:
                return share
            if not reported:
                reported = True
                self.report(f"{agent.name or agent.id} waits for money: {share.wait}")
            try:
                await asyncio.wait_for(stop.now.wait(), _ASK_AGAIN)
            except TimeoutError:
                continue
            self.release(agent)
            return Share(reason="stopped")

    def release(self, agent: AgentSpec) -> None:
        """Free the part of its share that an ended attempt did not spend."""
        try:
            self._budgets.release(agent)
        except LedgerBusy:
            pass  # It is dropped with the next reservation of this agent, or when this process has ended.
        except OSError as error:
            self._on_not_saved(f"a cost can’t be written down: {error.strerror or error}")

    def overshoot(self) -> list[str]:
        """Budgets that did not hold, for the end."""
        return self._budgets.overshoot()

    def spent(self, agent: AgentSpec, attempt: int, number: int, cost: Cost) -> None:
        self.book.add(agent.id, self.state.round.number, attempt, number, cost)
        self._budgets.note_simulated(agent, cost)
        self._writing.ask()
        if self._end_if_used_up(_LAST_WORDS):
            return
        if agent.id in self.parts and (reason := self.money_of(agent)):
            self._end_parts([self.parts[agent.id]], reason, _LAST_WORDS)

    def _end_if_used_up(self, grace: float = 0.0) -> bool:
        reason = self.money()
        if reason:
            self._end_parts(list(self.parts.values()), reason, grace)
        return bool(reason)

    def _end_parts(self, parts: Sequence[StopSignal], reason: str, grace: float) -> None:
        for part in parts:
            if grace:
                asyncio.get_running_loop().call_later(grace, part.stop_now, reason)
            else:
                part.stop_now(reason)

    def money(self) -> str:
        """Why nothing may start any more, or ""."""
        return self._budgets.used_up()

    def money_of(self, agent: AgentSpec) -> str:
        """Why ``agent`` may not start any more, or ""."""
        return self._budgets.used_up_by(agent)

    async def run_gates(self, folder: Path | None, round_number: int) -> list[GateState] | None:
        """Run all gates; None when *stop now* came between."""
        states = []
        for gate in self.mission.gates:
            if self.stop.now.is_set():
                return None
            outcome = await run_gate(self.mission, gate, round_number, self.stop, folder, self.state.run)
            if outcome.stopped:
                return None
            self.log.gate_ended(outcome)
            states.append(outcome.state)
        return states

    def _on_not_saved(self, reason: str) -> None:
        if not self.stop.now.is_set():
            self.stop.stop_now(f"because {reason}")
            self.report(f"Stopping: {reason}. Make room, then continue with podium mission resume.")
