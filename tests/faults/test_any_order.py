"""Commands and ends in any order, through the whole pool: row 19. Processes are played; their pool is real."""

import random
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from podium import __version__
from podium.core.ids import InstanceId
from podium.core.protocol.backend import LIVE_STATES, BackendError, SessionConfig, WorkerState
from podium.core.protocol.reports import Pong, Ready, Report
from podium.core.protocol.requests import Init, Request
from podium.core.system.reexec import podium_command
from podium.pool import worker as worker_module
from podium.pool.worker_pool import WorkerPool
from podium.supervision.worker_supervisor import Exit
from tests.conftest import Figure
from tests.pool.conftest import PATIENCE, QUICK, hub_over

NAMES = [InstanceId(name) for name in "ab"]
names = st.sampled_from(NAMES)
CRASH = Exit(signal=11)


class PlayedProcess(QObject):
    """Stands in for a WorkerProcess; the machine says what happens to it."""

    broke_protocol = Signal(str)
    ended = Signal(object)
    could_not_start = Signal(str)
    printed = Signal(object)

    def __init__(self, deliver: Callable[[Report], None], parent: QObject) -> None:
        super().__init__(parent)
        self.deliver = deliver
        self.stderr_lines: list[str] = []
        self.stderr_dropped = 0
        self.instance: str | None = None
        self.live = False
        self.ready = False
        self.pid = 4711

    def start(self) -> None:
        self.live = True

    def send(self, request: Request) -> bool:
        if isinstance(request, Init):
            self.instance = request.instance
        return self.live


