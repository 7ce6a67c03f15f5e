"""Files that git ignores and an agent made: they go with the worktree, unless a setting keeps them. Blocks."""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from podium.missions.worktrees.folder_handle import is_plain_folder
from podium.missions.worktrees.git import Git
from podium.missions.worktrees.globs import matches

_LIST: Final = ("ls-files", "-z", "--others", "--ignored", "--exclude-standard")
_MOST: Final = 1000
"""Names that are remembered; folders count as one."""


def ignored_files(git: Git, environment: Mapping[str, str] | None = None) -> list[str]:
    """What git ignores, a folder of nothing else as one name that ends in “/”. Raises GitError."""
    return git.run(*_LIST, "--directory", "--no-empty-directory", environment=environment).names[:_MOST]


def keep_files(git: Git, folder: Path, patterns: Sequence[str], target: Path) -> list[str]:
    """Copy the ignored files that ``patterns`` mean to ``target``; returns their paths. Raises GitError or OSError."""
    if not patterns:
        return []
    kept = []
    for name in git.run(*_LIST).names:
        source, copy = folder / name, target / name
        if not matches(name, patterns) or not is_plain_folder(source.parent, folder):
            continue
        if not source.is_symlink() and not source.is_file():
            continue  # A fifo or a socket holds nothing.
        copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.path.lexists(copy):
            copy.unlink()
        shutil.copy2(source, copy, follow_symlinks=False)
        kept.append(name)
    return kept
