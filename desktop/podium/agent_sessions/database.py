"""Sessions in a tool's database of SQLite: read only, for a moment at most, whatever it holds."""

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

from podium.agent_sessions.plain_files import open_plain
from podium.core.adapters.json_lines import json_object
from podium.core.adapters.model import SessionDatabase

_PATIENCE: Final = 0.2
"""Seconds to wait for a lock."""
_MOST_SECONDS: Final = 2.0
"""For one query."""
_STEPS: Final = 10_000
"""Instructions of SQLite between two looks at the time."""
_MOST_ROWS: Final = 10_000
_LONGEST: Final = 1 << 20
"""Bytes of one value."""


def sessions(path: str, wanted: SessionDatabase, folder: str) -> list[tuple[str, float]]:
    """Id and beginning (seconds since 1970) of the sessions of ``folder``."""
    found: list[tuple[str, float]] = []
    for row in _rows(path, wanted.sessions, {"folder": folder}):
        match row:
            case (str(id), str(), float() | int() as began):
                found.append((id, float(began)))
    return found


def messages(path: str, wanted: SessionDatabase, session: str, since: float) -> list[dict[str, Any]]:
    """The objects with the use of a session from ``since`` on."""
    rows = _rows(path, wanted.messages, {"session": session, "since": since})
    objects = (
        json_object(row[0].encode("utf-8", "replace")) for row in rows if row and isinstance(row[0], str)
    )
    return [found for found in objects if found is not None]


def _rows(path: str, query: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What a query finds; nothing when the database is not there, is damaged, busy, or takes too long."""
    # SQLite would follow a link, and wait for a pipe.
    descriptor = open_plain(path)
    if descriptor is None:
        return []
    os.close(descriptor)
    try:
        with _opened(path) as connection:
            return connection.execute(query, values).fetchmany(_MOST_ROWS)
    except (sqlite3.Error, OverflowError, UnicodeError, MemoryError):
        return []


@contextlib.contextmanager
def _opened(path: str) -> Iterator[sqlite3.Connection]:
    until = time.monotonic() + _MOST_SECONDS
    connection = sqlite3.connect(f"file:{quote(path)}?mode=ro", uri=True, timeout=_PATIENCE)
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        yield connection
    finally:
        connection.close()
