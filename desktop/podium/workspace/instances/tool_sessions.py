"""Sessions of agents' tools that a person works with: which one an instance has, what it used, whether it can go on."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from podium.core.adapters.tool_names import tool_names
from podium.core.agent_sessions import ToolSession
from podium.core.background import RunInBackground
from podium.core.clock import Clock
from podium.core.costs import SessionCost
from podium.core.ids import InstanceId
from podium.core.instances import AgentLaunch, InstanceSpec, Kind
from podium.core.protocol.attention import AgentScreen
from podium.core.protocol.reports import ExitedReport
from podium.sessions.hub import SessionHub
from podium.workspace.instances.attention_signals import AttentionSignals
from podium.workspace.instances.instance import Instance, RunRecord, in_sight
from podium.workspace.instances.program_runner import ProgramRunner
from podium.workspace.journal import Journal

if TYPE_CHECKING:
    from podium.agent_sessions.watch import Looked, RunWatch
    from podium.core.adapters.model import Adapter
    from podium.core.adapters.pricing import Prices

INTERVAL_MS: Final = 3000
"""Between two looks at what a tool has written."""
_SEARCH_EVERY: Final = 5
"""Looks between two at which session it has, once that is known; before that they get rarer up to there."""


@dataclass(slots=True)
class _Watched:
    """One tool in one run."""

    run: RunRecord
    tool: str
    watch: "RunWatch"
    looks: int = 0
    under_way: bool = False
    again: bool = False
    """It is to be looked at once more as soon as that look is done."""
    told: ToolSession | None = None
    """What was told since the last look."""
    session: str = ""


@dataclass(frozen=True, slots=True)
class ToolKnowledge:
    """What is known of tools, and the way to look at what they leave."""

    adapters: "Mapping[str, Adapter]" = field(default_factory=dict)
    prices: "Prices | None" = None
    run: RunInBackground | None = None
    """None: nothing is looked at."""


class ToolSessions(QObject):
    """Belongs to the workspace, whose records it completes with what it finds."""

    changed = Signal(str)
    """What an instance's tool costs, or whether its session can go on, is another now."""
    saved_changed = Signal()
    """Another session is to be saved with an instance."""

    def __init__(
        self,
        hub: SessionHub,
        records: Mapping[InstanceId, Instance],
        journal: Journal,
        needs: AttentionSignals,
        runner: ProgramRunner,
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.known = ToolKnowledge()
        self.records = records
        self._journal = journal
        self._runner = runner
        self._clock = clock
        self._tools: dict[InstanceId, str] = {}
        """The tool that a screen shows."""
        self._left: set[InstanceId] = set()
        """Instances whose tool has just left the screen."""
        self._watched: dict[InstanceId, _Watched] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._on_due)
        needs.session_told.connect(self._on_told)
        hub.subscribe(AgentScreen, self._on_screen)
        hub.subscribe(ExitedReport, self._on_exited)

    def use(self, known: ToolKnowledge) -> None:
        """Look at what tools leave from now on."""
        self.known = known
        for instance in tuple(self.records):
            self.check(instance)
        self._timer.start()

    def forget(self, instance: InstanceId) -> None:
        """It is gone."""
        self._tools.pop(instance, None)
        self._left.discard(instance)
        self._watched.pop(instance, None)

    def check(self, instance: str) -> None:
        """Find out whether the session of an instance that does not run is still there to go on with."""
        record = in_sight(self.records, InstanceId(instance))
        if record is None or record.program.active or record.spec.agent is None or self.known.run is None:
            return
        spec, agent = record.spec, record.spec.agent
        adapter = self.known.adapters.get(agent.tool)
        if adapter is None or not agent.session or adapter.sessions is None:
            return
        sessions, environment = adapter.sessions, self._environment(spec)

        def look() -> bool:
            from podium.agent_sessions.store import Store  # Only here: a window without tools never needs it.

            return Store(agent.tool, sessions, environment).find(agent.session) is not None

        def then(found: bool) -> None:
            record = in_sight(self.records, spec.id)
            if record is None or record.program.active or record.spec.agent != agent:
                return
            record.session_gone = not found
            if record.resumable is not found:
                record.resumable = found
                self.changed.emit(spec.id)

        self.known.run(look, then, lambda _error: None)

    # What happens

    def _on_screen(self, instance: InstanceId, report: AgentScreen) -> None:
        before = self._tools.get(instance, "")
        if report.tool == before:
            return
        if report.tool:
            self._tools[instance] = report.tool
            self._left.discard(instance)
            watched = self._watched.get(instance)
            if watched is not None:
                # It may have been started anew, and have another session.
                watched.session, watched.looks = "", 0
            return
        del self._tools[instance]
        record = in_sight(self.records, instance)
        if record is not None:
            self._look(record, over=True)
            self._left.add(instance)

    def _on_exited(self, instance: InstanceId, _report: ExitedReport) -> None:
        record = in_sight(self.records, instance)
        if record is not None:
            self._look(record, over=True)
            self.check(instance)

    def _on_told(self, instance: str, told: ToolSession) -> None:
        record = in_sight(self.records, InstanceId(instance))
        if record is None or record.run is None or record.run.end is not None:
            return
        if record.spec.kind is Kind.MISSION:
            return  # It reports itself what its agents cost.
        watched = self._watch(record, told.tool)
        if watched is not None:
            watched.told = told
        self._on_session(record, told.tool, told.session)

    def _on_due(self) -> None:
        left, self._left = self._left, set()
        for record in tuple(self.records.values()):
            runs = record.program_pid and not record.program.stop_asked
            if record.spec.id in left and runs and record.spec.kind is Kind.SHELL:
                # A person has ended it; what ends with its shell is to go on.
                self.set_agent(record, None)
            if not record.program.closed and record.program_pid:
                self._look(record)

    # Looking

    def _look(self, record: Instance, *, over: bool = False) -> None:
        """Look at what the tool of an instance has written, soon. ``over``: it has ended."""
        run = self.known.run
        tool = self._tool_of(record)
        watched = self._watched.get(record.spec.id)
        if not over or watched is None:
            watched = self._watch(record, tool) if tool and not over else None
        if watched is None or run is None:
            return
        if watched.under_way:
            watched.again = watched.again or over
            return
        watched.under_way = True
        watched.looks += 1
        told, watched.told = watched.told, None
        looks = watched.looks
        search = looks % _SEARCH_EVERY == 1 if watched.session else looks & (looks - 1) == 0 or looks % 5 == 0
        look = partial(
            watched.watch.look,
            0 if over else record.program_pid,
            self._environment(record.spec),
            told=told.session if told is not None else self._given(record, watched),
            transcript=told.transcript if told is not None else "",
            search=search and not over,
            taken=self._taken(record, watched.tool),
        )
        run(look, partial(self._on_looked, record, watched), lambda _error: self._on_failed(watched))

    def _on_failed(self, watched: _Watched) -> None:
        watched.under_way = False

    def _on_looked(self, record: Instance, watched: _Watched, found: "Looked") -> None:
        watched.under_way = False
        if found.used:
            self._journal.record_session_costs(
                [
                    SessionCost(
                        id=used.key,
                        tool=watched.tool,
                        session=session,
                        instance=record.spec.id,
                        at=used.at,
                        cost=used.cost,
                    )
                    for session, used in found.used
                ]
            )
        if self.records.get(record.spec.id) is not record or record.run is not watched.run:
            return  # It runs anew, or is gone: what it used is written down all the same.
        progress = record.run.progress
        if found.cost != progress.tool_costs.get(watched.tool) and found.cost.known:
            progress.tool_costs[watched.tool] = found.cost
            self.changed.emit(record.spec.id)
        if found.session and found.session != watched.session:
            watched.session = found.session
            if record.run.end is None:
                self._on_session(record, watched.tool, found.session)
        if found.more or watched.again:
            over, watched.again = watched.again or record.run.end is not None, False
            self._look(record, over=over)

    def _watch(self, record: Instance, tool: str) -> _Watched | None:
        """The watch of the tool in the run that there is; None when nothing is known of the tool."""
        if record.run is None:
            return None
        watched = self._watched.get(record.spec.id)
        if watched is not None and watched.run is record.run and watched.tool == tool:
            return watched
        adapter = self.known.adapters.get(tool)
        if adapter is None or adapter.sessions is None or self.known.prices is None:
            return None
        from podium.agent_sessions.watch import RunWatch

        began = time.time() - (self._clock() - record.run.asked_at)
        watched = _Watched(record.run, tool, RunWatch(tool, adapter.sessions, self.known.prices, began))
        self._watched[record.spec.id] = watched
        return watched

    def _tool_of(self, record: Instance) -> str:
        if record.spec.kind is Kind.MISSION:
            return ""
        shown = self._tools.get(record.spec.id, "")
        if record.spec.kind is Kind.COMMAND and record.spec.agent is not None:
            return record.spec.agent.tool
        return shown

    def _given(self, record: Instance, watched: _Watched) -> str:
        """The session that the tool was started with, before it is seen to have another."""
        agent = record.spec.agent
        return (
            agent.session if agent is not None and agent.tool == watched.tool and not watched.session else ""
        )

    def _environment(self, spec: InstanceSpec) -> Mapping[str, str]:
        return {**self._runner.environment_of(spec), **spec.environment}

    def _taken(self, record: Instance, tool: str) -> frozenset[str]:
        return frozenset(
            other.spec.agent.session
            for other in self.records.values()
            if other is not record
            and other.spec.agent is not None
            and other.spec.agent.tool == tool
            and other.program.active
        )

    # What is saved

    def _on_session(self, record: Instance, tool: str, session: str) -> None:
        agent = record.spec.agent
        if agent is None:
            runs_it = record.spec.kind is Kind.SHELL or tool in tool_names(record.spec.command)
            if runs_it:
                self.set_agent(record, AgentLaunch(tool, session))
        elif agent.tool == tool and agent.session != session:
            self.set_agent(record, msgspec.structs.replace(agent, session=session))
        elif agent.tool != tool and record.spec.kind is Kind.SHELL:
            self.set_agent(record, AgentLaunch(tool, session))

    def set_agent(self, record: Instance, agent: AgentLaunch | None) -> None:
        """Remember with an instance which tool it has, and in which session."""
        record.session_gone = False
        if record.spec.agent != agent:
            record.spec = msgspec.structs.replace(record.spec, agent=agent)
            self.saved_changed.emit()
            self.changed.emit(record.spec.id)
