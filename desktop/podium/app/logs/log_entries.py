"""Log entries, as typed calls. Entries wait here, bounded, until there are files for them.

Never in here: what a person typed, what is on a screen, environment variables, arguments of programs, tokens.
"""

import time
from collections import deque
from collections.abc import Callable
from typing import Final

import msgspec

from podium.core.clock import Clock, monotonic
from podium.core.config.settings import LogLevel
from podium.core.config.toml_file import Fault
from podium.core.ids import InstanceId
from podium.core.protocol.backend import WorkerState, WorkerStatus
from podium.core.protocol.reports import ExitedReport

MAX_TEXT: Final = 2_000
MAX_DETAIL: Final = 16_000
"""Characters of a field; the longest is the traceback of an exception."""
_MOST_WAITING: Final = 1_000
_LINES_PER_SECOND: Final = 100
"""Of one worker's own words. A worker that floods its stderr must not push everything else out of the logs."""

WORKER_LOG: Final = "worker:log"
"""Stands in the instance's log only."""


class LogEntry(msgspec.Struct, frozen=True):
    """One line of a log. ``time`` is in seconds since 1970, ``event`` a name like ``worker:state``."""

    time: float
    level: LogLevel
    event: str
    text: str = ""
    instance: str = ""
    fields: dict[str, str | int | float | bool] = {}


Write = Callable[[LogEntry], None]


class Logs:
    """The logs of one window: ``app``, and one for each instance. Calls return at once, on any thread."""

    def __init__(self) -> None:
        self._waiting: deque[LogEntry] = deque(maxlen=_MOST_WAITING)
        self._write: Write | None = None
        self.app = AppLog(self._put)

    def instance(self, instance: InstanceId) -> "InstanceLog":
        return InstanceLog(self._put, instance)

    def attach(self, write: Write) -> None:
        """From now on entries go to ``write``, those first that waited."""
        self._write = write
        while self._waiting:
            write(self._waiting.popleft())

    def _put(self, entry: LogEntry) -> None:
        if self._write is None:
            self._waiting.append(entry)
        else:
            self._write(entry)


class AppLog:
    """Entries about the window as a whole."""

    def __init__(self, write: Write) -> None:
        self._write = write

    def started(self, **facts: str | int | bool) -> None:
        """A window was opened; ``facts`` say how."""
        self._add(LogLevel.INFO, "app:started", "", **facts)

    def versions(self, text: str) -> None:
        """Versions of all that Podium runs on."""
        self._add(LogLevel.INFO, "app:versions", text)

    def ended(self, status: int, seconds: float) -> None:
        self._add(LogLevel.INFO, "app:ended", "", status=status, seconds=round(seconds, 1))

    def settings_fault(self, fault: Fault) -> None:
        self._add(LogLevel.WARNING, "settings:fault", str(fault))

    def refused(self, message: str) -> None:
        """A request failed, and the window showed why."""
        self._add(LogLevel.WARNING, "request:refused", message)

    def exception(self, summary: str, traceback: str) -> None:
        """A fault of Podium's own that nothing caught."""
        self._add(LogLevel.ERROR, "app:exception", summary, traceback=traceback)

    def troubled(self, about: str, text: str) -> None:
        """Something about ``about`` (``sleep``, ``disk``, ``history`` …) does not work as it should."""
        self._add(LogLevel.WARNING, f"{about}:trouble", text)

    def _add(self, level: LogLevel, event: str, text: str, **fields: str | int | float | bool) -> None:
        self._write(_entry(level, event, text, "", fields))


class InstanceLog:
    """Entries about one instance. Kept as long as the instance is: it limits the rate of its worker's lines."""

    def __init__(self, write: Write, instance: InstanceId, clock: Clock = monotonic) -> None:
        self._write = write
        self._instance = instance
        self._clock = clock
        self._second = 0.0
        self._lines_left = _LINES_PER_SECOND
        self._left_out = 0

    def worker_changed(self, status: WorkerStatus) -> None:
        """The worker's state or the reason for it is another."""
        self._add_left_out()
        level = {WorkerState.FAILED: LogLevel.ERROR, WorkerState.BACKOFF: LogLevel.WARNING}
        self._add(
            level.get(status.state, LogLevel.INFO),
            "worker:state",
            status.reason,
            state=status.state.value,
            generation=status.generation,
            restarts=status.restart_count,
            pid=status.pid or 0,
        )

    def worker_printed(self, lines: tuple[str, ...]) -> None:
        """Lines of a worker's stderr: its own, never its program's."""
        now = self._clock()
        if now - self._second >= 1.0:
            self._second, self._lines_left = now, _LINES_PER_SECOND
            self._add_left_out()
        for line in lines[: self._lines_left]:
            self._add(LogLevel.INFO, WORKER_LOG, line)
        self._left_out += max(0, len(lines) - self._lines_left)
        self._lines_left = max(0, self._lines_left - len(lines))

    def tree_killed(self, pid: int) -> None:
        """A worker did not end, so it was killed with all it had started."""
        self._add(LogLevel.WARNING, "worker:killed", "It was killed with all it had started.", pid=pid)

    def program_started(self, program: str, arguments: int, pid: int) -> None:
        """``program`` is its name alone, ``arguments`` their number: what they say may be a secret."""
        self._add(LogLevel.INFO, "program:started", program, arguments=arguments, pid=pid)

    def program_exited(self, report: ExitedReport) -> None:
        fields: dict[str, str | int | float | bool] = {}
        if report.code is not None:
            fields["code"] = report.code
        if report.signal is not None:
            fields["signal"] = report.signal
        self._add(LogLevel.INFO, "program:exited", report.reason, **fields)

    def refused(self, message: str) -> None:
        """A request that its session could not carry out."""
        self._add(LogLevel.WARNING, "request:refused", message)

    def _add_left_out(self) -> None:
        if self._left_out:
            left_out, self._left_out = self._left_out, 0
            self._add(LogLevel.WARNING, WORKER_LOG, "There were more lines.", left_out=left_out)

    def _add(self, level: LogLevel, event: str, text: str, **fields: str | int | float | bool) -> None:
        self._write(_entry(level, event, text, self._instance, fields))


def _entry(
    level: LogLevel, event: str, text: str, instance: str, fields: dict[str, str | int | float | bool]
) -> LogEntry:
    short = {name: value[:MAX_DETAIL] if isinstance(value, str) else value for name, value in fields.items()}
    return LogEntry(time.time(), level, event, text[:MAX_TEXT], instance, short)
