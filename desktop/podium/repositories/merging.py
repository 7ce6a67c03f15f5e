"""Merging two commits, so that a conflict is known before anything is touched. Blocks."""

from pathlib import Path
from typing import Final

import msgspec

from podium.repositories.author import PODIUM
from podium.repositories.git import Git, GitError, identity, last_line
from podium.repositories.repository import Repository
from podium.repositories.worktree import Worktree

MAX_FILES: Final = 50
"""Files of a conflict that are named."""


class Merged(msgspec.Struct, frozen=True):
    """``commit`` holds both; no branch leads to it yet."""

    commit: str


class Conflict(msgspec.Struct, frozen=True):
    files: tuple[str, ...] = ()
    unrelated: bool = False
    """The two have no commit in common."""


class Merger:
    """Merges in ``repository``. A git without ``merge-tree --write-tree`` merges in a worktree of its own."""

    def __init__(self, repository: Repository, scratch: Path) -> None:
        self._repository = repository
        self._scratch = scratch

    def contains(self, head: str, commit: str) -> bool:
        """Whether ``head`` has ``commit`` already."""
        return self._repository.git.succeeds("merge-base", "--is-ancestor", commit, head)

    def merge(self, head: str, commit: str, message: str) -> Merged | Conflict:
        """Merge ``commit`` into ``head``. Raises GitError."""
        git = self._repository.git
        if self._repository.merges_in_memory:
            found = self._in_memory(git, head, commit)
        else:
            found = self._in_scratch(head, commit)
        if isinstance(found, Conflict):
            return found
        made = git.run(
            *("commit-tree", found, "-p", head, "-p", commit, "-m", message),
            environment=identity(PODIUM),
        )
        return Merged(made.text)

    def _in_memory(self, git: Git, head: str, commit: str) -> str | Conflict:
        done = git.run(
            "merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", head, commit, check=False
        )
        if done.code == 0:
            return done.names[0]
        if done.code == 1 and done.names:
            return Conflict(tuple(dict.fromkeys(done.names[1:]))[:MAX_FILES])
        if "unrelated histories" in done.errors:
            return Conflict(unrelated=True)
        raise GitError(f"git merge-tree failed: {last_line(done.errors)}")

    def _in_scratch(self, head: str, commit: str) -> str | Conflict:
        worktree = Worktree(self._repository, self._scratch)
        worktree.remove()
        worktree.create(head)
        try:
            git = worktree.git()
            done = git.run(
                *("merge", "--quiet", "--no-commit", "--no-ff", "--no-verify"),
                *("--no-rerere-autoupdate", commit),
                check=False,
                environment=identity(PODIUM),
            )
            if done.code == 0:
                return git.text("write-tree")
            files = git.run("diff", "-z", "--name-only", "--diff-filter=U", "--no-ext-diff").names
            if files:
                return Conflict(tuple(dict.fromkeys(files))[:MAX_FILES])
            if "unrelated histories" in done.errors:
                return Conflict(unrelated=True)
            raise GitError(f"git merge failed: {last_line(done.errors)}")
        finally:
            worktree.remove()
