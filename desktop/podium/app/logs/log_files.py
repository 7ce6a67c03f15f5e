"""Logs as files of JSON lines, written on a thread of their own: logging never waits for the disk.

One file for the app and one for each instance, each 1 MiB with four older ones beside it, for their owner alone.
"""

import logging
import logging.handlers
import os
import queue
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Final

import msgspec

from podium.app.logs.log_entries import WORKER_LOG, LogEntry
from podium.core.config.settings import LogLevel

MAX_BYTES: Final = 1 << 20
_OLDER_FILES: Final = 4
_MOST_OPEN: Final = 8
"""Files of instances open at a time; what is logged is rare, and 100 instances must not hold 100 descriptors."""
_KEEP_SECONDS: Final = 30 * 24 * 3600
_KEEP_FILES: Final = 200
_PRUNE_SECONDS: Final = 24 * 3600
_CAPACITY: Final = 10_000
"""Entries that may wait for the disk; the rest is dropped and counted."""
_TAIL_BYTES: Final = 256 << 10

_LEVELS: Final = {
    LogLevel.DEBUG: logging.DEBUG,
    LogLevel.INFO: logging.INFO,
    LogLevel.WARNING: logging.WARNING,
    LogLevel.ERROR: logging.ERROR,
}


class LogLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of a log file. ``time`` is ISO 8601 in UTC, ``pid`` the window's."""

    time: str
    level: LogLevel
    event: str
    pid: int
    text: str = ""
    instance: str = ""
    fields: dict[str, str | int | float | bool] = {}


class LogFiles:
    """Writes entries to files below ``folder`` until it is closed. ``write`` may be called on any thread."""

    def __init__(
        self,
        folder: Path,
        level: LogLevel = LogLevel.INFO,
        capacity: int = _CAPACITY,
        keep: int = _KEEP_FILES,
    ) -> None:
        """``keep`` is how many files of instances are kept at most. Nothing touches the disk yet."""
        self.folder = folder
        self.level = level
        self._handler = _QueueHandler(queue.Queue(capacity))
        self._files = _Files(folder, keep, lambda: self._handler.dropped)
        self._writer = _Writer(self._handler.queue, self._files)
        self._writer.start()
        self._closed = False

    @property
    def dropped(self) -> int:
        """The number of entries lost because the disk was too slow for them."""
        return self._handler.dropped

    @property
    def trouble(self) -> str:
        """Why the last entry could not be written; "" when it could."""
        return self._files.trouble

    def write(self, entry: LogEntry) -> None:
        level = _LEVELS[entry.level]
        if level >= _LEVELS[self.level]:
            self._handler.handle(logging.makeLogRecord({"levelno": level, "entry": entry}))

    def close(self, seconds: float = 2.0) -> bool:
        """Write what waits, for at most so long. False when it took longer. For the very end: it blocks."""
        if self._closed:
            return True
        stopper = threading.Thread(target=self._writer.stop, name="log end", daemon=True)
        stopper.start()
        stopper.join(seconds)
        if stopper.is_alive():
            return False
        self._files.close()
        self._closed = True
        return True


def app_log(folder: Path) -> Path:
    return folder / "podium.log"


def instance_log(folder: Path, instance: str) -> Path:
    """``instance`` is a valid id, so it can't lead out of the folder."""
    return folder / "instances" / f"{instance}.log"


def last_lines(folder: Path, count: int) -> tuple[str, ...]:
    """The newest ``count`` lines of the app's log, oldest first. Touches the disk."""
    lines: list[str] = []
    for path in (app_log(folder), app_log(folder).with_name("podium.log.1")):
        with suppress(OSError), path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL_BYTES))
            found = file.read(_TAIL_BYTES).decode(errors="replace").splitlines()
            # The first may be the end of a line only.
            lines = [*(found[1:] if size > _TAIL_BYTES else found), *lines]
        if len(lines) >= count:
            break
    return tuple(lines[-count:])


class _QueueHandler(logging.handlers.QueueHandler):
    """Takes records at once; what finds the queue full is counted."""

    def __init__(self, waiting: "queue.Queue[logging.LogRecord]") -> None:
        super().__init__(waiting)
        self.dropped = 0

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        return record  # Made for this queue, and frozen inside.

    def enqueue(self, record: logging.LogRecord) -> None:
        try:
            super().enqueue(record)
        except queue.Full:
            self.dropped += 1  # Under the handler's lock.


class _Writer(logging.handlers.QueueListener):
    def enqueue_sentinel(self) -> None:
        while True:
            try:
                super().enqueue_sentinel()
            except queue.Full:
                time.sleep(0.01)
            else:
                return


