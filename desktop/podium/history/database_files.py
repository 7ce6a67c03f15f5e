"""The database's place on the disk: for its owner only, one program at a time while it is opened or set aside."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path
from typing import Final

SIDE_FILES: Final = ("-wal", "-shm")
"""What SQLite keeps beside a database that belongs to it; the log may hold what the file does not have yet."""
_LOCK_PATIENCE: Final = 5.0
"""Seconds; a program that was stopped in the middle must not keep all others from starting."""

Identity = tuple[int, int]
"""Which file stands under a name: device and number."""


def identity(path: Path) -> Identity | None:
    """None when nothing is there. Raises OSError."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def make_private_folder(folder: Path) -> None:
    """See that the folder is there and 0700, whatever the umask. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _restrict(folder, 0o700)


def make_private_file(path: Path) -> None:
    """See that the file is there, be it empty, and 0600 with all that belongs to it, whatever the umask; SQLite gives
    the same rights to what it makes beside it. Raises OSError.
    """
    if not path.exists():
        # Never opened when it is there: to close a file gives up the locks SQLite holds on it in this process.
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            pass
    for file in (path, *(_beside(path, end) for end in SIDE_FILES)):
        if file.exists():
            _restrict(file, 0o600)


def _restrict(path: Path, mode: int) -> None:
    found = path.stat()
    if found.st_mode & 0o777 == mode or found.st_mode & 0o1000:
        return  # A sticky folder is meant for everybody.
    path.chmod(mode)


def set_aside(path: Path) -> Path:
    """Rename the database and what belongs to it to a free name and return that: ``history.db.unreadable``,
    ``history.db.unreadable-2`` … Raises OSError.
    """
    first = path.with_name(f"{path.name}.unreadable")
    others = (path.with_name(f"{first.name}-{number}") for number in count(2))
    aside = next(name for name in chain((first,), others) if _free(name))
    # The log goes first: a log without its database would be deleted by who opens the next.
    for end in SIDE_FILES:
        try:
            _beside(path, end).rename(_beside(aside, end))
        except FileNotFoundError:
            continue
    path.rename(aside)
    return aside


def _free(path: Path) -> bool:
    return not any(os.path.lexists(_beside(path, end)) for end in ("", *SIDE_FILES))


def _beside(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Only one program at a time opens or sets aside a database of ``folder``. Goes on without that after 5 s, and
    where folders can't be locked: on Windows an open file can't be renamed, which is what this is for.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        yield
        return
    try:
        deadline = time.monotonic() + _LOCK_PATIENCE
        while time.monotonic() < deadline:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(0.01)
            except OSError:
                break
        yield
    finally:
        os.close(descriptor)
