"""Values of ``ProgramSupervisor``: the states of a program, and what can be wanted of it."""

from dataclasses import dataclass
from enum import Enum, auto

from podium.supervision.restarts import Wait


@dataclass(frozen=True, slots=True)
class Order:
    """Options of a wanted run."""

    resume: bool = False
    """It goes on where the run before it was."""
    agreed: bool = False
    """The person agrees to what it runs, and is not asked."""
    unasked: bool = False
    """Automatic: it follows a crash."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run that was sent to a session."""

    order: Order
    sent_at: float
    """By the supervisor's clock, as all times here."""
    finish_request: int | None = None
    """The number under which its program was asked to end after this round."""
    finishing: bool = False
    """Its program has acknowledged that."""


class StopFor(Enum):
    """The reason a program is stopped: what comes after its end."""

    ITSELF = auto()
    """It has ended by itself, and what it left is being ended."""
    STOP = auto()
    RESTART = auto()
    CLOSE = auto()
    QUIT = auto()


# The states


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing runs, and there is nothing to say about a run before."""


@dataclass(frozen=True, slots=True)
class AwaitingWorker:
    """A run is wanted as soon as there is a worker that is ready."""

    order: Order
    announced: bool
    """``NewRun`` was returned already."""


@dataclass(frozen=True, slots=True)
class Starting:
    """The start was sent, and the session has not reported its outcome yet."""

    run: Run


@dataclass(frozen=True, slots=True)
class Running:
    run: Run


@dataclass(frozen=True, slots=True)
class Stopping:
    """It ends: because its session was asked to end it, or because its worker is being ended."""

    purpose: StopFor
    run: Run | None
    """None: only its worker is left to be ended."""
    since: float
    heard: bool = False
    """The session has reported that it is ending the program."""
    deadline: float | None = None
    """The time of the check that the session has done what it was asked; None while that is not its to do."""
    overdue: bool = False
    """It had not when that was looked at first."""


class EndedBy(Enum):
    ITSELF = auto()
    REQUEST = auto()
    WORKER = auto()
    """It went down with its worker, and is not run again unasked."""


@dataclass(frozen=True, slots=True)
class Exited:
    by: EndedBy


@dataclass(frozen=True, slots=True)
class Backoff:
    """It crashed, and is run again when the wait is over."""

    wait: Wait


@dataclass(frozen=True, slots=True)
class Failed:
    """It crashed once more than it may be restarted."""

    restarts: int


@dataclass(frozen=True, slots=True)
class Forgotten:
    """It was closed, and nothing of it is left."""


State = Idle | AwaitingWorker | Starting | Running | Stopping | Exited | Backoff | Failed | Forgotten


# The actions


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run begins: what is known of the one before is history."""

    order: Order


@dataclass(frozen=True, slots=True)
class SpawnWorker:
    """It has no worker: start one."""


@dataclass(frozen=True, slots=True)
class RespawnWorker:
    """Its worker backs off: try again at once."""


@dataclass(frozen=True, slots=True)
class KillWorker:
    """End the worker, and with it its program."""


@dataclass(frozen=True, slots=True)
class SendStart:
    run: Run


@dataclass(frozen=True, slots=True)
class SendStop:
    pass


@dataclass(frozen=True, slots=True)
class SendFinishRound:
    """Ask the program to end after this round; it acknowledges ``request``."""

    request: int


@dataclass(frozen=True, slots=True)
class Forget:
    """Nothing of it is left."""


Action = NewRun | SpawnWorker | RespawnWorker | KillWorker | SendStart | SendStop | SendFinishRound | Forget
