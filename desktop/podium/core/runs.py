"""The record of a run, from its program's start to its end."""

from enum import StrEnum

import msgspec

from podium.core.ids import InstanceId
from podium.core.instances import Kind


class RunOutcome(StrEnum):
    RUNNING = "running"
    DONE = "done"
    PARTIAL = "partial"
    """A mission is done, and work was kept back or an agent failed."""
    FAILED = "failed"
    STOPPED = "stopped"
    CRASHED = "crashed"
    INTERRUPTED = "interrupted"
    """The window it belonged to was gone before it could say how the run ended."""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run of one instance. Times are seconds since 1970 (UTC); None is unknown, or is not for this kind of run."""

    id: str
    """A uuid as 32 hexadecimal digits, made where the run begins."""
    instance: InstanceId
    name: str
    """The instance's name at that time."""
    kind: Kind
    what: str
    """The path of the mission file, or the command line; "" for a login shell."""
    folder: str
    theme: str
    started_at: float
    owner_pid: int
    """The window (or the program) that watches over the run, and which process that was (``process_identity``)."""
    owner_identity: str
    ended_at: float | None = None
    seconds: float | None = None
    """Duration by a monotonic clock."""
    outcome: RunOutcome = RunOutcome.RUNNING
    exit_code: int | None = None
    exit_signal: int | None = None
    reason: str = ""
    """Why it ended that way, in words for a person."""
    rounds: int | None = None
    agents: int | None = None
    cost_usd: float | None = None
    cost_simulated: bool = False
    cost_estimated: bool = False
    tokens_in: int | None = None
    tokens_out: int | None = None
    restarts: int = 0
