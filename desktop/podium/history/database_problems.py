"""What can go wrong with a database, sorted by what is to be done about it, in words for a person."""

import errno
import os
import shutil
import sqlite3
from enum import Enum, auto
from pathlib import Path
from typing import Final

from podium.history.schema import UnusableDatabase


class Trouble(Enum):
    BUSY = auto()
    """Another program holds the lock."""
    FULL = auto()
    READ_ONLY = auto()
    DISK = auto()
    """Reading or writing fails for another reason."""
    DAMAGED = auto()
    """Trying again is no use: the file has to be set aside."""
    UNEXPECTED = auto()
    """A fault in what was asked for, not in the database."""


MENDABLE: Final = frozenset({Trouble.BUSY, Trouble.FULL, Trouble.READ_ONLY, Trouble.DISK})
"""What may be over by itself or by a person's doing, so that trying again makes sense."""


class DamagedRecord(Exception):
    """A row that passed for one when the database was opened and makes no sense now."""


_PRIMARY: Final = {
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: Trouble.BUSY,
    sqlite3.SQLITE_PROTOCOL: Trouble.BUSY,
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_PERM: Trouble.READ_ONLY,
    sqlite3.SQLITE_IOERR: Trouble.DISK,
    sqlite3.SQLITE_CORRUPT: Trouble.DAMAGED,
    sqlite3.SQLITE_NOTADB: Trouble.DAMAGED,
}
_ERRNO: Final = {
    errno.ENOSPC: Trouble.FULL,
    errno.EDQUOT: Trouble.FULL,
    errno.EROFS: Trouble.READ_ONLY,
    errno.EACCES: Trouble.READ_ONLY,
    errno.EPERM: Trouble.READ_ONLY,
}


def trouble_of(error: Exception, path: Path) -> Trouble:
    """Sort an error with the database at ``path`` by what can be done about it."""
    if isinstance(error, UnusableDatabase | DamagedRecord):
        return Trouble.DAMAGED
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        if code is None:
            return Trouble.UNEXPECTED
        if code == sqlite3.SQLITE_IOERR_SHMSIZE:
            return Trouble.FULL  # The index of the log could not grow.
        if code & 0xFF == sqlite3.SQLITE_CANTOPEN:
            return _cannot_open(path)
        return _PRIMARY.get(code & 0xFF, Trouble.UNEXPECTED)
    if isinstance(error, OSError):
        return _ERRNO.get(error.errno or 0, Trouble.DISK)
    return Trouble.UNEXPECTED


def _cannot_open(path: Path) -> Trouble:
    """SQLite keeps the reason to itself: most often a file beside the database could not be made."""
    if not os.access(path.parent, os.W_OK):
        return Trouble.READ_ONLY
    try:
        return Trouble.DISK if shutil.disk_usage(path.parent).free else Trouble.FULL
    except OSError:
        return Trouble.DISK


def what_is_wrong(trouble: Trouble, error: Exception, path: Path) -> str:
    """The reason, to stand in the middle of a sentence."""
    match trouble:
        case Trouble.BUSY:
            return "another program holds it"
        case Trouble.FULL:
            return f"the disk of {path.parent} is full"
        case Trouble.READ_ONLY:
            return f"{path.parent} or a file in it is read-only, or somebody else's"
        case _:
            return (error.strerror if isinstance(error, OSError) else None) or str(error) or repr(error)


def remedy(trouble: Trouble) -> str:
    """What a person can do, to end a sentence that has begun."""
    match trouble:
        case Trouble.BUSY:
            return "end what has the file open"
        case Trouble.FULL:
            return "free some space"
        case Trouble.READ_ONLY:
            return "make that writable"
        case _:
            return "put that right"
