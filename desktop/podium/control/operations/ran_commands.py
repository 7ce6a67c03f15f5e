"""The commands that shells have run at their prompts, asked of their sessions."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final

import msgspec

from podium.control.api.errors import ApiError
from podium.control.api.ran_commands import NEWEST, GetOutput, ListRan, RanInfo, RanList, RanOutput, RunLine
from podium.control.api.shapes import Done
from podium.control.bridge.futures import on_cancel, settle
from podium.control.bridge.gateway import DeferredBody
from podium.control.operations.context import OperationContext, require_instance, with_program
from podium.control.operations.session_queries import Failure, Outcome, PrintedOutput
from podium.control.operations.table import OperationTable
from podium.core.ids import InstanceId
from podium.core.protocol.command_reports import RanReport
from podium.core.protocol.command_requests import RanOutputWanted, RanWanted, RunAtPrompt

_NO_NUMBER: Final = 2**53
"""Above every command's."""


class RanCommandOperations:
    def __init__(self, context: OperationContext) -> None:
        self._context = context
        self._workspace = context.workspace
        self._sessions = context.sessions

    def register(self, table: OperationTable) -> None:
        table.add(ListRan, self._list)
        table.add(GetOutput, self._output)
        table.add(RunLine, self._run)

    def _list(self, call: ListRan) -> Future[Any]:
        instance = require_instance(self._workspace, call.id)
        wanted = RanWanted(0, call.before or _NO_NUMBER, call.limit)

        def answer(outcome: Outcome) -> object:
            return _ran_list(outcome) if isinstance(outcome, RanReport) else _no_session(outcome)

        return self._settled(instance, answer, lambda take: self._sessions.ran(instance, take, wanted))

    def _output(self, call: GetOutput) -> Future[Any]:
        instance = require_instance(self._workspace, call.id)
        wanted = RanOutputWanted(0, 0 if call.command == NEWEST else int(call.command))

        def answer(outcome: Outcome) -> object:
            if isinstance(outcome, PrintedOutput):
                return DeferredBody(lambda: _output(outcome))
            if isinstance(outcome, Failure) and not outcome.gone and not outcome.crowded:
                hint = f"podium ctl commands {instance} lists what there is."
                return ApiError(404, "unknown-command", outcome.reason, hint)
            return _no_session(outcome)

        return self._settled(instance, answer, lambda take: self._sessions.ran(instance, take, wanted))

    def _run(self, call: RunLine) -> Future[Any]:
        instance = with_program(self._workspace, call.id)

        def answer(outcome: Outcome) -> object:
            if isinstance(outcome, Failure):
                return ApiError(409, "not-at-prompt", outcome.reason)
            return Done()

        def send(request: Any) -> bool:
            return self._workspace.send(instance, request)

        wanted = RunAtPrompt(0, call.text)
        return self._settled(instance, answer, lambda take: self._sessions.type(send, instance, wanted, take))

    def _settled(
        self,
        instance: InstanceId,
        answer: Callable[[Outcome], object],
        ask: Callable[[Callable[[Outcome], None]], int],
    ) -> Future[Any]:
        """A future of what ``answer`` makes of the outcome of ``ask``."""
        future: Future[Any] = Future()

        def take(outcome: Outcome) -> None:
            value = answer(outcome)
            if isinstance(value, ApiError):
                value = self._context.unanswered(instance, value)
            settle(future, value)

        number = ask(take)
        on_cancel(future, lambda: self._sessions.drop(number))
        return future


def _ran_list(report: RanReport) -> RanList:
    commands = tuple(map(RanInfo.of, report.commands))
    return RanList(commands=commands, older=report.older, line_epoch=report.line_epoch)


def _output(printed: PrintedOutput) -> RanOutput:
    head = printed.head
    known = msgspec.structs.asdict(RanInfo.of(head.command)) | {"command": head.line}
    return RanOutput(**known, text=printed.text, left_out=head.left_out)


def _no_session(outcome: Outcome) -> ApiError:
    if isinstance(outcome, Failure):
        return ApiError(409, "no-session", outcome.reason, "Start it first." if outcome.gone else "")
    return ApiError(500, "internal", "Its session gave no answer.")
