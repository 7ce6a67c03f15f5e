"""Writes runs and processes into the history, as the workspace sees them. Nothing here waits: the history's own thread
does the writing.
"""

import os
import time
from collections.abc import Callable, Sequence

import msgspec

from podium.core.clock import Clock, monotonic
from podium.core.costs import SessionCost
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind
from podium.core.protocol.backend import LIVE_STATES, WorkerStatus
from podium.core.protocol.reports import ProcessLeft
from podium.core.runs import Run
from podium.core.system.process_identity import identity
from podium.history import ledger, runs, session_costs
from podium.history.database import Database
from podium.history.ledger import LedgerEntry
from podium.history.writer import HistoryThread
from podium.workspace.launch import command_text
from podium.workspace.run_report import RunReport
from podium.workspace.usage.blocked_journal import BlockedJournal


class HistoryJournal:
    """A Journal that keeps everything. All methods are called on the window's thread."""

    def __init__(
        self, history: HistoryThread, wall: Callable[[], float] = time.time, clock: Clock = monotonic
    ) -> None:
        """``clock`` is the workspace's, ``wall`` what people call the time."""
        self.runs_changed: Callable[[], None] = lambda: None
        """Called when a run has begun or ended; what is asked then knows of it."""
        self._history = history
        self._wall = wall
        self._clock = clock
        self.blocked = BlockedJournal(history, wall, clock)
        self._pid = os.getpid()
        self._identity = identity(self._pid)
        self._runs: dict[InstanceId, Run] = {}
        self._processes: dict[str, tuple[InstanceSpec, int, int]] = {}
        """By marker: whose worker it is, its pid, its program's pid."""
        self._left: dict[str, tuple[ProcessLeft, ...]] = {}
        """By marker: the processes that the worker reported as living on."""

    @property
    def markers(self) -> dict[str, Kind]:
        """The markers of all workers that may have left something, and whose workers they are."""
        return {marker: spec.kind for marker, (spec, _, _) in self._processes.items()}

    def record_run(self, spec: InstanceSpec, run: RunReport) -> None:
        self.blocked.observe(spec.id, run)
        known = self._runs.get(spec.id)
        if known is None or known.id != run.id:
            known = self._begin(spec, run)
            if not run.over:
                return
        if known.ended_at is not None:
            return
        now = msgspec.structs.replace(
            known,
            outcome=run.outcome,
            exit_code=run.exit_code,
            exit_signal=run.exit_signal,
            reason=run.reason,
            rounds=run.rounds,
            agents=run.agents,
            cost_usd=run.cost.usd,
            cost_simulated=run.cost.simulated,
            cost_estimated=run.cost.estimated,
            tokens_in=run.cost.tokens_in,
            tokens_out=run.cost.tokens_out,
            restarts=run.restarts,
            ended_at=self._wall() if run.over else None,
        )
        if now == known:
            return
        self._runs[spec.id] = now = msgspec.structs.replace(now, seconds=run.seconds)
        if run.over:
            self._history.submit(lambda database: runs.end(database, now))
            self.runs_changed()
        else:
            self._progress(now)

    def _progress(self, run: Run) -> None:
        self._history.submit(lambda database: runs.progress(database, run), replaces=run.id)

    def _begin(self, spec: InstanceSpec, run: RunReport) -> Run:
        begun = Run(
            id=run.id,
            instance=spec.id,
            name=spec.name,
            kind=spec.kind,
            what=command_text(spec),
            folder=spec.folder,
            theme=spec.theme.value,
            started_at=self._wall() - (self._clock() - run.started),
            owner_pid=self._pid,
            owner_identity=self._identity,
            restarts=run.restarts,
        )
        self._runs[spec.id] = begun
        self._history.submit(lambda database: runs.begin(database, begun))
        self.runs_changed()
        return begun

    def record_worker(self, spec: InstanceSpec, status: WorkerStatus, program_pid: int) -> None:
        # An ended worker stays in the ledger until somebody has looked whether it left anything: see ``forget``.
        if status.state not in LIVE_STATES or not status.marker or status.pid is None:
            return
        now = (spec, status.pid, program_pid)
        if self._processes.get(status.marker) != now:
            self._processes[status.marker] = now
            self._remember(status.marker)

    def _remember(self, marker: str) -> None:
        spec, worker_pid, program_pid = self._processes[marker]

        def write(database: Database) -> None:
            entry = LedgerEntry(
                marker=marker,
                instance=spec.id,
                name=spec.name,
                kind=spec.kind,
                worker_pid=worker_pid,
                worker_identity=identity(worker_pid),
                program_pid=program_pid,
                program_identity=identity(program_pid),
                owner_pid=self._pid,
                owner_identity=self._identity,
                recorded_at=self._wall(),
            )
            ledger.remember(database, entry)

        self._history.submit(write)

    def record_left(self, marker: str, left: tuple[ProcessLeft, ...]) -> None:
        """The worker reported that these live on. They need not carry its marker, so each has an entry of its own."""
        if marker not in self._processes:
            return
        spec, worker_pid, _ = self._processes[marker]
        gone = set(self._left.get(marker, ())) - set(left)
        new = set(left) - set(self._left.get(marker, ()))
        self._left[marker] = left

        def write(database: Database) -> None:
            for process in gone:
                ledger.forget(database, _left_marker(marker, process))
            for process in new:
                entry = LedgerEntry(
                    marker=_left_marker(marker, process),
                    instance=spec.id,
                    name=spec.name,
                    kind=spec.kind,
                    worker_pid=worker_pid,
                    worker_identity="",
                    program_pid=process.pid,
                    program_identity=process.started,
                    owner_pid=self._pid,
                    owner_identity=self._identity,
                    recorded_at=self._wall(),
                )
                ledger.remember(database, entry)

        if gone or new:
            self._history.submit(write)

    def forget(self, marker: str) -> None:
        """Nothing of this worker is left, or what is left may stay."""
        self.record_left(marker, ())
        self._left.pop(marker, None)
        if self._processes.pop(marker, None) is not None:
            self._history.submit(lambda database: ledger.forget(database, marker))

    def record_session_costs(self, costs: Sequence[SessionCost]) -> None:
        self._history.submit(lambda database: session_costs.record(database, costs))

    def forget_instance(self, instance: InstanceId) -> None:
        """Its runs are in the history; what was known of the last one is only there to notice changes."""
        self._runs.pop(instance, None)
        self.blocked.forget_instance(instance)

    def write_again(self) -> None:
        """The history was begun anew: what is going on now has to be in it."""
        for run in self._runs.values():
            if run.ended_at is None:
                self._progress(run)
        for marker in self._processes:
            self._remember(marker)
        self.blocked.write_again()


def _left_marker(marker: str, process: ProcessLeft) -> str:
    return f"{marker}:{process.pid}"
