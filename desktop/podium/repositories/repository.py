"""A repository as its worktrees see it."""

import re
from pathlib import Path

import msgspec

from podium.repositories.git import Git, GitError


class Repository(msgspec.Struct, frozen=True):
    """``top`` is where git is asked: the top of the person's checkout, or a bare repository."""

    top: Path
    common: Path
    """The folder with the objects and branches."""
    base: str
    """The commit to start from."""
    subfolder: str
    """The requested folder, relative to the top; "" at the top."""
    merges_in_memory: bool
    """Whether this git has ``merge-tree --write-tree``."""
    uncommitted: int = 0
    """Changes in the person's checkout, which worktrees don't have; 0 until ``with_changes`` has counted them."""
    has_identity: bool = True
    """Whether git has an author for commits here."""

    @property
    def git(self) -> Git:
        return Git(self.top)


def with_changes(repository: Repository) -> Repository:
    """``repository`` with the number of changes in the person's checkout, where git can count them. Blocks.

    git may run the filters that the repository's settings name: only for a person who has agreed to them.
    """
    if not (repository.top / ".git").exists():
        return repository
    try:
        changes = repository.git.run("status", "--porcelain", "-z", "--no-renames", "--ignore-submodules")
    except GitError:
        return repository  # Such as a filter that is missing. The number is only told; the work has its own checks.
    return msgspec.structs.replace(repository, uncommitted=len(changes.names))


def git_version(git: Git) -> tuple[int, ...]:
    """As numbers, such as (2, 39, 5). Raises GitError."""
    match = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", git.text("version"))
    if match is None:
        raise GitError("git does not tell its version")
    return tuple(int(part) for part in match.groups("0"))
