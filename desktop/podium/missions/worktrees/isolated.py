"""A mission in worktrees: each agent in its own, its work merged into the mission's branch when no gate breaks.

The person's checkout, index, stash and branches are never written to, but to put back what an agent has changed.
Everything else happens below Podium's state folder and on branches ``podium/MISSION/RUN/…``.
"""

import asyncio
import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from podium.core.missions.spec import AgentSpec, Mission
from podium.core.missions.state import (
    Delivery,
    GateState,
    KeptWork,
    MissionState,
    Stage,
    TurnState,
    WorktreesState,
)
from podium.core.protocol.events import FilesChanged, ProgramEvent
from podium.core.system.process_identity import own_identity
from podium.missions.stopping import StopSignal
from podium.missions.text import count
from podium.missions.workspace import CannotPrepare, Outcome, RunGates, newly_broken
from podium.missions.worktrees import names
from podium.missions.worktrees.checkouts import Checkouts, kept_folder
from podium.missions.worktrees.ownership import OWN_FOLDER, Owner, worktrees_folder
from podium.missions.worktrees.root_folder import TRACE, clear_root, ready_root, running_branches
from podium.missions.worktrees.setup import run_command
from podium.repositories.author import Author
from podium.repositories.file_names import listed, printable
from podium.repositories.git import GitError, identity
from podium.repositories.globs import matches
from podium.repositories.guard.change_context import ChangeContext, trace_environment
from podium.repositories.guard.repository_guard import RepositoryGuard
from podium.repositories.merging import Conflict, Merger
from podium.repositories.repository import Repository
from podium.repositories.result_branch import ResultBranch
from podium.repositories.saving.worktree_saving import Saved, save_commits

_Value = TypeVar("_Value")
_UNRELATED: Final = "its branch has nothing in common with the mission’s"


