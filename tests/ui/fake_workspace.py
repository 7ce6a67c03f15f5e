"""A workspace without sessions: the same face, views set by the test, calls written down."""

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any, cast

import msgspec
from PySide6.QtCore import QObject, Signal

from podium.attention.alerts import ALERT_KINDS
from podium.attention.signals import Attention, AttentionState, Source
from podium.core.adapters.hooks import Hooks
from podium.core.bidi.choice import BidiChoice
from podium.core.config.settings import ClipboardAccess
from podium.core.ids import InstanceId, id_from_name
from podium.core.instances import AlertLevel, InstanceSpec, Kind, ThemeName
from podium.core.protocol.frames import ChangedRow, Cursor, Frame, Line, Run
from podium.core.protocol.reports import ForegroundReport, NoticeReport
from podium.core.themes import ColorScheme
from podium.workspace.alerting.instance_alerts import InstanceAlerts
from podium.workspace.arrangement import Arrangement
from podium.workspace.arranging.arrangements import Arrangements
from podium.workspace.at_work import AtWork, at_work, can_lose_work
from podium.workspace.views import InstanceState, InstanceView
from podium.workspace.workspace import Workspace, WorkspaceError
from tests.workspace.doubles import FakeBackend


class FakeNeeds(QObject):
    """What a person has looked at, and which tools were seen."""

    tool_seen = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[InstanceId] = []
        self.hooks: dict[str, Hooks] = {}
        self.titles: dict[str, str] = {}

    def see(self, instance: InstanceId) -> None:
        self.seen.append(instance)


class FakeAgents:
    """First prompts that were dropped."""

    def __init__(self) -> None:
        self.dropped: list[InstanceId] = []

    def drop_prompt(self, instance: InstanceId) -> None:
        self.dropped.append(instance)


class FakePresentation:
    """What sessions are told of how text is shown."""

    def __init__(self) -> None:
        self.bidi: BidiChoice | None = None
        self.graphics: bool | None = None

    def set_graphics(self, shown: bool) -> None:
        self.graphics = shown

    def set_bidi(self, choice: BidiChoice) -> None:
        self.bidi = choice


_ATTENTION = {
    InstanceState.WAITING: AttentionState.WAITING,
    InstanceState.DONE: AttentionState.DONE,
    InstanceState.EXITED: AttentionState.FAILED,
    InstanceState.FAILED: AttentionState.FAILED,
}


