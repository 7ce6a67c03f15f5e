"""Life of an instance: its record and supervisor get the session's messages; the supervisor's actions are executed."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject

from podium.core.clock import Clock
from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.core.protocol.backend import LIVE_STATES, SessionBackend, WorkerStatus
from podium.core.protocol.events import typed_event
from podium.core.protocol.exits import crashed, restarts_by_itself
from podium.core.protocol.reports import EventReport, ExitedReport, StatusReport
from podium.supervision.program_states import Action
from podium.workspace.instances.aftermath import Aftermath
from podium.workspace.instances.changes import Changes
from podium.workspace.instances.instance import Instance
from podium.workspace.instances.program_runner import ProgramRunner
from podium.workspace.journal import Journal
from podium.workspace.kept_screens import KeptScreens


class Lifecycle:
    """Belongs to the workspace, whose records it works on."""

    def __init__(
        self,
        backend: SessionBackend,
        records: Mapping[InstanceId, Instance],
        runner: ProgramRunner,
        aftermath: Aftermath,
        journal: Journal,
        kept: KeptScreens,
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        self.changes = Changes(records, journal, clock, parent)
        runner.changed.connect(self.changes.mark)
        aftermath.changed.connect(self.changes.mark)
        self._backend = backend
        self._records = records
        self._runner = runner
        self._aftermath = aftermath
        self._journal = journal
        self._kept = kept
        self._clock = clock
        self._quit_at: float | None = None

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

    def on_worker(self, record: Instance, status: WorkerStatus) -> None:
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

    def on_status(self, record: Instance, report: StatusReport) -> None:
        record.program.on_status(report.state)
        record.on_status(report, self._clock())
        self._journal.record_worker(record.spec, self._backend.status(record.spec.id), record.program_pid)
        self.execute(record, ())

    def on_event(self, record: Instance, report: EventReport) -> str:
        """Why the event makes no sense; "" when it does, or is none of Podium's."""
        try:
            event = typed_event(report.name, report.data)
        except ValueError as error:
            return str(error)
        if event is not None:
            record.on_event(event, self._clock())
        self.changes.mark(record.spec.id)
        return ""

    def on_exited(self, record: Instance, report: ExitedReport) -> None:
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
