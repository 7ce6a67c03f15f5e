"""Copies what git does not keep but programs need (such as .env) from the person's checkout into a worktree."""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from podium.missions.worktrees.git import Git
from podium.missions.worktrees.globs import matches


def copy_unkept(git: Git, top: Path, target: Path, patterns: Sequence[str]) -> list[str]:
    """Copy the files below ``top`` that git does not track and ``patterns`` mean; returns their paths. Blocks.

    Links are copied as links, nothing is read outside ``top``, and what is there already stays. Raises GitError
    or OSError.
    """
    if not patterns:
        return []
    copied = []
    for name in _candidates(git, top, patterns):
        source, copy = top / name, target / name
        if os.path.lexists(copy) or not source.resolve().is_relative_to(top.resolve()):
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, copy, follow_symlinks=False)
        copied.append(name)
    return copied


def _candidates(git: Git, top: Path, patterns: Sequence[str]) -> Iterator[str]:
    """Untracked files, ignored ones too, that ``patterns`` mean."""
    names = git.run("ls-files", "-z", "--others", "--full-name", "--", ":/").names
    for name in names:
        path = top / name
        if matches(name.rstrip("/"), patterns) and (path.is_file() or path.is_symlink()):
            yield name
