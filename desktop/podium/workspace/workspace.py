"""The workspace: all instances, what may be done with them, and who is told when something changes.

Window and control API issue the same calls here. It knows sessions only through ``SessionBackend``.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from podium.core.clock import Clock, monotonic
from podium.core.ids import InstanceId, InvalidInstanceId, id_from_name, instance_id
from podium.core.instances import InstancePolicy, InstanceSpec, Kind, ThemeName
from podium.core.names import clean_name
from podium.core.protocol.backend import (
    LIVE_STATES,
    BackendError,
    SessionConfig,
    WorkerState,
    WorkerStatus,
)
from podium.core.protocol.events import ProgramWaiting, ProgramWorking, typed_event
from podium.core.protocol.exits import crashed, restarts_by_itself
from podium.core.protocol.reports import (
    ErrorReport,
    EventReport,
    ExitedReport,
    ForegroundReport,
    NoticeReport,
    ProgramState,
    Report,
    StatusReport,
)
from podium.core.protocol.requests import (
    Acknowledge,
    ClearScrollback,
    Control,
    ControlCommand,
    KeepScreen,
    LinesWanted,
    Request,
    Resize,
    Start,
    Stop,
    TextWanted,
)
from podium.core.system.leftovers import LeftProcess, summary
from podium.sessions.hub import SessionHub
from podium.sessions.queries import Reply, SessionGone
from podium.sessions.texts import whole_text
from podium.supervision.policy import Policy
from podium.workspace.arrangement import Arrangement
from podium.workspace.at_work import AtWork, ForegroundQueries, at_work, can_lose_work
from podium.workspace.input_limit import is_answer, why_too_much
from podium.workspace.instance import Instance, NextRun
from podium.workspace.journal import Journal, NoJournal
from podium.workspace.kept_screens import KeptScreens
from podium.workspace.launch import Resume, start_request
from podium.workspace.left_behind import LeftBehind
from podium.workspace.program_restarts import ProgramRestarts
from podium.workspace.views import BUSY_STATES, InstanceState, InstanceView

MAX_INSTANCES: Final = 64
_COALESCE_MS: Final = 50
_STOP_PATIENCE_MS: Final = 2000
"""A session that lives says at once that it is stopping its program."""
_STOP_LIMIT_MS: Final = 10_000
"""Within this time a session that lives has killed what did not end when asked."""
_ABOUT_THE_SCREEN: Final = (LinesWanted, TextWanted, ClearScrollback, Acknowledge)

FindResumable = Callable[[str, Callable[[bool], None]], None]
"""Says of a mission file, later and on the window's thread, whether a run of it was interrupted and can go on."""


class WorkspaceError(Exception):
    """A command that could not be carried out; the message is for a person."""


