"""The mission itself: from its first round, or the one it was in, to its end."""

import asyncio
import os

from podium.core.costs import CostLedger
from podium.core.missions.spec import AgentSpec, Mission
from podium.core.missions.state import MissionState
from podium.core.protocol.events import OrchestratorStarted, OrchestratorStopped
from podium.core.protocol.program_channels import ControlRequest
from podium.core.system.processes import INSTANCE_VARIABLE
from podium.missions.costs.book import CostBook
from podium.missions.log import priced
from podium.missions.rounds.control_handler import ControlHandler
from podium.missions.rounds.ending import end_after
from podium.missions.rounds.exits import GATES_FAILING, End, stopped
from podium.missions.rounds.mission_context import MissionContext, MissionServices
from podium.missions.rounds.outcome import final_end
from podium.missions.rounds.round_run import RoundRun
from podium.missions.rounds.run_settings import applied
from podium.missions.rounds.selection import memory_of
from podium.missions.text import count, duration
from podium.missions.workspace import CannotPrepare, Outcome, SharedFolder, Workspace
from podium.missions.worktrees.cleaning import Stale, survey
from podium.missions.worktrees.isolated import IsolatedWorkspace
from podium.repositories.repository import Repository


class MissionRun:
    """One run of one mission. ``state`` is new, or that of a run that was interrupted."""

    def __init__(
        self,
        mission: Mission,
        state: MissionState,
        services: MissionServices,
        ledger: CostLedger,
        repository: Repository | None,
        day_usd: float | None = None,
    ) -> None:
        self._state = state
        self._services = services
        self._context = MissionContext(
            applied(state.settings, mission),
            state,
            services,
            CostBook(ledger, state, str(mission.file), os.environ.get(INSTANCE_VARIABLE, "")),
            day_usd,
        )
        self._control = ControlHandler(self._context, mission)
        self._uncommitted = repository.uncommitted if repository is not None else 0
        self._workspace: Workspace
        context = self._context
        if repository is None:
            self._workspace = SharedFolder(mission, context.run_gates)
        else:
            self._workspace = IsolatedWorkspace(
                mission,
                repository,
                state,
                services.stop,
                context.run_gates,
                context.save,
                context.note,
                context.forward,
            )

    def handle(self, request: ControlRequest) -> None:
        """Carry out a comment or a config."""
        self._control.handle(request)

    async def run(self, file: str) -> int:
        """Run it to its end and return the exit code. ``file`` is what the person called the mission file."""
        state, context = self._state, self._context
        resumed = state.round.number > 0
        self._say_started(file, resumed)
        await self._say_stale()
        end = await self._open()
        if end is None and resumed and state.round.complete:  # It may have been killed at its very end.
            end = end_after(self._mission, state, state.gates, context.stop, self._money())
        while end is None:
            number = state.round.number + 1 if state.round.complete else state.round.number
            gates = await RoundRun(context, self._workspace, number).run()
            end = end_after(self._mission, state, gates, context.stop, self._money())
        await context.settle()
        outcome = Outcome()
        if end.for_good:
            self._control.say_missed_comment()
            outcome = await self._workspace.close()
            end = final_end(self._mission, state, end, outcome.kept_work)
            self._services.store.finish(end.outcome)
        else:
            context.save()
        self._say_ended(end, outcome, file)
        return end.code

    @property
    def _mission(self) -> Mission:
        """With the limits that hold now."""
        return self._context.mission

    async def _open(self) -> End | None:
        try:
            await self._workspace.open()
        except CannotPrepare as error:
            return End(GATES_FAILING, "failed", f"the worktrees could not be made ready: {error}", str(error))
        stop = self._context.stop
        if stop.now.is_set():
            return stopped(f"before the round, {stop.reason}", stop.reason)
        if reason := self._context.money():
            return stopped(reason, reason)
        return None

    def _money(self) -> str:
        """Why no agent may start any more: one budget for all, or each one's own."""
        if reason := self._context.money():
            return reason
        left = [agent for agent in self._mission.agents if not memory_of(self._state, agent).retired]
        if left and all(self._context.money_of(agent) for agent in left):
            return self._out_of_money(left)
        return ""

    def _out_of_money(self, agents: list[AgentSpec]) -> str:
        return self._context.money_of(agents[0]) if len(agents) == 1 else "every agent’s budget is used up"

    def _say_started(self, file: str, resumed: bool) -> None:
        mission, state, context = self._mission, self._state, self._context
        cost = context.book.whole
        state.cost = cost
        state.max_rounds = mission.max_rounds
        context.write(
            OrchestratorStarted(
                mission.name,
                mission.max_rounds,
                len(mission.agents),
                state.run,
                resumed,
                cost.usd,
                cost.simulated,
                cost.estimated,
            )
        )
        context.log.mission_started(mission, file)
        if resumed:
            context.note(f"Resumed in round {state.round.number}; {priced(cost)} so far")
        context.say_faults()
        self._control.say_settings()
        if self._uncommitted and not resumed:
            changes = count(self._uncommitted, "uncommitted change")
            context.note(f"Agents work from the last commit, without your {changes}")

    async def _say_stale(self) -> None:
        """Remove worktrees of runs that will not go on: they take room unnoticed."""
        found = await asyncio.to_thread(lambda: list(survey()))
        stale = sum(isinstance(item, Stale) for item in found)
        if stale:
            self._context.note(f"Worktrees of {count(stale, 'earlier run')} can go: podium mission clean")

    def _say_ended(self, end: End, outcome: Outcome, file: str) -> None:
        state, context = self._state, self._context
        cost = context.book.whole
        rounds = state.round.number
        context.log.mission_ended(
            end.outcome, end.what, (count(rounds, "round"), duration(state.seconds), priced(cost))
        )
        if outcome.branch and outcome.commits:
            context.note(
                f"Its {count(outcome.commits, 'commit')} on {outcome.branch}; take them: git merge {outcome.branch}"
            )
        for line in context.overshoot():
            context.report(line)
        for branch in outcome.kept:
            context.note(f"Left out, kept on {branch}")
        for work in outcome.kept_work or (state.worktrees.kept if state.worktrees is not None else ()):
            context.report(f"Not committed: {work.reason}. It lies in {work.path}")
        if not end.for_good:
            context.note(f"Go on with it: podium mission resume {file}")
        context.write(
            OrchestratorStopped(
                end.outcome,
                rounds,
                end.code,
                cost.usd,
                cost.simulated,
                end.reason,
                cost.tokens_in,
                cost.tokens_out,
                cost.estimated,
                outcome.branch,
            )
        )
