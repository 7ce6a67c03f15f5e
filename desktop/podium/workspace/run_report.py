"""The summary of an instance's current run, for a journal of runs."""

from dataclasses import dataclass, field

from podium.core.costs import Cost
from podium.core.instances import InstanceSpec, Kind
from podium.core.protocol.exits import INTERRUPTED, PARTLY_DONE, crashed
from podium.core.protocol.reports import ExitedReport
from podium.core.runs import RunOutcome


@dataclass(frozen=True, slots=True)
class RunReport:
    """One run as it is just now. ``seconds`` and ``started`` are of the workspace's clock."""

    id: str
    started: float
    seconds: float
    outcome: RunOutcome
    exit_code: int | None = None
    exit_signal: int | None = None
    reason: str = ""
    rounds: int | None = None
    agents: int | None = None
    cost: Cost = field(default_factory=Cost)
    restarts: int = 0
    waits_since: float | None = None
    """Since when its program waits for a person, if it does."""

    @property
    def over(self) -> bool:
        return self.outcome is not RunOutcome.RUNNING


def outcome_of(spec: InstanceSpec, over: bool, exited: ExitedReport | None, stop_asked: bool) -> RunOutcome:
    """The outcome of a run. Without ``exited`` it went down with its worker."""
    if not over:
        return RunOutcome.RUNNING
    if stop_asked:
        return RunOutcome.STOPPED
    if exited is None:
        return RunOutcome.CRASHED
    if exited.reason and exited.code is None and exited.signal is None:
        return RunOutcome.FAILED
    if spec.kind is Kind.MISSION and exited.code == INTERRUPTED:
        return RunOutcome.STOPPED
    if spec.kind is Kind.MISSION and exited.code == PARTLY_DONE:
        return RunOutcome.PARTIAL
    if crashed(spec, exited):
        return RunOutcome.CRASHED
    if exited.code in spec.policy.success_codes or (spec.kind is Kind.SHELL and exited.code is not None):
        return RunOutcome.DONE
    return RunOutcome.STOPPED if exited.signal is not None else RunOutcome.FAILED
