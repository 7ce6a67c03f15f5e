"""Costs of agents: single entries with unique ids, sums of them, and the ledger that stores them."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Protocol, TypeVar

import msgspec

_Number = TypeVar("_Number", int, float)


class Cost(msgspec.Struct, frozen=True):
    """A sum. None means unknown, which is not the same as nothing.

    ``estimated``: priced from tokens; ``simulated``: made up by a demo, no real money.
    """

    usd: float | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    estimated: bool = False
    simulated: bool = False

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            _sum(self.usd, other.usd),
            _sum(self.tokens_in, other.tokens_in),
            _sum(self.tokens_out, other.tokens_out),
            self.estimated or other.estimated,
            self.simulated or other.simulated,
        )

    @property
    def known(self) -> bool:
        """Whether anything is known at all."""
        return self.usd is not None or self.tokens_in is not None or self.tokens_out is not None


class CostEntry(msgspec.Struct, frozen=True):
    """One cost as it was reported. ``id`` is the same whenever the same cost is reported again."""

    id: str
    run: str
    """One run of one mission."""
    agent: str
    round: int
    at: float
    """Seconds since 1970."""
    cost: Cost
    mission: str = ""
    """The mission file."""
    instance: str = ""
    """The instance it ran in; "" in a plain terminal."""


class CostSource(StrEnum):
    """What a cost was spent by."""

    MISSION = "mission"
    INTERACTIVE = "interactive"
    """An agent's tool that a person works with. No budget ends it."""


class SessionCost(msgspec.Struct, frozen=True, kw_only=True):
    """A cost of an interactive session of an agent's tool, such as one message in its transcript."""

    id: str
    """The same whenever the same cost is found again, and of no other one in this session."""
    tool: str
    """The adapter's name of the tool."""
    session: str
    """The tool's own id of the session."""
    instance: str
    """The instance it ran in."""
    at: float
    """Seconds since 1970, when it was spent."""
    cost: Cost


class LedgerBusy(OSError):
    """Another program holds the ledger just now: to be tried again soon."""


class Day(msgspec.Struct, frozen=True):
    """A day's budget in US dollars, and when the day began (seconds since 1970)."""

    usd: float
    since: float


class Grant(msgspec.Struct, frozen=True):
    """``usd`` is reserved; None: without a limit; 0: nothing is free. ``spent`` was spent that day, ``held`` is what
    others have reserved.
    """

    usd: float | None
    spent: float = 0.0
    held: float = 0.0


class CostLedger(Protocol):
    """Storage of costs for all instances together. Entries survive a kill. Every method raises
    OSError when it can't be done.
    """

    renewed: bool
    """Another ledger is in its place: it may lack what was added, and takes it once more."""

    def take_notice(self) -> str:
        """News about the ledger for a person since the last call, or ""."""

    def add(self, *entries: CostEntry) -> None:
        """Remember ``entries``; those that are known already change nothing."""

    def rewrite(self, run: str, entries: Sequence[CostEntry]) -> None:
        """Remember all entries of a run in a ledger that may lack some."""

    def of_run(self, run: str) -> Sequence[CostEntry]:
        """All entries of a run that are still kept one by one, each once, whatever the clock said then."""

    def spent_since(self, moment: float) -> float | None:
        """Real US dollars of all missions from ``moment`` on; None when nothing was reported."""

    def reserve(self, run: str, agent: str, wanted: float | None, day: Day | None, among: int) -> Grant:
        """Reserve at most ``wanted``, and at most one of ``among`` parts of what is free of ``day``."""

    def release(self, run: str, agent: str) -> None:
        """Free what ``agent`` has reserved and not spent."""


def total(costs: Iterable[Cost]) -> Cost:
    """The sum, unknown where no part is known."""
    result = Cost()
    for cost in costs:
        result = result + cost
    return result


def _sum(one: _Number | None, other: _Number | None) -> _Number | None:
    if one is None or other is None:
        return other if one is None else one
    return one + other
