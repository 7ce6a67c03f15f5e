"""Copies what git does not keep but programs need (such as .env) from the person's checkout into a worktree."""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from podium.repositories.folder_handle import is_plain_folder
from podium.repositories.git import Git
from podium.repositories.globs import matches


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
        if not _stays_inside(copy.parent, target):
            continue  # The commit has a link there, and it may lead anywhere.
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, copy, follow_symlinks=False)
        copied.append(name)
    return copied


def _stays_inside(folder: Path, target: Path) -> bool:
    """Whether no link, and nothing else but folders, is on the way from ``target`` to ``folder``."""
    while folder != target and not os.path.lexists(folder):
        folder = folder.parent
    return is_plain_folder(folder, target)


def _candidates(git: Git, top: Path, patterns: Sequence[str]) -> Iterator[str]:
    """Untracked files, ignored ones too, that ``patterns`` mean."""
    names = git.run("ls-files", "-z", "--others", "--full-name", "--", ":/").names
    for name in names:
        path = top / name
        if matches(name.rstrip("/"), patterns) and (path.is_file() or path.is_symlink()):
            yield name
