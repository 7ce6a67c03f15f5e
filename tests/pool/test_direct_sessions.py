"""Sessions within the window's process: what they say and how they fail in, states and reports out. The ones they have
in common with workers are in test_backends.
"""

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from podium.core.ids import InstanceId
from podium.core.protocol.backend import BackendError, SessionConfig, WorkerState
from podium.core.protocol.reports import ErrorReport, Ready, Report
from podium.core.protocol.requests import Init, RawInput, Request, Shutdown, Stop
from podium.pool import direct_sessions
from podium.pool.direct_sessions import DirectSessions, QueueTransport
from tests.pool.conftest import Listener, shut_down

A, B = InstanceId("a"), InstanceId("b")


class PlayedLoop:
    """A session's loop on its thread, which ends when the test, or a shutdown, says so."""

    made: list["PlayedLoop"]

    def __init__(self, transport: QueueTransport, *_: object) -> None:
        self.transport = transport
        self.fault: Exception | None = None
        self.over = threading.Event()
        self.got: list[Request] = []
        self.made.append(self)

    def run(self) -> None:
        self.transport.send(Ready(1, "test"))
        while not self.over.wait(0.005):
            self.got += self.transport.receive()
            if any(isinstance(request, Shutdown) for request in self.got):
                break
        if self.fault is not None:
            raise self.fault

    def fail(self) -> None:
        self.fault = RuntimeError("broken")
        self.over.set()


@pytest.fixture
def loops(monkeypatch: pytest.MonkeyPatch) -> list[PlayedLoop]:
    PlayedLoop.made = []
    monkeypatch.setattr(direct_sessions, "SessionLoop", PlayedLoop)
    return PlayedLoop.made


@pytest.fixture
def listener(loops: list[PlayedLoop], qtbot: QtBot) -> Iterator[Listener]:
    made = Listener(DirectSessions, qtbot)
    yield made
    shut_down(made.backend, qtbot)


def spawn(listener: Listener, *instances: InstanceId) -> None:
    for instance in instances:
        listener.backend.spawn(instance, SessionConfig(columns=90))
        listener.wait_state(instance, WorkerState.RUNNING)


def errors(listener: Listener, instance: InstanceId) -> list[str]:
    return [report.message for report in listener.of(instance, ErrorReport)]


def test_a_session_hears_first_how_it_is_to_be(listener: Listener, loops: list[PlayedLoop]) -> None:
    spawn(listener, A)
    listener.wait(lambda: bool(loops[0].got))
    first = loops[0].got[0]
    assert isinstance(first, Init)
    assert (first.instance, first.columns) == (A, 90)
    assert first.marker == listener.backend.status(A).marker != ""


def test_a_fault_in_one_session_ends_no_other(listener: Listener, loops: list[PlayedLoop]) -> None:
    spawn(listener, A, B)
    loops[0].fail()
    listener.wait_state(A, WorkerState.FAILED)
    assert "broken" in listener.backend.status(A).reason
    assert not listener.backend.send_to(A, RawInput(b"x"))
    assert listener.backend.send_to(B, RawInput(b"x"))
    listener.wait(lambda: RawInput(b"x") in loops[1].got)
    listener.backend.restart(A)
    listener.wait_state(A, WorkerState.RUNNING)
    assert listener.backend.status(A).restart_count == 1


def test_what_an_older_session_still_says_reaches_nobody(listener: Listener, loops: list[PlayedLoop]) -> None:
    spawn(listener, A)
    listener.backend.restart(A)
    listener.wait(lambda: len(loops) == 2)
    listener.wait_state(A, WorkerState.RUNNING)
    loops[0].transport.send(ErrorReport("late"))
    loops[0].transport.send(Ready(1, "late"))
    loops[1].transport.send(ErrorReport("now"))
    listener.wait(lambda: bool(errors(listener, A)))
    assert errors(listener, A) == ["now"]


def test_a_shutdown_while_one_restarts_starts_nothing(listener: Listener, loops: list[PlayedLoop]) -> None:
    spawn(listener, A)
    over: list[bool] = []
    listener.backend.restart(A)
    listener.backend.shutdown_all(lambda: over.append(True))
    listener.wait(lambda: bool(over))
    assert (len(loops), listener.backend.status(A).state) == (1, WorkerState.STOPPED)
    with pytest.raises(BackendError):
        listener.backend.spawn(B, SessionConfig())


@pytest.fixture
def transport() -> Iterator[tuple[QueueTransport, list[Report]]]:
    delivered: list[Report] = []
    made = QueueTransport(delivered.append)
    yield made, delivered
    made.close()


def test_keys_are_refused_by_a_session_that_is_too_far_behind_and_a_stop_is_not(
    transport: tuple[QueueTransport, list[Report]],
) -> None:
    queue, _ = transport
    while queue.put(RawInput(b"x")):
        pass
    assert queue.put(Stop(1.0))
    waiting = queue.receive()
    assert waiting == [RawInput(b"x")] * (len(waiting) - 1) + [Stop(1.0)]
    assert 1000 < len(waiting) < 100_000
    assert queue.put(RawInput(b"again"))
    assert queue.receive() == [RawInput(b"again")]
    assert queue.receive() == []


def test_a_report_is_delivered_whole_and_at_once(transport: tuple[QueueTransport, list[Report]]) -> None:
    queue, delivered = transport
    queue.send(ErrorReport("x" * 2_000_000))
    assert delivered == [ErrorReport("x" * 2_000_000)]
    assert (queue.unsent, queue.flush()) == (False, True)
