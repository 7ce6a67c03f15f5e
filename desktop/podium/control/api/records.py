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
    """One run. Times are seconds since 1970 (UTC); null is unknown, or is not for this kind of run. It waited for a
    person for ``blocked`` seconds, over so many ``questions``, and for ``longestWait`` seconds at most.
    """

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
    blocked: float
    questions: int
    longest_wait: float


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


class UsageSums(Answer, frozen=True):
    """Costs and tokens leave out what is simulated, which is summed up apart. Programs waited for a person for
    ``blocked`` seconds, over so many ``questions``, and for ``longestWait`` seconds at most.
    """

    cost_usd: float | None
    simulated_usd: float | None
    tokens_in: int | None
    tokens_out: int | None
    estimated: bool
    blocked: float
    questions: int
    longest_wait: float


class UsageDay(UsageSums, frozen=True):
    """The sums of one day (local time, ``2026-01-31``). A wait over midnight belongs to both days; it counts as a
    question of the first.
    """

    day: str


class UsageInstance(UsageSums, frozen=True):
    """The sums of one instance, also of one that was removed; "" is what ran in other terminals. ``runs`` went on at
    that time, whenever they began.
    """

    instance: str
    runs: int


class UsageInfo(UsageSums, frozen=True):
    """``rows`` by day, instance and agent, ``days`` the newest first, ``instances`` the dearest first. The sums count
    ``more`` rows too: the oldest, which are left out of a list of 10,000; ask for fewer days to see them. So do they
    count ``moreDays`` and ``moreInstances``, of lists of 1,000. Waits count for whole days.
    """

    rows: tuple[UsageRow, ...]
    more: int
    days: tuple[UsageDay, ...]
    more_days: int
    instances: tuple[UsageInstance, ...]
    more_instances: int
    runs: int


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
        "Cost, tokens and waits for a person by day, instance and agent.",
    ),
)
