"""Time that stands still or jumps: rows 23 and 24."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from podium.core.ids import InstanceId
from podium.core.protocol.backend import SessionConfig, WorkerState
from podium.core.protocol.reports import ExitedReport, ProgramState, StatusReport
from podium.core.protocol.requests import Start, Stop
from podium.pool.worker_pool import WorkerPool
from podium.supervision.policy import Policy
from tests.conftest import Figure
from tests.faults.hosted import Host
from tests.pool.conftest import Listener

MakePool = Callable[..., tuple[WorkerPool, Listener]]
A = InstanceId("a")
DAY = 24 * 3600.0


TALKING = "while :; do echo something; sleep 0.05; done"


@pytest.mark.fault(23)
def test_a_window_that_stood_still_blames_nobody(figure: Figure) -> None:
    stand_still({"ping_interval": 0.5}, 3.0, (), figure)


@pytest.mark.slow
@pytest.mark.fault(23)
def test_a_window_that_stood_still_during_a_start_blames_nobody(figure: Figure) -> None:
    stand_still({"ping_interval": 1.0, "start_timeout": 5.0}, 9.0, ("late",), figure)


def stand_still(policy: dict[str, float], seconds: float, late: tuple[str, ...], figure: Figure) -> None:
    """Stop a window for longer than three pings, or a start, may take, and let it go on."""
    names = ("a", "b", "c", "d")
    with Host(policy) as host:
        for name in names:
            host.run(name, "/bin/sh", "-c", TALKING)
        host.tell("acknowledge", True)
        if late:
            host.tell("spawn", *late)
            host.wait_state("late", "starting")
        host.kill(signal.SIGSTOP)
        time.sleep(seconds)  # This is the fault.
        host.kill(signal.SIGCONT)
        for name in late:
            host.wait_state(name, "running")
        time.sleep(5 * policy["ping_interval"])  # In which the blame would come.
        statuses = host.statuses()
    figure("restarts", sum(generation - 1 for _, generation in statuses.values()))
    assert statuses == {name: ["running", 1] for name in (*names, *late)}


@pytest.mark.fault(24)
def test_a_wall_clock_that_jumps_has_no_effect(
    make_pool: MakePool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, figure: Figure
) -> None:
    """Window and worker are told another time of day by a file; nobody else's clock is touched."""
    shift = tmp_path / "shift"
    shift.write_text("0")
    body = f"""
import time
from pathlib import Path
real = time.time
def shifted():
    return real() + float(Path({str(shift)!r}).read_text())
time.time = shifted
time.time_ns = lambda: round(shifted() * 1e9)
from podium.__main__ import main
raise SystemExit(main(["worker"]))
"""
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + float(shift.read_text()))
    policy = Policy(ping_interval=0.4, grace=5.0, kill_margin=5.0, stable_after=0.2)
    pool, listener = make_pool((sys.executable, "-P", "-c", body), policy)
    pool.spawn(A, SessionConfig())
    listener.wait_state("a", WorkerState.RUNNING)
    script = "trap 'sleep 0.5; exit 7' TERM; while :; do sleep 0.02; done"
    pool.send_to(A, Start(("bash", "-c", script), "/", {"PATH": os.environ["PATH"]}))
    listener.wait(lambda: bool(listener.of("a", StatusReport)))
    for jump in (DAY, -DAY, 0.0):
        shift.write_text(str(jump))
        until = time.monotonic() + 1.2  # Three pings.
        listener.wait(lambda until=until: time.monotonic() > until)
        assert pool.status(A).state is WorkerState.RUNNING
    # Its grace is 5 s by the clock that counts: a jump in the middle of it does not cut it short.
    pool.send_to(A, Stop(5.0))
    listener.wait(
        lambda: any(report.state is ProgramState.STOPPING for report in listener.of("a", StatusReport))
    )
    shift.write_text(str(DAY))
    listener.wait(lambda: bool(listener.of("a", ExitedReport)))
    assert listener.of("a", ExitedReport)[0].code == 7
    assert listener.history("a") == ["starting", "running"]
    figure("restarts", pool.status(A).restart_count)
