"""From a call to what carries it out."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from podium import __version__
from podium.control.api import calls
from podium.control.api.answers import Health
from podium.control.api.calls import Call
from podium.control.api.errors import ApiError
from podium.control.operations.commands import CommandOperations
from podium.control.operations.context import OperationContext, Table
from podium.control.operations.instances import InstanceOperations
from podium.control.operations.terminals import OpenTerminal, TerminalOperations
from podium.control.operations.window import WindowOperations
from podium.core.clock import Clock, monotonic


class Dispatcher:
    """Operations of the gateway. Lives on the window's thread."""

    def __init__(
        self, context: OperationContext, epoch: str, tables: Iterable[Table] = (), clock: Clock = monotonic
    ) -> None:
        """``tables`` hold further operations; ``epoch`` is the events'."""
        self._context = context
        self._epoch = epoch
        self._clock = clock
        self._since = clock()
        self._terminals = TerminalOperations(context)
        self._table: Table = {
            calls.GetHealth: self._health,
            **InstanceOperations(context).table(),
            **self._terminals.table(),
            **CommandOperations(context).table(),
            **WindowOperations(context).table(),
        }
        for table in tables:
            self._table.update(table)

    def carry_out(self, call: Call) -> Any:
        operation = self._table.get(type(call))
        if operation is None:
            raise ApiError(409, "not-here", "This Podium does not keep that.")
        return operation(call)

    def open_terminal(
        self, instance: str, receive: Callable[[bytes], None], ended: Callable[[], None]
    ) -> OpenTerminal:
        return self._terminals.open_terminal(instance, receive, ended)

    def _health(self, _call: calls.GetHealth) -> Health:
        return Health(
            version=__version__,
            pid=os.getpid(),
            mode="window" if self._context.window is not None else "serve",
            isolated=self._context.workspace.isolated,
            uptime=round(self._clock() - self._since, 3),
            instances=len(self._context.workspace.ids()),
            epoch=self._epoch,
        )
