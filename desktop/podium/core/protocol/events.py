"""Events a program reports about itself: typed inside, names and JSON only at the edges.

The names and keys are a public contract (see docs in ARCHITECTURE.md): one JSON object a line,
``{"event": "round:start", "data": {"round": 2}}``, at most 64 KiB. All keys are camelCase.
"""

from typing import Any

import msgspec

MAX_EVENT_BYTES = 64 * 1024


class OrchestratorStarted(msgspec.Struct, frozen=True, rename="camel"):
    """``resumed``: the run continues an interrupted one, whose cost so far is given with it."""

    name: str = ""
    max_rounds: int | None = None
    agents: int = 0
    run: str = ""
    resumed: bool = False
    cost_usd: float | None = None
    simulated: bool = False
    estimated: bool = False


class OrchestratorStopped(msgspec.Struct, frozen=True, rename="camel"):
    """``outcome`` is ``done``, ``partial``, ``failed`` or ``stopped``.

    ``branch`` holds the work of a mission in worktrees.
    """

    outcome: str = ""
    rounds: int = 0
    exit_code: int = 0
    cost_usd: float | None = None
    simulated: bool = False
    reason: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None
    estimated: bool = False
    branch: str = ""


class OrchestratorLog(msgspec.Struct, frozen=True, rename="camel"):
    text: str = ""


class ProgramWaiting(msgspec.Struct, frozen=True, rename="camel"):
    """It waits for a person to answer ``question``, until it says that it works again."""

    question: str = ""


class ProgramWorking(msgspec.Struct, frozen=True, rename="camel"):
    """The agent no longer waits for a person."""


class RoundStart(msgspec.Struct, frozen=True, rename="camel"):
    round: int
    max_rounds: int | None = None


class GateResult(msgspec.Struct, frozen=True, rename="camel"):
    name: str
    passed: bool
    required: bool = True


class RoundComplete(msgspec.Struct, frozen=True, rename="camel"):
    round: int
    gates: tuple[GateResult, ...] = ()
    cost_usd: float | None = None
    """The cost of this round; None when unknown."""
    simulated: bool = False
    tokens_in: int | None = None
    tokens_out: int | None = None
    estimated: bool = False
    """Estimated from tokens, not reported."""


class AgentStart(msgspec.Struct, frozen=True, rename="camel"):
    agent: str
    round: int = 0
    name: str = ""


class AgentComplete(msgspec.Struct, frozen=True, rename="camel"):
    agent: str
    round: int = 0
    seconds: float = 0.0
    cost_usd: float | None = None
    simulated: bool = False
    summary: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None
    estimated: bool = False
    done: bool = False
    """Nothing is left to do for this agent."""
    session: str = ""
    """The session to resume, in ``PODIUM_SESSION`` of its next turn."""


class AgentError(msgspec.Struct, frozen=True, rename="camel"):
    agent: str
    round: int = 0
    seconds: float = 0.0
    reason: str = ""
    cost_usd: float | None = None
    simulated: bool = False
    tokens_in: int | None = None
    tokens_out: int | None = None
    estimated: bool = False
    session: str = ""
    retry_after: float | None = None
    """Seconds after which the same turn may go better; None: trying again is no use."""


class AgentContinuation(msgspec.Struct, frozen=True, rename="camel"):
    """An agent's turn goes on. With a ``reason`` it is tried again because of that, not before ``until`` (seconds since
    1970). With costs: that is what the turn has cost so far; its end tells the whole once more.
    """

    agent: str
    round: int = 0
    reason: str = ""
    until: float | None = None
    cost_usd: float | None = None
    simulated: bool = False
    tokens_in: int | None = None
    tokens_out: int | None = None
    estimated: bool = False


class FilesChanged(msgspec.Struct, frozen=True, rename="camel"):
    files: tuple[str, ...] = ()


ProgramEvent = (
    OrchestratorStarted
    | OrchestratorStopped
    | OrchestratorLog
    | ProgramWaiting
    | ProgramWorking
    | RoundStart
    | RoundComplete
    | AgentStart
    | AgentComplete
    | AgentError
    | AgentContinuation
    | FilesChanged
)

PROGRAM_EVENTS: dict[str, type[Any]] = {
    "orchestrator:started": OrchestratorStarted,
    "orchestrator:stopped": OrchestratorStopped,
    "orchestrator:log": OrchestratorLog,
    "orchestrator:waiting": ProgramWaiting,
    "orchestrator:working": ProgramWorking,
    "round:start": RoundStart,
    "round:complete": RoundComplete,
    "agent:start": AgentStart,
    "agent:complete": AgentComplete,
    "agent:error": AgentError,
    "agent:continuation": AgentContinuation,
    "project:files-changed": FilesChanged,
}
_NAMES = {type_: name for name, type_ in PROGRAM_EVENTS.items()}


class WireEvent(msgspec.Struct, frozen=True):
    """One line of the event channel."""

    event: str
    data: dict[str, Any] = {}


_line_decoder = msgspec.json.Decoder(WireEvent)
_MAX_DEPTH = 32


def decode_line(line: bytes) -> WireEvent:
    """Read one line of the event channel. Raises ValueError for what is not one."""
    if len(line) > MAX_EVENT_BYTES:
        raise ValueError(f"event line of {len(line)} bytes is over {MAX_EVENT_BYTES}")
    try:
        event = _line_decoder.decode(line)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    _check_portable(event.data)
    return event


def _check_portable(value: object, depth: int = 0) -> None:
    """Raise ValueError for what JSON can say and a message to the window can't."""
    if depth > _MAX_DEPTH:
        raise ValueError(f"it is nested over {_MAX_DEPTH} levels deep")
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        raise ValueError("a number in it does not fit in 64 bits")
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            _check_portable(item, depth + 1)


def encode_line(event: ProgramEvent) -> bytes:
    """One line, newline included, for the event channel."""
    wire = WireEvent(_NAMES[type(event)], msgspec.to_builtins(event))
    return msgspec.json.encode(wire) + b"\n"


def typed_event(name: str, data: dict[str, Any]) -> ProgramEvent | None:
    """The typed value of a wire event, or None for names that are not ours. Raises ValueError on a bad shape."""
    type_ = PROGRAM_EVENTS.get(name)
    if type_ is None:
        return None
    event: ProgramEvent = msgspec.convert(data, type_)
    return event
