"""Direct sessions (``--no-pool``): the worker's own session code, each on a thread of the window's process.

Same messages, same program; but one crash ends all, and parsing shares the window's interpreter.
"""

import contextlib
import os
import threading
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from podium import __version__
from podium.core.ids import InstanceId
from podium.core.protocol.backend import (
    LIVE_STATES,
    BackendError,
    DuplicateWorker,
    SessionConfig,
    SessionSink,
    UnknownWorker,
    WorkerRunning,
    WorkerState,
    WorkerStatus,
)
from podium.core.protocol.reports import Pong, Ready, Report
from podium.core.protocol.requests import RawInput, Request, Shutdown
from podium.core.system.pipes.streams import wake_streams
from podium.worker.loop import SessionLoop

_MAX_QUEUED: Final = 4096
_GRACE: Final = 5.0


class QueueTransport:
    """The loop's way to a window in the same process: a queue each way, and a pipe to wake the loop."""

    def __init__(self, deliver: Callable[[Report], None]) -> None:
        self._deliver = deliver
        self._requests: deque[Request] = deque()
        self._wake, self._waker = wake_streams()

    def put(self, request: Request) -> bool:
        """Called on the window's thread. False when the session is too far behind."""
        if len(self._requests) >= _MAX_QUEUED and isinstance(request, RawInput):
            return False
        self._requests.append(request)
        with contextlib.suppress(BlockingIOError):
            self._waker.write(b"\0")
        return True

    @property
    def read_descriptor(self) -> int:
        return self._wake.fileno()

    @property
    def write_descriptor(self) -> None:
        return None

    @property
    def unsent(self) -> bool:
        return False

    def receive(self) -> list[Request]:
        with contextlib.suppress(BlockingIOError):
            self._wake.read(4096)
        requests = []
        while self._requests:
            requests.append(self._requests.popleft())
        return requests

    def send(self, report: Report) -> None:
        self._deliver(report)

    def flush(self) -> bool:
        return True

    def close(self) -> None:
        self._wake.close()
        self._waker.close()


@dataclass
class _DirectSession:
    status: WorkerStatus
    config: SessionConfig
    transport: QueueTransport
    generation: int
    respawn: bool = field(default=False)
    """Spawn once more when the thread has ended."""


class DirectSessions(QObject):
    """A SessionBackend without processes of its own."""

    _reported = Signal(str, int, object)
    _ended = Signal(str, int, str)

    def __init__(self, sink: SessionSink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sink = sink
        self._sessions: dict[InstanceId, _DirectSession] = {}
        self._done: list[Callable[[], None]] = []
        self._closing = False
        # Emitted on a session's thread, received on the window's.
        self._reported.connect(self._on_reported)
        self._ended.connect(self._on_ended)

    @property
    def isolated(self) -> bool:
        return False

    def spawn(self, instance: InstanceId, config: SessionConfig) -> None:
        if self._closing:
            raise BackendError("Podium is closing.")
        known = self._sessions.get(instance)
        if known is not None and known.status.state in LIVE_STATES:
            raise DuplicateWorker(f"{instance} has a session already; it is {known.status.state}.")
        self._start(instance, config, generation=known.generation + 1 if known else 1, restarts=0)

    def send_to(self, instance: InstanceId, request: Request) -> bool:
        session = self._sessions.get(instance)
        return (
            session is not None
            and session.status.state is WorkerState.RUNNING
            and session.transport.put(request)
        )

    def restart(self, instance: InstanceId) -> None:
        session = self._session(instance)
        if session.status.state in LIVE_STATES:
            session.respawn = True
            self._shut_down(instance)
        else:
            self._start_again(instance)

    def kill(self, instance: InstanceId) -> None:
        session = self._session(instance)
        session.respawn = False
        self._shut_down(instance)

    def remove(self, instance: InstanceId) -> None:
        session = self._session(instance)
        if session.status.state in LIVE_STATES:
            raise WorkerRunning(f"{instance} is {session.status.state}; stop it first.")
        del self._sessions[instance]

    def status(self, instance: InstanceId) -> WorkerStatus:
        return self._session(instance).status

    def statuses(self) -> Mapping[InstanceId, WorkerStatus]:
        return {instance: session.status for instance, session in self._sessions.items()}

    def active_count(self) -> int:
        return sum(session.status.state in LIVE_STATES for session in self._sessions.values())

    def shutdown_all(self, done: Callable[[], None]) -> None:
        self._closing = True
        self._done.append(done)
        for instance in tuple(self._sessions):
            self.kill(instance)
        QTimer.singleShot(0, self._report_when_done)

    def _session(self, instance: InstanceId) -> _DirectSession:
        session = self._sessions.get(instance)
        if session is None:
            raise UnknownWorker(f"There is no session for {instance}.")
        return session

    def _start(self, instance: InstanceId, config: SessionConfig, generation: int, restarts: int) -> None:
        try:
            transport = QueueTransport(lambda report: self._reported.emit(instance, generation, report))
        except OSError as error:
            raise BackendError(f"{instance} can't have a session: {error.strerror}.") from error
        marker = uuid.uuid4().hex
        status = WorkerStatus(
            instance, WorkerState.STARTING, generation, os.getpid(), restart_count=restarts, marker=marker
        )
        self._sessions[instance] = _DirectSession(status, config, transport, generation)
        transport.put(config.first_message(instance, marker))
        threading.Thread(
            target=self._serve,
            args=(instance, generation, transport),
            name=f"session {instance}",
            daemon=True,
        ).start()
        self._report_status(status)

    def _serve(self, instance: InstanceId, generation: int, transport: QueueTransport) -> None:
        """On the session's thread, until it is shut down."""
        reason = ""
        try:
            SessionLoop(transport, os.getpid(), __version__).run()
        except Exception as error:
            # A session's fault must not end the window, whose process it shares.
            reason = f"The session failed: {error!r}"
        self._ended.emit(instance, generation, reason)

    def _shut_down(self, instance: InstanceId) -> None:
        session = self._sessions[instance]
        if session.status.state in (WorkerState.STARTING, WorkerState.RUNNING):
            session.transport.put(Shutdown(_GRACE))
            self._set_state(session, WorkerState.STOPPING)

    def _start_again(self, instance: InstanceId) -> None:
        session = self._sessions[instance]
        self._start(instance, session.config, session.generation + 1, session.status.restart_count + 1)

    def _on_reported(self, instance: InstanceId, generation: int, report: Report) -> None:
        session = self._sessions.get(instance)
        if session is None or session.generation != generation:
            return
        if isinstance(report, Ready):
            if session.status.state is WorkerState.STARTING:
                self._set_state(session, WorkerState.RUNNING)
        elif not isinstance(report, Pong):
            self._sink.session_reported(instance, report)

    def _on_ended(self, instance: InstanceId, generation: int, reason: str) -> None:
        session = self._sessions.get(instance)
        if session is None or session.generation != generation:
            return
        session.transport.close()
        if session.respawn and not self._closing:
            try:
                self._start_again(instance)
                return
            except BackendError as error:
                reason = str(error)
        self._set_state(session, WorkerState.FAILED if reason else WorkerState.STOPPED, reason)
        self._report_when_done()

    def _set_state(self, session: _DirectSession, state: WorkerState, reason: str = "") -> None:
        session.status = msgspec.structs.replace(session.status, state=state, reason=reason)
        self._report_status(session.status)

    def _report_status(self, status: WorkerStatus) -> None:
        self._sink.worker_changed(status)

    def _report_when_done(self) -> None:
        if self._done and not self.active_count():
            waiting, self._done = self._done, []
            for done in waiting:
                done()
