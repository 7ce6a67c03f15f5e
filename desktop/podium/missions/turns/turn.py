"""An agent's whole turn: attempts until one succeeds or trying again is no use."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol

from podium.core.costs import Cost
from podium.core.missions.spec import AgentSpec, Mission
from podium.core.missions.state import AgentMemory, TurnState
from podium.core.protocol.events import AgentContinuation, ProgramEvent
from podium.core.system.scratch import scratch_folder
from podium.missions.costs.budget import Share
from podium.missions.processes import InactivityTimer
from podium.missions.stopping import StopSignal
from podium.missions.turns.agent_driver import AgentDriver, AttemptCallbacks, Task
from podium.missions.turns.attempt import Attempt, run_attempt
from podium.missions.turns.comments import feedback_text
from podium.missions.turns.environment import mission_environment
from podium.missions.turns.low_descriptors import LowDescriptors
from podium.missions.turns.memory import forget_session, model_for, session_for
from podium.missions.turns.results import AgentResult, AttemptResult
from podium.missions.turns.retrying import Retries, RetryPolicy, wait_until

_INTERRUPTED: Final = (
    "You were interrupted in the middle of this task. What you had done so far is still in your folder: "
    "see where you were and go on from there."
)


class TurnHost(Protocol):
    """The mission as a turn sees it."""

    descriptors: LowDescriptors

    @property
    def default_model(self) -> str:
        """The model of agents that name none; empty for their tools' own."""

    def save(self) -> None:
        """Put the state on disk. Never raises: a mission that can't be saved stops itself."""

    def forward(self, event: ProgramEvent) -> None: ...

    def ask(self, agent: AgentSpec, question: str | None) -> None:
        """The agent waits for a person; None: it does no longer."""

    def spent(self, agent: AgentSpec, attempt: int, number: int, cost: Cost) -> None:
        """Take note of a cost: the ``number``-th of this attempt."""

    async def reserve(self, agent: AgentSpec, stop: StopSignal) -> Share:
        """The share for its next attempt; without a ``reason``, it is ``release``d when that has ended."""

    def release(self, agent: AgentSpec) -> None: ...

    def driver(self, agent: AgentSpec, task: Task, callbacks: AttemptCallbacks) -> AgentDriver: ...

    def note(self, text: str) -> None: ...

    def fault(self, error: Exception) -> str:
        """A fault of Podium's own came up in a turn: report it. Returns words for a person."""


