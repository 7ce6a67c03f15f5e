"""Whether what looks like a file or a commit is one: asked in the background, remembered for a moment."""

import os
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer

from podium.core.background import RunInBackground
from podium.core.clock import Clock, monotonic
from podium.core.ids import InstanceId
from podium.core.links.targets import Answer, Candidate, CommitCandidate, CommitLink, FileCandidate, FileLink

ANSWER_MS: Final = 200
"""The time for the disk: what is not known by then is no link this time."""
REMEMBERED: Final = 3.0
"""Seconds for which an answer holds."""
MOST_REMEMBERED: Final = 4_000
_AUTOMOUNTED: Final = ("/net/", "/afs/")
"""Places where a look at a path makes the system look for another machine: not for what a program printed."""
MOST_JOBS: Final = 8
"""Jobs of links that may be under way: of a disk that hangs, no more than one."""


class PathKind(Enum):
    """What is at a path, as far as it can be a link."""

    NOTHING = auto()
    FILE = auto()
    FOLDER = auto()


class FolderFinder(Protocol):
    """The workspace, as the look-ups use it."""

    def find_folders(
        self, instance: InstanceId, lines: Sequence[int], receive: Callable[[tuple[str, ...]], None]
    ) -> None: ...


Key = tuple[str, str]
"""A path ("", path), or a folder and the id of a commit."""
Receive = Callable[[list[Answer | None]], None]


@dataclass(slots=True)
class _Batch:
    placed: list[tuple[str, Candidate]]
    receive: Receive
    waiting: set[str]
    """Disks that have not answered."""
    timer: QTimer
    open: bool = True


class LinkLookups(QObject):
    """Looks up the candidates of links. No disk is touched on the caller's thread, and none is waited for."""

    def __init__(
        self, workspace: FolderFinder, look: RunInBackground, parent: QObject, clock: Clock = monotonic
    ) -> None:
        """``look`` is for folders that may hang."""
        super().__init__(parent)
        self._workspace = workspace
        self._look = look
        self._clock = clock
        self._known: dict[Key, tuple[float, PathKind | str]] = {}
        self._busy: set[str] = set()

    def look_up(
        self, instance: InstanceId, wanted: Sequence[tuple[int, Candidate]], receive: Receive
    ) -> None:
        """Hand an answer for each of ``wanted`` to ``receive``, once: candidates, each with a line of its output."""
        lines = sorted({line for line, _ in wanted})

        def then(folders: tuple[str, ...]) -> None:
            folder_of = dict(zip(lines, folders, strict=True))
            self._look_in([(folder_of[line], candidate) for line, candidate in wanted], receive)

        self._workspace.find_folders(instance, lines, then)

    def _look_in(self, placed: list[tuple[str, Candidate]], receive: Receive) -> None:
        now = self._clock()
        missing: dict[str, list[Key]] = {}
        for folder, candidate in placed:
            for key in _keys(folder, candidate):
                known = self._known.get(key)
                if _is_elsewhere(folder, key[1]):
                    continue
                if known is None or now - known[0] >= REMEMBERED:
                    missing.setdefault(_disk_of(folder, key), []).append(key)
        batch = _Batch(placed, receive, set(missing), QTimer(self))
        batch.timer.setSingleShot(True)
        batch.timer.timeout.connect(lambda: self._finish(batch))
        batch.timer.start(ANSWER_MS)
        for disk, keys in missing.items():
            self._ask(disk, list(dict.fromkeys(keys)), partial(self._done, batch, disk))
        self._finish_when_complete(batch)

    def _done(self, batch: _Batch, disk: str) -> None:
        batch.waiting.discard(disk)
        self._finish_when_complete(batch)

    def _finish_when_complete(self, batch: _Batch) -> None:
        if not batch.waiting:
            self._finish(batch)

    def _finish(self, batch: _Batch) -> None:
        if batch.open:
            batch.open = False
            batch.timer.stop()
            batch.timer.deleteLater()
            batch.receive([self._answer(folder, candidate) for folder, candidate in batch.placed])

    def _ask(self, disk: str, keys: list[Key], done: Callable[[], None]) -> None:
        if disk in self._busy or len(self._busy) >= MOST_JOBS:
            done()
            return
        self._busy.add(disk)

        def take(found: Mapping[Key, PathKind | str]) -> None:
            self._busy.discard(disk)
            self._remember(found)
            done()

        def fail(_error: Exception) -> None:
            take({})

        self._look(lambda: _look_at(keys), take, fail)

    def _remember(self, found: Mapping[Key, PathKind | str]) -> None:
        now = self._clock()
        for key, value in found.items():
            self._known.pop(key, None)
            self._known[key] = now, value
        while len(self._known) > MOST_REMEMBERED:
            del self._known[next(iter(self._known))]

    def _answer(self, folder: str, candidate: Candidate) -> Answer | None:
        keys = _keys(folder, candidate)
        values = [
            known[1] if (known := self._known.get(key)) is not None else PathKind.NOTHING for key in keys
        ]
        if isinstance(candidate, CommitCandidate):
            return Answer(CommitLink(values[0], folder)) if isinstance(values[0], str) and values[0] else None
        if isinstance(candidate, FileCandidate):
            for number, (reading, key, kind) in enumerate(zip(candidate.readings, keys, values, strict=True)):
                if kind is PathKind.FILE:
                    return Answer(FileLink(key[1], reading.line, reading.column), number)
                if kind is PathKind.FOLDER and not reading.line:
                    return Answer(FileLink(key[1], is_folder=True), number)
        return None


def _keys(folder: str, candidate: Candidate) -> list[Key]:
    match candidate:
        case FileCandidate(readings):
            return [("", absolute_path(folder, reading.path)) for reading in readings]
        case CommitCandidate(id):
            return [(folder, id)]
    return []


def absolute_path(folder: str, path: str) -> str:
    """``path`` as a program in ``folder`` means it. Only the person's own ``~`` is known: others' are not looked up."""
    if path == "~" or path.startswith("~/"):
        path = str(Path.home()) + path[1:]
    return os.path.normpath(os.path.join(folder, path))  # noqa: PTH118  (pathlib keeps "..")


def _is_elsewhere(folder: str, path: str) -> bool:
    return any(path.startswith(root) and not folder.startswith(root) for root in _AUTOMOUNTED)


def _disk_of(folder: str, key: Key) -> str:
    """A name for the disk on which it is, as far as its path tells."""
    if key[0]:
        return f"git {folder}"
    if key[1].startswith(folder.rstrip("/") + "/"):
        return folder
    return "/".join(key[1].split("/")[:3])


def _look_at(keys: Sequence[Key]) -> dict[Key, PathKind | str]:
    """On another thread."""
    found: dict[Key, PathKind | str] = {key: _kind(key[1]) for key in keys if not key[0]}
    commits = [key for key in keys if key[0]]
    if commits:
        from podium.repositories.commits import find_commits

        folder = Path(commits[0][0])
        found |= zip(commits, find_commits(folder, [id for _, id in commits]), strict=True)
    return found


def _kind(path: str) -> PathKind:
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116  (thousands at a time)
    except (OSError, ValueError):
        return PathKind.NOTHING
    if stat.S_ISREG(mode):
        return PathKind.FILE
    return PathKind.FOLDER if stat.S_ISDIR(mode) else PathKind.NOTHING
