"""A folder that stays the same one whatever stands under its name later.

Agents may move, replace or remove the folder they work in, and put a link in its place. An open descriptor still means
the folder that was made, so git started in it touches nothing else.
"""

import os
import shutil
import stat
import sys
from pathlib import Path
from typing import Self

_OPEN = (
    os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
)


class FolderHandle:
    """An open folder. ``identity`` is its device and inode number."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor
        found = os.fstat(descriptor)
        self.identity = (found.st_dev, found.st_ino)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Raises OSError if ``path`` is no folder, or a link."""
        if sys.platform == "win32":
            from podium.core.system.windows.folders import open_folder

            return cls(path, open_folder(path))
        return cls(path, os.open(path, _OPEN))

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    @property
    def removed(self) -> bool:
        """Whether the folder has been deleted."""
        if sys.platform == "win32":  # One that is being deleted has its links and no path.
            try:
                found = os.lstat(self.place)
            except OSError:
                return True
            return (found.st_dev, found.st_ino) != self.identity
        return os.fstat(self._descriptor).st_nlink == 0

    @property
    def path(self) -> Path:
        """A path that leads to this folder and no other; where the system has none, the one it was opened by."""
        if sys.platform == "linux":
            return Path(f"/proc/self/fd/{self._descriptor}")
        return self.place

    @property
    def place(self) -> Path:
        """The folder's current path. Raises OSError."""
        if sys.platform == "linux":
            return Path(f"/proc/self/fd/{self._descriptor}").readlink()
        if sys.platform == "darwin":
            import fcntl

            found: bytes = fcntl.fcntl(self._descriptor, fcntl.F_GETPATH, bytes(1024))
            return Path(os.fsdecode(found.rstrip(b"\0")))
        if sys.platform == "win32":
            from podium.core.system.windows.folders import place_of_folder

            return place_of_folder(self._descriptor)
        return self._path


def is_plain_folder(path: Path, top: Path) -> bool:
    """Whether ``path`` is a folder below ``top`` and neither it nor anything between them is a link."""
    try:
        parts = path.relative_to(top).parts
    except ValueError:
        return False
    here = top
    for part in parts:
        here = here / part
        try:
            if part == ".." or not _is_folder_itself(os.lstat(here)):
                return False
        except OSError:
            return False
    return True


def _is_folder_itself(found: os.stat_result) -> bool:
    if sys.platform == "win32":
        from podium.core.system.windows.folders import is_folder_itself

        return is_folder_itself(found)
    return stat.S_ISDIR(found.st_mode)


def remove_folder(path: Path) -> None:
    """Remove ``path`` with all that is in it, also what its owner has taken his own rights to. Raises OSError."""
    try:
        shutil.rmtree(path)
    except PermissionError:
        for folder, _, _ in os.walk(path):
            Path(folder).chmod(0o700)
        shutil.rmtree(path)
