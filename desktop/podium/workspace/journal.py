"""The interface for recording what happens in the workspace. It gets every change and picks out what is new."""

from collections.abc import Sequence
from typing import Protocol

from podium.core.costs import SessionCost
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec
from podium.core.protocol.backend import WorkerStatus
from podium.workspace.run_report import RunReport


class Journal(Protocol):
    """All methods are called on the window's thread, often, and must return at once."""

    def record_run(self, spec: InstanceSpec, run: RunReport) -> None:
        """The instance's current run is like this just now."""

    def record_worker(self, spec: InstanceSpec, status: WorkerStatus, program_pid: int) -> None:
        """The instance's worker is like this just now; ``program_pid`` is 0 while no program runs."""

    def record_session_costs(self, costs: Sequence[SessionCost]) -> None:
        """The sessions of agents' tools cost this; some of it may have been told before."""

    def forget_instance(self, instance: InstanceId) -> None:
        """The instance was removed and has ended: no more calls follow for it."""


class NoJournal:
    """For windows that keep none."""

    def record_run(self, spec: InstanceSpec, run: RunReport) -> None:
        pass

    def record_worker(self, spec: InstanceSpec, status: WorkerStatus, program_pid: int) -> None:
        pass

    def record_session_costs(self, costs: Sequence[SessionCost]) -> None:
        pass

    def forget_instance(self, instance: InstanceId) -> None:
        pass
