"""A run's worktrees as a whole: what is unsaved in them, and keeping it on branches. All of it blocks."""

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import chain, count
from pathlib import Path
from typing import Final

import msgspec

from podium.core.missions.state import MissionState
from podium.missions.worktrees.names import run_references, slug
from podium.missions.worktrees.ownership import OWN_FOLDER, Owner, is_own
from podium.missions.worktrees.root_folder import clear_own_folder
from podium.repositories.git import Git, GitError
from podium.repositories.guard.repository_guard import changes_since
from podium.repositories.repository import Repository
from podium.repositories.saving.inspection import (
    WorktreeContents,
    admin_of,
    changed_files,
    inspect_worktree,
    is_loose,
)
from podium.repositories.saving.worktree_saving import save_worktree
from podium.repositories.worktree import Worktree

_MESSAGE: Final = "Interrupted work"
_PREFIX: Final = "podium"
"""The name used where no branch of a run has a telling one."""
_SUFFIX: Final = "-interrupted"


class Unsaved(msgspec.Struct, frozen=True):
    """The work that is in one worktree and nowhere else."""

    path: Path
    branch: str
    """The branch it would be committed to."""
    files: tuple[str, ...]
    loose: bool
    """Its last commit is on no branch."""
    stuck: tuple[str, ...]
    """Files that can't be committed."""
    ignored: int
    """Files and folders that git ignores: they go with the worktree."""


class Kept(msgspec.Struct, frozen=True):
    """The outcome of saving one worktree's unsaved work."""

    path: Path
    branch: str = ""
    """The branch it is committed to; "" where there was nothing to commit."""
    files: tuple[str, ...] = ()
    unsaved: tuple[str, ...] = ()
    """Files that could not be committed, or the reason why none could; they are still in the worktree."""


