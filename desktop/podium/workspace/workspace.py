"""The workspace: all instances, what may be done with them, and signals of their changes.

Window and control API issue the same calls here. It knows sessions only through the hub.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import count
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from podium.attention.signals import Claim
from podium.core.clock import Clock, monotonic
from podium.core.config.settings import ClipboardAccess
from podium.core.ids import InstanceId, id_from_name
from podium.core.instances import AlertLevel, InstancePolicy, InstanceSpec, Kind, TerminalName, ThemeName
from podium.core.names import clean_name
from podium.core.protocol.reports import ErrorReport, NoticeReport
from podium.core.protocol.requests import Request, Start, TextWanted
from podium.core.themes import ColorScheme
from podium.sessions.hub import SessionHub
from podium.sessions.texts import whole_text
from podium.supervision.policy import Policy
from podium.supervision.program_states import Order
from podium.supervision.program_supervisor import ProgramSupervisor
from podium.workspace.alerting.instance_alerts import InstanceAlerts
from podium.workspace.arrangement import Arrangement
from podium.workspace.arranging.arrangements import Arrangements
from podium.workspace.at_work import AtWork, ForegroundQueries
from podium.workspace.instances.aftermath import Aftermath, PastRuns
from podium.workspace.instances.agents import Agents
from podium.workspace.instances.attention_signals import AttentionSignals
from podium.workspace.instances.clipboard_writes import ClipboardWrites
from podium.workspace.instances.instance import Instance, in_sight
from podium.workspace.instances.instance_view import attention_to_tell, state_of, view_of
from podium.workspace.instances.lifecycle import Lifecycle
from podium.workspace.instances.pane_requests import PaneRequests
from podium.workspace.instances.presentation import Presentation
from podium.workspace.instances.program_runner import ProgramRunner
from podium.workspace.instances.tool_sessions import ToolSessions
from podium.workspace.instances.tool_starts import ToolStarts
from podium.workspace.journal import Journal, NoJournal
from podium.workspace.kept_screens import KeptScreens
from podium.workspace.launch import Resume
from podium.workspace.leftover_tracker import LeftoverTracker
from podium.workspace.links.output_folders import FolderQueries
from podium.workspace.new_instances import new_instance_error, next_name, next_theme
from podium.workspace.views import BUSY_STATES, InstanceState, InstanceView


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
    instance_updated = Signal(str)
    """The same for what answers: as soon as what changed it is done."""
    screen_reset = Signal(str)
    """Another session draws this instance's screen from now on; what is in sight of it is history."""
    notice_posted = Signal(str, object)
    """Instance id and a NoticeReport for the person."""
    clipboard_write_allowed = Signal(object)
    """A ClipboardReport: a program's text for the clipboard, which it may write."""
    leftovers_found = Signal(str, str)
    """The id of an instance that is closed, and what its shell left running, for a person to decide about."""
    error_reported = Signal(str)
    """Something could not be done; words for a person."""

    def __init__(
        self,
        hub: SessionHub,
        environment: Mapping[str, str],
        clock: Clock = monotonic,
        policy: Policy | None = None,
        journal: Journal | None = None,
        left_behind: LeftoverTracker | None = None,
        past: PastRuns | None = None,
        kept: KeptScreens | None = None,
        parent: QObject | None = None,
    ) -> None:
        """``policy`` is how patiently crashed programs are run again, ``journal`` who writes down what happens,
        ``left_behind`` who looks for what instances leave running.
        """
        super().__init__(parent)
        self.arrangements = Arrangements(self)
        self._hub = hub
        self._backend = hub.backend
        self._clock = clock
        self._policy = policy
        self._instances: dict[InstanceId, Instance] = {}
        self._finish_requests = count(1)
        self._foreground = ForegroundQueries(hub, self)
        self._folders = FolderQueries(hub, self)
        self._kept = kept or KeptScreens()
        self._journal = journal = journal or NoJournal()
        self.presentation = Presentation(hub, self._instances)
        self._clipboard = ClipboardWrites(hub, self._instances, self)
        self.agents = Agents(hub, self._instances, self)
        self._runner = ProgramRunner(
            hub, self._instances, self._kept, self.presentation, self.agents, dict(environment), clock, self
        )
        self._aftermath = Aftermath(self._instances, left_behind, past, self)
        report = self.error_reported.emit
        self._lives = Lifecycle(
            hub, self._instances, self._runner, self._aftermath, journal, self._kept, clock, report, self
        )
        self._requests = PaneRequests(hub, self._instances, self._kept, clock, self)
        self._runner.begun.connect(self.starting)
        self._runner.begun.connect(self._aftermath.dismiss)
        self._runner.redraws.connect(self.screen_reset)
        self._runner.over.connect(self._forget)
        self._runner.error_reported.connect(self.error_reported)
        self.needs = AttentionSignals(hub, self._instances, clock, self)
        self.alerts = InstanceAlerts(hub, partial(attention_to_tell, self._instances), clock, self)
        self.tools = ToolSessions(hub, self._instances, journal, self.needs, self._runner, clock, self)
        self.tools.saved_changed.connect(self.arrangements.changed)
        self.instance_added.connect(self.tools.check)
        ToolStarts(hub, self.tools, self._runner, self.notice_posted.emit, self)
        for part in (self.needs, self.agents, self.tools, self._requests, self._clipboard):
            part.changed.connect(self._lives.changes.mark)
        self.agents.spec_changed.connect(self.arrangements.touch)
        self._clipboard.allowed.connect(self.clipboard_write_allowed)
        self._requests.cleared.connect(self.screen_reset)
        self._requests.error_reported.connect(self.error_reported)
        self._lives.changes.changed.connect(self.instance_changed)
        self._lives.changes.updated.connect(self.alerts.update)
        self._lives.changes.updated.connect(self.instance_updated)
        self._aftermath.leftovers_found.connect(self.leftovers_found)
        hub.subscribe(ErrorReport, lambda instance, report: self.report_error(instance, report.message))
        hub.subscribe(NoticeReport, self._on_notice)

    # What there is

    @property
    def isolated(self) -> bool:
        """True when every instance has a process of its own."""
        return self._backend.isolated

    @property
    def closing(self) -> bool:
        """Everything is being ended; nothing starts any more."""
        return self._lives.quitting

    @property
    def arrangement(self) -> Arrangement:
        """That of the window in which a person worked last."""
        return self.arrangements.active

    def ids(self) -> tuple[InstanceId, ...]:
        return self.arrangements.order

    def specs(self) -> tuple[InstanceSpec, ...]:
        """The instances in order, as they are saved."""
        return tuple(self._instances[instance].spec for instance in self.ids())

    def ends(self, instance: InstanceId) -> bool:
        """Whether this instance was removed and what ran in it has not ended yet: till then its id is taken."""
        record = self._instances.get(instance)
        return record is not None and record.program.closed

    def views(self) -> tuple[InstanceView, ...]:
        """Views of all instances, in order."""
        return tuple(map(self.view, self.ids()))

    def view(self, instance: InstanceId) -> InstanceView:
        """The view of ``instance``. Raises WorkspaceError."""
        record = self._instance(instance)
        number = self.arrangements.number(instance)
        view = view_of(record, number, self._clock(), marks_prompts=self._runner.marks_prompts(record.spec))
        return msgspec.structs.replace(view, startable=False) if self.closing else view

    def state(self, instance: InstanceId) -> InstanceState:
        """The state alone, for those who ask often. Raises WorkspaceError."""
        return state_of(self._instance(instance))

    def _in_sight(self, asked: Sequence[InstanceId]) -> tuple[InstanceView, ...]:
        return tuple(self.view(instance) for instance in asked if instance in self.ids())

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
        self._foreground.ask_at_work(tuple(map(self.view, instances)), self._in_sight, receive)

    def find_tool(self, instance: InstanceId, tools: tuple[str, ...], receive: Callable[[str], None]) -> None:
        """Hand to ``receive`` which of ``tools`` has the instance's terminal, "" for none, a moment later at most."""
        self._instance(instance)
        self._foreground.ask_tool(instance, tools, receive)

    def find_folders(
        self, instance: InstanceId, lines: Sequence[int], receive: Callable[[tuple[str, ...]], None]
    ) -> None:
        """Hand to ``receive``, at once or a moment later, the folder in which each of ``lines`` was printed."""
        record = self._instance(instance)
        usual = record.shell_folder or self._kept.last_folder(instance) or record.spec.folder
        self._folders.ask(instance, lines, usual, receive)

    def new_id(self, name: str) -> InstanceId:
        return id_from_name(name, self._instances)

    def next_theme(self) -> ThemeName:
        """The theme that is next in turn: the first of those used least."""
        return next_theme([record.spec for record in self._instances.values()])

    def next_name(self, kind: Kind) -> str:
        """``shell``, ``shell 2`` …"""
        return next_name(kind, [record.spec for record in self._instances.values()])

    # What can be done

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment of programs that are started now."""
        return dict(self._runner.environment)

    def set_environment(self, environment: Mapping[str, str]) -> None:
        """Programs started from now on get this environment."""
        self._runner.environment = dict(environment)

    def set_terminal_name(self, name: TerminalName) -> None:
        """Programs started from now on are told that they run in this terminal."""
        self._runner.terminal = name

    def set_scrollback(self, lines: int, folder: Path) -> None:
        """Sessions keep so many lines from now on; those that start then, in ``folder`` what is too much for memory."""
        self._runner.scrollback, self._runner.archive = lines, str(folder)
        self.presentation.set_scrollback(lines)

    def set_color_scheme(self, scheme: ColorScheme) -> None:
        """Tell all programs, those that run and those to come, whether the appearance is dark or light."""
        self.presentation.set_scheme(scheme)

    def set_clipboard_access(self, access: ClipboardAccess, has_focus: Callable[[InstanceId], bool]) -> None:
        """Whether programs may write to the clipboard; ``has_focus`` says in which instance a person works."""
        self._clipboard.access = access
        self._clipboard.has_focus = has_focus
        self.presentation.set_clipboard(access is not ClipboardAccess.DENY)

    def keep_screens_in(self, folder: Path | None, *, forget_others: bool = False) -> None:
        """Keep on disk what instances show, and show dimmed what was kept of those that do not run.

        ``folder`` is this window's alone. None keeps nothing, and deletes what was kept. ``forget_others`` deletes
        what is in it of instances that are not here.
        """
        self._requests.keep_screens_in(folder, forget_others=forget_others)

    def last_folder(self, instance: InstanceId) -> str:
        """Its shell's folder in its last session; "" when it is not known, or that folder is gone."""
        return self._kept.last_folder(instance)

    def set_instance_environment(self, make: Callable[[InstanceId], Mapping[str, str]]) -> None:
        """Set the environment of each instance's programs, on top of that of all."""
        self._runner.instance_environment = make

    def set_shell_integration(self, on: bool) -> None:
        """Whether shells started from now on are made to mark their prompts."""
        self._runner.marks_shells = on

    def create(self, spec: InstanceSpec, *, start: bool = True) -> None:
        """Add an instance. Raises WorkspaceError for an invalid or taken id, too many instances, and while closing."""
        if reason := new_instance_error(spec, self._instances, closing=self.closing):
            raise WorkspaceError(reason)
        spec = msgspec.structs.replace(spec, name=clean_name(spec.name) or spec.id)
        self._instances[spec.id] = Instance(spec, ProgramSupervisor(self._policy, self._clock))
        self.instance_added.emit(spec.id)
        self.arrangements.add(spec.id)
        if start:
            self.start(spec.id)
        else:
            self._aftermath.recall(spec)

    def start(self, instance: InstanceId, *, agreed: bool = False) -> None:
        """Run its program, in a new worker if it has none; nothing while it runs. ``agreed``: to a mission's terms."""
        record = self._instance(instance)
        self._lives.execute(record, record.program.start(Order(agreed=agreed)))

    def resume(self, instance: InstanceId, *, agreed: bool = False) -> None:
        """Start it where it was: a mission in the round it was in, a shell in its last folder, an agent's
        tool with its session; all else anew.
        """
        record = self._instance(instance)
        self._lives.execute(record, record.program.start(Order(resume=True, agreed=agreed)))

    def stop(self, instance: InstanceId) -> None:
        """End its program; the screen stays. In back-off or while starting it ends the worker."""
        record = self._instance(instance)
        self._lives.execute(record, record.program.stop())

    def restart(self, instance: InstanceId) -> None:
        """End its program and run it again; in back-off or after a failure, try again now."""
        record = self._instance(instance)
        self._lives.execute(record, record.program.restart())

    def finish_round(self, instance: InstanceId) -> None:
        """Ask a mission to end after the round that runs now. It shows as doing so once it says that it does."""
        record = self._instance(instance)
        self._lives.execute(record, record.program.finish_round(next(self._finish_requests)))

    def stop_now(self, instance: InstanceId) -> None:
        """End a mission and its agents at once."""
        self.stop(instance)

    def remove(self, instance: InstanceId) -> None:
        """Take out an instance that does not run. Raises WorkspaceError while it does."""
        view = self.view(instance)
        if view.busy:
            raise WorkspaceError(f"{view.spec.name} is {view.label.lower()}; stop it first.")
        self.close(instance)

    def close(self, instance: InstanceId) -> None:
        """End what runs in it and take it out; it is gone from sight at once."""
        record = self._instance(instance)
        self.arrangements.remove(instance)
        self.instance_removed.emit(instance)
        self._lives.execute(record, record.program.close())
        self.alerts.update(instance)

    def allow_clipboard_write(self, instance: InstanceId, *, always: bool = False) -> None:
        """Let its program write to the clipboard what it asked to, or ``always`` let it."""
        record = self._instance(instance)
        if always:
            self._clipboard.allow_always(record)
            self.arrangements.touch(instance)
        else:
            self._clipboard.allow(record)

    def deny_clipboard_write(self, instance: InstanceId) -> None:
        """Do not, and ask no more as long as its program runs."""
        self._clipboard.deny(self._instance(instance))

    def end_left_behind(self, instance: InstanceId) -> None:
        """End the processes its shell left running."""
        self._aftermath.end_left_behind(instance)

    def leave_left_behind(self, instance: InstanceId) -> None:
        """Let them go on, and ask no more."""
        self._aftermath.leave_left_behind(instance)

    def rename(self, instance: InstanceId, name: str) -> None:
        """Another name for people; the id stays."""
        if cleaned := clean_name(name):
            self._update_spec(instance, name=cleaned)

    def set_theme(self, instance: InstanceId, theme: ThemeName) -> None:
        self._update_spec(instance, theme=theme)
        self.presentation.tell_colors(self._instance(instance))

    def set_policy(self, instance: InstanceId, policy: InstancePolicy) -> None:
        """Set what follows the end of its program from now on, and how it is stopped from its next start on."""
        self._update_spec(instance, policy=policy)

    def set_variables(self, instance: InstanceId, environment: Mapping[str, str]) -> None:
        """Set its program's variables from its next start on, on top of the environment of all."""
        self._update_spec(instance, environment=dict(environment))

    def set_alert_level(self, instance: InstanceId, level: AlertLevel) -> None:
        """Set how it may call for a person."""
        self._update_spec(instance, alerts=level)

    def allow_control(self, instance: InstanceId, allowed: bool) -> None:
        """Set whether its programs may do everything over the API."""
        self._update_spec(instance, may_control=allowed)

    def notify(self, instance: InstanceId, notice: NoticeReport | None, claim: Claim | None) -> None:
        """A program (a hook of an agent) tells the person something, and what it does."""
        self._instance(instance)
        if claim is not None:
            self.needs.tell(instance, claim, notice.body if notice is not None else "")
        if notice is not None:
            self.notice_posted.emit(instance, notice)

    def report_error(self, instance: InstanceId, message: str) -> None:
        """Tell the person what of an instance in sight could not be done."""
        if (record := in_sight(self._instances, instance)) is not None:
            self.error_reported.emit(f"{record.spec.name}: {message}")

    def send(self, instance: InstanceId, request: Request) -> bool:
        """Pass what a pane asks on to its session. False when it goes nowhere, and so has no answer.

        What is asked about text in sight that no running session drew is answered from what was kept of it.
        """
        return self._requests.send(instance, request)

    def request_text(self, instance: InstanceId, receive: Callable[[str], None]) -> None:
        """Hand the visible screen's text to ``receive``; "" when there is no session to ask."""
        self._hub.ask(instance, whole_text(lambda text, _failure: receive(text)), TextWanted(0))

    def killed(self) -> tuple[tuple[str, str], ...]:
        """Everything ``shutdown`` had to kill so far: the instance's name and what of it, for people."""
        return self._lives.killed()

    def shutdown(self, done: Callable[[], None]) -> None:
        """End everything in order; ``done`` is called when nothing is left."""
        self._lives.quit()
        self._backend.shutdown_all(done)

    # Inside

    def _on_notice(self, instance: InstanceId, report: NoticeReport) -> None:
        if in_sight(self._instances, instance) is not None:
            self.notice_posted.emit(instance, report)

    def _instance(self, instance: InstanceId) -> Instance:
        record = in_sight(self._instances, instance)
        if record is None:
            raise WorkspaceError(f"There is no instance {instance}.")
        return record

    def start_of(self, spec: InstanceSpec, resume: Resume | None = None, *, agreed: bool = False) -> Start:
        """The request that runs ``spec``; the instance need not exist."""
        return self._runner.request_of(spec, resume, agreed=agreed)

    def _forget(self, instance: InstanceId) -> None:
        self._hub.forget(instance)
        self.agents.forget(instance)
        self._kept.remove(instance)
        self.tools.forget(instance)
        del self._instances[instance]
        self._journal.forget_instance(instance)
        # Soon: this may be in the middle of what the backend does about that very worker.
        QTimer.singleShot(0, self, lambda: self.instance_forgotten.emit(instance))

    def _update_spec(self, instance: InstanceId, **changes: object) -> None:
        record = self._instance(instance)
        record.spec = msgspec.structs.replace(record.spec, **changes)
        self._lives.changes.mark(instance)
        self.arrangements.touch(instance)