class FakeWorkspace(QObject):
    instance_added = Signal(str)
    instance_removed = Signal(str)
    instance_forgotten = Signal(str)
    instance_changed = Signal(str)
    notice_posted = Signal(str, object)
    screen_reset = Signal(str)
    error_reported = Signal(str)
    leftovers_found = Signal(str, str)
    clipboard_write_allowed = Signal(object)

    def __init__(self, isolated: bool = True) -> None:
        super().__init__()
        self.arrangements = Arrangements(self)
        self.backend = FakeBackend()
        self.hub = self.backend.hub
        self.needs = FakeNeeds()
        self.now = 100.0
        """The time of its alerts, in seconds."""
        self.alerts = InstanceAlerts(self.hub, self._attention_of, lambda: self.now, self)
        self.agents = FakeAgents()
        self.presentation = FakePresentation()
        self.errors: list[tuple[str, str]] = []
        self.isolated = isolated
        self.closing = False
        self.calls: list[tuple[str, str]] = []
        self.sent: list[tuple[str, object]] = []
        self.jobs: dict[str, str | None] = {}
        """What runs in the foreground, by instance; "" for a shell at its prompt."""
        self.folders: dict[str, str] = {}
        """Where programs are now, by instance."""
        self.folders_answer = True
        self.scheme: ColorScheme | None = None
        self.clipboard_access: ClipboardAccess | None = None
        self.has_focus: Callable[[InstanceId], bool] = lambda _: False
        self.variables: dict[str, str] = {}
        self._views: dict[InstanceId, InstanceView] = {}

    @property
    def as_workspace(self) -> Workspace:
        """For constructors, which ask for the real one."""
        return cast(Workspace, self)

    @property
    def arrangement(self) -> Arrangement:
        return self.arrangements.active

    def ids(self) -> tuple[InstanceId, ...]:
        return self.arrangements.order

    def view(self, instance: InstanceId) -> InstanceView:
        if instance not in self._views:
            raise WorkspaceError(f"There is no instance {instance}.")
        return msgspec.structs.replace(self._views[instance], number=self.arrangements.number(instance))

    def state(self, instance: InstanceId) -> InstanceState:
        return self.view(instance).state

    def busy(self) -> tuple[InstanceView, ...]:
        return tuple(view for view in map(self.view, self.ids()) if view.busy)

    def find_at_work(
        self, instances: Sequence[InstanceId], receive: Callable[[tuple[AtWork, ...]], None]
    ) -> None:
        views = [view for view in map(self.view, instances) if can_lose_work(view)]
        jobs = {view.id: self.jobs.get(view.id, "make all") for view in views}
        receive(
            at_work(
                views, {id: None if job is None else ForegroundReport(1, job) for id, job in jobs.items()}
            )
        )

    def find_tool(self, instance: InstanceId, tools: tuple[str, ...], receive: Callable[[str], None]) -> None:
        job = self.jobs.get(instance) or ""
        receive(job if job in tools else "")

    @property
    def environment(self) -> Mapping[str, str]:
        return self.variables

    def find_folders(
        self, instance: InstanceId, lines: Sequence[int], receive: Callable[[tuple[str, ...]], None]
    ) -> None:
        if self.folders_answer:
            receive((self.folders.get(instance, self.view(instance).spec.folder),) * len(lines))

    def new_id(self, name: str) -> InstanceId:
        return id_from_name(name, self._views)

    def next_theme(self) -> ThemeName:
        used = [view.spec.theme for view in self._views.values()]
        return min(ThemeName, key=used.count)

    def next_name(self, kind: Kind) -> str:
        taken = {view.spec.name for view in self._views.values()}
        names = (kind.value if n == 1 else f"{kind.value} {n}" for n in count(1))
        return next(name for name in names if name not in taken)

    def create(self, spec: InstanceSpec, *, start: bool = True) -> None:
        if spec.id in self._views:
            raise WorkspaceError(f"There is an instance {spec.id} already; choose another name.")
        self._views[spec.id] = InstanceView(spec=spec, number=0, state=InstanceState.IDLE, label="Idle")
        self.instance_added.emit(spec.id)
        self.arrangements.add(spec.id)
        if start:
            self.start(spec.id)

    def start(self, instance: InstanceId) -> None:
        self.calls.append(("start", instance))

    def resume(self, instance: InstanceId) -> None:
        self.calls.append(("resume", instance))

    def stop(self, instance: InstanceId) -> None:
        self.calls.append(("stop", instance))

    def restart(self, instance: InstanceId) -> None:
        self.calls.append(("restart", instance))

    def finish_round(self, instance: InstanceId) -> None:
        self.calls.append(("finish_round", instance))

    def stop_now(self, instance: InstanceId) -> None:
        self.calls.append(("stop_now", instance))

    def end_left_behind(self, instance: InstanceId) -> None:
        self.calls.append(("end_left_behind", instance))

    def leave_left_behind(self, instance: InstanceId) -> None:
        self.calls.append(("leave_left_behind", instance))

    def set_color_scheme(self, scheme: ColorScheme) -> None:
        self.scheme = scheme

    def set_clipboard_access(self, access: ClipboardAccess, has_focus: Callable[[InstanceId], bool]) -> None:
        self.clipboard_access, self.has_focus = access, has_focus

    def allow_clipboard_write(self, instance: InstanceId, *, always: bool = False) -> None:
        self.calls.append(("allow_clipboard_always" if always else "allow_clipboard_write", instance))

    def deny_clipboard_write(self, instance: InstanceId) -> None:
        self.calls.append(("deny_clipboard_write", instance))

    def remove(self, instance: InstanceId) -> None:
        if self.view(instance).busy:
            raise WorkspaceError(f"{self.view(instance).spec.name} is running; stop it first.")
        self.close(instance)

    def close(self, instance: InstanceId) -> None:
        self.calls.append(("close", instance))
        self.arrangements.remove(instance)
        self.instance_removed.emit(instance)
        del self._views[instance]
        self.alerts.update(instance)

    def rename(self, instance: InstanceId, name: str) -> None:
        self._update_spec(instance, name=name)

    def set_alert_level(self, instance: InstanceId, level: AlertLevel) -> None:
        self._update_spec(instance, alerts=level)

    def set_theme(self, instance: InstanceId, theme: ThemeName) -> None:
        self._update_spec(instance, theme=theme)

    def send(self, instance: InstanceId, request: object) -> bool:
        self.sent.append((instance, request))
        return True

    def report_error(self, instance: InstanceId, message: str) -> None:
        self.errors.append((instance, message))

    def notify(self, instance: InstanceId, notice: NoticeReport, _waiting: bool | None) -> None:
        self.notice_posted.emit(instance, notice)

    def shutdown(self, done: Callable[[], None]) -> None:
        done()

    def _attention_of(self, instance: InstanceId) -> Attention | None:
        """By the view's state, where the test says no more."""
        view = self._views.get(instance)
        if view is None or view.attention.state is not AttentionState.NONE:
            return view.attention if view is not None else None
        state = _ATTENTION.get(view.state, AttentionState.NONE)
        before = self.alerts.alert(instance)
        same = before is not None and before.kind == ALERT_KINDS.get(state)
        since = before.since if before is not None and same else self.now
        return Attention(state, Source.EVENTS, since, view.question)

    def _update_spec(self, instance: InstanceId, **changes: Any) -> None:
        view = self.view(instance)
        self.set(instance, spec=msgspec.structs.replace(view.spec, **changes))
        self.arrangements.touch(instance)

    # for tests

    def called(self) -> list[str]:
        """What was carried out, whatever it was for."""
        return [name for name, _ in self.calls]

    def add(
        self,
        name: str,
        theme: ThemeName | None = None,
        kind: Kind = Kind.SHELL,
        folder: str = "/srv/atlas",
        **fields: Any,
    ) -> InstanceId:
        """Add an instance whose view has ``fields``."""
        spec = InstanceSpec(self.new_id(name), name, kind, theme or self.next_theme(), folder)
        self.create(spec, start=False)
        if fields:
            self.set(spec.id, **fields)
        return spec.id

    def set(self, instance: InstanceId, **fields: Any) -> None:
        """Change fields of a view and tell about it."""
        state = fields.get("state")
        if state is not None and "label" not in fields:
            fields["label"] = str(state).capitalize()
        self._views[instance] = msgspec.structs.replace(self._views[instance], **fields)
        self.alerts.update(instance)
        self.instance_changed.emit(instance)

    def show_text(self, instance: InstanceId, text: str, columns: int = 80, lines: int = 24) -> None:
        """Have the instance's terminal show plain text."""
        rows = tuple(
            ChangedRow(y, Line((Run(line),))) for y, line in enumerate(text.splitlines()[:lines]) if line
        )
        frame = Frame(
            1, columns, lines, changed=rows, cursor=Cursor(0, min(len(text.splitlines()), lines - 1))
        )
        self.hub.session_reported(instance, frame)
