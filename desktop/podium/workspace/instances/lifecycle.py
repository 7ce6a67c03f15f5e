"""Life of an instance: its record and supervisor get the session's messages; the supervisor's actions are executed."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject

from podium.core.clock import Clock
from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.core.protocol.backend import LIVE_STATES, WorkerStatus
from podium.core.protocol.events import typed_event
from podium.core.protocol.exits import crashed, restarts_by_itself
from podium.core.protocol.reports import EventReport, ExitedReport, ProgressReport, StatusReport
from podium.sessions.hub import SessionHub
from podium.supervision.program_states import Action
from podium.workspace.instances.aftermath import Aftermath
from podium.workspace.instances.changes import Changes
from podium.workspace.instances.instance import Instance, in_sight
from podium.workspace.instances.program_runner import ProgramRunner
from podium.workspace.journal import Journal
from podium.workspace.kept_screens import KeptScreens


class Lifecycle:
    """Belongs to the workspace, whose records it works on."""

    def __init__(
        self,
        hub: SessionHub,
        records: Mapping[InstanceId, Instance],
        runner: ProgramRunner,
        aftermath: Aftermath,
        journal: Journal,
        kept: KeptScreens,
        clock: Clock,
        tell_error: Callable[[str], None],
        parent: QObject,
    ) -> None:
        """``tell_error`` gets words for a person."""
        self.changes = Changes(records, journal, clock, parent)
        self._tell_error = tell_error
        runner.changed.connect(self.changes.mark)
        aftermath.changed.connect(self.changes.mark)
        self._backend = hub.backend
        self._records = records
        self._runner = runner
        self._aftermath = aftermath
        self._journal = journal
        self._kept = kept
        self._clock = clock
        self._quit_at: float | None = None
        hub.subscribe(WorkerStatus, self._on_worker)
        hub.subscribe(StatusReport, self._on_status)
        hub.subscribe(ExitedReport, self._on_exited)
        hub.subscribe(EventReport, self._on_event)
        hub.subscribe(ProgressReport, self._on_task)

    @property
    def quitting(self) -> bool:
        """Everything is being ended; nothing starts any more."""
        return self._quit_at is not None

    def execute(self, record: Instance, actions: Sequence[Action]) -> None:
        """Carry out what ``record``'s supervisor decided."""
        self._runner.execute(record, actions)
        self.changes.mark(record.spec.id)

    def quit(self) -> None:
        """Start nothing from now on."""
        if self._quit_at is None:
            self._quit_at = self._clock()
        for record in tuple(self._records.values()):
            record.program.quit()
            self.execute(record, ())

    def killed(self) -> tuple[tuple[str, str], ...]:
        """Everything killed since ``quit``: the instance's name and what of it, for people."""
        since = self._quit_at
        if since is None:
            return ()
        found = ((record.spec.name, record.killed_since(since)) for record in self._records.values())
        return tuple((name, killed) for name, killed in found if killed)

    # What sessions tell

    def _on_worker(self, instance: InstanceId, status: WorkerStatus) -> None:
        record = self._records.get(instance)
        if record is None:
            return
        record.on_worker(status, self._clock())
        actions = record.program.on_worker(status.state, reruns=restarts_by_itself(record.spec))
        self._journal.record_worker(record.spec, status, record.program_pid)
        if status.state not in LIVE_STATES:
            if record.has_drawn and not self.quitting:
                self._kept.lost(record.spec.id)
            self._search_leftovers(record, status.marker, worker_ended=True)
            self._aftermath.check_resumable(record.spec)
        self.changes.mark(record.spec.id)  # How a run ended is written down before the next one begins.
        self.execute(record, actions)

    def _on_status(self, instance: InstanceId, report: StatusReport) -> None:
        record = in_sight(self._records, instance)
        if record is None:
            return
        record.program.on_status(report.state)
        record.on_status(report, self._clock())
        self._journal.record_worker(record.spec, self._backend.status(record.spec.id), record.program_pid)
        self.execute(record, ())

    def _on_event(self, instance: InstanceId, report: EventReport) -> None:
        record = in_sight(self._records, instance)
        if record is None:
            return
        try:
            event = typed_event(report.name, report.data)
        except ValueError as error:
            self._tell_error(f"{record.spec.name} sent an event that makes no sense: {error}")
            return
        if event is not None:  # Else it is none of Podium's.
            record.on_event(event, self._clock())
        self.changes.mark(instance)

    def _on_task(self, instance: InstanceId, report: ProgressReport) -> None:
        record = in_sight(self._records, instance)
        if record is not None:
            record.on_task(report)
            self.changes.mark(instance)

    def _on_exited(self, instance: InstanceId, report: ExitedReport) -> None:
        record = self._records.get(instance)
        if record is None:
            return
        marker = self._backend.status(record.spec.id).marker
        self._aftermath.note(marker, report.left)
        crash = restarts_by_itself(record.spec) and crashed(record.spec, report)
        if record.program.run is not None:
            record.on_exited(report, self._clock())
        actions = record.program.on_exited(crashed=crash)
        self.changes.mark(record.spec.id)
        if not record.program.closed:  # Out of sight, how it ended is history and nothing more.
            self._aftermath.check_resumable(record.spec)
            if record.spec.kind is Kind.SHELL:
                self._search_leftovers(record, marker, worker_ended=False)
        self.execute(record, actions)

    def _search_leftovers(self, record: Instance, marker: str, *, worker_ended: bool) -> None:
        if not self.quitting:  # At the end there is one look for all.
            self._aftermath.search_leftovers(record.spec, marker, worker_ended=worker_ended)