class AnyOrder(RuleBasedStateMachine):
    """One live process an instance at most, none after a stop or a quit, and no exception but a refusal."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.processes: list[PlayedProcess] = []
        self.over = False
        self.done: list[bool] = []
        self._patch = pytest.MonkeyPatch()
        self._patch.setattr(worker_module, "WorkerProcess", self._made)
        self._patch.setattr(worker_module, "kill_tree", lambda *_: None)
        self._patch.setattr(worker_module, "sweep", lambda *_: None)
        self.pool = WorkerPool(self, clock=lambda: self.now)

    def worker_changed(self, status: Any) -> None:
        pass

    def session_reported(self, instance: InstanceId, report: Any) -> None:
        pass

    def _made(
        self, deliver: Callable[[Report], None], _command: object, _clock: object, parent: QObject
    ) -> PlayedProcess:
        assert not self.over
        process = PlayedProcess(deliver, parent)
        self.processes.append(process)
        return process

    def teardown(self) -> None:
        self._patch.undo()
        self.pool.deleteLater()

    def live(self, name: str) -> list[PlayedProcess]:
        return [process for process in self.processes if process.live and process.instance == name]

    @rule(name=names)
    def spawn(self, name: InstanceId) -> None:
        try:
            self.pool.spawn(name, SessionConfig())
        except BackendError:
            assert self.over or self.pool.status(name).state not in (WorkerState.STOPPED, WorkerState.FAILED)

    @rule(name=names)
    def restart(self, name: InstanceId) -> None:
        try:
            self.pool.restart(name)
        except BackendError:
            assert self.over or name not in self.pool.statuses()

    @rule(name=names)
    def kill(self, name: InstanceId) -> None:
        try:
            self.pool.kill(name)
        except BackendError:
            assert name not in self.pool.statuses()

    @rule(name=names)
    def remove(self, name: InstanceId) -> None:
        try:
            self.pool.remove(name)
        except BackendError:
            state = self.pool.statuses().get(name)
            assert state is None or state.state not in (WorkerState.STOPPED, WorkerState.FAILED)

    @rule()
    def quit(self) -> None:
        self.over = True
        self.pool.shutdown_all(lambda: self.done.append(True))

    @rule(name=names)
    def ready(self, name: InstanceId) -> None:
        for process in self.live(name):
            process.ready = True
            process.deliver(Ready(process.pid, __version__))

    @rule(name=names, number=st.integers(0, 5))
    def pong(self, name: InstanceId, number: int) -> None:
        for process in self.live(name):
            process.deliver(Pong(number))

    @rule(name=names)
    def break_protocol(self, name: InstanceId) -> None:
        for process in self.live(name):
            process.broke_protocol.emit("It sent rubbish.")

    @rule(name=names, exit=st.sampled_from([CRASH, Exit(code=0), Exit(code=1)]))
    def exit(self, name: InstanceId, exit: Exit) -> None:
        for process in self.live(name):
            process.live = False
            process.ended.emit(exit)

    @rule(name=names)
    def could_not_start(self, name: InstanceId) -> None:
        for process in self.live(name):
            if not process.ready:
                process.live = False
                process.could_not_start.emit("No such file.")

    @rule(seconds=st.sampled_from([0.1, 1.0, 7.0, 31.0, 4000.0]))
    def wait(self, seconds: float) -> None:
        self.now += seconds
        for worker in tuple(self.pool._workers.values()):
            worker._on_due()

    @invariant()
    def one_process_at_most(self) -> None:
        for name in NAMES:
            live = self.live(name)
            assert len(live) <= 1
            status = self.pool.statuses().get(name)
            assert bool(live) == (status is not None and status.state in LIVE_STATES)


class AnyOrderAtLength(AnyOrder):
    pass


_marks = (pytest.mark.fault(19), pytest.mark.usefixtures("qapp"))
TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.pytestmark = list(_marks)
TestAnyOrder.settings = settings(max_examples=50, stateful_step_count=40, deadline=None)
TestAnyOrderAtLength = AnyOrderAtLength.TestCase
TestAnyOrderAtLength.pytestmark = [*_marks, pytest.mark.slow, pytest.mark.timeout(600)]
TestAnyOrderAtLength.settings = settings(max_examples=1000, stateful_step_count=60, deadline=None)


@pytest.fixture
def pools(qtbot: QtBot) -> Iterator[dict[str, WorkerPool]]:
    """A pool for each of three names, whose workers say in their environment whose they are."""
    made = {
        name: hub_over(QUICK, ("/usr/bin/env", f"FAULT_WORKER={name}", *podium_command("worker")))[1]
        for name in ("a", "b", "c")
    }
    yield made
    over: list[bool] = []
    for pool in made.values():
        pool.shutdown_all(lambda: over.append(True))
    qtbot.waitUntil(lambda: len(over) == len(made), timeout=PATIENCE)


def workers_of(name: str) -> list[psutil.Process]:
    found = []
    for process in psutil.Process().children():
        try:
            mine = process.environ().get("FAULT_WORKER") == name
            if mine and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


@pytest.mark.fault(19)
@pytest.mark.parametrize(
    "commands", [30, pytest.param(300, marks=[pytest.mark.slow, pytest.mark.timeout(600)])]
)
def test_real_workers_under_random_commands(
    commands: int, pools: dict[str, WorkerPool], qtbot: QtBot, figure: Figure
) -> None:
    rng = random.Random(20261122)
    most = 0
    for _ in range(commands):
        name = InstanceId(rng.choice(list(pools)))
        pool = pools[name]
        command = rng.choice(("spawn", "restart", "kill", "remove", "crash"))
        try:
            if command == "spawn":
                pool.spawn(name, SessionConfig())
            elif command == "crash":
                for process in workers_of(name):
                    process.kill()
            else:
                getattr(pool, command)(name)
        except BackendError:
            pass
        qtbot.wait(rng.choice((0, 0, 5, 40, 150)))
        live = {name: workers_of(name) for name in pools}
        most = max(most, *map(len, live.values()))
        assert most <= 1, (command, name, live)
    figure("live for one id", most, "at most")
    for name, pool in pools.items():
        if InstanceId(name) in pool.statuses():
            pool.kill(InstanceId(name))
    qtbot.waitUntil(lambda: not any(workers_of(name) for name in pools), timeout=PATIENCE)
