"""Whoever dies, nothing of a command is left: rows 1, 2, 3 and 5."""

import os
import signal
import time
from collections.abc import Callable

import pytest

from podium.core.ids import InstanceId
from podium.core.protocol.backend import SessionConfig, WorkerState
from podium.core.protocol.requests import Start
from podium.pool.worker_pool import WorkerPool
from tests.conftest import Figure
from tests.faults.hosted import Host
from tests.faults.timing import best
from tests.faults.trees import KINDS, Kind, Tree
from tests.pool.conftest import Listener
from tests.worker.test_worker import wait_gone

MakePool = Callable[..., tuple[WorkerPool, Listener]]
LIMIT = 2.0
"""Seconds until nobody may be left."""
kinds = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def seconds_after_the_end_of_the_window(kind: Kind, end: Callable[[Host], None]) -> float:
    tree = Tree()
    with Host() as host:
        try:
            host.run("a", "/bin/sh", "-c", kind.script, **tree.environment)
            tree.wait_up(kind.processes)
            worker = host.wait_state("a", "running")["pid"]
            start = time.monotonic()
            end(host)
            host.ended()
            tree.wait_gone()
            wait_gone(worker)
            return time.monotonic() - start
        finally:
            tree.kill()


@kinds
@pytest.mark.fault(1)
def test_a_killed_window_leaves_nobody(kind: Kind, figure: Figure) -> None:
    seconds = best(
        lambda: seconds_after_the_end_of_the_window(kind, lambda host: host.kill(signal.SIGKILL)), LIMIT
    )
    figure("survivors", 0)
    figure("nobody left after", seconds, "s", limit=LIMIT)


@kinds
@pytest.mark.fault(5)
def test_a_window_that_aborts_leaves_nobody(kind: Kind, figure: Figure) -> None:
    seconds = best(lambda: seconds_after_the_end_of_the_window(kind, lambda host: host.tell("abort")), LIMIT)
    figure("survivors", 0)
    figure("nobody left after", seconds, "s", limit=LIMIT)


@kinds
@pytest.mark.fault(2, 3)
def test_a_killed_worker_leaves_nobody_and_comes_back_once(
    kind: Kind, make_pool: MakePool, figure: Figure
) -> None:
    pool, listener = make_pool()
    name = InstanceId("a")
    tree = Tree()
    try:
        pool.spawn(name, SessionConfig())
        listener.wait_state("a", WorkerState.RUNNING)
        environment = {"PATH": os.environ["PATH"], **tree.environment}
        pool.send_to(name, Start(("/bin/sh", "-c", kind.script), "/", environment))
        listener.wait(lambda: len(tree.alive()) >= kind.processes)
        worker = pool.status(name).pid
        assert worker is not None
        start = time.monotonic()
        os.kill(worker, signal.SIGKILL)
        listener.wait(lambda: not tree.alive())
        figure("survivors", 0)
        figure("nobody left after", time.monotonic() - start, "s", limit=LIMIT)
        listener.wait(lambda: pool.status(name).generation == 2)
        listener.wait_state("a", WorkerState.RUNNING)
    finally:
        tree.kill()
    assert listener.history("a") == ["starting", "running", "backoff", "starting", "running"]
    assert (pool.status(name).generation, pool.status(name).restart_count) == (2, 1)