class Workspace(QObject):
    """All instances. Every method returns at once and is called on the window's thread."""

    instance_added = Signal(str)
    instance_removed = Signal(str)
    instance_forgotten = Signal(str)
    """Nothing of a removed instance runs any more, and its id is free again."""
    starting = Signal(str)
    """A run of this instance was asked for; nothing of it has been started yet."""
    instance_changed = Signal(str)
    """Its view is another now: for what paints, at most twenty times a second for each instance."""
    screen_renewed = Signal(str)
    """Another session draws this instance's screen from now on; what is in sight of it is history."""
    instance_updated = Signal(str)
    """The same for what answers: as soon as the event loop is reached."""
    notice_posted = Signal(str, object)
    """Instance id and a NoticeReport for the person."""
    orphaned = Signal(str, str)
    """The id of an instance that is closed, and what its shell left running, for a person to decide about."""
    refused = Signal(str)
    """Something could not be done; words for a person."""
    _updated = Signal()

    def __init__(
        self,
        hub: SessionHub,
        environment: Mapping[str, str],
        clock: Clock = monotonic,
        policy: Policy | None = None,
        journal: Journal | None = None,
        left_behind: LeftBehind | None = None,
        find_resumable: FindResumable | None = None,
        kept: KeptScreens | None = None,
        parent: QObject | None = None,
    ) -> None:
        """``policy`` is how patiently crashed programs are run again, ``journal`` who writes down what happens,
        ``left_behind`` who looks for what instances leave running.
        """
        super().__init__(parent)
        self.arrangement = Arrangement(self)
        self._hub = hub
        self._backend = hub.backend
        self._environment = dict(environment)
        self._instance_environment: Callable[[InstanceId], Mapping[str, str]] = lambda _: {}
        self._clock = clock
        self._journal = journal or NoJournal()
        self._find_resumable = find_resumable
        self._left_behind = left_behind
        if left_behind is not None:
            left_behind.asked.connect(self._on_left_behind)
        self._instances: dict[InstanceId, Instance] = {}
        self._removing: set[InstanceId] = set()
        self._program_restarts = ProgramRestarts(clock, policy, self)
        self._program_restarts.due.connect(self._on_restart_due)
        self._foreground = ForegroundQueries(hub, self)
        self._changed: set[InstanceId] = set()
        self._tell = QTimer(self)
        self._tell.setSingleShot(True)
        self._tell.setInterval(_COALESCE_MS)
        self._tell.timeout.connect(self._tell_changes)
        self._updates: set[InstanceId] = set()
        # Not before what is under way is done: receivers may call back.
        self._updated.connect(self._tell_updates, Qt.ConnectionType.QueuedConnection)
        self._closing_since: float | None = None
        self._kept = kept or KeptScreens()
        self._kept.reported.connect(self._on_kept_reported)
        self._kept.failed.connect(self._on_kept_failed)
        hub.subscribe(WorkerStatus, self._on_worker)
        hub.subscribe(StatusReport, self._on_status)
        hub.subscribe(ExitedReport, self._on_exited)
        hub.subscribe(EventReport, self._on_event)
        hub.subscribe(ErrorReport, self._on_error)
        hub.subscribe(NoticeReport, self._on_notice)

    # What there is

    @property
    def isolated(self) -> bool:
        """True when every instance has a process of its own."""
        return self._backend.isolated

    @property
    def closing(self) -> bool:
        """Everything is being ended; nothing starts any more."""
        return self._closing_since is not None

    def ids(self) -> tuple[InstanceId, ...]:
        return self.arrangement.order

    def specs(self) -> tuple[InstanceSpec, ...]:
        """The instances in order, as they are saved."""
        return tuple(self._instances[instance].spec for instance in self.ids())

    def ends(self, instance: InstanceId) -> bool:
        """Whether this instance was removed and what ran in it has not ended yet: till then its id is taken."""
        return instance in self._removing

    def views(self) -> tuple[InstanceView, ...]:
        """How all instances are, in order."""
        now = self._clock()
        return tuple(self._instances[id].view(number, now) for number, id in enumerate(self.ids(), 1))

    def view(self, instance: InstanceId) -> InstanceView:
        """How ``instance`` is. Raises WorkspaceError."""
        number = self.ids().index(instance) + 1 if instance in self.ids() else 0
        view = self._instance(instance).view(number, self._clock())
        return msgspec.structs.replace(view, startable=False) if self.closing else view

    def state(self, instance: InstanceId) -> InstanceState:
        """The state alone, for those who ask often. Raises WorkspaceError."""
        return self._instance(instance).state

    def busy(self) -> tuple[InstanceView, ...]:
        """The instances that quitting would end."""
        return tuple(view for view in map(self.view, self.ids()) if view.busy)

    def running(self) -> tuple[InstanceId, ...]:
        """The ids of those, for who asks often."""
        return tuple(instance for instance in self.ids() if self.state(instance) in BUSY_STATES)

    def find_at_work(
        self, instances: Sequence[InstanceId], receive: Callable[[tuple[AtWork, ...]], None]
    ) -> None:
        """Hand to ``receive``, at once or a moment later, what would be lost if these were ended now."""
        asked = [view.id for view in map(self.view, instances) if can_lose_work(view)]

        def then(jobs: Mapping[InstanceId, ForegroundReport | None]) -> None:
            # Some may have been closed or have ended meanwhile.
            receive(at_work([self.view(id) for id in asked if id in self.ids()], jobs))

        programs = [id for id in asked if self._instances[id].spec.kind is not Kind.MISSION]
        self._foreground.ask(programs, then)

    def new_id(self, name: str) -> InstanceId:
        return id_from_name(name, self._instances)

    def next_theme(self) -> ThemeName:
        """The theme that is next in turn: the first of those used least."""
        used = [instance.spec.theme for instance in self._instances.values()]
        return min(ThemeName, key=used.count)

    def next_name(self, kind: Kind) -> str:
        """``shell``, ``shell 2`` …"""
        taken = {instance.spec.name for instance in self._instances.values()}
        names = (kind.value if number == 1 else f"{kind.value} {number}" for number in count(1))
        return next(name for name in names if name not in taken)

    # What can be done

    def set_environment(self, environment: Mapping[str, str]) -> None:
        """Programs started from now on get this environment."""
        self._environment = dict(environment)

    def keep_screens_in(self, folder: Path | None, *, forget_others: bool = False) -> None:
        """Keep on disk what instances show, and show dimmed what was kept of those that do not run.

        ``folder`` is this window's alone. None keeps nothing, and deletes what was kept. ``forget_others`` deletes
        what is in it of instances that are not here.
        """
        self._kept.use(folder)
        if forget_others:
            self._kept.sweep(self._instances)
        for instance, record in self._instances.items():
            if record.worker_state is WorkerState.RUNNING:
                self._backend.send_to(instance, KeepScreen(self._kept.path(instance)))
            if not record.draws:
                self._kept.show(instance, record.size)

    def last_folder(self, instance: InstanceId) -> str:
        """Where its shell was in its last session; "" when nobody knows, or that folder is gone."""
        return self._kept.last_folder(instance)

    def set_instance_environment(self, make: Callable[[InstanceId], Mapping[str, str]]) -> None:
        """What each instance's programs get on top of the environment of all."""
        self._instance_environment = make

    def create(self, spec: InstanceSpec, *, start: bool = True) -> None:
        """Add an instance. Raises WorkspaceError for an invalid or taken id, too many instances, and while closing."""
        try:
            instance_id(spec.id)
        except InvalidInstanceId as error:
            raise WorkspaceError(str(error)) from error
        if spec.id in self._instances:
            raise WorkspaceError(f"There is an instance {spec.id} already; choose another name.")
        if self.closing:
            raise WorkspaceError("Podium is closing; nothing starts any more.")
        if len(self._instances) >= MAX_INSTANCES:
            raise WorkspaceError(f"{MAX_INSTANCES} instances are the most; remove one first.")
        spec = msgspec.structs.replace(spec, name=clean_name(spec.name) or spec.id)
        self._instances[spec.id] = Instance(spec)
        self.instance_added.emit(spec.id)
        self.arrangement.add(spec.id)
        if start:
            self.start(spec.id)
        else:
            self._look_for_resumable(spec)

    def start(self, instance: InstanceId, *, agreed: bool = False) -> None:
        """Run its program, in a new worker if it has none. Does nothing while it runs. ``agreed``: the person agrees
        to what a mission runs, and is not asked.
        """
        record = self._instance(instance)
        if self.closing or record.occupied:
            return
        self._program_restarts.forget(instance)
        self._run(instance, record, agreed=agreed)

    def _run(
        self,
        instance: InstanceId,
        record: Instance,
        *,
        unasked: bool = False,
        resume: Resume | None = None,
        agreed: bool = False,
    ) -> None:
        self.starting.emit(instance)
        record.on_start(self._clock(), unasked=unasked, resume=resume, agreed=agreed)
        if self._left_behind is not None:
            self._left_behind.dismiss(instance)
        if record.worker_state is WorkerState.RUNNING:
            self._send_start(instance)
        else:
            record.next_run = NextRun.WHEN_READY
            self._spawn(instance, record)
        self._note(instance)

    def resume(self, instance: InstanceId, *, agreed: bool = False) -> None:
        """Start it where it was: a mission in the round it was in, a shell in its last folder, all else anew."""
        record = self._instance(instance)
        if self.closing or record.occupied:
            return
        self._program_restarts.forget(instance)
        self._run(instance, record, resume=Resume(self._kept.last_folder(instance)), agreed=agreed)

    def stop(self, instance: InstanceId) -> None:
        """End its program; the screen stays. In back-off or while starting it ends the worker."""
        record = self._instance(instance)
        record.next_run = NextRun.NONE
        if self._program_restarts.cancel(instance):
            record.on_restart_cancelled()
        if record.worker_state is WorkerState.RUNNING:
            if record.program_state is ProgramState.RUNNING or record.starting:
                record.on_stop(self._clock())
                self._backend.send_to(instance, Stop())
                self._insist_on_stop(instance, record)
        elif record.worker_state is not WorkerState.STOPPED:
            self._kill(instance)
        self._note(instance)

    def restart(self, instance: InstanceId) -> None:
        """End its program and run it again; in back-off or after a failure, try again now."""
        record = self._instance(instance)
        if self.closing:
            return
        if record.has_program:
            # Also while its worker is being ended, because it hangs: the next one runs it.
            self.stop(instance)
            record.next_run = NextRun.AFTER_END
        elif record.worker_state is WorkerState.BACKOFF:
            self._run_anew(instance, record)
        else:
            self.start(instance)

    def finish_round(self, instance: InstanceId) -> None:
        """Ask a mission to end after the round that runs now."""
        record = self._instance(instance)
        # A session answers in order and errors first: when the text is there, no error has come.
        command = Control(0, ControlCommand.FINISH_ROUND)
        if self._hub.ask(
            instance, partial(self._on_commanded, instance), command, TextWanted(0, (0, 0), (0, 0))
        ):
            record.on_finish_round()
            self._note(instance)

    def stop_now(self, instance: InstanceId) -> None:
        """End a mission and its agents at once."""
        self.stop(instance)

    def remove(self, instance: InstanceId) -> None:
        """Take out an instance that does not run. Raises WorkspaceError while it does."""
        view = self.view(instance)
        if view.busy:
            raise WorkspaceError(f"{view.spec.name} is {view.word.lower()}; stop it first.")
        self.close(instance)

    def close(self, instance: InstanceId) -> None:
        """End what runs in it and take it out; it is gone from sight at once."""
        record = self._instance(instance)
        record.next_run = NextRun.NONE
        self._program_restarts.forget(instance)
        record.on_stop(self._clock())
        self.arrangement.remove(instance)
        self.instance_removed.emit(instance)
        self._removing.add(instance)
        if record.worker_state in LIVE_STATES or record.worker_state is WorkerState.BACKOFF:
            self._kill(instance)
        else:
            self._forget(instance)

    def end_left_behind(self, instance: InstanceId) -> None:
        """End the processes its shell left running."""
        self._decide(instance, LeftBehind.end)

    def leave_left_behind(self, instance: InstanceId) -> None:
        """Let them go on, and ask no more."""
        self._decide(instance, LeftBehind.leave)

    def rename(self, instance: InstanceId, name: str) -> None:
        """Another name for people; the id stays."""
        if cleaned := clean_name(name):
            self._respec(instance, name=cleaned)

    def set_theme(self, instance: InstanceId, theme: ThemeName) -> None:
        self._respec(instance, theme=theme)

    def set_policy(self, instance: InstanceId, policy: InstancePolicy) -> None:
        """What happens from now on when its program ends; how it is stopped, from its next start on."""
        self._respec(instance, policy=policy)

    def set_variables(self, instance: InstanceId, environment: Mapping[str, str]) -> None:
        """What its program gets, from its next start on, on top of the environment of all."""
        self._respec(instance, environment=dict(environment))

    def allow_control(self, instance: InstanceId, allowed: bool) -> None:
        """Whether its programs may do everything over the API."""
        self._respec(instance, may_control=allowed)

    def notify(self, instance: InstanceId, notice: NoticeReport | None, waiting: bool | None) -> None:
        """A program (a hook of an agent) tells the person something, and whether it ``waiting`` for them."""
        record = self._instance(instance)
        if waiting:
            record.on_waiting(notice.body if notice is not None else "", self._clock())
        elif waiting is not None:
            record.on_working()
        if waiting is not None:
            self._note(instance)
        if notice is not None:
            self.notice_posted.emit(instance, notice)

    def report_error(self, instance: InstanceId, message: str) -> None:
        """Tell the person what of ``instance`` could not be done."""
        record = self._instances.get(instance)
        if record is not None and instance not in self._removing:
            self.refused.emit(f"{record.spec.name}: {message}")

    def send(self, instance: InstanceId, request: Request) -> bool:
        """Pass what a pane asks on to its session. False when it goes nowhere, and so has no answer.

        What is asked about text in sight that no running session drew is answered from what was kept of it.
        """
        record = self._instances.get(instance)
        if record is None:
            return False
        if isinstance(request, Resize):
            record.size = request
            self._kept.resized(instance, request)
        if record.waits and is_answer(request):
            record.on_working()
            self._note(instance)
        if (reason := why_too_much(request)) is not None:
            self.refused.emit(f"{record.spec.name}: {reason}")
            return False
        answers = record.draws and record.worker_state is WorkerState.RUNNING
        if not answers and isinstance(request, _ABOUT_THE_SCREEN):
            return self._ask_kept(instance, request)
        sent = self._backend.send_to(instance, request)
        if not sent and record.worker_state is WorkerState.RUNNING:
            self.refused.emit(
                f"{record.spec.name} did not get what you sent: it is not reading, or that was over 1 MiB."
            )
        return sent

    def request_text(self, instance: InstanceId, receive: Callable[[str], None]) -> None:
        """Hand the visible screen's text to ``receive``; "" when there is no session to ask."""
        self._hub.ask(instance, whole_text(lambda text, _failure: receive(text)), TextWanted(0))

    def killed(self) -> tuple[tuple[str, str], ...]:
        """What ``shutdown`` had to kill so far: the instance's name and what of it, for people."""
        since = self._closing_since
        if since is None:
            return ()
        found = ((record.spec.name, record.killed_since(since)) for record in self._instances.values())
        return tuple((name, killed) for name, killed in found if killed)

    def shutdown(self, done: Callable[[], None]) -> None:
        """End everything in order; ``done`` is called when nothing is left."""
        if self._closing_since is None:
            self._closing_since = self._clock()
        self._program_restarts.cancel_all()
        for record in self._instances.values():
            record.next_run = NextRun.NONE
            record.on_restart_cancelled()
            if record.occupied:
                record.on_stop(self._clock())
        for instance in self._instances:
            self._mark_changed(instance)
        self._backend.shutdown_all(done)

    # What sessions tell

    def _on_worker(self, instance: InstanceId, status: WorkerStatus) -> None:
        record = self._instances.get(instance)
        if record is None:
            return
        ran = record.program_state is ProgramState.RUNNING
        before, wanted = record.worker_state, record.next_run
        record.on_worker(status, self._clock())
        if status.state is WorkerState.RUNNING and record.next_run is NextRun.WHEN_READY:
            self._send_start(instance)
        if status.state not in LIVE_STATES and record.draws and not self.closing:
            self._kept.lost(instance)
        self._journal.saw_worker(record.spec, status, record.program_pid)
        if status.state not in LIVE_STATES:
            self._look_behind(record, status.marker, worker_ended=True)
            self._look_for_resumable(record.spec)
        if wanted is NextRun.AFTER_END and status.state not in LIVE_STATES:
            self._run_anew(instance, record)
        elif wanted is NextRun.WHEN_READY and before is WorkerState.STOPPING:
            self._spawn_again(instance, record)
        elif status.state is WorkerState.BACKOFF:
            self._after_crash(instance, record, ran)
        self._note(instance)
        if instance in self._removing and status.state in (WorkerState.STOPPED, WorkerState.FAILED):
            self._forget(instance)

    def _on_status(self, instance: InstanceId, report: StatusReport) -> None:
        record = self._here(instance)
        if record is not None:
            record.on_status(report, self._clock())
            self._journal.saw_worker(record.spec, self._backend.status(instance), record.program_pid)
            self._note(instance)

    def _on_exited(self, instance: InstanceId, report: ExitedReport) -> None:
        record = self._instances.get(instance)
        if record is None:
            return
        if self._left_behind is not None:
            self._left_behind.note(self._backend.status(instance).marker, report.left)
        record.on_exited(report, self._clock())
        self._note(instance)
        if instance in self._removing:
            return  # Out of sight, but how it ends is still history.
        self._look_for_resumable(record.spec)
        if record.spec.kind is Kind.SHELL:
            self._look_behind(record, self._backend.status(instance).marker, worker_ended=False)
        if record.next_run is NextRun.AFTER_END:
            self._run_anew(instance, record)
        else:
            self._after_program(instance, record, report)

    def _on_error(self, instance: InstanceId, report: ErrorReport) -> None:
        self.report_error(instance, report.message)

    def _on_notice(self, instance: InstanceId, report: NoticeReport) -> None:
        if self._here(instance) is not None:
            self.notice_posted.emit(instance, report)

    def _on_commanded(self, instance: InstanceId, reply: Reply | SessionGone) -> None:
        if isinstance(reply, ErrorReport):
            self.report_error(instance, reply.message)

    # Inside

    def _here(self, instance: InstanceId) -> Instance | None:
        """The record of an instance that is in sight."""
        return self._instances.get(instance) if instance not in self._removing else None

    def _instance(self, instance: InstanceId) -> Instance:
        record = self._instances.get(instance)
        if record is None or instance in self._removing:
            raise WorkspaceError(f"There is no instance {instance}.")
        return record

    def _spawn(self, instance: InstanceId, record: Instance) -> None:
        if record.worker_state in LIVE_STATES:
            return  # It starts as soon as that worker is ready, or has stopped and a new one is.
        config = SessionConfig(
            record.size.columns, record.size.lines, keep=self._kept.configured(instance), restore=True
        )
        if record.worker_state is WorkerState.BACKOFF:
            accepted = self._attempt(lambda: self._backend.restart(instance))
        else:
            accepted = self._attempt(lambda: self._backend.spawn(instance, config))
        if not accepted:
            record.next_run = NextRun.NONE

    def _look_for_resumable(self, spec: InstanceSpec) -> None:
        if spec.kind is not Kind.MISSION or self._find_resumable is None:
            return

        def then(found: bool) -> None:
            record = self._instances.get(spec.id)
            if record is not None and not record.occupied and record.resumable is not found:
                record.resumable = found
                self._note(spec.id)

        self._find_resumable(spec.mission, then)

    def _decide(self, instance: InstanceId, decide: Callable[[LeftBehind, InstanceId], None]) -> None:
        if self._left_behind is not None:
            decide(self._left_behind, instance)
        record = self._instances.get(instance)
        if record is not None:
            record.left_behind = ()
            self._note(instance)

    def _on_left_behind(self, id: str, found: tuple[LeftProcess, ...]) -> None:
        instance = InstanceId(id)
        record = self._instances.get(instance)
        if record is None or instance in self._removing:
            self.orphaned.emit(instance, summary({instance: found}))
        elif not record.occupied:
            record.left_behind = found
            self._note(instance)

    def _look_behind(self, record: Instance, marker: str, *, worker_ended: bool) -> None:
        if self._left_behind is not None and not self.closing:  # At the end there is one look for all.
            self._left_behind.look(record.spec, marker, worker_ended=worker_ended)

    def _after_program(self, instance: InstanceId, record: Instance, exited: ExitedReport) -> None:
        """Its program has ended by itself: a crash may be followed by another run."""
        unasked = not record.stop_asked and not self.closing
        if not (unasked and restarts_by_itself(record.spec) and crashed(record.spec, exited)):
            return
        wait = self._program_restarts.crashed(instance, record.ran(self._clock()))
        if wait is not None:
            record.on_restart_planned(wait)
        else:
            record.on_given_up(self._program_restarts.used(instance))

    def _on_restart_due(self, id: str) -> None:
        instance = InstanceId(id)
        record = self._instances.get(instance)
        if record is not None and record.waits_to_restart and not self.closing:
            record.on_restart_cancelled()
            self._run(instance, record, unasked=True)

    def _run_anew(self, instance: InstanceId, record: Instance) -> None:
        """What a person asked for: a run of its own, that counts no earlier failure."""
        record.next_run = NextRun.NONE
        if not self.closing:
            self._program_restarts.forget(instance)
            self._run(instance, record)

    def _spawn_again(self, instance: InstanceId, record: Instance) -> None:
        """The worker that was being ended is gone; the start that came meanwhile is for the next one."""
        if record.worker_state not in LIVE_STATES and not self.closing:
            record.next_run = NextRun.WHEN_READY
            self._spawn(instance, record)

    def _after_crash(self, instance: InstanceId, record: Instance, ran: bool) -> None:
        """The worker is gone and its program with it: what of its work goes on in the next one."""
        # A shell is not run again unasked: it would lack its person.
        waited = self._program_restarts.cancel(instance)
        if waited:
            record.on_restart_cancelled()
        if not (ran or waited) or record.stop_asked:
            return
        if restarts_by_itself(record.spec):
            record.next_run = NextRun.WHEN_READY
        else:
            record.on_lost()

    def _send_start(self, instance: InstanceId) -> None:
        record = self._instances[instance]
        if not record.draws:
            self.screen_renewed.emit(instance)
        self._kept.drawn(instance, self._backend.status(instance).marker)
        if not self._kept.is_configured(instance):
            self._backend.send_to(instance, KeepScreen(self._kept.path(instance)))
        record.on_start_sent(self._clock())
        self._backend.send_to(instance, record.size)
        start = self.start_of(record.spec, record.resume, agreed=record.agreed)
        if not self._backend.send_to(instance, start):
            reason = "It could not be started: its command and environment are over 1 MiB, or not text."
            record.on_exited(ExitedReport(reason=reason), self._clock())

    def start_of(self, spec: InstanceSpec, resume: Resume | None = None, *, agreed: bool = False) -> Start:
        """What is sent to run ``spec``; the instance need not exist."""
        environment = {**self._environment, **self._instance_environment(spec.id)}
        return start_request(spec, environment, resume, agreed=agreed)

    def _insist_on_stop(self, instance: InstanceId, record: Instance) -> None:
        """A worker that has not even begun to stop hangs, and so does one that is not done after its limit. Ending it
        ends its program too.
        """
        run = record.run_id

        def insist(hangs: Callable[[], bool]) -> None:
            same = self._instances.get(instance) is record and record.run_id == run
            if same and record.worker_state is WorkerState.RUNNING and hangs():
                self._kill(instance)

        QTimer.singleShot(_STOP_PATIENCE_MS, self, lambda: insist(lambda: record.stop_unheard))
        QTimer.singleShot(_STOP_LIMIT_MS, self, lambda: insist(lambda: record.has_program))

    def _kill(self, instance: InstanceId) -> None:
        self._attempt(lambda: self._backend.kill(instance))

    def _attempt(self, command: Callable[[], None]) -> bool:
        """Carry out a command of the backend; False, and told why, when it refuses."""
        try:
            command()
        except BackendError as error:
            self.refused.emit(str(error))
            return False
        return True

    def _forget(self, instance: InstanceId) -> None:
        self._removing.discard(instance)
        self._changed.discard(instance)
        self._updates.discard(instance)
        self._hub.forget(instance)
        self._kept.remove(instance)
        del self._instances[instance]
        if instance in self._backend.statuses():
            self._attempt(lambda: self._backend.remove(instance))
        self._journal.forget_instance(instance)
        # Soon: this may be in the middle of what the backend does about that very worker.
        QTimer.singleShot(0, self, lambda: self.instance_forgotten.emit(instance))

    def _ask_kept(self, instance: InstanceId, request: Request) -> bool:
        if isinstance(request, ClearScrollback):
            self._kept.clear(instance)
            self.screen_renewed.emit(instance)
            return True
        return self._kept.answer(instance, request)

    def _on_kept_reported(self, instance: str, report: Report) -> None:
        if instance in self._instances.keys() - self._removing:
            self._hub.session_reported(InstanceId(instance), report)

    def _on_kept_failed(self, instance: str, reason: str) -> None:
        record = self._instances.get(InstanceId(instance))
        if record is not None:
            self.refused.emit(f"What {record.spec.name} showed last can't be shown: {reason}.")

    def _respec(self, instance: InstanceId, **changes: object) -> None:
        record = self._instance(instance)
        record.spec = msgspec.structs.replace(record.spec, **changes)
        self._note(instance)
        self.arrangement.changed.emit()

    def _on_event(self, instance: InstanceId, report: EventReport) -> None:
        record = self._here(instance)
        if record is None:
            return
        try:
            event = typed_event(report.name, report.data)
        except ValueError as error:
            self.refused.emit(f"{record.spec.name} sent an event that makes no sense: {error}")
            return
        match event:
            case ProgramWaiting(question=question):
                record.on_waiting(question, self._clock())
            case ProgramWorking():
                record.on_working()
            case _ if event is not None:
                record.progress.apply(event)
        self._note(instance)

    def _note(self, instance: InstanceId) -> None:
        record = self._instances[instance]
        run = record.run_report(self._clock())
        if run is not None:
            self._journal.saw_run(record.spec, run)
        self._mark_changed(instance)

    def _mark_changed(self, instance: InstanceId) -> None:
        self._changed.add(instance)
        if not self._tell.isActive():
            self._tell.start()
        if not self._updates:
            self._updated.emit()
        self._updates.add(instance)

    def _tell_changes(self) -> None:
        changed, self._changed = self._changed, set()
        for instance in changed & self._instances.keys() - self._removing:
            self.instance_changed.emit(instance)

    def _tell_updates(self) -> None:
        updates, self._updates = self._updates, set()
        for instance in updates & self._instances.keys() - self._removing:
            self.instance_updated.emit(instance)
