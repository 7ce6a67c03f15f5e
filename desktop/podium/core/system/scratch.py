"""Folders for a moment, among the temporary files, that don't pile up when the process that made them is killed.

Its maker holds a lock on such a folder, which ends with the process: one whose lock is free was left behind, and goes
when the next one is made.
"""

import contextlib
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from podium.core.system.file_lock import try_lock

PREFIX: Final = "podium-scratch-"
_RANDOM: Final = "[a-z0-9_]{8}"
"""What tempfile puts behind a prefix. A folder with another name is a person's, such as a copy."""

Remove = Callable[[Path], None]
"""Removes a folder with all that is in it, as far as it can and may be; raises nothing."""


def remove_tree(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


class ScratchFolder:
    """A new folder, 0700, that is its maker's until ``close``."""

    def __init__(self, prefix: str = PREFIX, remove: Remove = remove_tree) -> None:
        """``remove`` is for this one and for those left behind. Raises OSError where none can be made."""
        remove_left_behind(prefix, remove)
        self._remove = remove
        self.path, self._lock = _make(prefix)

    def close(self) -> None:
        """Remove it, or leave to a later maker what may not be removed yet."""
        self._remove(self.path)
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)


@contextlib.contextmanager
def scratch_folder(prefix: str = PREFIX) -> Iterator[Path]:
    """A new folder, 0700, that is removed with all that is in it. Raises OSError where none can be made."""
    folder = ScratchFolder(prefix)
    try:
        yield folder.path
    finally:
        folder.close()


def remove_left_behind(prefix: str = PREFIX, remove: Remove = remove_tree) -> None:
    """Remove this user's folders whose makers are dead. One that can't be removed stays; nothing is raised."""
    made = re.compile(re.escape(prefix) + _RANDOM)
    with contextlib.suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if made.fullmatch(entry.name):
                _remove_if_left(Path(entry.path), remove)


def _make(prefix: str) -> tuple[Path, int | None]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix))
        # Another process may have found it in the moment before it was locked, and taken it for one left behind.
        try:
            lock = _lock(folder)
        except BlockingIOError:
            continue
        if folder.exists():
            return folder, lock
        if lock is not None:
            os.close(lock)


def _remove_if_left(folder: Path, remove: Remove) -> None:
    with contextlib.suppress(OSError):
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or sys.platform == "win32" or found.st_uid != os.getuid():
            return
        lock = _lock(folder)
        if lock is not None:
            if os.path.samestat(found, os.fstat(lock)):
                remove(folder)
            os.close(lock)


def _lock(folder: Path) -> int | None:
    """The descriptor that holds the lock; None where folders can't be locked, or it is gone. Raises BlockingIOError
    while another process holds it.
    """
    if sys.platform == "win32":
        return None
    descriptor = None
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try_lock(descriptor)
    except OSError as error:
        if descriptor is not None:
            os.close(descriptor)
        if isinstance(error, BlockingIOError):
            raise
        return None
    return descriptor
