"""The files of the database: private, and opened or set aside by one program at a time."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from podium.core.system.file_lock import try_lock
from podium.core.system.private_files import name_aside, restrict

SIDE_FILES: Final = ("-wal", "-shm")
"""Endings of the files that SQLite keeps beside a database; the log may hold what the file does not have yet."""
_LOCK_PATIENCE: Final = 5.0
"""Seconds to wait for the lock: a stopped program must not keep all others from starting."""

Identity = tuple[int, int]
"""Device and inode number of a file."""


def identity(path: Path) -> Identity | None:
    """The file that stands at ``path`` now, or None. Raises OSError."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def make_private_file(path: Path) -> None:
    """Create the file where it is missing, and make it and its side files 0600. Raises OSError.

    SQLite gives the permissions of the database to the files that it creates beside it.
    """
    if not path.exists():
        # Never opened when it is there: to close a file gives up the locks SQLite holds on it in this process.
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            pass
    for file in (path, *(_beside(path, end) for end in SIDE_FILES)):
        if file.exists():
            restrict(file, 0o600)


def set_aside(path: Path) -> Path:
    """Rename the database and what belongs to it to a free name and return that: ``history.db.unreadable``,
    ``history.db.unreadable-2`` … Raises OSError.
    """
    aside = name_aside(path, ("", *SIDE_FILES))
    # The log goes first: SQLite deletes a log without its database when the next one is opened.
    for end in SIDE_FILES:
        try:
            _beside(path, end).rename(_beside(aside, end))
        except FileNotFoundError:
            continue
    path.rename(aside)
    return aside


def _beside(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Lock ``folder``, so that one program at a time opens or sets aside a database in it.

    Goes on without the lock after 5 s, and where folders can't be locked: on Windows an open file can't be renamed,
    so no lock is needed.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        yield
        return
    try:
        deadline = time.monotonic() + _LOCK_PATIENCE
        while time.monotonic() < deadline:
            try:
                try_lock(descriptor)
                break
            except BlockingIOError:
                time.sleep(0.01)
            except OSError:
                break
        yield
    finally:
        os.close(descriptor)
