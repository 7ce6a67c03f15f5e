"""A mission in worktrees: each agent in its own, its work merged into the mission's branch when no gate breaks.

The person's checkout, index, stash and branches are never written to. Everything happens below Podium's state folder
and on branches ``podium/MISSION/RUN/…``.
"""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from podium.core.events import FilesChanged, ProgramEvent
from podium.core.mission_spec import AgentSpec, Mission
from podium.core.mission_state import Delivery, GateState, MissionState, Stage, TurnState, WorktreesState
from podium.core.process_identity import own_identity
from podium.missions.stopping import StopSignal
from podium.missions.text import count
from podium.missions.workspace import CannotPrepare, Outcome, RunGates, newly_broken
from podium.missions.worktrees import names
from podium.missions.worktrees.git import GitError, identity
from podium.missions.worktrees.globs import matches
from podium.missions.worktrees.making import Maker
from podium.missions.worktrees.merging import Conflict, Merger
from podium.missions.worktrees.ownership import Owner, own, worktrees_folder
from podium.missions.worktrees.repository import Repository
from podium.missions.worktrees.result_branch import put_branches_away
from podium.missions.worktrees.setup import run_command
from podium.missions.worktrees.worktree import Committed, Worktree

_Value = TypeVar("_Value")
_SHOWN = 5