class Turn:
    """One agent in one round. ``stop`` is its own part of the mission's signal."""

    def __init__(
        self,
        host: TurnHost,
        mission: Mission,
        agent: AgentSpec,
        memory: AgentMemory,
        turn: TurnState,
        stop: StopSignal,
        retry_policy: RetryPolicy,
    ) -> None:
        self._host = host
        self._mission = mission
        self._agent = agent
        self._memory = memory
        self._turn = turn
        self._stop = stop
        self._policy = retry_policy
        self._model = model_for(agent, memory, host.default_model)
        self._costs = Cost()
        self._reported = 0
        self._given_up = ""
        self._round = 0
        self._goes_on = False

    async def run(
        self,
        round_number: int,
        folder: Path,
        environment: dict[str, str],
        complete: Callable[[AttemptCallbacks], AttemptCallbacks],
        usable: Callable[[], bool],
        goes_on: bool = False,
    ) -> AgentResult:
        """Run it in ``folder``. ``complete`` adds the callbacks that only the caller has. ``usable``: whether
        ``folder`` is still the one that was made. ``goes_on``: the turn was interrupted; its session and its work
        are still there.
        """
        self._round = round_number
        self._goes_on = goes_on
        started = time.monotonic()
        retries = Retries(self._policy)
        memory = self._memory
        if session_for(memory) == "":
            forget_session(memory)
        stopped = False
        while True:
            attempt = await self._attempt(folder, environment, complete)
            result = attempt.result
            if result.session and not result.fresh:
                memory.session, memory.session_totals = result.session, dict(result.totals)
            if result.fresh:
                forget_session(memory)
            again = None if not result.reason or attempt.stopped else retries.next_at(result)
            if again is None:
                break
            self._say_again(round_number, result, again)
            if not await wait_until(again, self._stop):
                stopped = True
                break
            if not usable():
                self._given_up = f"another folder or a link stands at {folder}"
                break
        if memory.session:
            memory.session_rounds += 1
        return AgentResult(
            self._agent.id,
            time.monotonic() - started,
            self._costs,
            result.summary,
            self._why(attempt),
            (attempt.stopped or stopped) and not self._given_up,
            result.done,
            result.session,
        )

    async def _attempt(
        self,
        folder: Path,
        environment: dict[str, str],
        complete: Callable[[AttemptCallbacks], AttemptCallbacks],
    ) -> Attempt:
        share = await self._host.reserve(self._agent, self._stop)
        if share.reason:
            return Attempt(AttemptResult(share.reason), stopped=self._stop.now.is_set())
        try:
            with scratch_folder() as scratch:
                return await self._paid_attempt(folder, environment, complete, share.usd, scratch)
        finally:
            self._host.release(self._agent)

    async def _paid_attempt(
        self,
        folder: Path,
        environment: dict[str, str],
        complete: Callable[[AttemptCallbacks], AttemptCallbacks],
        budget_usd: float | None,
        scratch: Path,
    ) -> Attempt:
        agent, memory = self._agent, self._memory
        self._turn.attempts += 1
        self._reported = 0
        self._host.save()
        inactivity = InactivityTimer(agent.silence_timeout) if agent.silence_timeout is not None else None
        parts = (
            agent.task,
            feedback_text(memory.feedback, self._turn.comments),
            _INTERRUPTED if self._goes_on else "",
        )
        self._goes_on = False
        task = Task(
            prompt="\n\n".join(part for part in parts if part),
            folder=folder,
            scratch=scratch,
            model=self._model,
            session=session_for(memory),
            totals=memory.session_totals,
            budget_usd=budget_usd,
        )
        callbacks = complete(
            AttemptCallbacks(
                show=lambda _: None,
                progress=inactivity.progress if inactivity else lambda: None,
                give_up=self._give_up,
                spent=self._spent_so_far,
                session=self._session_known,
                wait=_no_wait,
            )
        )
        return await run_attempt(
            agent,
            self._host.driver(agent, task, callbacks),
            folder,
            environment,
            self._stop,
            inactivity,
            self._host.forward,
            self._spent,
            self._host.descriptors,
            self._host.fault,
            lambda question: self._host.ask(agent, question),
        )

    def _spent(self, cost: Cost) -> None:
        self._reported += 1
        self._costs = self._costs + cost
        self._host.spent(self._agent, self._turn.attempts, self._reported, cost)

    def _spent_so_far(self, cost: Cost, totals: Mapping[str, Any]) -> None:
        self._memory.session_totals = dict(totals)
        self._spent(cost)
        so_far = self._costs
        self._host.forward(
            AgentContinuation(
                self._agent.id,
                self._round,
                cost_usd=so_far.usd,
                simulated=so_far.simulated,
                tokens_in=so_far.tokens_in,
                tokens_out=so_far.tokens_out,
                estimated=so_far.estimated,
            )
        )

    def _give_up(self, reason: str) -> None:
        if not self._stop.now.is_set():
            self._given_up = reason
            self._stop.stop_now(reason)

    def _session_known(self, session: str) -> None:
        """At once: a mission that is killed now can go on with it."""
        if session != self._memory.session:
            self._memory.session = session
            self._memory.session_rounds = 0
            self._host.save()

    def _why(self, attempt: Attempt) -> str:
        if self._given_up:
            return self._given_up
        if attempt.stopped and self._stop.alone:
            return f"stopped: {self._stop.reason}"
        return attempt.result.reason

    def _say_again(self, round_number: int, result: AttemptResult, again: float) -> None:
        agent = self._agent
        self._host.forward(AgentContinuation(agent.id, round_number, result.reason, again))
        name = agent.name or agent.id
        if result.fresh:
            self._host.note(f"{name}: {result.reason}; trying again with a fresh session")
        elif result.retry_at is not None:
            self._host.note(f"{name}: {result.reason}; waiting until {_clock(again)}")
        else:
            wait = max(1, round(again - time.time()))
            self._host.note(f"{name}: {result.reason}; trying again in {wait} s")


def agent_environment(
    mission: Mission, agent: AgentSpec, round_number: int, folder: Path | None, run: str
) -> dict[str, str]:
    """The environment of an agent, apart from its task."""
    return {**mission_environment(mission, round_number, folder, run), "PODIUM_AGENT": agent.id}


def _clock(moment: float) -> str:
    local, today = time.localtime(moment), time.localtime()
    same_day = local[:3] == today[:3]
    return time.strftime("%H:%M:%S" if same_day else "%a %d %b, %H:%M", local)


async def _no_wait(_: object) -> None:
    return
