"""Repositories inside of a worktree: their commits are in no branch of the mission's. All of it blocks."""

import os
from collections.abc import Iterator
from pathlib import Path

from podium.missions.worktrees.git import Git, GitError


def unkept_inside(worktree: Path) -> Iterator[str]:
    """What below ``worktree`` git can't take along, relative to it: folders that can't be read, and repositories,
    submodules too, with changes or commits that are nowhere else.
    """
    closed: list[OSError] = []
    own = worktree / ".git"
    if own.is_dir() and not own.is_symlink() and _has_commits(Git(worktree, own)):
        yield ".git"  # A worktree has a file there: an agent has made it a repository of its own.
    for folder, folders, files in os.walk(worktree, onerror=closed.append):
        here = Path(folder)
        inside = ".git" in folders or ".git" in files
        if ".git" in folders:
            folders.remove(".git")
        if inside and here != worktree and _has_work(Git(here, here / ".git")):
            yield here.relative_to(worktree).as_posix()
    for error in closed:
        yield os.path.relpath(error.filename, worktree)


def unkept_modules(admin: Path) -> Iterator[str]:
    """The submodules with commits that are nowhere else. Theirs are in ``admin``, the worktree's own git folder."""
    for store in _stores(admin / "modules"):
        if _has_commits(Git(store, store)):
            yield store.relative_to(admin / "modules").as_posix()


def _has_work(git: Git) -> bool:
    try:
        changed = git.run("status", "--porcelain", "-z", "--untracked-files=normal", "--ignore-submodules")
    except GitError:
        return True  # Nobody can say.
    return bool(changed.names) or _has_commits(git)


def _has_commits(git: Git) -> bool:
    """Whether it holds commits that it did not fetch from elsewhere."""
    try:
        return bool(git.text("rev-list", "--max-count=1", "--all", "--not", "--remotes"))
    except GitError:
        return True


def _stores(modules: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(modules):
        if "HEAD" in files and "objects" in folders:
            folders[:] = [name for name in folders if name == "modules"]
            yield Path(folder)
