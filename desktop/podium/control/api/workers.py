"""The worker processes behind the instances."""

from typing import Final

from podium.control.api.route import Route
from podium.control.api.scope import Access
from podium.control.api.shapes import Answer, Call, Payload


class GetWorkersHealth(Call, frozen=True):
    pass


class PoolStatus(Answer, frozen=True):
    """An instance's worker. ``state`` is one of starting, running, stopping, stopped, backoff, failed."""

    state: str
    pid: int | None
    generation: int
    restart_count: int
    retry_in: float | None
    reason: str
    last_output: tuple[str, ...]


class WorkerHealth(Answer, frozen=True):
    worker_id: str
    healthy: bool
    pool_status: PoolStatus | None


class WorkersHealth(Answer, frozen=True):
    healthy: bool
    isolated: bool
    workers: tuple[WorkerHealth, ...]


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


ROUTES: Final[tuple[Route, ...]] = (
    Route(
        "GET",
        "/api/orchestrator/workers/health",
        GetWorkersHealth,
        WorkersHealth,
        Access.READ,
        "How the workers are.",
    ),
)

EVENTS: Final[dict[str, type[Payload]]] = {
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
}
