"""A tool's own store of its sessions: transcripts in a folder, or a database."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from podium.agent_sessions import database
from podium.agent_sessions.moments import moment_at
from podium.agent_sessions.plain_files import find_files, read_head
from podium.core.adapters.json_lines import json_object
from podium.core.adapters.line_paths import Entry, Scope
from podium.core.adapters.model import Sessions
from podium.core.agent_sessions import tool_session

_HEAD: Final = 256 << 10
"""Bytes of a transcript in which it says whose it is."""
_MOST_HEADS: Final = 200
"""Transcripts of one search that are read."""
_CLEAR: Final = 8
"""Characters of an id that are enough in a file's name."""


class StoredSession(NamedTuple):
    """A session as its tool keeps it."""

    id: str
    folder: str
    """Without links; "" when it is not told."""
    began: float
    """Seconds since 1970; 0 when it is not told."""
    transcript: str = ""
    """Its path; "" in a database."""


class Store:
    """The store that a tool in ``environment`` uses. All of it reads the disk; what is not there is no error."""

    def __init__(self, tool: str, sessions: Sessions, environment: Mapping[str, str]) -> None:
        self._tool = tool
        self._sessions = sessions
        self.home = home_of(sessions, environment)

    def began_since(self, folder: str, since: float) -> list[StoredSession]:
        """The sessions of ``folder`` that began at ``since`` or later, the newest first."""
        if self._sessions.database is not None:
            rows = database.sessions(self._database, self._sessions.database, folder)
            found = [
                StoredSession(id, folder, began)
                for id, began in rows
                if tool_session(self._tool, id) is not None
            ]
        else:
            files = find_files(self.home, self._sessions.files, since)[:_MOST_HEADS]
            found = [one for file in files if (one := self.read(file.path)) is not None]
        fitting = [one for one in found if one.folder == folder and one.began >= since]
        return sorted(fitting, key=lambda one: one.began, reverse=True)

    def find(self, session: str) -> StoredSession | None:
        """The session of this id, wherever it works."""
        if self._sessions.database is not None:
            rows = database.sessions(self._database, self._sessions.database, "")
            return next((StoredSession(id, "", began) for id, began in rows if id == session), None)
        transcripts = self.transcripts(session)
        return self.read(transcripts[0]) if transcripts else None

    def transcripts(self, session: str, beside: str = "") -> list[str]:
        """The transcripts of a session, and of its parts. With ``beside``, one of them, only its folder is searched."""
        if self._sessions.database is not None or not self.home:
            return []
        folder, name = os.path.split(beside)
        pattern = self._sessions.files.rpartition("/")[2] if beside else self._sessions.files
        files = [
            file.path
            for file in find_files(folder if beside else self.home, pattern)
            if session[:_CLEAR] in file.path
        ][:_MOST_HEADS]
        own = [path for path in files if (one := self.read(path)) is not None and one.id == session]
        if beside and name and beside not in own:
            own.append(beside)
        parts: list[str] = []
        if self._sessions.parts:
            for path in own:
                parts += [
                    file.path
                    for file in find_files(str(Path(path).with_suffix("")), self._sessions.parts)[
                        :_MOST_HEADS
                    ]
                ]
        return [*own, *parts]

    def running(self, pid: int, started: float) -> StoredSession | None:
        """The session that the process has by what the tool wrote down, in this process's life."""
        if not self._sessions.running or not self.home:
            return None
        for file in find_files(self.home, self._sessions.running.replace("{pid}", str(pid)), started - 1.0):
            id = _stem_of(file.path, self.home, self._sessions.running)
            if not id:
                found = json_object(read_head(file.path, _HEAD)) or {}
                id = Scope(found, Entry("", found)).text(self._sessions.session)
            if tool_session(self._tool, id) is not None:
                return StoredSession(id, "", 0.0)
        return None

    def is_transcript(self, path: str) -> bool:
        """Whether a file may be one of these by its path."""
        below = os.path.realpath(self.home) + "/"
        return (
            bool(self._sessions.files)
            and path.startswith(below)
            and Path(path[len(below) :]).match(self._sessions.files)
        )

    def read(self, path: str) -> StoredSession | None:
        """What a transcript says of itself; None when it names no session, or is that of a part."""
        id, folder, began = "", "", 0.0
        sessions = self._sessions
        for line in read_head(path, _HEAD).split(b"\n")[:1000]:
            found = json_object(line)
            if found is None:
                continue
            scope = Scope(found, Entry("", found))
            if not id and scope.has(sessions.when):
                id = scope.text(sessions.session)
            folder = folder or scope.text(sessions.folder)
            began = began or moment_at(scope, sessions.began) or 0.0
            if id and began and (folder or sessions.folder_file):
                break
        if sessions.folder_file:
            named = os.path.normpath(Path(path).parent / sessions.folder_file)
            folder = read_head(named, 4096).decode("utf-8", "replace").strip()
        if tool_session(self._tool, id) is None:
            return None
        return StoredSession(id, _real(folder), began, path)

    def messages(self, session: str, since: float) -> list[dict[str, Any]]:
        """The objects with the use of a session from ``since`` on, of a tool with a database."""
        if self._sessions.database is None or not self.home:
            return []
        return database.messages(self._database, self._sessions.database, session, since)

    @property
    def _database(self) -> str:
        return f"{self.home}/{self._sessions.database.file}" if self._sessions.database is not None else ""


def home_of(sessions: Sessions, environment: Mapping[str, str]) -> str:
    """The absolute path of the tool's folder; "" when it can't be told."""
    for one in sessions.home:
        first, _, rest = one.partition("/")
        if first.startswith("$"):
            first = environment.get(first[1:], "")
        elif first == "~":
            first = environment.get("HOME", "") or str(Path.home())
        if Path(first).is_absolute():
            return f"{first.rstrip('/')}/{rest}".rstrip("/")
    return ""


def _real(folder: str) -> str:
    try:
        return os.path.realpath(folder) if folder and "\0" not in folder else ""
    except (OSError, ValueError):
        return ""


def _stem_of(path: str, home: str, pattern: str) -> str:
    """The name that the ``*`` of ``pattern`` stands for in ``path``; "" without one."""
    names = pattern.split("/")
    return path[len(home) + 1 :].split("/")[names.index("*")] if "*" in names else ""
