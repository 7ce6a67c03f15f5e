"""Many instances that end at once: row H2."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from podium.core.protocol.requests import Stop
from tests.conftest import Figure
from tests.faults.hosted import Host
from tests.faults.timing import best
from tests.worker.harness import WorkerHarness

LIMIT = 7.0
"""Seconds that a quit may take."""
SLEEP = f"sleep 600.{os.getpid()}"
SCRIPTS = {"a sleep": f"exec {SLEEP}", "jobs": f"{SLEEP} & {SLEEP} & env -i setsid {SLEEP} & wait"}


@pytest.fixture
def busy() -> Iterator[None]:
    """Programs that keep every core of a small machine busy."""
    loads = [subprocess.Popen(["yes"], stdout=subprocess.DEVNULL) for _ in range(2)]
    yield
    for load in loads:
        load.kill()
        load.wait()


def quit_of(count: int, script: str) -> float:
    """Seconds that a quit of ``count`` instances takes, all of which must end in order."""
    names = [f"i{number}" for number in range(count)]
    with Host() as host:
        host.tell("spawn", *names)
        for name in names:
            host.wait_state(name, "running")
        for name in names:
            host.tell("start", name, ["/bin/sh", "-c", script], {})
        for name in names:
            host.wait("report", lambda said, name=name: (said["id"], said["kind"]) == (name, "StatusReport"))
        since = len(host.said)
        begun = time.monotonic()
        host.tell("quit")
        assert host.ended() == 0
        seconds = time.monotonic() - begun
        for name in names:
            assert host.wait_state(name, "stopped", since)["reason"] == "", name
        assert not [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == SLEEP.split()]
    return seconds


@pytest.mark.fault("H2")
@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS.keys())
@pytest.mark.parametrize("count", [12, pytest.param(64, marks=pytest.mark.slow)])
@pytest.mark.usefixtures("busy")
def test_many_are_quit_in_order_on_busy_cores(count: int, script: str, figure: Figure) -> None:
    seconds = best(lambda: quit_of(count, script), LIMIT)
    figure(f"{count} are gone after", seconds, "s", limit=LIMIT)


@pytest.mark.fault("H2")
@pytest.mark.parametrize("stop", [True, False], ids=["stopped", "by itself"])
def test_a_worker_loads_nothing_big_to_end_its_program(stop: bool) -> None:
    """psutil took a tenth of a second of each worker, and the environments of all processes more."""
    with WorkerHarness() as worker:
        worker.shell("sleep 600 & env -i setsid sleep 600 & " + ("wait" if stop else "sleep 0.1"))
        if stop:
            worker.send(Stop(1.0))
        worker.exit()
        assert "psutil" not in Path(f"/proc/{worker.process.pid}/maps").read_text()
