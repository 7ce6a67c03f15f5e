"""One round: its agents in dependency order, so many at once as may be; what became of their work; the gates."""

import asyncio
import time
from functools import partial
from pathlib import Path

import msgspec

from podium.core.missions.spec import AgentSpec, AgentType
from podium.core.missions.state import AgentMemory, Delivery, GateState, RoundState, Stage, TurnState
from podium.core.protocol.events import (
    AgentComplete,
    AgentError,
    AgentStart,
    GateResult,
    RoundComplete,
    RoundStart,
)
from podium.missions.log import shown_name
from podium.missions.rounds.agent_output import AgentOutput
from podium.missions.rounds.feedback import feedback_for
from podium.missions.rounds.mission_context import MissionContext
from podium.missions.rounds.outcome import remember_turn
from podium.missions.rounds.selection import due, memory_of, wake
from podium.missions.stopping import StopSignal
from podium.missions.turns.agent_driver import AttemptCallbacks
from podium.missions.turns.comments import feedback_text, return_comments, take_comments
from podium.missions.turns.memory import forget_session, note_failure, note_success, session_for
from podium.missions.turns.results import AgentResult
from podium.missions.turns.turn import Turn, agent_environment
from podium.missions.workspace import CannotPrepare, Workspace


class RoundRun:
    """Runs round ``number``, or goes on with it where an interrupted run has left it."""

    def __init__(self, context: MissionContext, workspace: Workspace, number: int) -> None:
        self._context = context
        self._mission = context.mission
        self._state = context.state
        self._workspace = workspace
        self._number = number
        self._free = asyncio.Semaphore(context.mission.max_concurrency)
        self._finished = {agent.id: asyncio.Event() for agent in context.mission.agents}
        self._time_is_up = ""

    async def run(self) -> list[GateState]:
        """Returns how the gates stand; [] when *stop now* came between."""
        context, number = self._context, self._number
        started = time.monotonic()
        if self._state.round.number != number:
            wake(self._mission, self._state, self._state.gates)
            self._state.round = RoundState(number, complete=False, started_at=time.time())
        self._state.round.skipped = []
        context.save()
        context.write(RoundStart(number, self._mission.max_rounds))
        context.log.round_started(number, self._mission.max_rounds)
        await self._agents()
        gates = [] if context.stop.now.is_set() else await self._workspace.gates(number)
        if context.stop.now.is_set():
            context.save()
            return []
        if not self._state.round.skipped:
            self._state.round.complete = True
            self._retire_if_nothing_changes()
        self._state.gates = gates
        self._state.rounds_done = number
        context.save()
        cost = context.book.of_round(number)
        results = tuple(GateResult(gate.name, gate.passed, gate.required) for gate in gates)
        context.write(
            RoundComplete(
                number, results, cost.usd, cost.simulated, cost.tokens_in, cost.tokens_out, cost.estimated
            )
        )
        context.log.round_ended(time.monotonic() - started, cost)
        return gates

    def _retire_if_nothing_changes(self) -> None:
        """A round without changes: the next would be the same, so all agents are done."""
        turns = self._state.round.turns
        if turns and all(turn.delivery is Delivery.UNCHANGED and not turn.reason for turn in turns.values()):
            for agent in self._mission.agents:
                memory = memory_of(self._state, agent)
                # A comment that it has not got yet makes its next turn a different one.
                if agent.type is AgentType.FEATURE and agent.id in turns and not memory.comments:
                    memory.retired = True

    async def _agents(self) -> None:
        timer = None
        if self._mission.round_timeout is not None:
            timer = asyncio.get_running_loop().call_later(self._mission.round_timeout, self._on_time_up)
        agents = due(self._mission, self._state, self._number)
        for id, finished in self._finished.items():
            if id not in {agent.id for agent in agents}:
                finished.set()
        try:
            async with asyncio.TaskGroup() as group:
                for agent in agents:
                    group.create_task(self._agent(agent))
        finally:
            if timer is not None:
                timer.cancel()

    def _on_time_up(self) -> None:
        self._time_is_up = f"by the round’s timeout of {self._mission.round_timeout:g} s"
        for part in tuple(self._context.parts.values()):
            part.stop_now(self._time_is_up)

    async def _agent(self, agent: AgentSpec) -> None:
        try:
            for needed in agent.depends_on:
                await self._finished[needed].wait()
            turn = self._state.round.turns.get(agent.id)
            if turn is None or turn.stage in (Stage.PREPARING, Stage.RUNNING):
                async with self._free:
                    turn = await self._start(agent, turn)
            if turn is not None and turn.stage is Stage.ENDED and not self._context.stop.now.is_set():
                await self._deliver(agent, turn)
        finally:
            self._finished[agent.id].set()

    async def _start(self, agent: AgentSpec, turn: TurnState | None) -> TurnState | None:
        """Run its turn; None when it was not started, or was stopped with the whole mission."""
        context = self._context
        if why := self._not_started(agent):
            context.log.agent_skipped(agent, why)
            return None
        memory = memory_of(self._state, agent)
        keep = turn is not None and turn.stage is Stage.RUNNING and session_for(memory) != ""
        if turn is None:
            turn = self._state.round.turns[agent.id] = TurnState()
        take_comments(memory, turn)
        context.write(AgentStart(agent.id, self._number, shown_name(agent)))
        context.log.agent_started(agent)
        with context.stop.part() as part:
            context.parts[agent.id] = part
            try:
                result = await self._turn(agent, memory, turn, part, keep)
            finally:
                del context.parts[agent.id]
        context.log.agent_ended(agent, result)
        context.write(_agent_event(result, self._number))
        if result.stopped and context.stop.now.is_set():
            context.save()
            return None  # It begins again, or goes on, when the mission is resumed.
        turn.stage = Stage.ENDED
        turn.seconds, turn.summary, turn.reason = result.seconds, result.summary, result.reason
        turn.done = result.done
        context.save()
        return turn

    def _not_started(self, agent: AgentSpec) -> str:
        """Why this agent does not start now, or "". What a stop or the money keeps from starting, a resume starts."""
        context = self._context
        if self._time_is_up:
            return self._time_is_up
        why = "not started" if context.stop.asked else context.money()
        if why:
            self._state.round.skipped.append(agent.id)
        return why or context.money_of(agent)

    async def _turn(
        self, agent: AgentSpec, memory: AgentMemory, turn: TurnState, part: StopSignal, keep: bool
    ) -> AgentResult:
        context = self._context
        try:
            folder = await self._workspace.prepare(agent, self._number, turn, keep)
        except CannotPrepare as error:
            return_comments(memory, turn)
            return AgentResult(agent.id, reason=f"its worktree could not be made ready: {error}")
        turn.stage = Stage.RUNNING
        output = AgentOutput(agent, context.log)

        def complete(callbacks: AttemptCallbacks) -> AttemptCallbacks:
            return msgspec.structs.replace(callbacks, show=output.show, wait=context.drain)

        own: Path | None = folder if self._workspace.isolated else None
        environment = agent_environment(self._mission, agent, self._number, own, self._state.run)
        environment |= self._workspace.environment(agent)
        if words := feedback_text(memory.feedback, turn.comments):
            environment["PODIUM_FEEDBACK"] = words
        runner = Turn(context, self._mission, agent, memory, turn, part, context.retry_policy)
        usable = partial(self._workspace.usable, agent)
        result = await runner.run(self._number, folder, environment, complete, usable, keep)
        output.close()
        return result

    async def _deliver(self, agent: AgentSpec, turn: TurnState) -> None:
        context = self._context
        await self._workspace.deliver(agent, self._number, turn)
        if turn.delivery is Delivery.NONE:
            context.save()
            return
        turn.stage = Stage.DELIVERED
        memory = memory_of(self._state, agent)
        memory.last_round = self._number
        memory.feedback = feedback_for(turn)
        failed = bool(turn.reason) or turn.delivery in (Delivery.BROKE_GATE, Delivery.LOST, Delivery.KEPT)
        if turn.delivery in (Delivery.BROKE_GATE, Delivery.CONFLICT, Delivery.LOST):
            forget_session(memory)
        if failed and note_failure(agent, memory):
            context.report(f"{shown_name(agent)} failed twice in a row: from now on with {agent.max_model}")
        elif not failed and note_success(memory):
            context.report(
                f"{shown_name(agent)} succeeded twice in a row: back to {agent.model or 'its own model'}"
            )
        if agent.type is AgentType.FEATURE and not failed:
            more = bool(memory.comments)  # A comment that it has not got yet is work.
            memory.retired = turn.done and turn.delivery is not Delivery.CONFLICT and not more
        remember_turn(memory, turn.delivery, turn.reason)
        context.save()
        if words := _delivery_words(agent, turn):
            context.report(words)


