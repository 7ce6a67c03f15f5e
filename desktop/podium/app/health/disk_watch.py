"""Free disk space where runs write: a warning comes before a run starts on too little."""

import errno
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from podium.app.logs.log_entries import AppLog
from podium.app.paths import with_tilde
from podium.core.background import RunInBackground
from podium.core.clock import Clock, monotonic
from podium.core.ids import InstanceId
from podium.workspace.workspace import Workspace, WorkspaceError

LOW_BYTES: Final = 500 << 20
INTERVAL_MS: Final = 60_000
_WARN_AGAIN_SECONDS: Final = 3600.0
_MOST_ASKED: Final = 8
"""Folders asked about at a time. A network folder that hangs keeps its thread for ever."""
_MOST_KNOWN: Final = 256

FreeBytes = Callable[[str], int]


def free_bytes(folder: str) -> int:
    """Bytes that can still be written on the file system of ``folder``, or of the next folder above that exists.

    Raises OSError. Touches the disk.
    """
    place = Path(folder)
    while not place.exists() and place != place.parent:
        place = place.parent
    usage = shutil.disk_usage(place)
    if not usage.total:
        # /proc and its like: files without a disk, on which nothing can run out.
        raise OSError(errno.ENOTSUP, "not on a disk", folder)
    return usage.free


class DiskWatch(QObject):
    """Asks in the background: at each start of a run, and every minute for what runs and for Podium's own folder."""

    low = Signal(str, str)
    """A folder is on a disk that is nearly full: title and text for a person. Once an hour for each folder."""

    def __init__(
        self,
        workspace: Workspace,
        own_folder: Path,
        log: AppLog,
        run: RunInBackground,
        parent: QObject | None = None,
        *,
        ask: FreeBytes = free_bytes,
        low_bytes: int = LOW_BYTES,
        clock: Clock = monotonic,
    ) -> None:
        """``run`` may hang over a folder; none of it is waited for."""
        super().__init__(parent)
        self._run = run
        self._workspace = workspace
        self._own_folder = str(own_folder)
        self._log = log
        self._ask = ask
        self._low_bytes = low_bytes
        self._clock = clock
        self._asked: set[str] = set()
        self._to_warn: set[str] = set()
        """Folders to warn about when there is too little; one that was only added may wait."""
        self._free: dict[str, int] = {}
        self._warned_at: dict[str, float] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.check)
        workspace.starting.connect(self._on_starting)
        workspace.instance_added.connect(self._on_added)

    def start(self) -> None:
        """Look now, and from time to time."""
        self._timer.start()
        self.check()

    def stop(self) -> None:
        self._timer.stop()

    def check(self) -> None:
        """Ask about every folder something runs in, and Podium's own."""
        folders = {self._own_folder, *(view.spec.folder for view in self._workspace.busy())}
        self._to_warn |= folders
        for folder in folders:
            self._measure(folder)

    def _on_added(self, instance: str) -> None:
        # Known by the time it is started, as a rule.
        self._measure(self._folder(instance))

    def _on_starting(self, instance: str) -> None:
        for folder in (self._folder(instance), self._own_folder):
            if folder in self._free:
                self._warn_if_low(folder, self._free[folder])
            self._to_warn.add(folder)
            self._measure(folder)

    def _folder(self, instance: str) -> str:
        try:
            return self._workspace.view(InstanceId(instance)).spec.folder
        except WorkspaceError:
            return self._own_folder

    def _measure(self, folder: str) -> None:
        if folder in self._asked:
            return
        if len(self._asked) >= _MOST_ASKED:
            self._to_warn.discard(folder)
            return
        self._asked.add(folder)
        self._run(
            lambda: self._ask(folder),
            lambda free: self._take(folder, free),
            lambda _error: self._take(folder, None),  # The start of the run says what is wrong with it.
        )

    def _take(self, folder: str, free: int | None) -> None:
        """``free`` is None where it can't be asked."""
        self._asked.discard(folder)
        if free is None:
            self._free.pop(folder, None)
            self._to_warn.discard(folder)
            return
        while len(self._free) >= _MOST_KNOWN:
            del self._free[next(iter(self._free))]
        self._free[folder] = free
        if folder in self._to_warn:
            self._to_warn.discard(folder)
            self._warn_if_low(folder, free)

    def _warn_if_low(self, folder: str, free: int) -> None:
        now = self._clock()
        if (
            free >= self._low_bytes
            or now - self._warned_at.get(folder, -_WARN_AGAIN_SECONDS) < _WARN_AGAIN_SECONDS
        ):
            return
        self._warned_at = {
            place: at for place, at in self._warned_at.items() if now - at < _WARN_AGAIN_SECONDS
        }
        self._warned_at[folder] = now
        title = f"Only {free >> 20} MiB free on the disk of {with_tilde(folder)}"
        self._log.troubled("disk", title)
        self.low.emit(title, "Make room before it is full, or what runs there may fail or lose its work.")
