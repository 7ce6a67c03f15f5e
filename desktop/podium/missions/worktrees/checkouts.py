"""The worktrees of a run: which folder is whose, made and made ready, and never reused or removed unsaved."""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

from podium.core.missions.spec import Mission
from podium.core.missions.state import CheckoutState, KeptWork, WorktreesState
from podium.core.system.app_dirs import state_folder
from podium.missions.stopping import StopSignal
from podium.missions.workspace import CannotPrepare
from podium.missions.worktrees.names import RESULT_FOLDER
from podium.missions.worktrees.setup import run_command
from podium.repositories.author import PODIUM, Author
from podium.repositories.copying import copy_unkept
from podium.repositories.file_names import listed
from podium.repositories.folder_handle import is_plain_folder
from podium.repositories.git import GitError
from podium.repositories.repository import Repository
from podium.repositories.saving.ignored_files import ignored_files, keep_changed, keep_files
from podium.repositories.saving.submodules import seed_submodules, update_submodules
from podium.repositories.saving.worktree_saving import Saved, save
from podium.repositories.worktree import Worktree

_Value = TypeVar("_Value")
_MOST_FOLDERS: Final = 1000


class InThread(Protocol):
    """Does something with git or files on a thread, one thing at a time."""

    def __call__(self, work: Callable[..., _Value], *arguments: Any) -> Awaitable[_Value]: ...


