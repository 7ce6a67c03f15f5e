"""The history of runs, and their costs."""

from typing import Annotated, Final

from msgspec import Meta

from podium.control.api.route import Route
from podium.control.api.scope import Access
from podium.control.api.shapes import Answer, Call, Name, Time
from podium.core.instances import Kind
from podium.core.runs import RunOutcome


class ListHistory(Call, frozen=True):
    """Runs, the newest first. ``since`` and ``until`` are seconds since 1970; ``before`` is the ``next`` of the page
    before.
    """

    instance: Name | None = None
    kind: Kind | None = None
    outcome: RunOutcome | None = None
    since: Time | None = None
    until: Time | None = None
    text: Annotated[str, Meta(max_length=200)] = ""
    limit: Annotated[int, Meta(ge=1, le=500)] = 100
    before: Annotated[str, Meta(max_length=128)] = ""


class GetRun(Call, frozen=True, kw_only=True):
    run: Annotated[str, Meta(max_length=64)]


class GetUsage(Call, frozen=True):
    """``since`` and ``until`` are seconds since 1970; by default the last 30 days."""

    since: Time | None = None
    until: Time | None = None


class RunInfo(Answer, frozen=True):
    """One run. Times are seconds since 1970 (UTC); null is unknown, or is not for this kind of run."""

    id: str
    instance: str
    name: str
    kind: str
    what: str
    folder: str
    theme: str
    started_at: float
    ended_at: float | None
    seconds: float | None
    outcome: str
    exit_code: int | None
    exit_signal: int | None
    reason: str
    rounds: int | None
    agents: int | None
    cost_usd: float | None
    cost_simulated: bool
    cost_estimated: bool
    tokens_in: int | None
    tokens_out: int | None
    restarts: int


class HistoryPage(Answer, frozen=True):
    """``next`` is what to give as ``before`` for older runs; null after the last."""

    runs: tuple[RunInfo, ...]
    next: str | None


class UsageRow(Answer, frozen=True):
    """What one agent of an instance cost on one day (local time, ``2026-01-31``), over ``entries`` single costs. Null
    is unknown; ``estimated`` says that a price table was asked, ``simulated`` that nobody was paid. ``source`` is
    ``mission``, or ``interactive`` for a tool that a person works with: then ``agent`` is the tool.
    """

    day: str
    instance: str
    agent: str
    source: str
    cost_usd: float | None
    tokens_in: int | None
    tokens_out: int | None
    estimated: bool
    simulated: bool
    entries: int


class UsageInfo(Answer, frozen=True):
    """The sums leave out what is simulated, which is summed up apart. They count ``more`` rows too: the oldest, which
    are left out of a list of 10,000; ask for fewer days to see them.
    """

    rows: tuple[UsageRow, ...]
    more: int
    cost_usd: float | None
    simulated_usd: float | None
    tokens_in: int | None
    tokens_out: int | None
    estimated: bool


ROUTES: Final[tuple[Route, ...]] = (
    Route(
        "GET",
        "/api/history",
        ListHistory,
        HistoryPage,
        Access.READ,
        "Runs, the newest first, filtered and in pages.",
    ),
    Route(
        "GET",
        "/api/history/{run}",
        GetRun,
        RunInfo,
        Access.READ,
        "One run.",
        {404: "There is no such run."},
    ),
    Route(
        "GET",
        "/api/usage",
        GetUsage,
        UsageInfo,
        Access.READ,
        "Cost and tokens by day, instance and agent.",
    ),
)