class RunTrees:
    """The worktrees below ``root``, which belong to ``owner``. ``state``: what is known about the run."""

    def __init__(self, root: Path, owner: Owner, state: MissionState | None) -> None:
        self.root = root
        self._owner = owner
        self._state = state

    def foreign(self) -> Iterator[str]:
        """The names of what in ``root`` is neither a worktree nor a file of ours. Raises GitError or OSError."""
        known = {OWN_FOLDER, *(path.name for path in self._registered())}
        for path in sorted(self.root.iterdir()):
            if path.is_symlink() or not (path.name in known if path.is_dir() else is_own(path.name)):
                yield path.name

    def unsaved(self) -> Iterator[Unsaved]:
        """The work in each worktree that no branch has. Raises GitError."""
        for path in self._registered():
            if path.is_dir():
                git, seen = self._git_in(path), inspect_worktree(self._repository, path)
                branch = self._branch(git, path)
                held = not seen.changed and self._holding(git, branch, seen.head, _tree(git))
                files = () if held else tuple(dict.fromkeys([*seen.staged, *seen.changed]))
                loose, stuck = seen.loose and not held, (*seen.stuck, *seen.submodules)
                yield Unsaved(path, branch, files, loose, stuck, seen.ignored)

    def save(self) -> Iterator[Kept]:
        """Commit what no branch has. What can't be committed stays where it is. Never raises."""
        try:
            heads = self._registered()
        except GitError as error:
            yield Kept(self.root, unsaved=(str(error),))
            return
        for path, head in heads.items():
            try:
                yield self._save(path) if path.is_dir() else self._save_head(path, head)
            except (GitError, OSError) as error:
                yield Kept(path, unsaved=(str(error),))

    def changes(self) -> list[str]:
        """The changes that the run may have made to the person's own repository, for people. Never raises."""
        try:
            return changes_since(self._repository, run_references(self._owner.run), self.root)
        except (GitError, OSError):
            return []  # Its repository is gone.

    def remove(self) -> None:
        """Remove the worktrees, then ``root`` if nothing else is in it. Only after everything was saved. Raises
        GitError, also when something has been written into a worktree since, or OSError.
        """
        for path in self._registered():
            if path.is_dir() and changed_files(self._repository, path):
                raise GitError(f"something still writes into {path}")
        for path in self._registered():
            Worktree(self._repository, path).remove()
        clear_own_folder(self.root)
        for path in self.root.iterdir():
            if not path.is_dir():
                path.unlink()
        self.root.rmdir()

    def _save(self, path: Path) -> Kept:
        git, seen = self._git_in(path), inspect_worktree(self._repository, path)
        inside = seen.stuck or seen.submodules
        wanted = self._branch(git, path)
        if seen.head and not (seen.changed or inside):
            if not (seen.staged or seen.loose):
                return Kept(path)
            if held := self._holding(git, wanted, seen.head, _tree(git)):
                return Kept(path, held)  # By an earlier run or clean.
        branch = _free(git, wanted)
        start = self._start(git) or seen.head
        saved = save_worktree(self._repository, path, branch, start, _MESSAGE)
        left = [f"{item.path} ({item.reason})" for item in saved.unsaved]
        known = {item.path for item in saved.unsaved}
        left += [f"{name} (git can’t take it)" for name in seen.stuck if name not in known]
        kept = self._needed(git, branch, wanted, saved.commit, seen)
        return Kept(path, kept, saved.files if kept else (), tuple(left))

    def _needed(self, git: Git, branch: str, wanted: str, commit: str, seen: WorktreeContents) -> str:
        """``branch``, or the one that keeps the same already; "" if ``commit`` was on a branch before."""
        other = self._holding(git, wanted, seen.head, git.text("rev-parse", f"{commit}^{{tree}}"), branch)
        if commit != seen.head and not other:
            return branch
        if commit == seen.head and seen.loose and not other:
            return branch
        git.run("update-ref", "-d", f"refs/heads/{branch}", commit)
        return other if commit != seen.head or seen.loose else ""

    def _save_head(self, path: Path, head: str) -> Kept:
        """The worktree's files are gone; its last commit may be on no branch."""
        git = self._repository.git
        if not git.succeeds("cat-file", "-e", f"{head}^{{commit}}") or not is_loose(git, head):
            return Kept(path)
        branch = _free(git, f"{self._folder()}/{_part(path)}{_SUFFIX}")
        git.run("update-ref", f"refs/heads/{branch}", head)
        return Kept(path, branch)

    def _registered(self) -> dict[Path, str]:
        """The worktrees below ``root`` that git has registered, there or not, and their commits. Raises GitError."""
        try:
            listed = Git(Path(self._owner.repository)).text("worktree", "list", "--porcelain")
        except GitError as error:
            if not any(path.is_dir() for path in self.root.iterdir()):
                return {}  # Nothing is left that the repository would be needed for.
            raise GitError(f"its repository can’t be used: {error}") from None
        found: dict[Path, str] = {}
        for block in listed.split("\n\n"):
            values = dict(line.partition(" ")[::2] for line in block.splitlines())
            path = Path(values.get("worktree", ""))
            # git may know it by a name that leads here through a link: that of a folder that was moved.
            if path.is_absolute() and path.parent.resolve() == self.root and not path.is_symlink():
                found[path] = values.get("HEAD", "")
        return found

    @cached_property
    def _repository(self) -> Repository:
        top = Path(self._owner.repository)
        common = (top / Git(top).text("rev-parse", "--git-common-dir")).resolve()
        return Repository(top, common, "", "", merges_in_memory=True)

    def _git_in(self, path: Path) -> Git:
        return Git(path, admin_of(self._repository, path))

    def _branch(self, git: Git, path: Path) -> str:
        current, folder = _current(git), self._folder()
        return f"{current if current.startswith(f'{folder}/') else f'{folder}/{_part(path)}'}{_SUFFIX}"

    def _folder(self) -> str:
        """The prefix of the run's branches."""
        if self._state is not None and self._state.worktrees is not None:
            return self._state.worktrees.branch.rpartition("/")[0]
        run = self._owner.run
        listed = self._repository.git.text("for-each-ref", "--format=%(refname)", f"refs/heads/**/{run}/**")
        for name in listed.splitlines():
            return name.removeprefix("refs/heads/").partition(f"/{run}/")[0] + f"/{run}"
        return f"{_PREFIX}/{slug(Path(self._owner.file).stem)}/{run}"

    def _start(self, git: Git) -> str:
        """The commit a worktree's turn began with, or that of the run; "" when that is not known."""
        if self._state is None:
            return ""
        turns = self._state.round.turns.values()
        base = self._state.worktrees.base if self._state.worktrees is not None else ""
        return next((turn.start for turn in turns if turn.branch and turn.branch == _current(git)), base)

    def _holding(self, git: Git, wanted: str, head: str, tree: str, besides: str = "") -> str:
        """A branch of those for ``wanted`` that has ``head`` and is ``tree``, or ""."""
        if not tree or not head:
            return ""
        listed = git.text(
            "for-each-ref", f"--contains={head}", "--format=%(tree) %(refname)", f"refs/heads/{wanted}*"
        )
        for line in listed.splitlines():
            held, _, name = line.partition(" ")
            if held == tree and name != f"refs/heads/{besides}":
                return name.removeprefix("refs/heads/")
        return ""


def _tree(git: Git) -> str:
    """The index as a tree, or "" where a merge is half done."""
    return git.run("write-tree", check=False).text


def _current(git: Git) -> str:
    """The branch a worktree is on, or "" when it is on none."""
    return git.run("symbolic-ref", "--quiet", "HEAD", check=False).text.removeprefix("refs/heads/")


def _part(path: Path) -> str:
    return re.sub(r"[^0-9A-Za-z_-]+", "-", path.name).strip("-") or "worktree"


def _free(git: Git, wanted: str) -> str:
    """``wanted``, or with a number where there is such a branch: what was kept before is never replaced."""
    names = chain((wanted,), (f"{wanted}-{number}" for number in count(2)))
    return next(
        name for name in names if not git.succeeds("rev-parse", "--verify", "--quiet", f"refs/heads/{name}")
    )