def _delivery_words(agent: AgentSpec, turn: TurnState) -> str:
    """The outcome of a turn's work, for people."""
    name, first, *rest = shown_name(agent), *(turn.detail.splitlines() or [""])
    match turn.delivery:
        case Delivery.MERGED:
            return f"The work of {name} is merged"
        case Delivery.CONFLICT:
            more = f" and {len(rest)} more" if rest else ""
            return (
                f"The work of {name} is left out: it conflicts in {first}{more}. It is kept on {turn.branch}"
            )
        case Delivery.BROKE_GATE:
            return f"The work of {name} is left out: it broke {first}. It is kept on {turn.branch}"
        case Delivery.UNFINISHED:
            return f"The work of {name} is unfinished; it is kept on {turn.branch}"
        case Delivery.LOST:
            return f"The work of {name} could not be taken over: {turn.detail}"
        case Delivery.KEPT:
            return f"The work of {name} could not be merged: {first}. It is kept on {turn.branch}"
        case _:
            return ""


def _agent_event(result: AgentResult, number: int) -> AgentComplete | AgentError:
    cost = result.cost
    if result.reason:
        return AgentError(
            result.agent,
            number,
            result.seconds,
            result.reason,
            cost.usd,
            cost.simulated,
            cost.tokens_in,
            cost.tokens_out,
            cost.estimated,
            result.session,
        )
    return AgentComplete(
        result.agent,
        number,
        result.seconds,
        cost.usd,
        cost.simulated,
        result.summary,
        cost.tokens_in,
        cost.tokens_out,
        cost.estimated,
        result.done,
        result.session,
    )