class Checkouts:
    """``part`` names a worktree: what stands for the agent in branches and folders.

    ``save_state`` puts the mission's state on disk, ``tell`` tells the person. ``ready_root`` makes the folder of all
    worktrees where it is not there, and returns what to tell; it blocks.
    """

    def __init__(
        self,
        mission: Mission,
        repository: Repository,
        trees: WorktreesState,
        run: str,
        stop: StopSignal,
        in_thread: InThread,
        save_state: Callable[[], None],
        tell: Callable[[str], None],
        ready_root: Callable[[], str],
    ) -> None:
        self._mission = mission
        self._repository = repository
        self._trees = trees
        self._run = run
        self._stop = stop
        self._in_thread = in_thread
        self._save_state = save_state
        self._tell = tell
        self._ready_root = ready_root
        self._root = Path(trees.root)
        self._open: dict[str, Worktree] = {}

    def tree(self, part: str) -> Worktree | None:
        """The worktree as it was made, whatever stands in its place now; None if none was made."""
        state = self._trees.checkouts.get(part)
        if state is None:
            return None
        if part not in self._open:
            identity = (state.device, state.inode) if state.inode else None
            self._open[part] = Worktree(self._repository, self._root / state.folder, identity)
        return self._open[part]

    def usable(self, part: str) -> bool:
        """Whether programs may be started in it: it is the folder that was made, and no link leads out of it."""
        tree = self.tree(part)
        return tree is not None and tree.intact and is_plain_folder(self.place(tree), tree.path.parent)

    def is_ready(self, part: str) -> bool:
        """Whether it has been set up to its end."""
        state = self._trees.checkouts.get(part)
        return state is not None and state.ready

    def place(self, tree: Worktree) -> Path:
        """The mission's folder as it is in a worktree."""
        return tree.path / self._trees.subfolder

    async def make_ready(
        self, part: str, label: str, commit: str, branch: str, round_number: int
    ) -> Worktree:
        """Bring the worktree to ``commit``, made and set up again where that has not been done to its end.

        What is in it is saved before. Raises CannotPrepare, GitError or OSError.
        """
        tree = self.tree(part)
        state = self._trees.checkouts.get(part)
        reusable = tree is not None and self.is_ready(part) and await self._in_thread(_is_intact, tree)
        if tree is not None and state is not None:
            if not reusable and state.used:
                self._tell(f"The worktree of {label} is not as it was made; it gets a new one")
            if await self._retire(part, tree, state, label, stays=reusable):
                reusable = False
        if tree is not None and reusable:
            try:
                await self._in_thread(self._bring, tree, commit, branch)
            except (GitError, OSError):
                # Whatever an agent has made of it, it is saved: a new one is as good.
                await self._in_thread(tree.remove)
                reusable = False
        if tree is None or not reusable:
            tree = await self._make(part, commit, branch)
        state = self._trees.checkouts[part]
        await self._set_up(tree, part, state, round_number)
        state.branch, state.commit = branch, commit
        return tree

    def adopt(self, part: str, branch: str) -> None:
        """Take over the worktree of a run that an older Podium has begun, which wrote no such thing down. Blocks.

        Raises GitError.
        """
        tree = Worktree(self._repository, self._root / part)
        if part in self._trees.checkouts or not tree.intact:
            return
        head = tree.git().run("rev-parse", "--verify", "--quiet", "HEAD", check=False).text
        tree.let_go()
        self._trees.checkouts[part] = CheckoutState(
            part, used=bool(branch), branch=branch, commit=head or self._trees.base
        )

    def used_by_agent(self, part: str) -> None:
        """Note that there may be work in it from now on."""
        self._trees.checkouts[part].used = True

    async def save(
        self, part: str, label: str, branch: str, start: str, message: str, author: Author
    ) -> Saved:
        """Save what is in the worktree; what git could not take is kept where it is, and reported.

        Raises GitError or OSError when nothing could be saved.
        """
        tree = self.tree(part)
        if tree is None:
            raise GitError("it has no worktree")
        await self._in_thread(tree.unlock)
        state = self._trees.checkouts[part]
        saved = await self._in_thread(save, tree, branch, start, message, author, state.copied)
        state.branch, state.commit = branch, saved.commit
        self._report_saved(saved, label)
        if saved.unsaved:
            files = tuple(f"{item.path}: {item.reason}" for item in saved.unsaved)
            self.keep(part, label, "git could not take " + listed_plain(files), files)
        else:
            await self._keep_copies(part, tree, state, label)
            await self._keep_ignored(part, tree, state, label)
            if await self._in_thread(tree.remove_moved, self._root):
                self._tell(f"{label} moved its worktree; its work was taken from where it was")
        return saved

    def keep(self, part: str, label: str, reason: str, files: tuple[str, ...] = ()) -> None:
        """The worktree stays where it is, whatever happens; its agent gets another one."""
        tree = self.tree(part)
        if tree is None:
            return
        path = str(tree.place or tree.path)
        if any(kept.path == path for kept in self._trees.kept):
            return
        self._trees.kept.append(KeptWork(path, label, reason, files[:100]))
        self._tell(f"Work of {label} is not committed: {reason}. It lies in {path}")
        self._forget(part)

    async def remove(self, part: str, label: str, teardown: Callable[[Path], Awaitable[None]] | None) -> None:
        """Save what is left in it, tear it down, remove it. Raises GitError or OSError."""
        tree, state = self.tree(part), self._trees.checkouts.get(part)
        if tree is None or state is None:
            return
        if await self._retire(part, tree, state, label, stays=True):
            return
        if teardown is not None and self.usable(part):
            await teardown(self.place(tree))
        if await self._in_thread(_stands, tree):
            await self._in_thread(tree.remove)
        self._forget(part)

    def let_go(self) -> None:
        """Close every folder that is held open."""
        for tree in self._open.values():
            tree.let_go()

    def _bring(self, tree: Worktree, commit: str, branch: str) -> None:
        tree.unlock()
        tree.bring_to(commit, branch)
        admin = tree.admin
        if admin is not None:
            update_submodules(self._repository, tree.git(), admin)

    async def _make(self, part: str, commit: str, branch: str) -> Worktree:
        if part in self._open:
            self._open.pop(part).let_go()
        if words := await self._in_thread(self._ready_root):
            self._tell(words)
        folder = await self._in_thread(self._free_folder, part)
        self._trees.checkouts[part] = state = CheckoutState(folder)
        tree = self._open[part] = Worktree(self._repository, self._root / folder)
        self._save_state()  # Killed from here on, the next process knows whose folder it is.
        await self._in_thread(tree.create, commit, branch)
        await self._in_thread(_seed, tree)
        if tree.identity is not None:
            state.device, state.inode = tree.identity
        self._save_state()
        return tree

    def _free_folder(self, part: str) -> str:
        """One where nothing stands: what stands there now may be anything."""
        for number in range(1, _MOST_FOLDERS):
            folder = part if number == 1 else f"{part}.{number}"
            path = self._root / folder
            taken = {state.folder for other, state in self._trees.checkouts.items() if other != part}
            if not os.path.lexists(path) and folder not in taken:
                return folder
        raise GitError(f"there are too many folders in {self._root}")

    async def _set_up(self, tree: Worktree, part: str, state: CheckoutState, round_number: int) -> None:
        mission = self._mission
        place = self.place(tree)
        copied = await self._in_thread(
            copy_unkept, self._repository.git, self._repository.top, tree.path, mission.workspace.copy
        )
        state.copied = list(dict.fromkeys((*state.copied, *copied)))
        if not place.exists():
            raise CannotPrepare(f"its commit has no folder {self._trees.subfolder}")
        if not self.usable(part):
            raise CannotPrepare(f"a link stands where its folder {self._trees.subfolder or tree.path} was")
        if not state.ready and mission.workspace.setup:
            failure, lines = await run_command(
                mission, mission.workspace.setup, place, round_number, self._stop, self._run
            )
            if failure:
                raise CannotPrepare(f"setup {failure}" + (f": {lines[-1]}" if lines else ""))
        state.ready = True
        if part != RESULT_FOLDER:
            state.ignored = await self._in_thread(ignored_files, tree.git())

    async def _retire(self, part: str, tree: Worktree, state: CheckoutState, label: str, stays: bool) -> bool:
        """Save what an agent has done in it since it was last saved. True if it can't be used or removed then."""
        if not state.used and not await self._in_thread(_was_moved, tree, state.commit):
            if not stays and await self._in_thread(_stands, tree):
                await self._in_thread(tree.remove)
            return False
        branch = f"{state.branch or self._trees.branch}-after"
        try:
            if tree.place is None:
                return False  # It is gone, and its commits are on branches.
            await self._in_thread(tree.unlock)
            saved = await self._in_thread(
                save, tree, branch, state.commit, "Unsaved work", PODIUM, state.copied
            )
        except (GitError, OSError) as error:
            self.keep(part, label, f"it could not be saved: {error}")
            return True
        if saved.files or saved.left_behind:
            self._tell(f"What was done in the worktree of {label} since then is kept on {branch}")
        else:
            git = self._repository.git
            await self._in_thread(git.run, "update-ref", "-d", f"refs/heads/{branch}", saved.commit)
        if saved.unsaved:
            files = tuple(f"{item.path}: {item.reason}" for item in saved.unsaved)
            self.keep(part, label, "git could not take " + listed_plain(files), files)
            return True
        if not stays and await self._in_thread(_stands, tree):
            await self._in_thread(tree.remove)
        return False

    def _report_saved(self, saved: Saved, label: str) -> None:
        if saved.left_out:
            names = listed(saved.left_out)
            self._tell(
                f"{label} made repositories of its own, which are left out: {names} (nothing is in them)"
            )
        if saved.left_behind:
            self._tell(f"Commits that {label} left behind are kept on {saved.left_behind}")
        for found in saved.submodules:
            changed = f", {found.committed} of its files committed for it" if found.committed else ""
            self._tell(
                f"Commits of {label} in the submodule {found.path} are kept in {found.store} as {found.kept}{changed}"
            )

    async def _keep_copies(self, part: str, tree: Worktree, state: CheckoutState, label: str) -> None:
        """Keep what an agent made of files that are the person's own: those are on no branch."""
        target = kept_folder(self._run) / part
        kept = await self._in_thread(keep_changed, tree.folder, state.copied, self._repository.top, target)
        if kept:
            self._tell(f"{label} changed its copies of your files; they are kept in {target}: {listed(kept)}")

    async def _keep_ignored(self, part: str, tree: Worktree, state: CheckoutState, label: str) -> None:
        """Say how much goes with the worktree, and keep what a setting names."""
        try:
            found = await self._in_thread(ignored_files, tree.git())
        except GitError:
            return  # Without its index there is no telling.
        new = [name for name in found if name not in state.ignored and name not in state.copied]
        if not new:
            return
        state.ignored = found
        target = kept_folder(self._run) / part
        kept = await self._in_thread(
            keep_files, tree.git(), tree.folder, self._mission.workspace.keep, target
        )
        if kept:
            self._tell(f"{label}: {len(kept)} of the files git ignores are kept in {target}: {listed(kept)}")
        lost = [name for name in new if name not in kept]
        if lost:
            self._tell(
                f"{label} made what git ignores; it goes with the worktree ({len(lost)} files and folders): "
                f"{listed(lost)}. To keep such files, name them in keep below [workspace]"
            )

    def _forget(self, part: str) -> None:
        self._trees.checkouts.pop(part, None)
        if part in self._open:
            self._open.pop(part).let_go()


def _is_intact(tree: Worktree) -> bool:
    return tree.intact


def _seed(tree: Worktree) -> None:
    if (admin := tree.admin) is not None:
        seed_submodules(tree.repository, tree.git(), admin)


def _was_moved(tree: Worktree, commit: str) -> bool:
    """Whether somebody has committed or checked out something in a worktree that is on no branch."""
    admin = tree.admin
    try:
        head = (admin / "HEAD").read_text(encoding="ascii", errors="replace").strip() if admin else ""
    except OSError:
        return False
    return bool(commit and head) and not head.startswith("ref:") and head != commit


def _stands(tree: Worktree) -> bool:
    return tree.stands


def kept_folder(run: str) -> Path:
    """The folder for files of a run that are on no branch."""
    return state_folder() / "kept" / run


def listed_plain(reasons: tuple[str, ...]) -> str:
    """The first few of what is printable already."""
    more = f" and {len(reasons) - 3} more" if len(reasons) > 3 else ""
    return "; ".join(reasons[:3]) + more
