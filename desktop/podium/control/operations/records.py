"""The history of runs, what they cost, and mission files. All of it is read on other threads than the window's."""

import logging
import math
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final

import msgspec

from podium.control.api import calls
from podium.control.api.answers import (
    HistoryPage,
    MissionInfo,
    MissionsInfo,
    RunInfo,
    UsageInfo,
    UsageRow,
)
from podium.control.api.errors import ApiError
from podium.control.bridge.futures import settle
from podium.control.bridge.thread_gateway import Submit
from podium.control.operations.common import Parts, Table
from podium.control.operations.mission_check import check_failed, checked
from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.core.runs import Run
from podium.history import costs, runs
from podium.history.costs import UsageTable
from podium.history.runs import Cursor, Page, RunFilter
from podium.history.writer import HistoryThread

_DAYS: Final = 30
_log = logging.getLogger(__name__)


class RecordOperations:
    def __init__(self, parts: Parts, history: HistoryThread, submit: Submit) -> None:
        """``submit`` brings answers of the history's thread back to the window's."""
        self._workspace = parts.workspace
        self._history = history
        self._background = parts.background
        self._submit = submit

    def table(self) -> Table:
        return {
            calls.ListHistory: self._list,
            calls.GetRun: self._get,
            calls.GetUsage: self._usage,
            calls.ListMissions: self._missions,
            calls.CheckMission: self._check,
        }

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

    def _list(self, call: calls.ListHistory) -> Future[Any]:
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

    def _get(self, call: calls.GetRun) -> Future[Any]:
        def make(found: Run | None) -> object:
            if found is None:
                return ApiError(404, "unknown-run", "There is no such run.", "GET /api/history lists them.")
            return _run_info(found)

        return self._ask(lambda database: runs.get(database, call.run), make)

    def _usage(self, call: calls.GetUsage) -> Future[Any]:
        until = call.until if call.until is not None else time.time()
        since = call.since if call.since is not None else until - _DAYS * runs.DAY
        return self._ask(lambda database: costs.usage(database, since, until), _usage_info, much=True)

    def _missions(self, _call: calls.ListMissions) -> MissionsInfo:
        views = map(self._workspace.view, self._workspace.ids())
        return MissionsInfo(
            missions=tuple(
                MissionInfo(
                    instance=view.id, name=view.spec.name, file=view.spec.mission, state=view.state.value
                )
                for view in views
                if view.spec.kind is Kind.MISSION
            )
        )

    def _check(self, call: calls.CheckMission) -> Future[Any]:
        path = Path(call.file)
        if not path.is_absolute() or "\0" in call.file:
            raise ApiError(422, "bad-shape", "“file” must be an absolute path.")
        future: Future[Any] = Future()
        self._background(
            lambda: checked(path),
            lambda found: settle(future, found),
            lambda error: settle(future, check_failed(error)),
        )
        return future


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
