"""A session backend without sessions: tests say what happens in it."""

from collections.abc import Callable, Mapping

from podium.core.ids import InstanceId
from podium.core.protocol.backend import (
    LIVE_STATES,
    DuplicateWorker,
    SessionConfig,
    SessionSink,
    UnknownWorker,
    WorkerState,
    WorkerStatus,
)
from podium.core.protocol.reports import ExitedReport, ProgramState, Report, StatusReport
from podium.core.protocol.requests import Request
from podium.sessions.hub import SessionHub


class FakeBackend:
    """Records what it is asked; ``become`` and ``report`` play the worker's part."""

    isolated = True

    def __init__(self) -> None:
        self.sent: list[tuple[str, Request]] = []
        self.calls: list[tuple[str, str]] = []
        self.configs: dict[str, SessionConfig] = {}
        self.workers: dict[InstanceId, WorkerStatus] = {}
        self.accepts = True
        self.done: Callable[[], None] | None = None
        self.hub = SessionHub(self.connect)
        """Over this backend, unless it was connected with another."""

    def connect(self, sink: SessionSink) -> "FakeBackend":
        self.sink = sink
        return self

    def spawn(self, instance: InstanceId, config: SessionConfig) -> None:
        known = self.workers.get(instance)
        if known is not None and known.state in LIVE_STATES:
            raise DuplicateWorker(f"{instance} has a worker already.")
        self.calls.append(("spawn", instance))
        self.configs[instance] = config
        self.become(instance, WorkerState.STARTING)

    def send_to(self, instance: InstanceId, request: Request) -> bool:
        running = instance in self.workers and self.workers[instance].state is WorkerState.RUNNING
        if running and self.accepts:
            self.sent.append((instance, request))
        return running and self.accepts

    def restart(self, instance: InstanceId) -> None:
        self.calls.append(("restart", instance))
        self.become(instance, WorkerState.STARTING)

    def kill(self, instance: InstanceId) -> None:
        self.calls.append(("kill", instance))
        self.become(instance, WorkerState.STOPPING)

    def remove(self, instance: InstanceId) -> None:
        self.calls.append(("remove", instance))
        if instance not in self.workers:
            raise UnknownWorker(instance)
        del self.workers[instance]

    def status(self, instance: InstanceId) -> WorkerStatus:
        return self.workers[instance]

    def statuses(self) -> Mapping[InstanceId, WorkerStatus]:
        return self.workers

    def active_count(self) -> int:
        return sum(status.state in LIVE_STATES for status in self.workers.values())

    def shutdown_all(self, done: Callable[[], None]) -> None:
        self.done = done

    def become(self, instance: str, state: WorkerState, **more: object) -> None:
        status = WorkerStatus(InstanceId(instance), state, **more)
        self.workers[InstanceId(instance)] = status
        self.sink.worker_changed(status)

    def report(self, instance: str, report: Report) -> None:
        self.sink.session_reported(InstanceId(instance), report)

    def run(self, instance: str) -> None:
        """The worker gets ready and its program starts."""
        self.become(instance, WorkerState.RUNNING)
        self.report(instance, StatusReport(ProgramState.RUNNING, 42))

    def exit(self, instance: str, code: int | None = 0, signal: int | None = None, reason: str = "") -> None:
        self.report(instance, ExitedReport(code, signal, reason))

    def requests(self, instance: str, kind: type) -> list[Request]:
        return [request for target, request in self.sent if target == instance and isinstance(request, kind)]
