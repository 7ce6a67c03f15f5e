"""Finding and removing worktrees that no run needs any more. Blocks."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from podium.core.mission_state import read_state, state_path
from podium.missions.worktrees.git import Git, GitError
from podium.missions.worktrees.ownership import Owner, owner_of, worktrees_folder
from podium.missions.worktrees.repository import Repository
from podium.missions.worktrees.worktree import Worktree


class Stale(msgspec.Struct, frozen=True):
    """A run's folder of worktrees that can go."""

    root: Path
    owner: Owner | None


class Kept(msgspec.Struct, frozen=True):
    """One that can't, and why, for a person."""

    root: Path
    owner: Owner | None
    why: str


def survey() -> Iterator[Stale | Kept]:
    """Every run's worktrees, oldest name first."""
    try:
        roots = sorted(
            path for path in worktrees_folder().iterdir() if path.is_dir() and not path.is_symlink()
        )
    except OSError:
        return
    for root in roots:
        owner = owner_of(root)
        if owner is not None and owner.process.alive:
            yield Kept(root, owner, f"its mission runs (process {owner.process.pid})")
            continue
        state = read_state(state_path(Path(owner.file))) if owner is not None else None
        if state is not None and owner is not None and state.run == owner.run:
            if state.owner.alive:
                yield Kept(root, owner, f"its mission runs (process {state.owner.pid})")
                continue
            if not state.outcome:
                yield Kept(root, owner, f"it can go on: podium mission resume {owner.file}")
                continue
        yield Stale(root, owner)


def remove_run(root: Path, repository: str | None) -> None:
    """Remove a run's worktrees and what their repository remembers of them; branches stay. Raises OSError."""
    if repository is not None:
        git = Git(Path(repository))
        try:
            common = (Path(repository) / git.text("rev-parse", "--git-common-dir")).resolve()
            found = Repository(Path(repository), common, "", "", merges_in_memory=True)
            for path in _registered(git, root):
                Worktree(found, path).remove()
        except GitError:
            pass  # The repository has gone; its worktrees are only files now.
    if root.exists():
        shutil.rmtree(root)


def _registered(git: Git, root: Path) -> list[Path]:
    """The worktrees below ``root`` that the repository knows, there or not."""
    listed = git.run("worktree", "list", "--porcelain").text.splitlines()
    paths = [Path(line.removeprefix("worktree ")) for line in listed if line.startswith("worktree ")]
    return [path for path in paths if path.is_relative_to(root)]
