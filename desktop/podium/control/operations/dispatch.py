"""From a call to the operation that carries it out."""

from collections.abc import Callable, Iterable
from typing import Any

from podium.control.api.shapes import Call
from podium.control.operations.application.service import ServiceOperations
from podium.control.operations.attention import AttentionOperations
from podium.control.operations.commands import CommandOperations
from podium.control.operations.context import OperationContext
from podium.control.operations.exporting import ExportOperations
from podium.control.operations.finding import FindingOperations
from podium.control.operations.instances import InstanceOperations
from podium.control.operations.missions import MissionOperations
from podium.control.operations.ran_commands import RanCommandOperations
from podium.control.operations.table import Operations, OperationTable
from podium.control.operations.terminals import OpenTerminal, TerminalOperations
from podium.control.operations.window import WindowOperations
from podium.control.operations.workers import WorkerOperations
from podium.control.operations.workspaces import WorkspaceOperations
from podium.core.clock import Clock, monotonic


class Dispatcher:
    """The operations behind the gateway. Lives on the main thread."""

    def __init__(
        self,
        context: OperationContext,
        epoch: str,
        more: Iterable[Operations] = (),
        clock: Clock = monotonic,
    ) -> None:
        """``epoch`` is the events'; ``more`` are operations that need more than the context."""
        self._terminals = TerminalOperations(context)
        self.table = OperationTable()
        every: list[Operations] = [
            ServiceOperations(context, epoch, clock),
            InstanceOperations(context),
            AttentionOperations(context),
            WorkerOperations(context),
            self._terminals,
            ExportOperations(context),
            FindingOperations(context),
            RanCommandOperations(context),
            MissionOperations(context),
            CommandOperations(context),
            WindowOperations(context),
            WorkspaceOperations(context),
            *more,
        ]
        for operations in every:
            operations.register(self.table)

    def carry_out(self, call: Call) -> Any:
        """The answer, or a Future of it. Raises ApiError."""
        return self.table.operation(type(call))(call)

    def open_terminal(
        self, instance: str, receive: Callable[[bytes], None], ended: Callable[[], None]
    ) -> OpenTerminal:
        """Raises ApiError 404."""
        return self._terminals.open_terminal(instance, receive, ended)
