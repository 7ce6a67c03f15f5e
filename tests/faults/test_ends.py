"""How workers end, and how they are ended: rows 12, 13, 14, 16, 18 and 21."""

import os
import signal
import time
from collections.abc import Callable

import pytest

from podium.core.ids import InstanceId
from podium.core.protocol.backend import SessionConfig, WorkerState
from podium.core.protocol.requests import Start
from podium.pool.worker_pool import WorkerPool
from podium.supervision.policy import Policy
from tests.conftest import Figure
from tests.faults.hosted import Host
from tests.faults.timing import best
from tests.faults.trees import KINDS, Tree
from tests.pool.conftest import QUICK, Listener

MakePool = Callable[..., tuple[WorkerPool, Listener]]
Misbehaving = Callable[[str], tuple[str, ...]]
A = InstanceId("a")


@pytest.mark.fault(12)
@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL, signal.SIGTERM])
def test_a_worker_that_dies_by_a_signal_has_crashed(
    number: signal.Signals, make_pool: MakePool, misbehaving: Misbehaving
) -> None:
    pool, listener = make_pool(misbehaving(f"ready(); os.kill(os.getpid(), {int(number)}); time.sleep(60)"))
    pool.spawn(A, SessionConfig())
    listener.wait_state("a", WorkerState.FAILED)
    assert pool.status(A).reason == f"Ended by {number.name}."
    assert pool.status(A).restart_count == QUICK.max_restarts


@pytest.mark.fault(12)
def test_exit_status_11_is_no_signal_11(make_pool: MakePool, misbehaving: Misbehaving) -> None:
    pool, listener = make_pool(misbehaving("ready(); sys.exit(11)"))
    pool.spawn(A, SessionConfig())
    listener.wait_state("a", WorkerState.FAILED)
    assert pool.status(A).reason == "Exited with status 11."


@pytest.mark.fault(13)
def test_a_worker_that_exits_with_0_is_not_started_again(
    make_pool: MakePool, misbehaving: Misbehaving
) -> None:
    pool, listener = make_pool(misbehaving("ready(); sys.exit(0)"))
    pool.spawn(A, SessionConfig())
    listener.wait_state("a", WorkerState.STOPPED)
    until = time.monotonic() + 4 * QUICK.first_delay
    listener.wait(lambda: time.monotonic() > until)
    assert listener.history("a") == ["starting", "running", "stopped"]
    assert pool.status(A).generation == 1


@pytest.mark.fault(14)
def test_after_three_crashes_one_trial_comes_by_itself(
    make_pool: MakePool, misbehaving: Misbehaving, figure: Figure
) -> None:
    policy = Policy(first_delay=0.05, jitter=0.0, breaker_cooldown=1.0, max_restarts=3)
    pool, listener = make_pool(misbehaving("ready(); sys.exit(1)"), policy)
    pool.spawn(A, SessionConfig())
    listener.wait(lambda: pool.status(A).generation == 3)
    listener.wait_state("a", WorkerState.BACKOFF)
    opened = time.monotonic()
    listener.wait(lambda: pool.status(A).generation == 4)
    waited = time.monotonic() - opened
    listener.wait_state("a", WorkerState.FAILED)
    figure("cool-down of 1 s took", waited, "s")
    assert waited > 0.9
    assert pool.status(A).generation == 4


@pytest.mark.fault(16)
def test_a_crash_after_a_stable_time_counts_from_the_start(make_pool: MakePool) -> None:
    policy = Policy(first_delay=0.05, jitter=0.0, stable_after=0.3, max_restarts=1)
    pool, listener = make_pool(None, policy)
    pool.spawn(A, SessionConfig())
    for generation in range(1, 5):  # More crashes than restarts are allowed, each after a stable time.
        listener.wait(lambda generation=generation: pool.status(A).generation == generation)
        listener.wait_state("a", WorkerState.RUNNING)
        until = time.monotonic() + 0.4
        listener.wait(lambda until=until: time.monotonic() > until)
        pid = pool.status(A).pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
    listener.wait(lambda: pool.status(A).generation == 5)
    listener.wait_state("a", WorkerState.RUNNING)


@pytest.mark.fault(18)
def test_a_quit_during_back_off_starts_nothing_and_is_quick(figure: Figure) -> None:
    with Host({"first_delay": 1.0}, command=("/no/such/worker",)) as host:
        host.tell("spawn", "a", "b")
        host.wait_state("a", "backoff")
        host.wait_state("b", "backoff")
        start = time.monotonic()
        host.tell("quit")
        assert host.ended() == 0
        seconds = time.monotonic() - start
        figure("gone after", seconds, "s", limit=7)
        assert {said["generation"] for said in host.said if said["event"] == "worker"} == {1}


@pytest.mark.slow
@pytest.mark.fault(21)
@pytest.mark.parametrize("kind", KINDS[1:3], ids=lambda kind: kind.name)
def test_a_tree_that_ignores_its_end_is_killed_after_5_seconds(
    kind: object, make_pool: MakePool, figure: Figure
) -> None:
    pool, listener = make_pool(None, Policy())
    tree = Tree()

    def off_by() -> float:
        pool.spawn(A, SessionConfig())
        listener.wait_state("a", WorkerState.RUNNING)
        environment = {"PATH": os.environ["PATH"], **tree.environment}
        pool.send_to(A, Start(("/bin/sh", "-c", kind.script), "/", environment))
        listener.wait(lambda: len(tree.alive()) >= kind.processes)
        start = time.monotonic()
        pool.kill(A)
        listener.wait(lambda: not tree.alive())
        took = time.monotonic() - start
        listener.wait_state("a", WorkerState.STOPPED)
        return abs(took - 5.0)

    try:
        difference = best(off_by, 0.5)
    finally:
        tree.kill()
    figure("off 5 s by", difference, "s", limit=0.5)
