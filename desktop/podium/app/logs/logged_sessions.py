"""Writes down what becomes of workers and programs, on its way to the workspace."""

from pathlib import PurePath
from typing import Final

from podium.app.logs.log_entries import InstanceLog, Logs
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind
from podium.core.protocol.backend import BackendListener, WorkerState, WorkerStatus
from podium.core.protocol.reports import ErrorReport, ExitedReport, ProgramState, Report, StatusReport
from podium.workspace.workspace import Workspace, WorkspaceError

_MOST_KNOWN: Final = 256
"""Instances whose last state is remembered; there are never that many at a time."""


class _Known:
    """The last entries about one instance."""

    def __init__(self, log: InstanceLog) -> None:
        self.log = log
        self.worker: tuple[WorkerState, int, str] | None = None
        self.program_pid = 0


class LoggedSessions:
    """A BackendListener in front of ``workspace``: give it to the backend in the workspace's place."""

    def __init__(self, workspace: Workspace, logs: Logs, listener: BackendListener | None = None) -> None:
        """``listener`` gets all of it afterwards; the workspace by default."""
        self._workspace = workspace
        self._logs = logs
        self._next: BackendListener = listener or workspace
        self._known: dict[InstanceId, _Known] = {}

    def worker_changed(self, status: WorkerStatus) -> None:
        known = self._of(status.instance)
        state = (status.state, status.generation, status.reason)
        if state != known.worker:
            known.worker = state
            known.log.worker_changed(status)
        if status.state is not WorkerState.RUNNING:
            known.program_pid = 0
        self._next.worker_changed(status)

    def session_reported(self, instance: InstanceId, report: Report) -> None:
        match report:
            case StatusReport(state=ProgramState.RUNNING):
                self._program_runs(instance, report.program_pid)
            case ExitedReport():
                known = self._of(instance)
                known.program_pid = 0
                known.log.program_exited(report)
            case ErrorReport():
                self._of(instance).log.refused(report.message)
        self._next.session_reported(instance, report)

    def worker_printed(self, instance: InstanceId, lines: tuple[str, ...]) -> None:
        """For the pool's signal of that name."""
        self._of(instance).log.worker_printed(lines)

    def tree_killed(self, instance: InstanceId, pid: int) -> None:
        """For the pool's signal of that name."""
        self._of(instance).log.tree_killed(pid)

    def _program_runs(self, instance: InstanceId, pid: int) -> None:
        known = self._of(instance)
        if pid == known.program_pid:
            return  # It only has another title.
        known.program_pid = pid
        try:
            spec = self._workspace.view(instance).spec
        except WorkspaceError:
            return  # It is being closed.
        program, arguments = _program(spec)
        known.log.program_started(program, arguments, pid)

    def _of(self, instance: InstanceId) -> _Known:
        known = self._known.get(instance)
        if known is None:
            while len(self._known) >= _MOST_KNOWN:
                del self._known[next(iter(self._known))]
            known = self._known[instance] = _Known(self._logs.instance(instance))
        return known


def _program(spec: InstanceSpec) -> tuple[str, int]:
    """The name of what an instance runs and how many arguments it has: no more of a command line is written down."""
    if spec.kind is Kind.MISSION:
        return "mission", 0
    if not spec.command:
        return "shell", 0
    return PurePath(spec.command[0]).name, len(spec.command) - 1
