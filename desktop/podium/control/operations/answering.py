"""Answers to agents' questions, over their sessions."""

from concurrent.futures import Future
from typing import Any

from podium.control.api.errors import ApiError
from podium.control.api.shapes import Done
from podium.control.api.terminals import AnswerInstance, Reply
from podium.control.bridge.futures import on_cancel, settle
from podium.control.operations.context import OperationContext, require_instance
from podium.control.operations.session_queries import Failure
from podium.control.operations.table import OperationTable
from podium.core.protocol.attention import AnswerQuestion


class AnswerOperations:
    def __init__(self, context: OperationContext) -> None:
        self._context = context

    def register(self, table: OperationTable) -> None:
        table.add(AnswerInstance, self._answer)

    def _answer(self, call: AnswerInstance) -> Future[Any]:
        instance = require_instance(self._context.workspace, call.id)
        view = self._context.workspace.view(instance)
        asked = view.attention.asked
        if asked is None:
            raise ApiError(
                409, "no-question", "It asks nothing on its screen.", "Look at its attention first."
            )
        if call.question is not None and call.question != view.question:
            raise ApiError(409, "another-question", "It asks something else now.", "Look at it again.")
        future: Future[Any] = Future()

        def receive(outcome: object) -> None:
            if isinstance(outcome, Failure):
                refusal = ApiError(409, "not-answered", outcome.reason)
                settle(future, self._context.unanswered(instance, refusal))
            else:
                settle(future, Done())

        query = AnswerQuestion(0, asked, call.answer is Reply.ALLOW)
        number = self._context.sessions.answer(instance, query, receive)
        on_cancel(future, lambda: self._context.sessions.drop(number))
        return future
