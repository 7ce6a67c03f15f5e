"""The history of runs and their costs, read on the history's threads."""

import logging
import math
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final

import msgspec

from podium.control.api.errors import ApiError
from podium.control.api.records import (
    GetRun,
    GetUsage,
    HistoryPage,
    ListHistory,
    RunInfo,
    UsageInfo,
    UsageRow,
)
from podium.control.bridge.futures import settle
from podium.control.bridge.main_thread_gateway import Submit
from podium.control.operations.table import OperationTable
from podium.core.ids import InstanceId
from podium.core.runs import Run
from podium.history import costs, runs
from podium.history.costs import UsageTable
from podium.history.runs import Cursor, Page, RunFilter
from podium.history.writer import HistoryThread

_DAYS: Final = 30
_log = logging.getLogger(__name__)


class RecordOperations:
    def __init__(self, history: HistoryThread, submit: Submit) -> None:
        """``submit`` brings answers of the history's thread back to the window's."""
        self._history = history
        self._submit = submit

    def register(self, table: OperationTable) -> None:
        table.add(ListHistory, self._list)
        table.add(GetRun, self._get)
        table.add(GetUsage, self._usage)

    def _ask(
        self, work: Callable[[Any], Any], make: Callable[[Any], Any], *, much: bool = False
    ) -> Future[Any]:
        future: Future[Any] = Future()

        def then(answer: Any) -> None:
            self._submit(lambda: take(answer))

        def take(answer: Any) -> None:
            try:
                settle(future, make(answer))
            except Exception as error:
                _log.exception("An answer of the history could not be made")
                settle(future, ApiError(500, "no-history", f"The history makes no sense: {error}"))

        def failed(error: Exception) -> None:
            reason = f"The history can't be read: {error}"
            self._submit(lambda: settle(future, ApiError(500, "no-history", reason)))

        ask = self._history.ask_much if much else self._history.ask
        if not ask(work, then, failed):
            raise ApiError(503, "busy", "Too much is waiting for the history.", "Try again in a moment.")
        return future

    def _list(self, call: ListHistory) -> Future[Any]:
        wanted = RunFilter(
            instance=InstanceId(call.instance) if call.instance is not None else None,
            kind=call.kind,
            outcome=call.outcome,
            since=call.since,
            until=call.until,
            text=call.text,
        )
        before = _cursor(call.before)
        return self._ask(
            lambda database: runs.find(database, wanted, before=before, limit=call.limit),
            _page,
            much=bool(call.text),
        )

    def _get(self, call: GetRun) -> Future[Any]:
        def make(found: Run | None) -> object:
            if found is None:
                return ApiError(404, "unknown-run", "There is no such run.", "GET /api/history lists them.")
            return _run_info(found)

        return self._ask(lambda database: runs.get(database, call.run), make)

    def _usage(self, call: GetUsage) -> Future[Any]:
        until = call.until if call.until is not None else time.time()
        since = call.since if call.since is not None else until - _DAYS * runs.DAY
        return self._ask(lambda database: costs.usage(database, since, until), _usage_info, much=True)


def _cursor(text: str) -> Cursor | None:
    """Raises ApiError 422."""
    if not text:
        return None
    started, mark, id = text.partition("-")
    try:
        if mark and math.isfinite(at := float(started)):
            return Cursor(at, id)
    except ValueError:
        pass
    raise ApiError(422, "bad-shape", "“before” is the “next” of another page.")


def _page(page: Page) -> HistoryPage:
    following = f"{page.next.started_at!r}-{page.next.id}" if page.next is not None else None
    return HistoryPage(runs=tuple(map(_run_info, page.runs)), next=following)


def _run_info(run: Run) -> RunInfo:
    values = msgspec.structs.asdict(run)
    return RunInfo(**{name: values[name] for name in RunInfo.__struct_fields__})


def _usage_info(found: UsageTable) -> UsageInfo:
    return UsageInfo(
        rows=tuple(UsageRow(**msgspec.structs.asdict(row)) for row in found.rows),
        more=found.more,
        cost_usd=found.real.usd,
        simulated_usd=found.simulated.usd,
        tokens_in=found.real.tokens_in,
        tokens_out=found.real.tokens_out,
        estimated=found.real.estimated,
    )
