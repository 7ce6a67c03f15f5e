"""Files that git ignores and an agent made: they go with the worktree, unless a setting keeps them. Blocks."""

import filecmp
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from podium.repositories.folder_handle import is_plain_folder
from podium.repositories.git import Git
from podium.repositories.globs import matches

_LIST: Final = ("ls-files", "-z", "--others", "--ignored", "--exclude-standard")
_MOST: Final = 1000
"""Names that are remembered; folders count as one."""


def ignored_files(git: Git, environment: Mapping[str, str] | None = None) -> list[str]:
    """The ignored files; a folder of nothing else is one name that ends in “/”. Raises GitError."""
    return git.run(*_LIST, "--directory", "--no-empty-directory", environment=environment).names[:_MOST]


def keep_files(git: Git, folder: Path, patterns: Sequence[str], target: Path) -> list[str]:
    """Copy the ignored files that ``patterns`` mean to ``target``; returns their paths. Raises GitError or OSError."""
    if not patterns:
        return []
    return [
        name for name in git.run(*_LIST).names if matches(name, patterns) and _copied(name, folder, target)
    ]


def keep_changed(folder: Path, names: Sequence[str], originals: Path, target: Path) -> list[str]:
    """Copy those files of ``names`` to ``target`` that are neither as in ``originals`` nor as there already.

    Returns their names. Raises OSError.
    """
    return [
        name
        for name in names
        if (folder / name).is_file()
        and not (_same(folder / name, originals / name) or _same(folder / name, target / name))
        and _copied(name, folder, target)
    ]


def _same(file: Path, other: Path) -> bool:
    return other.is_file() and filecmp.cmp(file, other)


def _copied(name: str, folder: Path, target: Path) -> bool:
    """Copy one file, never through a link. A fifo or a socket holds nothing. Raises OSError."""
    source, copy = folder / name, target / name
    if not is_plain_folder(source.parent, folder) or not (source.is_symlink() or source.is_file()):
        return False
    copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.path.lexists(copy):
        copy.unlink()
    shutil.copy2(source, copy, follow_symlinks=False)
    return True
