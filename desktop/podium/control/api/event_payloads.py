"""The events of the WebSocket: every name with its payload. What a program reports has its types in ``core.events``.

Every payload that is about an instance also carries ``workerId``, its id.
"""

from typing import Any, Final

import msgspec

from podium.core.protocol.events import PROGRAM_EVENTS


class Payload(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of the payloads that Podium itself makes."""


class WorkerSpawned(Payload, frozen=True):
    """A worker process was started. ``pid`` is null when the system has not told it yet."""

    generation: int
    pid: int | None = None
    restart_count: int = 0


class WorkerReady(Payload, frozen=True):
    """It answers and can run a program."""

    generation: int
    pid: int | None = None


class WorkerExit(Payload, frozen=True):
    """It has ended. ``reason`` is empty when that was asked for."""

    generation: int
    reason: str = ""


class WorkerError(Payload, frozen=True):
    """It failed, and is started again in ``retryIn`` seconds (null: not by itself)."""

    generation: int
    reason: str
    retry_in: float | None = None


class WorkerLog(Payload, frozen=True):
    """Lines of the worker's own stderr; the program's output is the terminal."""

    lines: tuple[str, ...]


class WorkerUnhealthy(Payload, frozen=True):
    """It does not answer, or breaks the protocol; it is being ended."""

    generation: int
    reason: str


class WorkerRestarted(Payload, frozen=True):
    """It was started again."""

    generation: int
    restart_count: int


class WorkerCircuitOpen(Payload, frozen=True):
    """It failed too often in a row; the next attempt waits ``retryIn`` seconds."""

    retry_in: float | None = None


class WorkerCircuitHalfOpen(Payload, frozen=True):
    """One attempt is made to see whether it works again."""

    generation: int


class WorkerMaxRestarts(Payload, frozen=True):
    """It is not restarted any more."""

    restart_count: int
    reason: str


class SessionOutput(Payload, frozen=True):
    """The program printed ``bytes`` bytes since the last such event, at most one a second; ``line`` is the last line
    of the screen with text.
    """

    bytes: int
    line: str = ""


class InstanceAdded(Payload, frozen=True):
    name: str
    kind: str


class InstanceChanged(Payload, frozen=True):
    """Its state or name is another."""

    name: str
    state: str
    word: str


class InstanceRemoved(Payload, frozen=True):
    pass


class ProgramStarted(Payload, frozen=True):
    pid: int


class ProgramExited(Payload, frozen=True):
    """It ended with ``exitCode``, by ``exitSignal``, or could not start: then ``reason`` says why."""

    exit_code: int | None = None
    exit_signal: int | None = None
    reason: str = ""


class InstanceNotice(Payload, frozen=True):
    """A program or its hook wants to tell the person something; ``state`` is "" when it says nothing of that."""

    title: str
    text: str
    state: str = ""


EVENTS: Final[dict[str, type[msgspec.Struct]]] = {
    **PROGRAM_EVENTS,
    "session:output": SessionOutput,
    "worker:spawned": WorkerSpawned,
    "worker:ready": WorkerReady,
    "worker:exit": WorkerExit,
    "worker:error": WorkerError,
    "worker:log": WorkerLog,
    "worker:unhealthy": WorkerUnhealthy,
    "worker:restarted": WorkerRestarted,
    "worker:circuit-open": WorkerCircuitOpen,
    "worker:circuit-half-open": WorkerCircuitHalfOpen,
    "worker:max-restarts": WorkerMaxRestarts,
    "instance:added": InstanceAdded,
    "instance:changed": InstanceChanged,
    "instance:removed": InstanceRemoved,
    "instance:notice": InstanceNotice,
    "program:started": ProgramStarted,
    "program:exited": ProgramExited,
}
NAMES: Final[dict[type[Any], str]] = {type_: name for name, type_ in EVENTS.items()}
