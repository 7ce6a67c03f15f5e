"""The processes of the instances, by which a caller is known to run inside of one."""

import os

from podium.control.http_server.peers import InstanceTrees
from podium.core.ids import InstanceId
from podium.core.protocol.backend import LIVE_STATES, WorkerStatus
from podium.core.protocol.reports import ExitedReport, StatusReport
from podium.sessions.hub import SessionHub


class InstanceProcesses:
    """Lives on the main thread; ``trees`` may be read on any."""

    def __init__(self, sessions: SessionHub) -> None:
        self._workers: dict[InstanceId, tuple[int | None, str]] = {}
        self._programs: dict[InstanceId, int] = {}
        for status in sessions.backend.statuses().values():
            self._note_worker(status)
        self.trees = InstanceTrees({}, {})
        """Another one each time something changes."""
        self._renew()
        sessions.subscribe(WorkerStatus, self._on_worker)
        sessions.subscribe(StatusReport, self._on_status)
        sessions.subscribe(ExitedReport, self._on_exited)

    def _on_worker(self, _instance: InstanceId, status: WorkerStatus) -> None:
        if self._note_worker(status):
            self._renew()

    def _on_status(self, instance: InstanceId, report: StatusReport) -> None:
        # Where the worker has no pid here, neither has its program.
        pid, _ = self._workers.get(instance, (None, ""))
        if pid is not None and report.program_pid and self._programs.get(instance) != report.program_pid:
            self._programs[instance] = report.program_pid
            self._renew()

    def _on_exited(self, instance: InstanceId, _report: ExitedReport) -> None:
        if self._programs.pop(instance, None) is not None:
            self._renew()

    def _note_worker(self, status: WorkerStatus) -> bool:
        """True when that is new."""
        now = (status.pid, status.marker) if status.state in LIVE_STATES else None
        if now == self._workers.get(status.instance):
            return False
        if now is None:
            del self._workers[status.instance]
            self._programs.pop(status.instance, None)
        else:
            self._workers[status.instance] = now
        return True

    def _renew(self) -> None:
        pids = {pid: instance for instance, (pid, _) in self._workers.items() if pid is not None}
        pids.pop(os.getpid(), None)  # Without a pool sessions run in this program itself.
        pids |= {pid: instance for instance, pid in self._programs.items()}
        markers = {marker: instance for instance, (_, marker) in self._workers.items() if marker}
        self.trees = InstanceTrees(pids, markers)
