"""Backends with a listener that remembers, and workers that misbehave on command."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from podium.core.ids import InstanceId
from podium.core.protocol.backend import SessionBackend, SessionSink, WorkerState, WorkerStatus
from podium.core.protocol.frames import Frame
from podium.core.protocol.reports import Report
from podium.core.protocol.requests import Acknowledge
from podium.pool.direct_sessions import DirectSessions
from podium.pool.worker_pool import WorkerPool
from podium.sessions.hub import SessionHub
from podium.supervision.policy import Policy

QUICK = Policy(
    start_timeout=60.0,
    grace=0.4,
    kill_margin=0.4,
    first_delay=0.05,
    breaker_cooldown=0.1,
    max_restarts=2,
    jitter=0.0,
)
PATIENCE = 60_000
"""Milliseconds to wait for what must come."""


class Listener:
    """Remembers all it hears and acknowledges frames, as a window does."""

    def __init__(self, make: Callable[[SessionSink], SessionBackend], qtbot: QtBot) -> None:
        self.deaf = False
        """Reports are not remembered."""
        self.backend = make(self)
        self._qtbot = qtbot
        self.states: list[tuple[str, WorkerState]] = []
        self.statuses: list[WorkerStatus] = []
        self.reports: list[tuple[str, Report]] = []

    def worker_changed(self, status: WorkerStatus) -> None:
        self.statuses.append(status)
        if (status.instance, status.state) != (self.states[-1] if self.states else None):
            self.states.append((status.instance, status.state))

    def session_reported(self, instance: InstanceId, report: Report) -> None:
        if self.deaf:
            return
        self.reports.append((instance, report))
        if isinstance(report, Frame) and not report.more:
            self.backend.send_to(instance, Acknowledge(report.number))

    def of(self, instance: str, kind: type) -> list:
        return [report for source, report in self.reports if source == instance and isinstance(report, kind)]

    def wait(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=PATIENCE)

    def wait_state(self, instance: str, state: WorkerState) -> None:
        self.wait(lambda: self.backend.status(InstanceId(instance)).state is state)

    def history(self, instance: str) -> list[str]:
        return [state.value for source, state in self.states if source == instance]


def hub_over(policy: Policy = QUICK, command: tuple[str, ...] | None = None) -> tuple[SessionHub, WorkerPool]:
    """A hub, and the pool that delivers to it."""
    made: list[WorkerPool] = []

    def connect(sink: SessionSink) -> WorkerPool:
        made.append(WorkerPool(sink, policy, command) if command else WorkerPool(sink, policy))
        return made[0]

    return SessionHub(connect), made[0]


@pytest.fixture
def make_pool(qtbot: QtBot) -> Iterator[Callable[..., tuple[WorkerPool, Listener]]]:
    made: list[WorkerPool] = []

    def make(command: tuple[str, ...] | None = None, policy: Policy = QUICK) -> tuple[WorkerPool, Listener]:
        def connect(sink: SessionSink) -> WorkerPool:
            made.append(WorkerPool(sink, policy, command) if command else WorkerPool(sink, policy))
            return made[-1]

        listener = Listener(connect, qtbot)
        return made[-1], listener

    yield make
    for pool in made:
        shut_down(pool, qtbot)


@pytest.fixture(params=["pool", "direct"])
def any_backend(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[tuple[SessionBackend, Listener]]:
    listener = Listener(
        lambda sink: WorkerPool(sink, QUICK) if request.param == "pool" else DirectSessions(sink), qtbot
    )
    backend = listener.backend
    yield backend, listener
    shut_down(backend, qtbot)


def shut_down(backend: SessionBackend, qtbot: QtBot) -> None:
    over: list[bool] = []
    backend.shutdown_all(lambda: over.append(True))
    qtbot.waitUntil(lambda: bool(over), timeout=PATIENCE)
    assert backend.active_count() == 0


@pytest.fixture
def misbehaving(tmp_path: Path) -> Callable[[str], tuple[str, ...]]:
    """A worker command whose body is the given Python, with ``say(bytes)`` and ``message(report)`` at hand."""

    def make(body: str) -> tuple[str, ...]:
        script = tmp_path / "worker.py"
        script.write_text(
            "import os, signal, sys, time\n"
            "from podium import __version__\n"
            "from podium.core.protocol.reports import *\n"
            "from podium.ipc.framing import encode\n"
            "def say(data): os.write(1, data)\n"
            "def message(report): say(encode(report))\n"
            "ready = lambda: message(Ready(os.getpid(), __version__))\n" + body
        )
        return (sys.executable, str(script))

    return make
