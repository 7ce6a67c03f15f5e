"""The history of runs and their costs, read on the history's threads."""

import logging
import math
import time
from collections.abc import Callable, Mapping
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
    UsageDay,
    UsageInfo,
    UsageInstance,
    UsageRow,
)
from podium.control.bridge.futures import settle
from podium.control.bridge.main_thread_gateway import Submit
from podium.control.operations.table import OperationTable
from podium.core.blocked import Blocked
from podium.core.ids import InstanceId
from podium.core.runs import Run
from podium.history import blocked, costs, runs, usage
from podium.history.costs import UsageTable
from podium.history.database import Database
from podium.history.runs import Cursor, Page, RunFilter
from podium.history.usage import Usage, UsageSummary
from podium.history.writer import HistoryThread

_DAYS: Final = 30
_log = logging.getLogger(__name__)


class RecordOperations:
    def __init__(
        self, history: HistoryThread, submit: Submit, count_waits: Callable[[], None] = lambda: None
    ) -> None:
        """``submit`` brings answers of the history's thread back to the window's; ``count_waits`` writes into the
        history what was waited up to now.
        """
        self._history = history
        self._submit = submit
        self._count_waits = count_waits

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

        def find(database: Database) -> tuple[Page, dict[str, Blocked]]:
            with database.reading():
                page = runs.find(database, wanted, before=before, limit=call.limit)
                return page, blocked.of_runs(database, [run.id for run in page.runs])

        self._count_waits()
        return self._ask(find, _page, much=bool(call.text))

    def _get(self, call: GetRun) -> Future[Any]:
        def find(database: Database) -> tuple[Run | None, dict[str, Blocked]]:
            with database.reading():
                return runs.get(database, call.run), blocked.of_runs(database, [call.run])

        def make(found: tuple[Run | None, dict[str, Blocked]]) -> object:
            run, waits = found
            if run is None:
                return ApiError(404, "unknown-run", "There is no such run.", "GET /api/history lists them.")
            return _run_info(run, waits)

        self._count_waits()
        return self._ask(find, make)

    def _usage(self, call: GetUsage) -> Future[Any]:
        until = call.until if call.until is not None else time.time()
        since = call.since if call.since is not None else until - _DAYS * runs.DAY

        def find(database: Database) -> tuple[UsageTable, UsageSummary]:
            with database.reading():
                return costs.usage(database, since, until), usage.summary(database, since, until)

        self._count_waits()
        return self._ask(find, _usage_info, much=True)


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


def _page(found: tuple[Page, dict[str, Blocked]]) -> HistoryPage:
    page, waits = found
    following = f"{page.next.started_at!r}-{page.next.id}" if page.next is not None else None
    return HistoryPage(runs=tuple(_run_info(run, waits) for run in page.runs), next=following)


def _run_info(run: Run, waits: Mapping[str, Blocked]) -> RunInfo:
    values = {**msgspec.structs.asdict(run), **_blocked(waits.get(run.id, Blocked()))}
    return RunInfo(**{name: values[name] for name in RunInfo.__struct_fields__})


def _usage_info(found: tuple[UsageTable, UsageSummary]) -> UsageInfo:
    table, sums = found
    return UsageInfo(
        rows=tuple(UsageRow(**msgspec.structs.asdict(row)) for row in table.rows),
        more=table.more,
        days=tuple(UsageDay(day=day, **_sums(used)) for day, used in sums.days),
        more_days=sums.more_days,
        instances=tuple(
            UsageInstance(instance=instance, runs=used.runs, **_sums(used))
            for instance, used in sums.instances
        ),
        more_instances=sums.more_instances,
        runs=sums.total.runs,
        **_sums(sums.total),
    )


def _sums(used: Usage) -> dict[str, Any]:
    return {
        "cost_usd": used.cost.usd,
        "simulated_usd": used.simulated_usd,
        "tokens_in": used.cost.tokens_in,
        "tokens_out": used.cost.tokens_out,
        "estimated": used.cost.estimated,
        **_blocked(used.blocked),
    }


def _blocked(waits: Blocked) -> dict[str, Any]:
    return {
        "blocked": waits.seconds,
        "questions": waits.questions,
        "longest_wait": waits.longest,
    }