class _Files(logging.Handler):
    """Puts each entry into the file or files it belongs to. Used by the writer's thread alone."""

    def __init__(self, folder: Path, keep: int, dropped: Callable[[], int]) -> None:
        super().__init__()
        self._folder = folder
        self._keep = keep
        self._dropped = dropped
        self._dropped_written = 0
        self._app: _File | None = None
        self._instances: OrderedDict[str, _File] = OrderedDict()
        self._made = False
        self._pruned_at = 0.0
        self.trouble = ""

    def emit(self, record: logging.LogRecord) -> None:
        entry: LogEntry = record.__dict__["entry"]
        try:
            self._prepare_folders()
            self._write_dropped(entry.time)
            line = _encoded(entry)
            if entry.instance:
                self._write(self._instance_file(entry.instance), line)
            if entry.event != WORKER_LOG:
                self._write(self._app_file(), line)
        except (OSError, ValueError) as error:  # An error in here would end the thread that writes.
            self._made = False
            self.trouble = f"{getattr(error, 'strerror', None) or error} ({self._folder})"

    def close(self) -> None:
        for file in (self._app, *self._instances.values()):
            if file is not None:
                file.close()
        self._app = None
        self._instances.clear()
        super().close()

    def _write(self, file: "_File", line: str) -> None:
        file.failed = ""
        file.handle(logging.makeLogRecord({"msg": line}))
        self.trouble = file.failed
        if file.failed:
            self._made = False  # The folder may have been removed.

    def _write_dropped(self, now: float) -> None:
        dropped = self._dropped()
        if dropped != self._dropped_written:
            more, self._dropped_written = dropped - self._dropped_written, dropped
            text = "The disk was too slow for these."
            entry = LogEntry(now, LogLevel.WARNING, "log:dropped", text, fields={"entries": more})
            self._write(self._app_file(), _encoded(entry))

    def _app_file(self) -> "_File":
        if self._app is None:
            self._app = _File(app_log(self._folder))
        return self._app

    def _instance_file(self, instance: str) -> "_File":
        file = self._instances.pop(instance, None)
        if file is None:
            file = _File(instance_log(self._folder, instance))
            if len(self._instances) >= _MOST_OPEN:
                self._instances.popitem(last=False)[1].close()
        self._instances[instance] = file
        return file

    def _prepare_folders(self) -> None:
        """Make the folders, and once a day take out what is too old or too much."""
        instances = self._folder / "instances"
        if not self._made:
            for folder in (self._folder, instances):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                folder.chmod(0o700)
            self._made = True
        now = time.time()
        if not 0 <= now - self._pruned_at < _PRUNE_SECONDS:
            self._pruned_at = now
            prune(instances, self._keep, now - _KEEP_SECONDS)


def prune(folder: Path, keep: int, oldest: float) -> None:
    """Remove log files last written before ``oldest`` (seconds since 1970), and all but the ``keep`` newest."""
    dated = []
    for path in folder.glob("*.log*"):
        with suppress(OSError):
            dated.append((path.stat().st_mtime, path))
    dated.sort(reverse=True)
    for place, (written, path) in enumerate(dated):
        if place >= keep or written < oldest:
            with suppress(OSError):
                path.unlink()


class _File(logging.handlers.RotatingFileHandler):
    """One file and its older ones, 0600. Another window may write to it too, and may have put it aside."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=MAX_BYTES, backupCount=_OLDER_FILES, encoding="utf-8", delay=True)
        self.failed = ""

    def _open(self) -> TextIOWrapper:
        def private(path: str, flags: int) -> int:
            descriptor = os.open(path, flags, 0o600)
            if hasattr(os, "fchmod"):
                os.fchmod(descriptor, 0o600)
            return descriptor

        return open(self.baseFilename, "a", encoding="utf-8", opener=private)

    def shouldRollover(self, record: logging.LogRecord) -> int:  # noqa: N802
        if self.stream is not None and not self._is_current(self.stream):
            self.stream.close()
            self.stream = None  # as the base class does; the next write opens it
        return int(super().shouldRollover(record))

    def _is_current(self, stream: TextIOWrapper) -> bool:
        try:
            named = os.stat(self.baseFilename)  # noqa: PTH116  (what the base class calls a path is text)
            return os.path.samestat(named, os.fstat(stream.fileno()))
        except OSError:
            return False

    def handleError(self, _record: logging.LogRecord) -> None:  # noqa: N802
        # The usual thing would print to stderr for each line of a full disk.
        error = sys.exc_info()[1]
        self.failed = f"{getattr(error, 'strerror', None) or error} ({self.baseFilename})"


def _encoded(entry: LogEntry) -> str:
    line = LogLine(
        datetime.fromtimestamp(entry.time, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        entry.level,
        entry.event,
        os.getpid(),
        _writable(entry.text),
        entry.instance,
        {name: _writable(value) if isinstance(value, str) else value for name, value in entry.fields.items()},
    )
    return msgspec.json.encode(line).decode()


def _writable(text: str) -> str:
    return text.encode(errors="replace").decode()
