"""The problems a database can have, by their remedy, in words for a person."""

import errno
import os
import shutil
import sqlite3
from enum import Enum, auto
from pathlib import Path
from typing import Final

from podium.history.schema import UnusableDatabase


class DatabaseProblem(Enum):
    BUSY = auto()
    """Another program holds the lock."""
    FULL = auto()
    READ_ONLY = auto()
    DISK = auto()
    """Reading or writing fails for another reason."""
    DAMAGED = auto()
    """Retrying is no use: the file has to be set aside."""
    UNEXPECTED = auto()
    """A fault in the request, not in the database."""


RETRYABLE: Final = frozenset(
    {DatabaseProblem.BUSY, DatabaseProblem.FULL, DatabaseProblem.READ_ONLY, DatabaseProblem.DISK}
)
"""Problems that may go away by themselves or by a person's doing."""


DATABASE_ERRORS: Final = (sqlite3.Error, UnicodeDecodeError)
"""Errors of the sqlite3 module: of a damaged schema, SQLite's own message may be no text."""


class DamagedRecord(Exception):
    """A row that does not fit its type, although the database was checked when it was opened."""


_PRIMARY: Final = {
    sqlite3.SQLITE_BUSY: DatabaseProblem.BUSY,
    sqlite3.SQLITE_LOCKED: DatabaseProblem.BUSY,
    sqlite3.SQLITE_PROTOCOL: DatabaseProblem.BUSY,
    sqlite3.SQLITE_FULL: DatabaseProblem.FULL,
    sqlite3.SQLITE_READONLY: DatabaseProblem.READ_ONLY,
    sqlite3.SQLITE_PERM: DatabaseProblem.READ_ONLY,
    sqlite3.SQLITE_IOERR: DatabaseProblem.DISK,
    sqlite3.SQLITE_CORRUPT: DatabaseProblem.DAMAGED,
    sqlite3.SQLITE_NOTADB: DatabaseProblem.DAMAGED,
}
_ERRNO: Final = {
    errno.ENOSPC: DatabaseProblem.FULL,
    errno.EDQUOT: DatabaseProblem.FULL,
    errno.EROFS: DatabaseProblem.READ_ONLY,
    errno.EACCES: DatabaseProblem.READ_ONLY,
    errno.EPERM: DatabaseProblem.READ_ONLY,
}


def problem_of(error: Exception, path: Path) -> DatabaseProblem:
    """The kind of ``error``, which the database at ``path`` raised."""
    if isinstance(error, UnusableDatabase | DamagedRecord | UnicodeDecodeError):
        return DatabaseProblem.DAMAGED
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        if code is None:
            return DatabaseProblem.UNEXPECTED
        if code == sqlite3.SQLITE_IOERR_SHMSIZE:
            return DatabaseProblem.FULL  # The index of the log could not grow.
        if code & 0xFF == sqlite3.SQLITE_CANTOPEN:
            return _cannot_open(path)
        return _PRIMARY.get(code & 0xFF, DatabaseProblem.UNEXPECTED)
    if isinstance(error, OSError):
        return _ERRNO.get(error.errno or 0, DatabaseProblem.DISK)
    return DatabaseProblem.UNEXPECTED


def _cannot_open(path: Path) -> DatabaseProblem:
    """SQLite gives no reason: most often a file beside the database could not be created."""
    if not os.access(path.parent, os.W_OK):
        return DatabaseProblem.READ_ONLY
    try:
        return DatabaseProblem.DISK if shutil.disk_usage(path.parent).free else DatabaseProblem.FULL
    except OSError:
        return DatabaseProblem.DISK


def problem_text(problem: DatabaseProblem, error: Exception, path: Path) -> str:
    """The reason, for the middle of a sentence."""
    match problem:
        case DatabaseProblem.BUSY:
            return "another program holds it"
        case DatabaseProblem.FULL:
            return f"the disk of {path.parent} is full"
        case DatabaseProblem.READ_ONLY:
            return f"{path.parent} or a file in it is read-only, or somebody else's"
        case _:
            return (error.strerror if isinstance(error, OSError) else None) or str(error) or repr(error)


def remedy(problem: DatabaseProblem) -> str:
    """The remedy, for the end of a sentence to a person."""
    match problem:
        case DatabaseProblem.BUSY:
            return "end what has the file open"
        case DatabaseProblem.FULL:
            return "free some space"
        case DatabaseProblem.READ_ONLY:
            return "make that writable"
        case _:
            return "put that right"