class IsolatedWorkspace:
    """``save`` puts the state on disk, ``note`` tells people."""

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
        self._copied: dict[str, list[str]] = {}
        if state.worktrees is None:
            root = worktrees_folder() / state.run
            branch = names.result_branch(mission.name, state.run)
            state.worktrees = WorktreesState(
                str(repository.top), str(root), branch, repository.base, repository.base, repository.subfolder
            )
        self._trees = state.worktrees
        self._root = Path(self._trees.root)
        self._result = Worktree(repository, self._root / names.RESULT_FOLDER)
        self._merger = Merger(repository, self._root / ".merge")
        self._maker = Maker(mission, repository, self._trees, state.run, stop, self._quietly)

    async def open(self) -> None:
        trees = self._trees
        try:
            owner = Owner(self._state.run, own_identity(), trees.repository, str(self._mission.file))
            await self._quietly(own, self._root, owner)
            reference = f"refs/heads/{trees.branch}"
            git = self._repository.git
            if not await self._quietly(git.succeeds, "rev-parse", "--verify", "--quiet", reference):
                await self._quietly(git.run, "update-ref", reference, trees.head)
            else:  # A kill between moving the branch and writing it down.
                head = await self._quietly(git.text, "rev-parse", reference)
                if head != trees.head:
                    trees.head, trees.gates_known = head, False
            await self._ready(self._result, names.RESULT_FOLDER, trees.head, "", 0)
        except (GitError, OSError) as error:
            raise CannotPrepare(_plain(error)) from None
        if not trees.gates_known and self._mission.gates:
            self._note(
                "Gates before the first round:" if trees.head == trees.base else "Gates as they stand:"
            )
            gates = await self._run_gates(self._place(self._result.path), 0)
            if gates is not None:
                trees.gates, trees.gates_known = gates, True
        self._save()

    def environment(self, agent: AgentSpec) -> Mapping[str, str]:
        """Who its own commits are by, where the person has told git no name."""
        return {} if self._repository.has_identity else identity(_name(agent), agent.id)

    async def prepare(self, agent: AgentSpec, round_number: int, turn: TurnState, keep: bool) -> Path:
        part = self._parts[agent.id]
        tree = Worktree(self._repository, self._root / part)
        branch = names.turn_branch(self._mission.name, self._state.run, part, round_number)
        try:
            if await self._quietly(lambda: tree.exists):
                await self._quietly(tree.unlock)
                if turn.stage is Stage.RUNNING and turn.start:
                    if keep:
                        return self._place(tree.path)
                    await self._save_interrupted(tree, agent, branch, turn.start)
            await self._ready(tree, part, self._trees.head, branch, round_number)
        except (GitError, OSError) as error:
            raise CannotPrepare(_plain(error)) from None
        turn.branch, turn.start = branch, self._trees.head
        return self._place(tree.path)

    async def deliver(self, agent: AgentSpec, round_number: int, turn: TurnState) -> None:
        async with self._merging:
            try:
                await self._deliver(agent, round_number, turn, bool(turn.reason))
            except (GitError, OSError) as error:
                turn.delivery = Delivery.LOST
                turn.detail = _plain(error)

    async def gates(self, round_number: int) -> list[GateState]:
        trees = self._trees
        if self._gates_of_round != round_number and self._mission.gates:
            gates = await self._run_gates(self._place(self._result.path), round_number)
            if gates is None:
                return []
            trees.gates, trees.gates_known = gates, True
            self._gates_of_round = round_number
            self._save()
        return trees.gates

    async def close(self) -> Outcome:
        try:
            return await self._close()
        except (GitError, OSError) as error:
            self._note(f"The worktrees in {self._root} could not be removed: {_plain(error)}")
            return Outcome(self._trees.branch)

    async def _close(self) -> Outcome:
        teardown = self._mission.workspace.teardown
        trees = [
            self._result,
            *(Worktree(self._repository, self._root / part) for part in self._parts.values()),
        ]
        for tree in trees:
            if teardown and self._place(tree.path).is_dir():
                failure, _ = await run_command(
                    self._mission, teardown, self._place(tree.path), 0, self._stop, self._state.run
                )
                if failure:
                    self._note(f"teardown in {tree.path.name}: {failure}")
            await self._quietly(tree.remove)
        await self._quietly(shutil.rmtree, self._root, True)
        return await self._quietly(put_branches_away, self._repository, self._merger, self._trees)

    async def _ready(self, tree: Worktree, part: str, commit: str, branch: str, round_number: int) -> None:
        """Bring the worktree to ``commit``. Raises CannotPrepare, GitError or OSError."""
        self._copied[part] = await self._maker.make_ready(tree, part, commit, branch, round_number)

    async def _save_interrupted(self, tree: Worktree, agent: AgentSpec, branch: str, start: str) -> None:
        """What an interrupted turn had done so far is kept on a branch before the turn begins again."""
        kept = f"{branch}-interrupted"
        committed = await self._commit(tree, agent, kept, start, "Interrupted work")
        if committed.files:
            self._note(f"{_name(agent)} begins again; what it had done is kept on {kept}")
        else:
            await self._quietly(self._repository.git.run, "update-ref", "-d", f"refs/heads/{kept}")

    async def _commit(
        self, tree: Worktree, agent: AgentSpec, branch: str, start: str, message: str
    ) -> Committed:
        keep_out = self._copied.get(self._parts[agent.id], [])
        return await self._quietly(tree.commit_all, branch, start, message, _name(agent), agent.id, keep_out)

    async def _deliver(self, agent: AgentSpec, round_number: int, turn: TurnState, failed: bool) -> None:
        tree = Worktree(self._repository, self._root / self._parts[agent.id])
        await self._quietly(tree.unlock)
        subject = f"{_name(agent)}, round {round_number}"
        message = f"{subject}: {turn.summary}" if turn.summary else subject
        committed = await self._commit(tree, agent, turn.branch, turn.start, message)
        turn.commit = committed.commit
        if committed.left_out:
            self._note(
                f"{_name(agent)} made repositories of its own, which are left out: {_listed(committed.left_out)}"
            )
        if not committed.files:
            turn.delivery = Delivery.UNCHANGED
            return
        if failed:
            turn.delivery = Delivery.UNFINISHED
            return
        self._look_at_owners(agent, committed.files)
        if await self._quietly(self._merger.contains, self._trees.head, committed.commit):
            turn.delivery = Delivery.MERGED  # Before the mission was killed.
            return
        found = await self._quietly(
            self._merger.merge, self._trees.head, committed.commit, f"Merge {subject}"
        )
        if isinstance(found, Conflict):
            turn.delivery, turn.detail = Delivery.CONFLICT, found.reason or "\n".join(found.files)
            return
        await self._try(agent, round_number, turn, found.commit, committed.files)

    async def _try(
        self, agent: AgentSpec, round_number: int, turn: TurnState, candidate: str, files: tuple[str, ...]
    ) -> None:
        """Accept ``candidate`` as the mission's commit if it breaks no gate."""
        trees = self._trees
        await self._quietly(self._result.bring_to, candidate)
        gates: list[GateState] | None = []
        if self._mission.gates:
            self._note(f"Gates with the work of {_name(agent)}:")
            gates = await self._run_gates(self._place(self._result.path), round_number)
        if gates is None:
            return
        if broken := newly_broken(trees.gates, gates):
            turn.delivery = Delivery.BROKE_GATE
            turn.detail = "\n".join(_told(gate) for gate in broken)
            await self._quietly(self._result.bring_to, trees.head)
            return
        reference = f"refs/heads/{trees.branch}"
        await self._quietly(self._repository.git.run, "update-ref", reference, candidate, trees.head)
        trees.head, trees.gates, trees.gates_known = candidate, gates, True
        self._gates_of_round = round_number
        turn.delivery = Delivery.MERGED
        self._forward(FilesChanged(files[:200]))

    def _look_at_owners(self, agent: AgentSpec, files: tuple[str, ...]) -> None:
        if not agent.owns:
            return
        foreign = [file for file in files if not matches(file, agent.owns)]
        if foreign:
            self._note(
                f"{_name(agent)} changed {count(len(foreign), 'file')} it does not own: {_listed(foreign)}"
            )

    def _place(self, worktree: Path) -> Path:
        """The mission's folder as it is in a worktree."""
        return worktree / self._trees.subfolder

    async def _quietly(self, work: Callable[..., _Value], *arguments: Any) -> _Value:
        """Do something with git or files on a thread, one thing at a time."""
        async with self._git:
            return await asyncio.to_thread(work, *arguments)


def _name(agent: AgentSpec) -> str:
    return agent.name or agent.id


def _listed(files: "tuple[str, ...] | list[str]") -> str:
    more = f" and {len(files) - _SHOWN} more" if len(files) > _SHOWN else ""
    return ", ".join(files[:_SHOWN]) + more


def _told(gate: GateState) -> str:
    return "\n".join([f"{gate.name}: {gate.reason}", *(f"  {line}" for line in gate.last_lines)])


def _plain(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")
    return str(error)
