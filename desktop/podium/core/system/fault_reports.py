"""Faults of Podium's own: the traceback goes into a file that can be sent in, a plain sentence to the person."""

import contextlib
import errno
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from podium.core.system.app_dirs import crash_folder
from podium.core.system.private_files import NO_LINKS

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

FAULT: Final = 70
"""The exit code (EX_SOFTWARE of sysexits.h)."""
UNWRITTEN: Final = 74
"""The exit code when the output could not be written (EX_IOERR)."""
_OUTPUT_ERRORS: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""Without a file's name: what was printed found no room, or its terminal is gone."""
INTERRUPTED: Final = 128 + signal.SIGINT
_KEPT: Final = 20
_MOST: Final = 20
"""Reports of one process: what fails again and again must not fill the disk."""
_MAX_BYTES: Final = 256 << 10


class FaultReports:
    """Writes the reports of one process, ``podium PROGRAM``. Nothing in it raises; any thread may call it."""

    def __init__(self, program: str, folder: Callable[[], Path] = crash_folder) -> None:
        self.program = program
        self._folder = folder
        self._written = 0
        self._lock = threading.Lock()

    def write(self, error: BaseException) -> Path | None:
        """The file its traceback is in, for the user only; None where none could be written, or enough were."""
        import traceback  # Only here: it takes long to load, and no program needs it as a rule.

        text = "".join(traceback.format_exception(error)).encode("utf-8", "backslashreplace")[:_MAX_BYTES]
        with self._lock:
            self._written += 1
            if self._written > _MOST:
                return None
            try:
                folder = self._folder()
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                # Another form than the window's own reports: those are offered at its next start.
                name = f"{self.program}-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}-{self._written}.txt"
                path = folder / name
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINKS
                with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
                    file.write(text)
                for old in sorted(folder.glob(f"{self.program}-*.txt"), key=_age)[:-_KEPT]:
                    old.unlink()
            except OSError:
                return None
            return path

    @property
    def enough(self) -> bool:
        """Whether so much was reported that the rest is left out: repeated faults must not fill a log."""
        return self._written >= _MOST

    def sentence(self, error: BaseException) -> str:
        """The sentence for the person; the report is written."""
        path = self.write(error)
        where = f" What happened is written in {path}; please report it." if path is not None else ""
        return f"a fault in Podium itself: {summary(error)}.{where}"

    def report(self, error: BaseException) -> None:
        """Write the report and say so on the error output, up to a limit."""
        if self.enough:
            return
        with contextlib.suppress(OSError, ValueError, AttributeError):  # It may be closed, or not be there.
            print(f"{_name(self.program)}: {self.sentence(error)}", file=sys.stderr, flush=True)

    def install(self) -> None:
        """From now on, what nothing caught in this process becomes a report, on whatever thread."""
        sys.excepthook = lambda _kind, error, _trace: self.report(error)
        threading.excepthook = self._on_thread
        sys.unraisablehook = self._on_unraisable

    def _on_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None and not isinstance(arguments.exc_value, SystemExit):
            self.report(arguments.exc_value)

    def _on_unraisable(self, arguments: "UnraisableHookArgs") -> None:
        if isinstance(arguments.exc_value, BrokenPipeError):
            return  # The reader has gone; what was still to be flushed is lost.
        if arguments.exc_value is not None:
            self.report(arguments.exc_value)


def summary(error: BaseException) -> str:
    """``ValueError: no such thing``, on one line; of a group its first member, which is what went wrong."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    text = " ".join(str(error).split())[:200]
    text = "".join(character for character in text if character.isprintable()).rstrip(".")
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def guarded(program: str, run: Callable[[], int], *, hooks: bool = True) -> int:
    """The result of ``run``; no traceback reaches a person. An interrupt is 130, and a fault becomes a report and 70.
    The reader of the output may go: that is the end, with 0. Without ``hooks``, ``run`` handles what nothing catches.
    """
    reports = FaultReports(program)
    if hooks:
        reports.install()
    try:
        status = run()
    except SystemExit:
        _flush(program)
        raise
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return 0
    except Exception as error:
        if isinstance(error, OSError) and error.filename is None and error.errno in _OUTPUT_ERRORS:
            _tell_unwritten(program, error)
            return UNWRITTEN
        reports.report(error)
        return FAULT
    return status if _flush(program) else UNWRITTEN


def _flush(program: str) -> bool:
    """Write what waits now, when it can be caught, and not at the interpreter's end. False when it can't be."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
    except OSError as error:
        _tell_unwritten(program, error)
        return False
    return True


def _tell_unwritten(program: str, error: OSError) -> None:
    with contextlib.suppress(OSError, ValueError, AttributeError):
        print(f"{_name(program)}: the output could not be written: {error.strerror}.", file=sys.stderr)
    _drop_output()


def _name(program: str) -> str:
    return "podium" if program == "window" else f"podium {program}"


def _drop_output() -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            os.dup2(null, stream.fileno())
    os.close(null)


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
