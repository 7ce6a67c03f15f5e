"""Publishes changes of sessions and workers as events of the API, each by one cheap call into the hub."""

from podium.control.api.instances import (
    InstanceAdded,
    InstanceChanged,
    InstanceNotice,
    InstanceRemoved,
    ProgramExited,
    ProgramStarted,
)
from podium.control.api.shapes import Payload
from podium.control.api.terminals import SessionOutput
from podium.control.api.workers import (
    WorkerCircuitHalfOpen,
    WorkerCircuitOpen,
    WorkerError,
    WorkerExit,
    WorkerLog,
    WorkerMaxRestarts,
    WorkerReady,
    WorkerRestarted,
    WorkerSpawned,
    WorkerUnhealthy,
)
from podium.control.bridge.event_hub import EventHub
from podium.core.ids import InstanceId
from podium.core.protocol.backend import LIVE_STATES, WorkerState, WorkerStatus
from podium.core.protocol.events import typed_event
from podium.core.protocol.reports import (
    EventReport,
    ExitedReport,
    NoticeReport,
    OutputReport,
    ProgramState,
    StatusReport,
)
from podium.sessions.hub import SessionHub
from podium.workspace.workspace import Workspace, WorkspaceError


class EventBridge:
    """Publishes what it receives. Lives on the main thread."""

    def __init__(self, hub: EventHub, workspace: Workspace, sessions: SessionHub) -> None:
        self._hub = hub
        self._workspace = workspace
        self._statuses: dict[InstanceId, WorkerStatus] = {}
        self._programs: dict[InstanceId, int] = {}
        self._shown: dict[str, InstanceChanged] = {}
        workspace.instance_added.connect(self._on_added)
        workspace.instance_updated.connect(self._on_changed)
        workspace.instance_removed.connect(self._on_removed)
        sessions.subscribe(WorkerStatus, self._on_worker)
        sessions.subscribe(EventReport, self._on_event)
        sessions.subscribe(OutputReport, self._on_output)
        sessions.subscribe(StatusReport, self._on_status)
        sessions.subscribe(ExitedReport, self._on_exited)
        sessions.subscribe(NoticeReport, self._on_notice)

    def _on_worker(self, _instance: InstanceId, status: WorkerStatus) -> None:
        before = self._statuses.get(status.instance)
        self._statuses[status.instance] = status
        if status.state not in LIVE_STATES and self._is_gone(status.instance):
            del self._statuses[status.instance]
        for payload in worker_events(before, status):
            self._hub.publish(status.instance, payload)

    def worker_printed(self, instance: str, lines: tuple[str, ...]) -> None:
        """For the pool's signal of that name: reports of a worker itself, not of its program."""
        self._hub.publish(instance, WorkerLog(lines=lines))

    def _on_event(self, instance: InstanceId, report: EventReport) -> None:
        try:
            event = typed_event(report.name, report.data)
        except ValueError:
            return  # The workspace says so.
        if event is not None:
            self._hub.publish(instance, event)

    def _on_output(self, instance: InstanceId, report: OutputReport) -> None:
        self._hub.publish(instance, SessionOutput(bytes=report.size, line=report.line))

    def _on_status(self, instance: InstanceId, report: StatusReport) -> None:
        pid = report.program_pid
        if report.state is not ProgramState.RUNNING or self._is_gone(instance):
            return
        if self._programs.get(instance) != pid:
            self._programs[instance] = pid
            self._hub.publish(instance, ProgramStarted(pid=pid))

    def _on_exited(self, instance: InstanceId, report: ExitedReport) -> None:
        self._programs.pop(instance, None)
        exited = ProgramExited(exit_code=report.code, exit_signal=report.signal, reason=report.reason)
        self._hub.publish(instance, exited)

    def _on_notice(self, instance: InstanceId, report: NoticeReport) -> None:
        self._hub.publish(instance, InstanceNotice(title=report.title, text=report.body))

    def _on_added(self, instance: str) -> None:
        spec = self._workspace.view(InstanceId(instance)).spec
        self._hub.publish(instance, InstanceAdded(name=spec.name, kind=spec.kind.value))

    def _on_changed(self, instance: str) -> None:
        try:
            view = self._workspace.view(InstanceId(instance))
        except WorkspaceError:
            return
        shown = InstanceChanged(name=view.spec.name, state=view.state.value, word=view.label)
        if shown != self._shown.get(instance):
            self._shown[instance] = shown
            self._hub.publish(instance, shown)

    def _on_removed(self, instance: str) -> None:
        id = InstanceId(instance)
        self._shown.pop(instance, None)
        self._programs.pop(id, None)
        status = self._statuses.get(id)
        if status is not None and status.state not in LIVE_STATES:
            del self._statuses[id]  # Else it goes when its worker has ended.
        self._hub.publish(instance, InstanceRemoved())

    def _is_gone(self, instance: InstanceId) -> bool:
        return instance not in self._workspace.ids()


def worker_events(before: WorkerStatus | None, now: WorkerStatus) -> list[Payload]:
    """The events between two statuses of a worker."""
    events: list[Payload] = []
    state = before.state if before is not None else WorkerState.STOPPED
    generation = before.generation if before is not None else 0
    if now.breaker != (before.breaker if before is not None else "closed"):
        if now.breaker == "open":
            events.append(WorkerCircuitOpen(retry_in=now.retry_in))
        elif now.breaker == "half-open":
            events.append(WorkerCircuitHalfOpen(generation=now.generation))
    if now.generation != generation:
        if state in LIVE_STATES:
            events.append(WorkerExit(generation=generation))
        events.append(WorkerSpawned(generation=now.generation, pid=now.pid, restart_count=now.restart_count))
        if now.restart_count:
            events.append(WorkerRestarted(generation=now.generation, restart_count=now.restart_count))
    if now.state is WorkerState.RUNNING and (state is not now.state or now.generation != generation):
        events.append(WorkerReady(generation=now.generation, pid=now.pid))
    elif now.state in (WorkerState.STARTING, WorkerState.RUNNING) and now.generation == generation:
        if now.reason and (before is None or now.reason != before.reason):
            events.append(WorkerUnhealthy(generation=now.generation, reason=now.reason))
    elif now.state is not state and now.state not in LIVE_STATES:
        events += _ended(state, now)
    return events


def _ended(state: WorkerState, now: WorkerStatus) -> list[Payload]:
    events: list[Payload] = []
    failed = now.state in (WorkerState.BACKOFF, WorkerState.FAILED)
    if state in LIVE_STATES:
        events.append(WorkerExit(generation=now.generation, reason=now.reason if failed else ""))
    if failed:
        events.append(WorkerError(generation=now.generation, reason=now.reason, retry_in=now.retry_in))
    if now.state is WorkerState.FAILED and now.restart_count:
        events.append(WorkerMaxRestarts(restart_count=now.restart_count, reason=now.reason))
    return events
