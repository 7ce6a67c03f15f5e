"""Keeping what is in a worktree on a branch, before anything happens to it. All of it blocks."""

from pathlib import Path

import msgspec

from podium.missions.worktrees.git import Git, GitError, identity
from podium.missions.worktrees.looking import admin_of, changed_files, look_at, marked_files
from podium.missions.worktrees.repository import Repository
from podium.missions.worktrees.worktree import Worktree

_AUTHOR = identity("Podium", "podium")


class Unsaved(msgspec.Struct, frozen=True):
    path: str
    reason: str


class Saved(msgspec.Struct, frozen=True):
    """``commit`` holds all that could be kept, ``files`` is what differs from the start."""

    commit: str
    files: tuple[str, ...]
    unsaved: tuple[Unsaved, ...]
    """What git could not take, relative to the worktree: it lies there still, so that has to stay."""


def save_worktree(repository: Repository, path: Path, branch: str, start: str, message: str) -> Saved:
    """Commit what no branch has, and make ``branch`` lead there. ``start`` is the commit to compare with.
    Raises GitError.
    """
    Worktree(repository, path).unlock()
    git = Git(path, admin_of(repository, path))
    seen = look_at(repository, path)
    tip = head = seen.head or start
    if not head:
        raise GitError("it has no commit")
    if seen.staged and (staged := _tree(git)):  # It may have been staged, and the file changed again since.
        tip = _commit(git, tip, staged, f"{message} (staged)")
    unsaved = [Unsaved(name, "it is a repository of its own") for name in (*seen.stuck, *seen.submodules)]
    if seen.changed:
        marked = _lines(marked_files(git, path))
        for mark in ("--no-skip-worktree", "--no-assume-unchanged"):
            git.run("update-index", mark, "-z", "--stdin", stdin=marked, check=False)
        refused = _add(git, list(seen.changed))
        tip = _commit(git, tip, git.text("write-tree"), message)
        # Whatever has come, or changed again, meanwhile.
        refused += changed_files(repository, path)
        unsaved += [Unsaved(name, "git did not take it") for name in dict.fromkeys(refused)]
    git.run("update-ref", f"refs/heads/{branch}", tip)
    changed = git.run("diff-tree", "-r", "-z", "--name-only", "--no-renames", start, tip).names
    return Saved(tip, tuple(changed), tuple(unsaved))


def _tree(git: Git) -> str:
    """The index as a tree, or "" where a merge is half done."""
    return git.run("write-tree", check=False).text


def _commit(git: Git, parent: str, tree: str, message: str) -> str:
    """``tree`` as a commit on ``parent``, or ``parent`` where they are the same."""
    if tree == git.text("rev-parse", f"{parent}^{{tree}}"):
        return parent
    return git.run("commit-tree", tree, "-p", parent, "-m", message, environment=_AUTHOR).text


def _add(git: Git, names: list[str]) -> list[str]:
    """Put files into the index; returns those that git refuses. One bad file costs no other."""
    how = ("--add", "--remove", "--replace", "-z", "--stdin")
    if git.run("update-index", *how, stdin=_lines(names), check=False).code == 0:
        return []
    if len(names) == 1:
        return names
    middle = len(names) // 2
    return _add(git, names[:middle]) + _add(git, names[middle:])


def _lines(names: list[str]) -> bytes:
    return b"".join(name.encode("utf-8", "surrogateescape") + b"\0" for name in names)
