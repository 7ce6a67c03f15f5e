"""The worker pool: one supervised process per instance. Carries out what each WorkerSupervisor decides."""

from collections.abc import Callable, Collection, Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from podium.core.clock import Clock, monotonic
from podium.core.ids import InstanceId
from podium.core.protocol.backend import (
    LIVE_STATES,
    BackendError,
    DuplicateWorker,
    SessionConfig,
    SessionSink,
    UnknownWorker,
    WorkerRunning,
    WorkerState,
    WorkerStatus,
)
from podium.core.protocol.requests import Request
from podium.core.system.reexec import podium_command
from podium.pool.launch_queue import LaunchQueue
from podium.pool.worker import Worker
from podium.supervision.policy import Policy


class WorkerPool(QObject):
    """A SessionBackend with a process for each session."""

    worker_printed = Signal(str, object)
    """Instance id and new lines (a tuple of texts) of its worker's own diagnostics."""
    tree_killed = Signal(str, int)
    """Instance id and pid of a worker that is killed with all it started."""

    def __init__(
        self,
        sink: SessionSink,
        policy: Policy | None = None,
        command: tuple[str, ...] = podium_command("worker"),
        clock: Clock = monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._sink = sink
        self._policy = policy or Policy()
        self._command = command
        self._clock = clock
        self._workers: dict[InstanceId, Worker] = {}
        self._launches = LaunchQueue(parent=self)
        self._done: list[Callable[[], None]] = []
        self._closing = False

    @property
    def isolated(self) -> bool:
        return True

    def start_first(self, in_sight: Callable[[], Collection[InstanceId]]) -> None:
        """Of workers that wait to be started, those of the instances it returns go first, in its order."""
        self._launches.in_sight = in_sight

    def spawn(self, instance: InstanceId, config: SessionConfig) -> None:
        if self._closing:
            raise BackendError("Podium is closing.")
        known = self._workers.get(instance)
        if known is not None:
            if known.state not in (WorkerState.STOPPED, WorkerState.FAILED):
                raise DuplicateWorker(f"{instance} has a worker already; it is {known.state}.")
            self._forget(instance)
        worker = Worker(
            instance,
            config,
            self._policy,
            self._command,
            self._clock,
            self._launches,
            lambda report: self._sink.session_reported(instance, report),
            self,
        )
        worker.changed.connect(self._on_changed)
        worker.printed.connect(self.worker_printed)
        worker.tree_killed.connect(self.tree_killed)
        self._workers[instance] = worker
        worker.spawn()

    def send_to(self, instance: InstanceId, request: Request) -> bool:
        worker = self._workers.get(instance)
        return worker is not None and worker.send(request)

    def restart(self, instance: InstanceId) -> None:
        self._worker(instance).restart()

    def kill(self, instance: InstanceId) -> None:
        self._worker(instance).stop()

    def remove(self, instance: InstanceId) -> None:
        worker = self._worker(instance)
        if worker.state not in (WorkerState.STOPPED, WorkerState.FAILED):
            raise WorkerRunning(f"{instance} is {worker.state}; stop it first.")
        self._forget(instance)

    def status(self, instance: InstanceId) -> WorkerStatus:
        return self._worker(instance).status()

    def statuses(self) -> Mapping[InstanceId, WorkerStatus]:
        return {instance: worker.status() for instance, worker in self._workers.items()}

    def active_count(self) -> int:
        return sum(
            worker.state in LIVE_STATES or worker.state is WorkerState.BACKOFF
            for worker in self._workers.values()
        )

    def shutdown_all(self, done: Callable[[], None]) -> None:
        self._closing = True
        self._done.append(done)
        for worker in tuple(self._workers.values()):
            worker.quit()
        # In the next step even if nothing runs: ``done`` is never called before this returns.
        QTimer.singleShot(0, self._report_when_done)

    def _worker(self, instance: InstanceId) -> Worker:
        worker = self._workers.get(instance)
        if worker is None:
            raise UnknownWorker(f"There is no worker for {instance}.")
        return worker

    def _forget(self, instance: InstanceId) -> None:
        worker = self._workers.pop(instance)
        self._launches.leave(instance)
        worker.changed.disconnect(self._on_changed)
        worker.close()

    def _on_changed(self, status: WorkerStatus) -> None:
        self._sink.worker_changed(status)
        self._report_when_done()

    def _report_when_done(self) -> None:
        if self._done and not self.active_count():
            waiting, self._done = self._done, []
            for done in waiting:
                done()
