"""What sessions tell of their programs' needs, and the time that it takes to count."""

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtCore import Signal as QtSignal

from podium.attention.report_signals import TELLING, Telling, signal_of
from podium.attention.signals import Answered, Claim, Said, Seen, Signal, Source
from podium.core.adapters.hooks import Hooks, HookState
from podium.core.agent_sessions import ToolSession
from podium.core.clock import Clock
from podium.core.ids import InstanceId
from podium.core.protocol.attention import AgentScreen
from podium.hooks.events import said
from podium.sessions.hub import SessionHub
from podium.workspace.instances.instance import Instance, in_sight

_CLAIMS: Final = {
    HookState.WORKING: Claim.BUSY,
    HookState.WAITING: Claim.WAITING,
    HookState.DONE: Claim.DONE,
    HookState.FAILED: Claim.FAILED,
    HookState.OVER: Claim.NOTHING,
}


class AttentionSignals(QObject):
    """Belongs to the workspace, whose records it works on."""

    changed = QtSignal(str)
    """This instance's program needs something else now."""
    tool_seen = QtSignal(str, str)
    """Instance id and the name of the tool's adapter, each time its screen is known as that tool's."""
    session_told = QtSignal(str, object)
    """Instance id and a ToolSession: the conversation that a tool in it works on from now on."""

    def __init__(
        self,
        hub: SessionHub,
        records: Mapping[InstanceId, Instance],
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._records = records
        self._clock = clock
        self.hooks: Mapping[str, Hooks] = {}
        """What the hooks of each tool mean, once that has been read."""
        self.titles: Mapping[str, str] = {}
        """The names of those tools for people."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_due)
        for kind in TELLING:
            hub.subscribe(kind, self._on_report)

    def tell(self, instance: InstanceId, claim: Claim, question: str) -> None:
        """A hook of an agent's tool tells what it does; ``question`` counts for one that waits."""
        self._take(instance, Said(Source.HOOK, claim, question if claim is Claim.WAITING else ""))

    def hear_hook(self, instance: InstanceId, tool: str, event: Mapping[str, Any]) -> None:
        """A hook of ``tool`` passes on what it was told. A tool that is not known says nothing."""
        record = in_sight(self._records, instance)
        if record is None or (hooks := self.hooks.get(tool)) is None:
            return
        heard = said(tool, hooks, event)
        claim = _CLAIMS[heard.state] if heard.state is not None else None
        session = heard.session.session if heard.session is not None else ""
        if session or claim is not None:
            if record.on_hook(session, claim, heard.question, self._clock()):
                self.changed.emit(instance)
            self._keep_time()
        if heard.session is not None and session == record.hook_session:
            self.session_told.emit(instance, heard.session)

    def tell_session(self, instance: InstanceId, session: ToolSession) -> None:
        """A hook tells which conversation its tool works on."""
        if in_sight(self._records, instance) is not None:
            self.session_told.emit(instance, session)

    def answered(self, instance: InstanceId) -> None:
        """A text was typed for a person, which may be what it waits for."""
        self._take(instance, Answered())

    def see(self, instance: InstanceId) -> None:
        """A person looks at it: that it is done is no news any more."""
        self._take(instance, Seen())

    def _keep_time(self) -> None:
        deadlines = (record.attention_deadline for record in self._records.values())
        first = min((deadline for deadline in deadlines if deadline is not None), default=None)
        if first is None:
            self._timer.stop()
        else:
            self._timer.start(max(0, round((first - self._clock()) * 1000) + 1))

    def _on_report(self, instance: InstanceId, report: Telling) -> None:
        if (signal := signal_of(report)) is not None:
            self._take(instance, signal)
        if isinstance(report, AgentScreen) and report.tool and in_sight(self._records, instance) is not None:
            self.tool_seen.emit(instance, report.tool)

    def _take(self, instance: InstanceId, signal: Signal) -> None:
        record = in_sight(self._records, instance)
        if record is not None:
            if record.on_signal(signal, self._clock()):
                self.changed.emit(instance)
            self._keep_time()

    def _on_due(self) -> None:
        now = self._clock()
        for instance, record in tuple(self._records.items()):
            due = record.attention_deadline
            if due is not None and due <= now and record.on_time(now):
                self.changed.emit(instance)
        self._keep_time()
