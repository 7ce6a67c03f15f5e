"""One worker of the pool: a WorkerSupervisor decides, a WorkerProcess executes, one timer keeps time."""

import uuid
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from podium import __version__
from podium.core.clock import Clock
from podium.core.ids import InstanceId
from podium.core.protocol.backend import LIVE_STATES, BackendError, SessionConfig, WorkerState, WorkerStatus
from podium.core.protocol.reports import Pong, Ready, Report
from podium.core.protocol.requests import Ping, Request, Shutdown, Start, TreePolicy
from podium.pool.launch_queue import LaunchQueue
from podium.pool.tree_killer import kill_tree, sweep
from podium.pool.worker_process import WorkerProcess
from podium.supervision.policy import Policy
from podium.supervision.worker_supervisor import (
    Action,
    Exit,
    IllegalTransition,
    KillTree,
    SendPing,
    SendShutdown,
    Spawn,
    WorkerSupervisor,
)

OTHER_VERSION: Final = (
    f"Podium {{}} was installed while {__version__} runs. Quit Podium and start it again; nothing is lost."
)


class Worker(QObject):
    """An instance's worker over all its spawns."""

    changed = Signal(object)
    """WorkerStatus: the state, the reason or the retry time is another."""
    printed = Signal(str, object)
    """Instance id and new lines (a tuple of texts) of a worker's own diagnostics."""
    tree_killed = Signal(str, int)
    """Instance id and pid of a worker that is killed with all it started."""

    def __init__(
        self,
        instance: InstanceId,
        config: SessionConfig,
        policy: Policy,
        command: tuple[str, ...],
        clock: Clock,
        launches: LaunchQueue,
        deliver: Callable[[Report], None],
        parent: QObject | None = None,
    ) -> None:
        """``deliver`` gets what its sessions report, of the current generation only."""
        super().__init__(parent)
        self._deliver = deliver
        self._launches = launches
        self._instance = instance
        self._config = config
        self._command = command
        self._clock = clock
        self._supervisor = WorkerSupervisor(policy, clock)
        self._process: WorkerProcess | None = None
        self._marker = ""
        self._whole_tree = True
        """Whether all that its program starts ends with it."""
        self._last_output: tuple[str, ...] = ()
        self._reported_status: WorkerStatus | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_due)

    @property
    def state(self) -> WorkerState:
        return self._supervisor.state

    def status(self) -> WorkerStatus:
        waits = self._launches.waits(self._instance)
        live = self._process is not None and not waits and self.state in LIVE_STATES
        return WorkerStatus(
            self._instance,
            self.state,
            self._supervisor.generation,
            self._process.pid if live and self._process is not None else None,
            self._supervisor.restart_count,
            self._supervisor.retry_in,
            self._supervisor.attempt,
            self._supervisor.policy.max_restarts,
            self._supervisor.reason,
            self._supervisor.forced,
            self._marker,
            tuple(self._process.stderr_lines) if self._process is not None else self._last_output,
            self._process.stderr_dropped if self._process is not None else 0,
            self._supervisor.breaker.value,
        )

    def spawn(self) -> None:
        self._carry_out(self._supervisor.spawn())

    def restart(self) -> None:
        """Raises BackendError when Podium is closing."""
        try:
            self._carry_out(self._supervisor.restart())
        except IllegalTransition as refused:
            raise BackendError(f"{self._instance} can't be restarted: {refused}.") from refused

    def stop(self) -> None:
        self._carry_out(self._supervisor.stop())

    def quit(self) -> None:
        self._carry_out(self._supervisor.quit())

    def close(self) -> None:
        """Forget the worker: later reports of its last process are dropped."""
        self._deliver = _nowhere
        self.deleteLater()

    def send(self, request: Request) -> bool:
        if isinstance(request, Start):
            self._whole_tree = request.tree is TreePolicy.TREE
        return self._process is not None and self.state is WorkerState.RUNNING and self._process.send(request)

    def _carry_out(self, actions: list[Action]) -> None:
        for action in actions:
            match action:
                case Spawn(generation=generation):
                    self._launches.enter(self._instance, lambda: self._launch(generation))
                case SendPing(number=number):
                    self._send_now(Ping(number))
                case SendShutdown(grace=grace):
                    self._send_now(Shutdown(grace))
                case KillTree() if self._process is not None and self._process.pid is not None:
                    self.tree_killed.emit(self._instance, self._process.pid)
                    kill_tree(self._process.pid, self._marker, self._whole_tree)
        if self.state is not WorkerState.STARTING and self._launches.leave(self._instance):
            # It was stopped before there was a process to stop.
            self._carry_out(self._supervisor.on_spawn_failed(self._supervisor.generation, ""))
            return
        self._set_timer()
        self._report_change()

    def _send_now(self, request: Request) -> None:
        """For supervision's own messages, which don't wait for the running state."""
        if self._process is not None:
            self._process.send(request)

    def _launch(self, generation: int) -> None:
        self._supervisor.on_launched(generation)
        self._start_process(generation)
        self._set_timer()
        self._report_change()

    def _start_process(self, generation: int) -> None:
        if self._process is not None:
            self._last_output = tuple(self._process.stderr_lines)
            self._process.deleteLater()
        process = WorkerProcess(
            lambda report: self._on_reported(generation, report), self._command, self._clock, self
        )
        marker = uuid.uuid4().hex
        self._process, self._marker = process, marker
        process.printed.connect(lambda lines: self.printed.emit(self._instance, lines))
        process.broke_protocol.connect(
            lambda reason: self._carry_out(self._supervisor.on_unhealthy(generation, reason))
        )
        process.ended.connect(lambda exit: self._on_ended(generation, marker, exit))
        process.could_not_start.connect(
            lambda reason: self._carry_out(self._supervisor.on_spawn_failed(generation, reason))
        )
        process.start()
        process.send(self._config.first_message(self._instance, marker))

    def _on_reported(self, generation: int, report: Report) -> None:
        if generation != self._supervisor.generation:
            return
        match report:
            case Ready(version=version) if version != __version__:
                # A package was put in place of the running one. Frames and requests may differ in every version.
                self._carry_out(self._supervisor.on_unusable(generation, OTHER_VERSION.format(version)))
            case Ready():
                self._carry_out(self._supervisor.on_ready(generation))
            case Pong(number=number):
                self._carry_out(self._supervisor.on_pong(generation, number))
            case _:
                self._deliver(report)

    def _on_ended(self, generation: int, marker: str, exit: Exit) -> None:
        if not exit.clean:
            sweep(marker)  # It may have had no time to end its program.
        self._carry_out(self._supervisor.on_exit(generation, exit))

    def _on_due(self) -> None:
        self._carry_out(self._supervisor.tick())

    def _set_timer(self) -> None:
        deadline = self._supervisor.next_deadline
        if deadline is None or self._launches.waits(self._instance):
            self._timer.stop()
        else:
            self._timer.start(max(0, round((deadline - self._clock()) * 1000) + 1))

    def _report_change(self) -> None:
        status = self.status()
        if status != self._reported_status:
            self._reported_status = status
            self.changed.emit(status)


def _nowhere(_report: Report) -> None: ...
