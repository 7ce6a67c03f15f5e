"""Whatever state its worker is in, an instance that a person restarts runs again, once: row B4."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.protocol.backend import WorkerState
from podium.supervision.policy import Policy
from podium.workspace.views import InstanceState
from podium.workspace.workspace import Workspace
from tests.pool.conftest import PATIENCE, QUICK, hub_over

A = InstanceId("a")


class Running:
    """An instance whose program writes its pid into a file each time it runs."""

    def __init__(
        self,
        qtbot: QtBot,
        folder: Path,
        kind: Kind,
        program: str = "exec sleep 1000",
        workers: Policy = QUICK,
    ) -> None:
        self._qtbot = qtbot
        self._runs = folder / "runs"
        hub, self.pool = hub_over(workers)
        policy = Policy(stop_patience=0.3, stop_limit=0.9)
        self.workspace = Workspace(hub, dict(os.environ), policy=policy)
        command = ("/bin/sh", "-c", f'echo $$ >> "{self._runs}"; {program}')
        self.workspace.create(InstanceSpec(A, "a", kind, ThemeName.ROSE, str(folder), command))
        self.wait_runs(1)

    def wait(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=PATIENCE)

    @property
    def pids(self) -> list[int]:
        return [int(line) for line in self._runs.read_text().split()] if self._runs.exists() else []

    @property
    def worker(self) -> int:
        pid = self.pool.status(A).pid
        assert pid is not None
        return pid

    def wait_runs(self, count: int) -> None:
        self.wait(lambda: len(self.pids) == count and self.workspace.state(A) is InstanceState.RUNNING)

    def close(self) -> None:
        over: list[bool] = []
        self.workspace.shutdown(lambda: over.append(True))
        self.wait(lambda: bool(over))


Start = Callable[..., Running]


@pytest.fixture
def start(qtbot: QtBot, tmp_path: Path) -> Iterator[Start]:
    made: list[Running] = []

    def make(kind: Kind, program: str = "exec sleep 1000", workers: Policy = QUICK) -> Running:
        made.append(Running(qtbot, tmp_path, kind, program, workers))
        return made[-1]

    yield make
    for running in made:
        running.close()
        running.workspace.deleteLater()


def runs(_running: Running) -> None:
    """Nothing is wrong with it."""


def hangs(running: Running) -> None:
    os.kill(running.worker, signal.SIGSTOP)


def hangs_and_was_stopped(running: Running) -> None:
    hangs(running)
    running.workspace.stop(A)


def is_ended_because_it_hung(running: Running) -> None:
    hangs_and_was_stopped(running)
    running.wait(lambda: running.pool.status(A).state is WorkerState.STOPPING)


def hangs_while_it_stops(running: Running) -> None:
    running.workspace.stop(A)
    running.wait(lambda: running.workspace._instances[A].program.state.heard)
    hangs(running)


def dies(running: Running) -> None:
    os.kill(running.worker, signal.SIGKILL)


def dies_while_it_stops(running: Running) -> None:
    running.workspace.stop(A)
    dies(running)


def ended_well(running: Running) -> None:
    running.workspace.stop(A)
    running.wait(lambda: not running.workspace.view(A).busy)


def was_ended_because_it_hung(running: Running) -> None:
    is_ended_because_it_hung(running)
    running.wait(lambda: running.pool.status(A).state is WorkerState.STOPPED)


def failed(running: Running) -> None:
    """It crashed more often than it may; its program's last run was the one that the last worker took along."""
    while running.pool.status(A).state is not WorkerState.FAILED:
        running.wait(lambda: running.pool.status(A).state in (WorkerState.RUNNING, WorkerState.FAILED))
        if running.pool.status(A).state is WorkerState.RUNNING:
            generation = running.pool.status(A).generation
            dies(running)
            running.wait(
                lambda generation=generation: (
                    running.pool.status(A).generation > generation
                    or running.pool.status(A).state is WorkerState.FAILED
                )
            )


CONDITIONS = [
    runs,
    hangs,
    hangs_and_was_stopped,
    is_ended_because_it_hung,
    hangs_while_it_stops,
    dies,
    dies_while_it_stops,
    ended_well,
    was_ended_because_it_hung,
    failed,
]


