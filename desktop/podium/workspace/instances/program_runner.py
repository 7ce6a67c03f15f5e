"""Carries out what the programs' supervisors decide: spawns workers, sends starts and stops, keeps the time."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from podium.core.clock import Clock
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, TerminalName
from podium.core.protocol.backend import BackendError, SessionConfig
from podium.core.protocol.reports import AcknowledgedReport, ErrorReport, ExitedReport
from podium.core.protocol.requests import Control, ControlCommand, KeepScreen, Start, Stop
from podium.sessions.hub import SessionHub
from podium.sessions.queries import PendingQuery, Reply, SessionGone
from podium.supervision.program_states import (
    Action,
    Forget,
    KillWorker,
    NewRun,
    Order,
    RespawnWorker,
    SendFinishRound,
    SendStart,
    SendStop,
    SpawnWorker,
)
from podium.workspace.instances.agents import Agents
from podium.workspace.instances.instance import Instance
from podium.workspace.instances.presentation import Presentation
from podium.workspace.kept_screens import KeptScreens
from podium.workspace.launch import Resume, can_mark_prompts, start_request

_TOO_BIG = "It could not be started: its command and environment are over 1 MiB, or not text."


class ProgramRunner(QObject):
    """Belongs to the workspace, whose records it works on."""

    begun = Signal(str)
    """A run of this instance begins; nothing of it has been started yet."""
    redraws = Signal(str)
    """Another session draws this instance's screen from now on."""
    changed = Signal(str)
    """Something happened to this instance that was not asked for just now."""
    over = Signal(str)
    """Nothing of this closed instance is left."""
    error_reported = Signal(str)
    """Something could not be done; words for a person."""

    def __init__(
        self,
        hub: SessionHub,
        records: Mapping[InstanceId, Instance],
        kept: KeptScreens,
        presentation: Presentation,
        agents: Agents,
        environment: Mapping[str, str],
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.environment = environment
        """The environment of all programs, from their next start on."""
        self.instance_environment: Callable[[InstanceId], Mapping[str, str]] = lambda _: {}
        """The environment of an instance's programs, on top of that."""
        self.marks_shells = True
        """Whether shells are made to mark their prompts, from their next start on."""
        self.terminal = TerminalName.XTERM
        """The terminal that programs are told they run in, from their next start on."""
        self.scrollback = SessionConfig().scrollback
        self.archive = ""
        """The lines that sessions keep, and the folder for those that are too many for memory, from their next start
        on."""
        self.launched: Callable[[Instance, Order], InstanceSpec] = lambda record, _order: record.spec
        """An instance's spec as a start of that order runs it."""
        self._hub = hub
        self._backend = hub.backend
        self._records = records
        self._kept = kept
        self._presentation = presentation
        self._agents = agents
        self._clock = clock
        self._asked_to_finish: dict[InstanceId, tuple[int, PendingQuery]] = {}
        """By instance, the request to end after the round and its query: a program need not answer."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_due)

    def execute(self, record: Instance, actions: Sequence[Action]) -> None:
        """To be called with whatever an input of ``record``'s supervisor returned, also when that is nothing."""
        for action in actions:
            self._carry_out(record, action)
        self._keep_time()

    def request_of(self, spec: InstanceSpec, resume: Resume | None = None, *, agreed: bool = False) -> Start:
        """The request that runs ``spec``; the instance need not exist."""
        environment = self.environment_of(spec)
        added = self._agents.prompt_arguments(spec)
        start = start_request(spec, environment, resume, agreed=agreed, marked=self.marks_shells, added=added)
        return msgspec.structs.replace(start, terminal=self.terminal)

    def environment_of(self, spec: InstanceSpec) -> Mapping[str, str]:
        """The environment of its programs; what ``spec`` itself adds comes on top."""
        return {**self.environment, **self.instance_environment(spec.id)}

    def marks_prompts(self, spec: InstanceSpec) -> bool:
        """Whether ``spec`` is a shell whose next start marks its prompts."""
        return self.marks_shells and can_mark_prompts(spec, self.environment)

    def _carry_out(self, record: Instance, action: Action) -> None:
        instance = record.spec.id
        match action:
            case NewRun(order=order):
                self.begun.emit(instance)
                record.on_new_run(order, self._clock())
            case SpawnWorker():
                config = SessionConfig(
                    record.size.columns,
                    record.size.lines,
                    self.scrollback,
                    keep=self._kept.configured(instance),
                    restore=True,
                    archive=self.archive,
                )
                self._have_worker(record, lambda: self._backend.spawn(instance, config))
            case RespawnWorker():
                self._have_worker(record, lambda: self._backend.restart(instance))
            case KillWorker():
                self._attempt(lambda: self._backend.kill(instance))
            case SendStart(run=run):
                self._send_start(record, run.order)
            case SendStop():
                self._backend.send_to(instance, Stop())
            case SendFinishRound(request=request):
                self._ask_to_finish(record, request)
            case Forget():
                if instance in self._backend.statuses():
                    self._attempt(lambda: self._backend.remove(instance))
                self._asked_to_finish.pop(instance, None)
                self.over.emit(instance)

    def _ask_to_finish(self, record: Instance, request: int) -> None:
        instance = record.spec.id
        asked, pending = self._asked_to_finish.pop(instance, (0, None))
        if pending is not None and pending.waits and asked == request:
            # Under the same number: a program that acknowledges one of them has acknowledged.
            self._asked_to_finish[instance] = (request, pending)
            self._hub.send(instance, Control(pending.number, ControlCommand.FINISH_ROUND))
            return
        if pending is not None:
            pending.cancel()  # An earlier run's.
        command = Control(request, ControlCommand.FINISH_ROUND)
        pending = self._hub.ask(instance, partial(self._on_answered, record), command)
        if pending is not None:
            self._asked_to_finish[instance] = (request, pending)

    def _on_answered(self, record: Instance, reply: Reply | SessionGone) -> None:
        if record.program.closed:
            return
        match reply:
            case AcknowledgedReport(request):
                record.program.on_acknowledged(request)
                self.changed.emit(record.spec.id)
            case ErrorReport(message):
                self.error_reported.emit(f"{record.spec.name}: {message}")

    def _have_worker(self, record: Instance, command: Callable[[], None]) -> None:
        if not self._attempt(command):
            record.program.on_spawn_refused()

    def _attempt(self, command: Callable[[], None]) -> bool:
        """Carry out a command of the backend; False, with the error reported, when it refuses."""
        try:
            command()
        except BackendError as error:
            self.error_reported.emit(str(error))
            return False
        return True

    def _send_start(self, record: Instance, order: Order) -> None:
        instance = record.spec.id
        if not record.has_drawn:
            self.redraws.emit(instance)
        self._kept.drawn(instance, self._backend.status(instance).marker)
        if not self._kept.is_configured(instance):
            self._backend.send_to(instance, KeepScreen(self._kept.path(instance)))
        record.on_start_sent(uuid.uuid4().hex)
        self._backend.send_to(instance, record.size)
        self._presentation.tell(record)
        start = self.request_of(
            self.launched(record, order), self._resume(record, order), agreed=order.agreed
        )
        if self._backend.send_to(instance, start):
            self._agents.on_start_sent(record)
        else:
            record.on_exited(ExitedReport(reason=_TOO_BIG), self._clock())
            self.execute(record, record.program.on_exited(crashed=False))

    def _resume(self, record: Instance, order: Order) -> Resume | None:
        """The way a run goes on with the one before it; None: it does not."""
        if record.spec.kind is not Kind.SHELL:
            return Resume() if order.resume else None
        folder = record.shell_folder or (self._kept.last_folder(record.spec.id) if order.resume else "")
        return Resume(folder) if order.resume or folder else None

    def _on_due(self) -> None:
        for instance, record in tuple(self._records.items()):
            due = record.program.next_deadline
            if due is not None and due <= self._clock():
                self.execute(record, record.program.tick())
                self.changed.emit(instance)
        self._keep_time()

    def _keep_time(self) -> None:
        deadlines = (record.program.next_deadline for record in self._records.values())
        first = min((deadline for deadline in deadlines if deadline is not None), default=None)
        if first is None:
            self._timer.stop()
        else:
            self._timer.start(max(0, round((first - self._clock()) * 1000) + 1))
