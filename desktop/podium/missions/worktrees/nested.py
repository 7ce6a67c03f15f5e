"""Repositories that an agent made inside its worktree: git can't keep them, so they must not be removed unseen."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from podium.missions.worktrees.git import Git

_EMPTY_OF_OBJECTS: Final = {"info", "pack"}


def nested_repositories(git: Git, environment: Mapping[str, str] | None = None) -> list[str]:
    """The untracked ones, from the top of the work tree on. Raises GitError."""
    untracked = git.run("ls-files", "-z", "--others", "--exclude-standard", environment=environment).names
    return [name.rstrip("/") for name in untracked if name.endswith("/")]


def holds_nothing(repository: Path) -> bool:
    """Whether there is neither a file nor a commit in it, as after ``git init`` alone."""
    try:
        with os.scandir(repository) as entries:
            if any(entry.name != ".git" for entry in entries):
                return False
        own = repository / ".git"
        if own.is_symlink() or not own.is_dir():
            return False
        with os.scandir(own / "objects") as entries:
            if any(entry.name not in _EMPTY_OF_OBJECTS for entry in entries):
                return False
        return not any((own / "objects" / "pack").iterdir())
    except OSError:
        return False


def has_own_repository(worktree: Path) -> bool:
    """Whether the agent has made the top of its worktree a repository of its own, with something in it."""
    own = worktree / ".git"
    if own.is_symlink() or not own.is_dir():
        return False
    try:
        objects = own / "objects"
        return any(
            entry.name not in _EMPTY_OF_OBJECTS or any(Path(entry).iterdir()) for entry in os.scandir(objects)
        )
    except OSError:
        return True
