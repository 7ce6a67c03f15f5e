"""Putting back the files of a repository that decide what git runs and sees, and its HEADs. Blocks."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from podium.core.system.private_files import write_private
from podium.repositories.git import GitError
from podium.repositories.guard.change_context import ChangeContext
from podium.repositories.guard.shared_state import SharedFile
from podium.repositories.repository import Repository

_HARMLESS: Final = re.compile(
    r"branch\..*\.(remote|merge|rebase|pushremote|description)"
    r"|submodule\..*\.(url|active|branch)|submodule\.active"
    r"|remote\..*\.(url|pushurl|fetch)"
    r"|extensions\.worktreeconfig|core\.repositoryformatversion"
)
"""Settings that git's everyday commands add by themselves and that run nothing."""
_HEAD: Final = re.compile(rb"(ref: refs/\S[^\n]*|[0-9a-f]{40,64})\s*")


class FileGuard:
    """``kept``: the folder for the changed versions of files that are put back."""

    def __init__(self, repository: Repository, kept: Path) -> None:
        self._git = repository.git
        self._common = repository.common
        self._kept = kept
        own = repository.top / self._git.run("rev-parse", "--git-dir").path
        self._heads = {path: path.read_bytes() for path in {repository.common / "HEAD", own / "HEAD"}}

    def put_heads_back(self, context: ChangeContext) -> Iterator[str]:
        """Only those that can't be read: without a HEAD, nothing is a repository to git. Raises OSError."""
        for path, data in self._heads.items():
            try:
                found = path.read_bytes() if path.is_file() else b""
            except OSError:
                found = b""
            if _HEAD.fullmatch(found):
                self._heads[path] = found
                continue
            _write(path, SharedFile(data, 0o644))
            yield f"{path} could not be used any more after {context.period}; it is as it was before"

    def put_files_back(
        self, before: Mapping[str, SharedFile], now: Mapping[str, SharedFile], context: ChangeContext
    ) -> Iterator[str]:
        """Raises OSError."""
        for name in sorted({*before, *now}):
            was, found = before.get(name), now.get(name)
            if was == found or (name.startswith("config") and self._is_harmless(was, found)):
                continue
            kept = _free_path(self._kept / name) if found is not None and found.data else None
            if kept is not None and found is not None:
                write_private(kept, found.data, durable=True)
            path = self._common / name
            if was is None:
                path.unlink(missing_ok=True)
                what = "made"
            else:
                _write(path, was)
                what = "changed" if found is not None else "removed"
            more = f"; what it was made is kept in {kept}" if kept is not None else ""
            yield f"{path} was {what} during {context.period}; it is as it was before{more}"

    def _is_harmless(self, was: SharedFile | None, found: SharedFile | None) -> bool:
        """Whether nothing was changed and what was added runs nothing."""
        if found is None:
            return False
        try:
            old, new = self._settings(was), self._settings(found)
        except GitError:
            return False
        left = list(new)
        for setting in old:
            if setting not in left:
                return False
            left.remove(setting)
        return all(_HARMLESS.fullmatch(setting.partition("\n")[0]) for setting in left)

    def _settings(self, file: SharedFile | None) -> list[str]:
        if file is None:
            return []
        return self._git.run("config", "--no-includes", "-z", "--list", "--file", "-", stdin=file.data).names


def _free_path(path: Path) -> Path:
    """``path``, or with a number where something is: what was kept before is not replaced."""
    number, free = 1, path
    while os.path.lexists(free):
        number += 1
        free = path.with_name(f"{path.name}.{number}")
    return free


def _write(path: Path, file: SharedFile) -> None:
    if path.is_symlink():
        path.unlink()
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.podium")
    temporary.unlink(missing_ok=True)
    temporary.write_bytes(file.data)
    temporary.chmod(file.mode)
    temporary.replace(path)
