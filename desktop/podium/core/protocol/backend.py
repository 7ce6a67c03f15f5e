"""The seam between the workspace and whatever runs sessions: a worker pool, direct sessions, a test double."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Protocol

import msgspec

from podium.core.ids import InstanceId
from podium.core.protocol.reports import Report
from podium.core.protocol.requests import Init, Request


class WorkerState(StrEnum):
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    BACKOFF = "backoff"
    FAILED = "failed"


LIVE_STATES = frozenset({WorkerState.STARTING, WorkerState.RUNNING, WorkerState.STOPPING})
"""States in which a process exists."""


class SessionConfig(msgspec.Struct, frozen=True):
    """Settings a session starts with; a restart uses them again as they were."""

    columns: int = 80
    lines: int = 24
    scrollback: int = 10_000
    keep: str = ""
    """The file its screen is kept in ("" for none), as in Init."""
    restore: bool = False
    archive: str = ""
    """The folder for lines that are too many for memory ("" for none), as in Init."""

    def first_message(self, instance: InstanceId, marker: str) -> Init:
        """The first message to a session of ``instance``; ``marker`` is that of its worker process."""
        return Init(
            instance,
            self.columns,
            self.lines,
            self.scrollback,
            marker,
            keep=self.keep,
            restore=self.restore,
            archive=self.archive,
        )


class WorkerStatus(msgspec.Struct, frozen=True):
    """One worker as a program or person may see it."""

    instance: InstanceId
    state: WorkerState
    generation: int = 0
    pid: int | None = None
    """Of its process on this computer; None while there is none, and for a session that runs elsewhere."""
    restart_count: int = 0
    retry_in: float | None = None
    """Seconds until the next attempt, while in back-off."""
    attempt: int = 0
    """While in back-off: the number of that attempt, of ``max_attempts``."""
    max_attempts: int = 0
    reason: str = ""
    """Why it failed or backs off, in words for a person."""
    forced: bool = False
    """It did not end when asked, and was killed with its tree."""
    marker: str = ""
    """The mark in the environment of this spawn's programs (``processes.WORKER_VARIABLE``)."""
    last_output: tuple[str, ...] = ()
    """The last lines of the worker's own stderr."""
    diagnostics_dropped: int = 0
    """The number of earlier lines that are no longer kept."""
    breaker: str = "closed"
    """``open`` after too many failures in a row, ``half-open`` while one attempt is made."""

    @property
    def diagnostics(self) -> str:
        """The last lines of the worker's own stderr, for a person; it says so where lines are missing."""
        missing = f"… {self.diagnostics_dropped:,} lines before these were dropped …"
        return "\n".join(((missing,) if self.diagnostics_dropped else ()) + self.last_output)


class SessionSink(Protocol):
    """Receiver of everything a backend reports about its sessions. Both methods are called on the window's thread."""

    def worker_changed(self, status: WorkerStatus) -> None:
        """The worker's state, reason or retry time changed."""

    def session_reported(self, instance: InstanceId, report: Report) -> None:
        """The session sent a report."""


class BackendError(Exception):
    """A command the backend refused; the message is for a person."""


class DuplicateWorker(BackendError):
    """There is a live worker under that id already."""


class UnknownWorker(BackendError):
    """There is no worker under that id."""


class WorkerRunning(BackendError):
    """The worker must be stopped first."""


class SessionBackend(Protocol):
    """Spawns, watches, restarts and stops sessions, and delivers to the SessionSink it was made with. All methods
    return at once and run on the window's thread.
    """

    @property
    def isolated(self) -> bool:
        """True when each session has a process of its own."""

    def spawn(self, instance: InstanceId, config: SessionConfig) -> None:
        """Start a session. Raises DuplicateWorker while one is live or backing off under this id, BackendError when
        it can't be had now, and always after ``shutdown_all``.
        """

    def send_to(self, instance: InstanceId, request: Request) -> bool:
        """Hand ``request`` to the session. False when it is not running or its queue is full."""

    def restart(self, instance: InstanceId) -> None:
        """End and spawn again with the original config; the restart count is kept. Raises UnknownWorker."""

    def kill(self, instance: InstanceId) -> None:
        """Shut down: a message first, the whole tree after the grace period. Never restarts. Raises UnknownWorker."""

    def remove(self, instance: InstanceId) -> None:
        """Forget a stopped worker. Raises WorkerRunning while it lives, UnknownWorker."""

    def status(self, instance: InstanceId) -> WorkerStatus:
        """Raises UnknownWorker."""

    def statuses(self) -> Mapping[InstanceId, WorkerStatus]: ...

    def active_count(self) -> int:
        """The number of workers that are live or will be."""

    def shutdown_all(self, done: Callable[[], None]) -> None:
        """Kill every worker; ``done`` is called once when none is left."""
