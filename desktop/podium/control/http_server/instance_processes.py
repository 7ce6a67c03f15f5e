"""The processes of the instances, by which a caller is known to run inside of one."""

import os
from collections.abc import Iterable

from podium.control.http_server.peers import InstanceTrees
from podium.core.ids import InstanceId
from podium.core.protocol.backend import LIVE_STATES, BackendListener, WorkerStatus
from podium.core.protocol.reports import ExitedReport, Report, StatusReport


class InstanceProcesses:
    """A BackendListener in front of another. Lives on the main thread; ``trees`` may be read on any."""

    def __init__(self, onward: BackendListener, statuses: Iterable[WorkerStatus]) -> None:
        """``statuses`` are those of the workers there are by now."""
        self._onward = onward
        self._workers: dict[InstanceId, tuple[int | None, str]] = {}
        self._programs: dict[InstanceId, int] = {}
        for status in statuses:
            self._note_worker(status)
        self.trees = InstanceTrees({}, {})
        """Another one each time something changes."""
        self._renew()

    def worker_changed(self, status: WorkerStatus) -> None:
        if self._note_worker(status):
            self._renew()
        self._onward.worker_changed(status)

    def session_reported(self, instance: InstanceId, report: Report) -> None:
        if isinstance(report, StatusReport) and report.program_pid:
            if self._programs.get(instance) != report.program_pid:
                self._programs[instance] = report.program_pid
                self._renew()
        elif isinstance(report, ExitedReport) and self._programs.pop(instance, None) is not None:
            self._renew()
        self._onward.session_reported(instance, report)

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
