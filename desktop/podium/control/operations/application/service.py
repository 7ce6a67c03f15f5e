"""Podium itself: its health."""

import os

from podium import __version__
from podium.control.api.application.service import GetHealth, Health
from podium.control.operations.context import OperationContext
from podium.control.operations.table import OperationTable
from podium.core.clock import Clock, monotonic


class ServiceOperations:
    def __init__(self, context: OperationContext, epoch: str, clock: Clock = monotonic) -> None:
        """``epoch`` is the events'."""
        self._context = context
        self._epoch = epoch
        self._clock = clock
        self._since = clock()

    def register(self, table: OperationTable) -> None:
        table.add(GetHealth, self._health)

    def _health(self, _call: GetHealth) -> Health:
        return Health(
            version=__version__,
            pid=os.getpid(),
            mode="window" if self._context.window is not None else "serve",
            isolated=self._context.workspace.isolated,
            uptime=round(self._clock() - self._since, 3),
            instances=len(self._context.workspace.ids()),
            epoch=self._epoch,
        )
