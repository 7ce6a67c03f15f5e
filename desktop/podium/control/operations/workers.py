"""The worker processes behind the instances."""

from typing import Final

from podium.control.api.workers import GetWorkersHealth, WorkerHealth, WorkersHealth
from podium.control.operations.context import OperationContext
from podium.control.operations.table import OperationTable
from podium.core.protocol.backend import WorkerState

_UNHEALTHY: Final = frozenset({WorkerState.BACKOFF, WorkerState.FAILED})


class WorkerOperations:
    def __init__(self, context: OperationContext) -> None:
        self._workspace = context.workspace
        self._snapshots = context.snapshots

    def register(self, table: OperationTable) -> None:
        table.add(GetWorkersHealth, self._health)

    def _health(self, _call: GetWorkersHealth) -> WorkersHealth:
        states = self._snapshots.worker_states()
        statuses = self._snapshots.pool_statuses()
        workers = tuple(
            WorkerHealth(
                worker_id=instance,
                healthy=states.get(instance) not in _UNHEALTHY,
                pool_status=statuses.get(instance),
            )
            for instance in self._workspace.ids()
        )
        return WorkersHealth(
            healthy=all(worker.healthy for worker in workers),
            isolated=self._workspace.isolated,
            workers=workers,
        )
