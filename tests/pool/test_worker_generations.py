"""What an older process of a worker says in, nothing out. Processes are played."""

from collections.abc import Callable, Iterator

import pytest

from podium import __version__
from podium.core.ids import InstanceId
from podium.core.protocol.backend import SessionConfig, WorkerState
from podium.core.protocol.reports import ErrorReport, Ready, Report
from podium.pool import worker as worker_module
from podium.pool.launch_queue import LaunchQueue
from podium.pool.worker import Worker
from podium.supervision.policy import Policy
from podium.supervision.worker_supervisor import Exit
from tests.faults.test_any_order import PlayedProcess

A = InstanceId("a")


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[PlayedProcess]:
    made: list[PlayedProcess] = []

    def make(
        deliver: Callable[[Report], None], _command: object, _clock: object, parent: Worker
    ) -> PlayedProcess:
        made.append(PlayedProcess(deliver, parent))
        return made[-1]

    monkeypatch.setattr(worker_module, "WorkerProcess", make)
    monkeypatch.setattr(worker_module, "kill_tree", lambda *_: None)
    monkeypatch.setattr(worker_module, "sweep", lambda *_: None)
    return made


@pytest.fixture
def reports() -> list[Report]:
    return []


@pytest.fixture
def worker(processes: list[PlayedProcess], reports: list[Report], qapp: object) -> Iterator[Worker]:
    made = Worker(A, SessionConfig(), Policy(), (), lambda: 1000.0, LaunchQueue(), reports.append)
    made.spawn()
    yield made
    made.deleteLater()


def test_an_older_process_has_no_say_any_more(
    worker: Worker, processes: list[PlayedProcess], reports: list[Report]
) -> None:
    [old] = processes
    old.deliver(Ready(1, __version__))
    old.ended.emit(Exit(signal=11))
    worker.restart()
    [_, new] = processes
    reports.clear()
    old.deliver(Ready(1, __version__))
    old.deliver(ErrorReport("late"))
    old.ended.emit(Exit(signal=11))
    old.broke_protocol.emit("late")
    old.could_not_start.emit("late")
    assert (reports, worker.state) == ([], WorkerState.STARTING)
    new.deliver(Ready(2, __version__))
    new.deliver(ErrorReport("now"))
    assert worker.state is WorkerState.RUNNING
    assert reports == [ErrorReport("now")]


def test_a_forgotten_worker_delivers_to_nobody(
    worker: Worker, processes: list[PlayedProcess], reports: list[Report]
) -> None:
    [process] = processes
    process.deliver(Ready(1, __version__))
    worker.close()
    process.deliver(ErrorReport("late"))
    assert reports == []


def test_a_worker_of_another_version_is_not_used_and_not_tried_again(
    worker: Worker, processes: list[PlayedProcess], reports: list[Report]
) -> None:
    [process] = processes
    process.deliver(Ready(1, "9.9.9"))
    process.ended.emit(Exit(signal=9))
    assert worker.state is WorkerState.FAILED
    assert "Podium 9.9.9 was installed" in worker.status().reason
    assert (len(processes), reports) == (1, [])
    worker.spawn()  # The person asks again, with the old one in place.
    processes[-1].deliver(Ready(2, __version__))
    assert worker.state is WorkerState.RUNNING
