"""Crash reports: the stacks of a crash, and exceptions that nothing caught.

Each window has a report file open from its start. One that ends as it should takes its empty file away; what is
left of one that is gone is found at the next start.
"""

import contextlib
import faulthandler
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, TextIO

import msgspec

from podium.core.system.fault_reports import summary
from podium.core.system.file_lock import try_lock

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

MOST_REPORTS: Final = 10
MAX_REPORT_BYTES: Final = 256 << 10
_MOST_EXCEPTIONS: Final = 50
"""A timer's slot that fails at every tick must not fill the disk."""

ExceptionListener = Callable[[str, str], None]
"""Gets the summary and the traceback of an exception that nothing caught. Called on any thread."""


class CrashReport(msgspec.Struct, frozen=True):
    """The report of a Podium that is gone. ``time`` is when it was started, in local time."""

    path: Path
    time: datetime
    pid: int
    text: str
    """At most 256 KiB of it."""


class CrashWatch:
    """Writes down what goes wrong in this process until it is left. Nothing in it raises.

    Where no file can be made, exceptions are still passed on to ``listener``.
    """

    def __init__(self, folder: Path) -> None:
        self.listener: ExceptionListener = lambda _summary, _text: None
        self.trouble = ""
        """Why there is no file; "" when there is."""
        self._folder = folder
        self._file: TextIO | None = None
        self._path = Path()
        self._written = 0
        self._was_enabled = False

    def __enter__(self) -> Self:
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._folder.chmod(0o700)
            self._path = self._folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
            self._file = _open_private(self._path)
        except OSError as error:
            self.trouble = f"{error.strerror} ({self._folder})"
        else:
            _claim(self._file)
            self._was_enabled = faulthandler.is_enabled()
            faulthandler.enable(self._file, all_threads=True)
        self._hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        # Compared at the end: an attribute that is a method is another object each time.
        self._own = (self._on_exception, self._on_thread_exception, self._on_unraisable)
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._own
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and error is not None and not isinstance(error, SystemExit | KeyboardInterrupt):
            self._note(kind, error, trace)
        if (sys.excepthook, threading.excepthook, sys.unraisablehook) == self._own:
            sys.excepthook, threading.excepthook, sys.unraisablehook = self._hooks
        if self._file is None:
            return
        faulthandler.disable()
        if self._was_enabled and sys.stderr is not None:
            faulthandler.enable()
        empty = self._written == 0 and os.fstat(self._file.fileno()).st_size == 0
        self._file.close()
        self._file = None
        if empty:
            with contextlib.suppress(OSError):
                self._path.unlink()

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, Exception):
            self._note(kind, error, trace)
        if self._hooks[0] is sys.__excepthook__ and issubclass(kind, Exception):
            self._say(error)
        else:
            self._hooks[0](kind, error, trace)

    def _on_thread_exception(self, arguments: "threading.ExceptHookArgs") -> None:
        if issubclass(arguments.exc_type, Exception) and arguments.exc_value is not None:
            self._note(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)
        if self._hooks[1] is threading.__excepthook__ and arguments.exc_value is not None:
            self._say(arguments.exc_value)
        else:
            self._hooks[1](arguments)

    def _on_unraisable(self, unraisable: "UnraisableHookArgs") -> None:
        if issubclass(unraisable.exc_type, Exception) and unraisable.exc_value is not None:
            self._note(unraisable.exc_type, unraisable.exc_value, unraisable.exc_traceback)
        if self._hooks[2] is sys.__unraisablehook__ and unraisable.exc_value is not None:
            self._say(unraisable.exc_value)
        else:
            self._hooks[2](unraisable)

    def _say(self, error: BaseException) -> None:
        """A line on the error output in place of the interpreter's traceback, which is in the file."""
        where = f" What happened is written in {self._path}; please report it." if self._file else ""
        with contextlib.suppress(OSError, ValueError, AttributeError):  # It may be closed, or not be there.
            print(f"podium: a fault in Podium itself: {summary(error)}.{where}", file=sys.stderr, flush=True)

    def _note(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self._written += 1
        if self._written > _MOST_EXCEPTIONS:
            if self._written == _MOST_EXCEPTIONS + 1:
                self.listener("There are more exceptions; they are not written down.", "")
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        summary = text.rstrip().rpartition("\n")[2]
        with contextlib.suppress(OSError, ValueError):
            if self._file is not None:
                self._file.write(f"{datetime.now().isoformat(' ', 'seconds')}\n{text}\n")
                self._file.flush()
        self.listener(summary, text)


def found_reports(folder: Path) -> tuple[CrashReport, ...]:
    """The reports of windows that are gone, newest first, 10 at most; older and empty ones are removed.

    Touches the disk.
    """
    reports: list[CrashReport] = []
    for path in sorted(folder.glob("*-*.txt"), reverse=True):
        with contextlib.suppress(OSError, ValueError):
            written, _, pid = path.stem.rpartition("-")
            when = datetime.strptime(written, "%Y%m%d-%H%M%S")
            if _is_claimed(path, int(pid)):
                continue
            with path.open("rb") as file:
                text = file.read(MAX_REPORT_BYTES).decode(errors="replace")
            if text and len(reports) < MOST_REPORTS:
                reports.append(CrashReport(path, when, int(pid), text))
            else:
                path.unlink()
    return tuple(reports)


def mark_seen(reports: Sequence[CrashReport]) -> None:
    """Don't offer these again; the last ten stay on the disk. Touches the disk."""
    for report in reports:
        with contextlib.suppress(OSError):
            report.path.rename(report.path.with_suffix(".seen"))
            for old in sorted(report.path.parent.glob("*.seen"))[:-MOST_REPORTS]:
                old.unlink()


def _open_private(path: Path) -> TextIO:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    return os.fdopen(descriptor, "a", encoding="utf-8", errors="replace")


def _claim(file: TextIO) -> None:
    """Hold the file for as long as this process lives: a pid alone may be another process's by the next start."""
    with contextlib.suppress(OSError):
        try_lock(file.fileno())


def _is_claimed(path: Path, pid: int) -> bool:
    """Whether the window that writes this report still lives."""
    if pid == os.getpid():
        return True
    with path.open("rb") as file:
        try:
            try_lock(file.fileno())
        except BlockingIOError:
            return True
    return False
