"""Searches what instances show and have shown, through their sessions."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, Final

from podium.control.api.errors import ApiError
from podium.control.api.finding import FindInAll, FindInInstance, FoundInAll, FoundInInstance, LineFound
from podium.control.bridge.futures import on_cancel, settle
from podium.control.operations.context import OperationContext, require_instance
from podium.control.operations.table import OperationTable
from podium.core.finding.query import SearchQuery
from podium.core.ids import InstanceId
from podium.core.protocol.reports import ErrorReport
from podium.sessions.found_lines import Failure, FoundLines

MAX_SEARCHES: Final = 8
"""Calls that search at a time: people's own searches need room in the sessions too."""

Found = dict[InstanceId, FoundLines | Failure]


class FindingOperations:
    def __init__(self, context: OperationContext) -> None:
        self._context = context
        self._workspace = context.workspace
        self._running = 0

    def register(self, table: OperationTable) -> None:
        table.add(FindInInstance, self._find)
        table.add(FindInAll, self._find_all)

    def _find(self, call: FindInInstance) -> Future[Any]:
        instance = require_instance(self._workspace, call.id)

        def answer(found: Found) -> object:
            what = found[instance]
            if isinstance(what, FoundLines):
                return self._found_in(instance, what)
            return self._context.unanswered(instance, _refusal(what))

        return self._search([instance], _query(call), call.limit, answer)

    def _find_all(self, call: FindInAll) -> Future[Any]:
        def answer(found: Found) -> object:
            failures = [what for what in found.values() if isinstance(what, ErrorReport)]
            if failures and not any(isinstance(what, FoundLines) for what in found.values()):
                return _refusal(failures[0])
            there = [instance for instance in self._workspace.ids() if instance in found]
            instances = tuple(self._found_in(instance, found[instance]) for instance in there)
            return FoundInAll(matches=sum(one.matches for one in instances), instances=instances)

        return self._search(self._workspace.ids(), _query(call), call.limit, answer)

    def _search(
        self,
        instances: Sequence[InstanceId],
        query: SearchQuery,
        limit: int,
        answer: Callable[[Found], object],
    ) -> Future[Any]:
        """Settled with what ``answer`` makes of it, when all instances have answered."""
        if self._running >= MAX_SEARCHES:
            raise ApiError(409, "busy", f"{MAX_SEARCHES} searches run already.", "Try again in a moment.")
        future: Future[Any] = Future()
        search = self._context.sessions.search(instances, self._workspace.send)
        found: Found = {}

        def receive(instance: InstanceId, what: FoundLines | Failure) -> None:
            found[instance] = what
            if len(found) == len(instances):
                self._running -= 1
                settle(future, answer(found))

        def cancel() -> None:
            if search.waiting:
                self._running -= 1
                search.cancel()

        self._running += 1
        if not instances:
            self._running -= 1
            settle(future, answer(found))
        search.begin(query, limit, receive)
        on_cancel(future, cancel)
        return future

    def _found_in(self, instance: InstanceId, found: FoundLines | Failure) -> FoundInInstance:
        name = self._workspace.view(instance).spec.name
        if not isinstance(found, FoundLines):
            reason = found.message if isinstance(found, ErrorReport) else found.reason
            return FoundInInstance(id=instance, name=name, matches=0, lines=(), reason=reason)
        return FoundInInstance(
            id=instance,
            name=name,
            matches=found.total,
            lines=tuple(
                LineFound(line=line.number, text=line.text, spans=line.spans) for line in found.lines
            ),
            line_epoch=found.line_epoch,
        )


def _query(call: FindInInstance | FindInAll) -> SearchQuery:
    return SearchQuery(call.text, call.case, call.word, call.regex)


def _refusal(failure: Failure) -> ApiError:
    if isinstance(failure, ErrorReport):
        return ApiError(422, "bad-pattern", failure.message)
    return ApiError(409, "no-session", failure.reason, "Start it first.")
