"""A terminal's lines for a document, a page at a time: never more than a page is on its way."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from podium.control.api.errors import ApiError
from podium.control.api.exporting import Export, ExportedDocument, ReadLines
from podium.control.bridge.futures import on_cancel, settle
from podium.control.operations.context import OperationContext, require_instance
from podium.control.operations.session_queries import Failure, Outcome, Rows, ScreenNow
from podium.control.operations.table import OperationTable
from podium.core.exporting.document import DocumentStyle
from podium.core.exporting.pages import LinePage, TerminalLines
from podium.core.ids import InstanceId
from podium.core.protocol.frames import ScreenMode
from podium.core.protocol.requests import Request
from podium.core.themes import load_theme


class ExportOperations:
    def __init__(self, context: OperationContext) -> None:
        self._context = context

    def register(self, table: OperationTable) -> None:
        table.add(Export, self._export)
        table.add(ReadLines, self._read_lines)

    def _export(self, call: Export) -> Future[Any]:
        instance = require_instance(self._context.workspace, call.id)
        spec = self._context.workspace.view(instance).spec
        theme = load_theme(spec.theme).variant(call.scheme)

        def make(now: ScreenNow) -> ExportedDocument:
            head = now.head
            lines = TerminalLines(head.columns, head.lines, head.oldest_line, _page(now.rows))
            reverse = bool(head.modes & ScreenMode.REVERSE_SCREEN)
            return ExportedDocument(
                format=call.format, lines=lines, style=DocumentStyle(spec.name, theme, {}, reverse)
            )

        return self._ask(instance, make)

    def _read_lines(self, call: ReadLines) -> Future[Any]:
        instance = require_instance(self._context.workspace, call.id)
        return self._ask(instance, lambda now: _page(now.rows), call.first, call.count)

    def _ask(
        self, instance: InstanceId, make: "Any", first: int | None = None, count: int = 0
    ) -> Future[Any]:
        future: Future[Any] = Future()
        sessions = self._context.sessions
        asked: list[int] = []

        def ask(send: Callable[[Request], bool] | None) -> None:
            def receive(outcome: Outcome) -> None:
                if isinstance(outcome, ScreenNow):
                    settle(future, make(outcome))
                elif isinstance(outcome, Failure) and outcome.gone and send is None:
                    # The workspace answers from what was kept of the session.
                    ask(lambda request: self._context.workspace.send(instance, request))
                else:
                    reason = outcome.reason if isinstance(outcome, Failure) else "Its session gave no answer."
                    settle(future, self._context.unanswered(instance, ApiError(409, "no-session", reason)))

            asked.append(sessions.screen(instance, receive, first, count, send))

        ask(None)
        on_cancel(future, lambda: [*map(sessions.drop, asked)])
        return future


def _page(rows: Rows) -> LinePage:
    return LinePage(rows.line_epoch, rows.first, rows.lines, rows.attributes)
