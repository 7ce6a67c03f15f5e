"""Many instances start at once and the window stays awake: row H3."""

import os
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.protocol.backend import SessionConfig, WorkerState
from podium.pool import launch_queue
from podium.pool.launch_queue import LaunchQueue
from podium.pool.worker_pool import WorkerPool
from podium.workspace.views import InstanceState
from podium.workspace.workspace import Workspace
from tests.pool.conftest import PATIENCE, Listener, hub_over

MakePool = Callable[..., tuple[WorkerPool, Listener]]
MANY = [InstanceId(f"i{number:02}") for number in range(12)]
NEVER_READY = "import time; time.sleep(60)"


@pytest.fixture(autouse=True)
def _two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two at once, and nobody is so slow that the next one starts beside them."""
    monkeypatch.setattr(LaunchQueue.__init__, "__defaults__", (2, None))
    monkeypatch.setattr(launch_queue, "_PATIENCE_MS", PATIENCE)


@pytest.fixture
def workspace(qtbot: QtBot) -> Iterator[Workspace]:
    hub, pool = hub_over()
    made = Workspace(hub, dict(os.environ))
    pool.start_first(lambda: made.arrangement.in_sight)
    yield made
    over: list[bool] = []
    made.shutdown(lambda: over.append(True))
    qtbot.waitUntil(lambda: bool(over), timeout=PATIENCE)
    made.deleteLater()


def starting(pool: WorkerPool) -> int:
    """How many processes there are that are not ready yet."""
    statuses = pool.statuses().values()
    return sum(status.state is WorkerState.STARTING and status.pid is not None for status in statuses)


@pytest.mark.fault("H3")
def test_many_starts_take_turns(make_pool: MakePool) -> None:
    pool, listener = make_pool()
    most = 0

    def all_run() -> bool:
        nonlocal most
        most = max(most, starting(pool))
        return all(status.state is WorkerState.RUNNING for status in pool.statuses().values())

    for instance in MANY:
        pool.spawn(instance, SessionConfig())
    assert all(status.state is WorkerState.STARTING for status in pool.statuses().values())
    assert starting(pool) == 2
    listener.wait(all_run)
    assert most == 2


@pytest.mark.fault("H3")
def test_the_ones_in_sight_go_first(workspace: Workspace, qtbot: QtBot) -> None:
    for instance in MANY:
        workspace.create(
            InstanceSpec(instance, instance, Kind.COMMAND, ThemeName.ROSE, "/", ("sleep", "60")), start=False
        )
    workspace.arrangement.select(MANY[-1])
    ran: list[str] = []

    def note(id: str) -> None:
        if workspace.state(InstanceId(id)) is InstanceState.RUNNING and id not in ran:
            ran.append(id)

    workspace.instance_changed.connect(note)
    for instance in workspace.ids():
        workspace.resume(instance)
    qtbot.waitUntil(lambda: len(ran) == len(MANY), timeout=PATIENCE)
    # Two had begun before the rest was asked for.
    assert MANY[-1] in ran[:4]


@pytest.mark.fault("H3")
def test_workers_that_crash_together_come_back_in_turns(make_pool: MakePool) -> None:
    pool, listener = make_pool()
    some = MANY[:6]
    for instance in some:
        pool.spawn(instance, SessionConfig())
    listener.wait(lambda: all(pool.status(id).state is WorkerState.RUNNING for id in some))
    for instance in some:
        os.kill(pool.status(instance).pid or 0, 9)
    most = 0

    def all_are_back() -> bool:
        nonlocal most
        most = max(most, starting(pool))
        return all(
            pool.status(id).generation == 2 and pool.status(id).state is WorkerState.RUNNING for id in some
        )

    listener.wait(all_are_back)
    assert most <= 2


@pytest.mark.fault("H3")
@pytest.mark.parametrize("command", ["kill", "shutdown_all"])
def test_what_is_not_wanted_any_more_is_never_launched(
    command: str, make_pool: MakePool, misbehaving: Callable[[str], tuple[str, ...]]
) -> None:
    pool, listener = make_pool(misbehaving(NEVER_READY))
    for instance in MANY:
        pool.spawn(instance, SessionConfig())
    over: list[bool] = []
    if command == "kill":
        for instance in MANY[2:]:
            pool.kill(instance)
        assert all(pool.status(id).state is WorkerState.STOPPED for id in MANY[2:])
    else:
        pool.shutdown_all(lambda: over.append(True))
        listener.wait(lambda: bool(over))
    launched = {status.instance for status in listener.statuses if status.pid is not None}
    assert launched == set(MANY[:2])


@pytest.mark.fault("H3")
def test_a_restart_while_it_waits_launches_it_once(make_pool: MakePool) -> None:
    pool, listener = make_pool()
    for instance in MANY[:4]:
        pool.spawn(instance, SessionConfig())
    pool.restart(MANY[3])
    listener.wait(lambda: all(pool.status(id).state is WorkerState.RUNNING for id in MANY[:4]))
    pids = {status.pid for status in listener.statuses if status.instance == MANY[3] and status.pid}
    assert len(pids) == 1


@pytest.mark.fault("H3")
def test_workers_that_never_get_ready_hold_up_nobody(
    make_pool: MakePool, misbehaving: Callable[[str], tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch_queue, "_PATIENCE_MS", 50)
    pool, listener = make_pool(misbehaving(NEVER_READY))
    for instance in MANY[:5]:
        pool.spawn(instance, SessionConfig())
    listener.wait(lambda: starting(pool) == 5)


@pytest.mark.fault("H3")
def test_who_waits_its_turn_is_not_blamed_for_it(
    make_pool: MakePool, misbehaving: Callable[[str], tuple[str, ...]], qtbot: QtBot
) -> None:
    """The time to get ready counts from the launch: here the first two never get ready, and the third has none yet."""
    from podium.supervision.policy import Policy

    policy = Policy(start_timeout=0.3, grace=0.2, kill_margin=0.2, first_delay=60.0, jitter=0.0)
    pool, listener = make_pool(misbehaving(NEVER_READY), policy)
    for instance in MANY[:3]:
        pool.spawn(instance, SessionConfig())
    listener.wait(lambda: pool.status(MANY[0]).state is WorkerState.BACKOFF)
    assert pool.status(MANY[2]).state is WorkerState.STARTING
    listener.wait(lambda: pool.status(MANY[2]).state is WorkerState.BACKOFF)
    assert "did not get ready" in pool.status(MANY[2]).reason
