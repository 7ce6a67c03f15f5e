"""What happens in sessions and workers, as events of the API. Every event is one cheap call into the hub."""

from podium.control.event_payloads import (
    InstanceAdded,
    InstanceChanged,
    InstanceNotice,
    InstanceRemoved,
    Payload,
    ProgramExited,
    ProgramStarted,
    SessionOutput,
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
from podium.control.hub import EventHub
from podium.core.backend import LIVE_STATES, WorkerState, WorkerStatus
from podium.core.events import typed_event
from podium.core.ids import InstanceId
from podium.core.reports import (
    EventReport,
    ExitedReport,
    NoticeReport,
    OutputReport,
    ProgramState,
    Report,
    StatusReport,
)
from podium.workspace.workspace import Workspace, WorkspaceError


class EventBridge:
    """A BackendListener that publishes. Lives on the window's thread."""

    def __init__(self, hub: EventHub, workspace: Workspace) -> None:
        self._hub = hub
        self._workspace = workspace
        self._statuses: dict[InstanceId, WorkerStatus] = {}
        self._programs: dict[InstanceId, int] = {}
        self._shown: dict[str, InstanceChanged] = {}
        workspace.instance_added.connect(self._on_added)
        workspace.instance_changed.connect(self._on_changed)
        workspace.instance_removed.connect(self._on_removed)

    def worker_changed(self, status: WorkerStatus) -> None:
        before = self._statuses.get(status.instance)
        self._statuses[status.instance] = status
        for payload in worker_events(before, status):
            self._hub.publish(status.instance, payload)

    def session_reported(self, instance: InstanceId, report: Report) -> None:
        match report:
            case EventReport(name=name, data=data):
                try:
                    event = typed_event(name, data)
                except ValueError:
                    return  # The workspace says so.
                if event is not None:
                    self._hub.publish(instance, event)
            case OutputReport(size=size, line=line):
                self._hub.publish(instance, SessionOutput(bytes=size, line=line))
            case StatusReport(state=ProgramState.RUNNING, program_pid=pid):
                if self._programs.get(instance) != pid:
                    self._programs[instance] = pid
                    self._hub.publish(instance, ProgramStarted(pid=pid))
            case ExitedReport(code=code, signal=signal, reason=reason):
                self._programs.pop(instance, None)
                self._hub.publish(instance, ProgramExited(exit_code=code, exit_signal=signal, reason=reason))
            case NoticeReport(title=title, body=body):
                self._hub.publish(instance, InstanceNotice(title=title, text=body))

    def _on_added(self, instance: str) -> None:
        spec = self._workspace.view(InstanceId(instance)).spec
        self._hub.publish(instance, InstanceAdded(name=spec.name, kind=spec.kind.value))

    def _on_changed(self, instance: str) -> None:
        try:
            view = self._workspace.view(InstanceId(instance))
        except WorkspaceError:
            return
        shown = InstanceChanged(name=view.spec.name, state=view.state.value, word=view.word)
        if shown != self._shown.get(instance):
            self._shown[instance] = shown
            self._hub.publish(instance, shown)

    def _on_removed(self, instance: str) -> None:
        self._shown.pop(instance, None)
        self._programs.pop(InstanceId(instance), None)
        self._hub.publish(instance, InstanceRemoved())


def worker_events(before: WorkerStatus | None, now: WorkerStatus) -> list[Payload]:
    """What became of a worker between two of its statuses."""
    events: list[Payload] = []
    state = before.state if before is not None else WorkerState.STOPPED
    generation = before.generation if before is not None else 0
    if now.last_output and (before is None or now.last_output != before.last_output):
        fresh = _fresh(before.last_output if before is not None else (), now.last_output)
        if fresh:
            events.append(WorkerLog(lines=fresh))
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


def _fresh(before: tuple[str, ...], now: tuple[str, ...]) -> tuple[str, ...]:
    """The lines of ``now`` that follow those of ``before``, of which the oldest may have been dropped."""
    for kept in range(min(len(before), len(now)), 0, -1):
        if before[-kept:] == now[:kept]:
            return now[kept:]
    return now