class IsolatedWorkspace:
    """``save`` puts the state on disk, ``note`` writes to the log."""

    isolated = True

    def __init__(
        self,
        mission: Mission,
        repository: Repository,
        state: MissionState,
        stop: StopSignal,
        run_gates: RunGates,
        save: Callable[[], None],
        note: Callable[[str], None],
        forward: Callable[[ProgramEvent], None],
    ) -> None:
        self._mission = mission
        self._repository = repository
        self._state = state
        self._stop = stop
        self._run_gates = run_gates
        self._save = save
        self._note = note
        self._forward = forward
        self._parts = names.parts_for([agent.id for agent in mission.agents])
        self._merging = asyncio.Lock()
        self._git = asyncio.Lock()
        self._gates_of_round = 0
        if state.worktrees is None:
            root = worktrees_folder() / state.run
            prefix = mission.workspace.branch_prefix
            branch = names.result_branch(names.run_branches(prefix, mission.name, state.run))
            state.worktrees = WorktreesState(
                str(repository.top), str(root), branch, repository.base, repository.base, repository.subfolder
            )
        self._trees = state.worktrees
        self._root = Path(self._trees.root)
        self._of_run = self._trees.branch.rpartition("/")[0]
        self._merger = Merger(repository, self._root / names.SCRATCH_FOLDER)
        self._result = ResultBranch(repository, self._merger, self._trees.branch, note)
        owner = Owner(state.run, own_identity(), self._trees.repository, str(mission.file))
        self._ready_root = partial(ready_root, self._root, owner)
        self._checkouts = Checkouts(
            mission,
            repository,
            self._trees,
            state.run,
            stop,
            self._in_thread,
            save,
            note,
            self._ready_root,
        )
        self._guard: RepositoryGuard | None = None

    async def open(self) -> None:
        trees = self._trees
        try:
            if words := await self._in_thread(self._ready_root):
                self._note(words)
            await self._in_thread(self._adopt)
            self._guard = await self._in_thread(self._begin_guard)
            self._take_over(await self._in_thread(self._result.open, trees.head))
            await self._ready_result(0)
            if self._mission.workspace.setup:  # What it has written into the configuration is meant.
                await self._in_thread(self._guard.accept)
        except (GitError, OSError) as error:
            raise CannotPrepare(_plain(error)) from None
        if not trees.gates_known and self._mission.gates:
            self._note(
                "Gates before the first round:" if trees.head == trees.base else "Gates as they stand:"
            )
            await self._judge_head(0)
        self._save()

    def environment(self, agent: AgentSpec) -> Mapping[str, str]:
        """The author of its own commits, where the person has none configured, and the file for git's trace."""
        trace = trace_environment(self._trace(agent), dict(os.environ))
        return {**trace, **({} if self._repository.has_identity else identity(_author(agent)))}

    def usable(self, agent: AgentSpec) -> bool:
        """Whether its folder is still the one that was made ready."""
        return self._checkouts.usable(self._parts[agent.id])

    async def prepare(self, agent: AgentSpec, round_number: int, turn: TurnState, keep: bool) -> Path:
        part = self._parts[agent.id]
        branch = names.turn_branch(self._of_run, part, round_number)
        try:
            tree = self._checkouts.tree(part)
            if tree is not None and turn.stage is Stage.RUNNING and turn.start:
                if keep and self._checkouts.usable(part):
                    return self._checkouts.place(tree)
                await self._compare(agent, turn)
                await self._save_interrupted(agent, branch, turn.start)
            fresh = not self._checkouts.is_ready(part)
            tree = await self._checkouts.make_ready(
                part, _name(agent), self._trees.head, branch, round_number
            )
            if fresh and self._guard is not None and self._mission.workspace.setup:
                await self._in_thread(self._guard.accept)
        except (GitError, OSError) as error:
            raise CannotPrepare(_plain(error)) from None
        turn.branch, turn.start = branch, self._trees.head
        self._checkouts.used_by_agent(part)
        return self._checkouts.place(tree)

    async def deliver(self, agent: AgentSpec, round_number: int, turn: TurnState) -> None:
        async with self._merging:
            saved = await self._saved(agent, round_number, turn)
            self._save()
            if saved is None:
                return
            try:
                await self._deliver(agent, round_number, turn, saved)
            except (GitError, OSError, CannotPrepare) as error:
                turn.delivery, turn.detail = Delivery.KEPT, _plain(error)

    async def gates(self, round_number: int) -> list[GateState]:
        trees = self._trees
        async with self._merging:
            try:
                moved = await self._reconcile()
                if self._mission.gates and (moved or self._gates_of_round != round_number):
                    await self._ready_result(round_number)
                    if not await self._judge_head(round_number):
                        return []
                await self._in_thread(self._result.remove_merged, trees.head)
            except (GitError, OSError, CannotPrepare) as error:
                self._note(f"The gates can’t judge the mission’s work: {_plain(error)}")
                trees.gates_known = False
                return [
                    GateState(gate.name, False, gate.required, _plain(error)) for gate in self._mission.gates
                ]
        self._save()
        return trees.gates

    async def close(self) -> Outcome:
        try:
            return await self._close()
        except (GitError, OSError) as error:
            self._note(f"The worktrees in {self._root} could not be removed: {_plain(error)}")
            self._trees.kept.append(KeptWork(str(self._root), "", _plain(error)))
            found = await self._in_thread(
                self._repository.git.succeeds, "rev-parse", "--quiet", "--verify", self._result.reference
            )
            return Outcome(self._trees.branch if found else "", kept_work=tuple(self._trees.kept))
        finally:
            self._checkouts.let_go()

    async def _close(self) -> Outcome:
        teardown = self._teardown if self._mission.workspace.teardown else None
        labels = {self._parts[agent.id]: _name(agent) for agent in self._mission.agents}
        for part in list(self._trees.checkouts):
            await self._checkouts.remove(part, labels.get(part, part), teardown)
        self._trees.kept += await self._in_thread(clear_root, self._root, self._trees)
        trees = self._trees
        left = await self._in_thread(self._result.clean_up_branches, trees.head, trees.base)
        self._take_over(left.head)
        if self._guard is not None:
            await self._in_thread(self._guard.end)
        branch = trees.branch if left.head != trees.base else ""
        return Outcome(branch, left.commits, left.kept, tuple(trees.kept))

    async def _reconcile(self) -> bool:
        """Whether the mission's branch has a new head. Raises GitError."""
        return self._take_over(await self._in_thread(self._result.reconcile, self._trees.head))

    def _take_over(self, head: str) -> bool:
        """Go on from ``head``; True if it is a new one, of which no gate has judged anything."""
        if head == self._trees.head:
            return False
        self._trees.head, self._trees.gates_known = head, False
        return True

    async def _teardown(self, place: Path) -> None:
        command = self._mission.workspace.teardown
        failure, _ = await run_command(self._mission, command, place, 0, self._stop, self._state.run)
        if failure:
            self._note(f"teardown in {place.name}: {failure}")

    def _adopt(self) -> None:
        if self._trees.checkouts:
            return
        self._checkouts.adopt(names.RESULT_FOLDER, "")
        for id, part in self._parts.items():
            turn = self._state.round.turns.get(id)
            self._checkouts.adopt(part, (turn.branch if turn else "") or f"{self._of_run}/{part}")

    def _begin_guard(self) -> RepositoryGuard:
        guard = RepositoryGuard(
            self._repository,
            names.run_references(self._state.run),
            self._root,
            lambda: [*running_branches(self._state.run, self._repository), self._of_run],
            kept_folder(self._state.run) / "repository",
        )
        guard.begin()
        return guard

    async def _ready_result(self, round_number: int, commit: str = "") -> None:
        """The result's worktree is at ``commit``, or at the mission's head. Raises CannotPrepare, GitError or OSError.

        Nothing is done where nothing would be run in it.
        """
        if self._mission.gates or self._mission.workspace.setup:
            await self._checkouts.make_ready(
                names.RESULT_FOLDER, "the gates", commit or self._trees.head, "", round_number
            )

    async def _judge_head(self, round_number: int) -> bool:
        """Run the gates on the mission's head; False when *stop now* came between."""
        gates = await self._run_gates(self._gates_place(), round_number)
        if gates is None:
            return False
        self._trees.gates, self._trees.gates_known = gates, True
        self._gates_of_round = round_number
        return True

    def _gates_place(self) -> Path:
        """Raises CannotPrepare if a program there would run elsewhere."""
        tree = self._checkouts.tree(names.RESULT_FOLDER)
        if tree is None or not self._checkouts.usable(names.RESULT_FOLDER):
            raise CannotPrepare("the folder of the gates is not the one that was made")
        return self._checkouts.place(tree)

    async def _compare(self, agent: AgentSpec, turn: TurnState) -> None:
        """Put back what the turn has changed of what is the person's."""
        tree, label = self._checkouts.tree(self._parts[agent.id]), _name(agent)
        if tree is None or self._guard is None:
            return
        context = ChangeContext(label, f"the turn of {label}", turn.branch, tree, self._trace(agent))
        try:
            for line in await self._in_thread(self._guard.compare, context):
                self._note(line)
        except (GitError, OSError) as error:
            self._note(f"The repository could not be compared after the turn of {label}: {_plain(error)}")

    async def _save_interrupted(self, agent: AgentSpec, branch: str, start: str) -> None:
        """Keep an interrupted turn's work on a branch before the turn begins again."""
        kept, part = f"{branch}-interrupted", self._parts[agent.id]
        try:
            saved = await self._checkouts.save(
                part, _name(agent), kept, start, "Interrupted work", _author(agent)
            )
        except (GitError, OSError) as error:
            self._checkouts.keep(part, _name(agent), f"it could not be saved: {_plain(error)}")
            return
        if saved.files:
            self._note(f"{_name(agent)} begins again; what it had done is kept on {kept}")
        else:
            git = self._repository.git
            await self._in_thread(git.run, "update-ref", "-d", f"refs/heads/{kept}", saved.commit)

    async def _saved(self, agent: AgentSpec, round_number: int, turn: TurnState) -> Saved | None:
        """The turn's work, saved on its branch; None, after a note where it lies, if it could not be saved."""
        part, label = self._parts[agent.id], _name(agent)
        tree = self._checkouts.tree(part)
        await self._compare(agent, turn)
        subject = f"{label}, round {round_number}"
        message = f"{subject}: {turn.summary}" if turn.summary else subject
        place = tree.place if tree is not None else None
        try:
            if tree is not None and place is not None:
                return await self._checkouts.save(
                    part, label, turn.branch, turn.start, message, _author(agent)
                )
        except (GitError, OSError) as error:
            self._checkouts.keep(part, label, f"it could not be saved: {_plain(error)}")
            turn.delivery, turn.detail = Delivery.LOST, f"it lies in {place}"
            return None
        found = await self._in_thread(save_commits, self._repository, turn.branch, turn.start)
        if found is not None:
            self._note(f"The worktree of {label} was removed; what was committed in it is taken")
            return found
        turn.delivery = Delivery.LOST
        turn.detail = "its worktree was removed, and nothing was committed in it"
        return None

    async def _deliver(self, agent: AgentSpec, round_number: int, turn: TurnState, saved: Saved) -> None:
        turn.commit = saved.commit
        if not saved.files:
            turn.delivery = Delivery.UNCHANGED
            return
        if saved.half_done and not turn.reason:
            turn.reason = f"it left a {saved.half_done} half done"
        if turn.reason:
            turn.delivery = Delivery.UNFINISHED
            return
        self._report_foreign_files(agent, saved.files)
        await self._reconcile()
        if await self._in_thread(self._merger.contains, self._trees.head, saved.commit):
            # Merged before the mission was killed, or an older commit that the agent went back to.
            older = await self._in_thread(self._merger.contains, turn.start, saved.commit)
            turn.delivery = Delivery.UNCHANGED if older else Delivery.MERGED
            return
        subject = f"{_name(agent)}, round {round_number}"
        found = await self._in_thread(self._merger.merge, self._trees.head, saved.commit, f"Merge {subject}")
        if isinstance(found, Conflict):
            turn.delivery = Delivery.CONFLICT
            turn.detail = _UNRELATED if found.unrelated else "\n".join(map(printable, found.files))
            return
        await self._try(agent, round_number, turn, found.commit, saved.files)

    async def _try(
        self, agent: AgentSpec, round_number: int, turn: TurnState, candidate: str, files: tuple[str, ...]
    ) -> None:
        """Accept ``candidate`` as the mission's commit if it breaks no gate."""
        trees = self._trees
        if not trees.gates_known and self._mission.gates:
            await self._ready_result(round_number)
            if not await self._judge_head(round_number):
                return
        accepted = False
        try:
            await self._ready_result(round_number, candidate)
            gates: list[GateState] | None = []
            if self._mission.gates:
                self._note(f"Gates with the work of {_name(agent)}:")
                gates = await self._run_gates(self._gates_place(), round_number)
            if gates is None:
                return
            if broken := newly_broken(trees.gates, gates):
                turn.delivery = Delivery.BROKE_GATE
                turn.detail = "\n".join(_gate_text(gate) for gate in broken)
                return
            await self._in_thread(self._result.accept, candidate, trees.head)
            accepted = True
        except CannotPrepare as error:
            turn.delivery, turn.detail = Delivery.BROKE_GATE, f"the mission’s folder: {error}"
            return
        finally:
            if not accepted:
                await self._ready_result(round_number)
        trees.head, trees.gates, trees.gates_known = candidate, gates, True
        self._gates_of_round = round_number
        turn.delivery = Delivery.MERGED
        self._forward(FilesChanged(tuple(printable(file) for file in files[:200])))

    def _report_foreign_files(self, agent: AgentSpec, files: tuple[str, ...]) -> None:
        if not agent.owns:
            return
        foreign = [file for file in files if not matches(file, agent.owns)]
        if foreign:
            self._note(
                f"{_name(agent)} changed {count(len(foreign), 'file')} it does not own: {listed(foreign)}"
            )

    def _trace(self, agent: AgentSpec) -> Path:
        return self._root / OWN_FOLDER / f"{TRACE}{self._parts[agent.id]}"

    async def _in_thread(self, work: Callable[..., _Value], *arguments: Any) -> _Value:
        """Do something with git or files on a thread, one thing at a time."""
        async with self._git:
            return await asyncio.to_thread(work, *arguments)


def _name(agent: AgentSpec) -> str:
    return agent.name or agent.id


def _author(agent: AgentSpec) -> Author:
    return Author(_name(agent), agent.id)


def _gate_text(gate: GateState) -> str:
    return "\n".join([f"{gate.name}: {gate.reason}", *(f"  {line}" for line in gate.last_lines)])


def _plain(error: Exception) -> str:
    if isinstance(error, OSError):
        name = printable(str(error.filename)) if error.filename else ""
        return f"{error.strerror or error}" + (f": {name}" if name else "")
    return str(error)
