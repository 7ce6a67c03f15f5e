"""Making worktrees ready for their agents: at a commit, with what git does not keep, set up."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from podium.core.mission_spec import Mission
from podium.core.mission_state import WorktreesState
from podium.missions.stopping import StopSignal
from podium.missions.workspace import CannotPrepare
from podium.missions.worktrees.copying import copy_unkept
from podium.missions.worktrees.git import GitError
from podium.missions.worktrees.repository import Repository
from podium.missions.worktrees.setup import run_command
from podium.missions.worktrees.worktree import Worktree


class Maker:
    """``quietly`` does something with git or files on a thread, one thing at a time."""

    def __init__(
        self,
        mission: Mission,
        repository: Repository,
        trees: WorktreesState,
        run: str,
        stop: StopSignal,
        quietly: Callable[..., Any],
    ) -> None:
        self._mission = mission
        self._repository = repository
        self._trees = trees
        self._run = run
        self._stop = stop
        self._quietly = quietly

    async def make_ready(
        self, tree: Worktree, part: str, commit: str, branch: str, round_number: int
    ) -> list[str]:
        """Bring ``tree`` to ``commit``, made and set up anew where that has not been done to its end. Returns the paths
        that were copied into it. Raises CannotPrepare, GitError or OSError.
        """
        mission = self._mission
        place = tree.path / self._trees.subfolder
        mark = Path(self._trees.root) / f".ready-{part}"
        fresh = not (mark.exists() and await self._quietly(lambda: tree.exists))
        if not fresh:
            try:
                await self._quietly(tree.unlock)
                await self._quietly(tree.bring_to, commit, branch)
            except GitError:  # Whatever an agent has made of it: a new one is as good.
                fresh = True
        if fresh:
            await self._quietly(mark.unlink, True)
            await self._quietly(tree.create, commit, branch)
        copied: list[str] = await self._quietly(
            copy_unkept, self._repository.git, self._repository.top, tree.path, mission.workspace.copy
        )
        if not place.is_dir():
            raise CannotPrepare(f"its commit has no folder {self._trees.subfolder}")
        if fresh and mission.workspace.setup:
            failure, lines = await run_command(
                mission,
                mission.workspace.setup,
                place,
                round_number,
                self._stop,
                self._run,
            )
            if failure:
                raise CannotPrepare(f"setup {failure}" + (f": {lines[-1]}" if lines else ""))
        mark.touch()
        return copied