@pytest.mark.fault("B4")
@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.__name__)
def test_a_restart_runs_it_again_once(condition: Callable[[Running], None], start: Start) -> None:
    ignores_its_end = condition in (hangs_while_it_stops, dies_while_it_stops)
    program = "trap '' HUP TERM; while :; do sleep 1; done" if ignores_its_end else "exec sleep 1000"
    # What a shell leaves when its worker dies is asked about; of a command nothing stays.
    running = start(Kind.COMMAND if ignores_its_end else Kind.SHELL, program)
    [first] = running.pids
    condition(running)
    running.workspace.restart(A)
    running.wait_runs(2)
    running.wait(lambda: not psutil.pid_exists(first))
    assert running.workspace.view(A).reason == ""
    # Nor does it run a third time when all that was under way has come to its end.
    running._qtbot.wait(400)
    assert len(running.pids) == 2


@pytest.mark.fault("B4")
def test_a_restart_in_back_off_does_not_wait(start: Start) -> None:
    running = start(Kind.COMMAND)
    dies(running)
    running.wait(lambda: running.pool.status(A).state is WorkerState.BACKOFF)
    running.workspace.restart(A)
    running.wait_runs(2)


@pytest.mark.fault("B4")
@pytest.mark.parametrize("command", ["stop", "close", "shutdown"])
def test_what_is_asked_after_a_restart_of_a_hung_worker_counts(command: str, start: Start) -> None:
    running = start(Kind.COMMAND)
    hangs(running)
    running.workspace.restart(A)
    if command == "shutdown":
        running.close()
    else:
        getattr(running.workspace, command)(A)
        running.wait(lambda: not running.pool.active_count())
    running._qtbot.wait(300)
    assert len(running.pids) == 1
    running.wait(lambda: not psutil.pid_exists(running.pids[0]))


@pytest.mark.fault("B4")
def test_a_start_after_a_hung_worker_was_ended_runs_it(start: Start) -> None:
    running = start(Kind.COMMAND)
    was_ended_because_it_hung(running)
    renewed: list[str] = []
    running.workspace.screen_reset.connect(renewed.append)
    running.workspace.start(A)
    running.wait_runs(2)
    assert renewed == ["a"]  # Else what the old session drew would stand among the lines of the new one.


@pytest.mark.fault("B4")
def test_a_worker_that_got_the_stop_late_is_not_ended_for_it(start: Start) -> None:
    """A message leaves the window in its next turn, and the window stands still before that."""
    running = start(Kind.COMMAND, "trap 'sleep 0.3; exit' TERM; while :; do sleep 0.1; done")
    worker = running.worker
    running.workspace.restart(A)
    time.sleep(2)
    running.wait_runs(2)
    assert running.worker == worker


@pytest.mark.fault("B4")
def test_a_worker_that_dies_while_a_restart_waits_for_it_does_not_take_that_along(start: Start) -> None:
    running = start(Kind.COMMAND)
    is_ended_because_it_hung(running)
    running.workspace.restart(A)
    dies(running)
    running.wait_runs(2)
    running._qtbot.wait(400)
    assert len(running.pids) == 2


@pytest.mark.fault("B4")
def test_a_shutdown_notice_names_what_this_end_killed_alone(start: Start, qtbot: QtBot) -> None:
    running = start(Kind.SHELL, "trap '' HUP TERM; while :; do sleep 1; done")
    workspace = running.workspace
    hangs(running)
    workspace.stop(A)
    running.wait(lambda: running.pool.status(A).state is WorkerState.STOPPED)
    assert running.pool.status(A).forced
    running.close()
    assert workspace.killed() == ()


@pytest.mark.fault("B4")
def test_a_shutdown_notice_names_what_it_had_to_kill(start: Start) -> None:
    """The worker has all the time it needs to end its program itself, however busy the machine is."""
    patient = replace(QUICK, kill_margin=PATIENCE / 1000)
    running = start(Kind.SHELL, "trap '' HUP TERM; while :; do sleep 1; done", patient)
    running.close()
    assert "sh (" in dict(running.workspace.killed())["a"]
