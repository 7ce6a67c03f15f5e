"""Starts that go wrong, and what outlives whoever started it: rows 6, 7, 8 and 9."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QCoreApplication, QEventLoop, QThread
from pytestqt.qtbot import QtBot

from podium.core.ids import InstanceId
from podium.core.protocol.backend import SessionConfig, WorkerState
from podium.core.protocol.reports import ExitedReport, Pong, ProgramState, Report, StatusReport
from podium.core.protocol.requests import Init, Ping, Start
from podium.pool.worker_pool import WorkerPool
from podium.pool.worker_process import WorkerProcess
from podium.worker.program.pty import TerminalSize, open_pty
from tests.conftest import Figure
from tests.faults.hosted import Host, Said, as_somebody
from tests.faults.timing import best
from tests.faults.trees import KINDS, Tree
from tests.pool.conftest import PATIENCE, Listener
from tests.worker.test_worker import gone, wait_gone

MakePool = Callable[..., tuple[WorkerPool, Listener]]
Misbehaving = Callable[[str], tuple[str, ...]]
A = InstanceId("a")
PATH = {"PATH": os.environ["PATH"]}


class Starter(QThread):
    """Starts a worker and a program in it, hands the worker over and ends."""

    def __init__(self) -> None:
        super().__init__()
        self.process: WorkerProcess | None = None
        self.program = 0
        self.reports: list[Report] = []

    def run(self) -> None:
        loop = QEventLoop()

        def look(report: Report) -> None:
            self.reports.append(report)
            if isinstance(report, StatusReport) and report.state is ProgramState.RUNNING:
                self.program = report.program_pid
                loop.quit()

        process = WorkerProcess(look)
        process.start()
        process.send(Init("a"))
        process.send(Start(("sleep", "600"), "/", PATH))
        loop.exec()
        process.moveToThread(QCoreApplication.instance().thread())
        self.process = process


@pytest.mark.fault(6)
def test_a_worker_outlives_the_thread_that_started_it(qtbot: QtBot) -> None:
    starter = Starter()
    starter.start()
    qtbot.waitUntil(starter.isFinished, timeout=PATIENCE)
    process = starter.process
    assert process is not None
    ends: list[object] = []
    process.ended.connect(ends.append)
    process.send(Ping(7))
    qtbot.waitUntil(lambda: Pong(7) in starter.reports, timeout=PATIENCE)
    assert not gone(starter.program)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGTERM)
    qtbot.waitUntil(lambda: bool(ends), timeout=PATIENCE)
    wait_gone(starter.program)


@pytest.mark.fault(6)
def test_a_program_outlives_the_thread_that_forked_it() -> None:
    started = []
    thread = threading.Thread(
        target=lambda: started.append(open_pty(("cat",), "/", PATH, TerminalSize(80, 24), ()))
    )
    thread.start()
    thread.join()
    [pty] = started
    os.set_blocking(pty.master, True)
    os.write(pty.master, b"still here\n")
    assert os.read(pty.master, 100).startswith(b"still here")
    os.close(pty.master)  # Hangs up, which ends it.
    os.waitpid(pty.pid, 0)


@pytest.mark.fault(7)
def test_a_program_whose_grandchild_holds_the_terminal_has_ended(make_pool: MakePool, figure: Figure) -> None:
    pool, listener = make_pool()
    pool.spawn(A, SessionConfig())
    listener.wait_state("a", WorkerState.RUNNING)
    tree = Tree()

    def milliseconds() -> float:
        ends = len(listener.of("a", ExitedReport))
        start = time.monotonic()
        pool.send_to(A, Start(("sh", "-c", "trap '' HUP; sleep 60 &"), "/", {**PATH, **tree.environment}))
        listener.wait(lambda: len(listener.of("a", ExitedReport)) > ends)
        return (time.monotonic() - start) * 1000

    took = best(milliseconds, 1000)
    figure("ended after", took, "ms", limit=1000)
    assert listener.of("a", ExitedReport)[0].code == 0
    listener.wait(lambda: not tree.alive())


@pytest.mark.fault(7)
def test_a_worker_whose_child_holds_its_output_has_ended(
    make_pool: MakePool, misbehaving: Misbehaving, tmp_path: Path, figure: Figure
) -> None:
    child = tmp_path / "child"
    body = f"import subprocess\nopen({str(child)!r}, 'w').write(str(subprocess.Popen(['sleep', '60']).pid))\nready()"
    pool, listener = make_pool(misbehaving(body))

    def milliseconds() -> float:
        pool.spawn(A, SessionConfig())
        listener.wait_state("a", WorkerState.RUNNING)
        start = time.monotonic()
        listener.wait_state("a", WorkerState.STOPPED)
        took = (time.monotonic() - start) * 1000
        pid = int(child.read_text())
        assert not gone(pid)
        os.kill(pid, signal.SIGKILL)
        return took

    took = best(milliseconds, 1000)
    figure("stopped after", took, "ms", limit=1000)


@pytest.mark.fault(8)
@pytest.mark.parametrize("fault", ["missing", "not executable", "a folder"])
def test_a_worker_that_cannot_be_started_fails_with_the_reason(
    fault: str, make_pool: MakePool, tmp_path: Path
) -> None:
    program = tmp_path / "program"
    if fault == "not executable":
        program.write_text("#!/bin/sh\n")
        program.chmod(0o644)
    elif fault == "a folder":
        program.mkdir()
    pool, listener = make_pool((str(program),))
    pool.spawn(A, SessionConfig())
    listener.wait_state("a", WorkerState.FAILED)
    assert "could not be started" in pool.status(A).reason
    assert pool.status(A).restart_count == 2


EAGER = {"first_delay": 0.2, "longest_delay": 0.4, "max_restarts": 1000, "breaker_failures": 1000}


@pytest.mark.fault(9)
def test_without_descriptors_the_window_lives_backs_off_and_recovers(figure: Figure) -> None:
    with Host(EAGER) as host:
        process = psutil.Process(host.pid)
        before = process.num_fds()
        starve_and_feed(host, "NOFILE", lambda: process.num_fds(), figure)
        host.tell("kill", "warm", "late")
        for name in ("warm", "late"):
            host.wait_state(name, "stopped")
        deadline = time.monotonic() + 20
        while process.num_fds() > before:  # None of the starts that failed left anything.
            assert time.monotonic() < deadline, process.open_files()
            time.sleep(0.05)


@pytest.mark.fault(9)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="setpriv is Linux's")
def test_without_processes_the_window_lives_backs_off_and_recovers(figure: Figure) -> None:
    environment = {"HOME": "/", "PYTHONDONTWRITEBYTECODE": "1"}
    with Host(EAGER, environment=environment, prefix=as_somebody()) as host:
        starve_and_feed(host, "NPROC", lambda: 1, figure)


def starve_and_feed(host: Host, limit: str, soft: Callable[[], int], figure: Figure) -> None:
    """Take what a start needs, kill a worker and ask for another; give it back, and see both run."""
    tree = Tree()
    daemon = next(kind for kind in KINDS if kind.name == "daemon")
    try:
        host.run("warm", "/bin/sh", "-c", daemon.script, **tree.environment)
        tree.wait_up(daemon.processes)
        worker = host.wait_state("warm", "running")["pid"]
        host.tell("limit", limit, soft())
        host.wait("limited")
        since = len(host.said)
        os.kill(worker, signal.SIGKILL)
        host.tell("spawn", "late")
        for name in ("warm", "late"):
            host.wait("worker", lambda said, name=name: tried_again_and_again(said, name), since)
        since = len(host.said)
        host.tell("limit", limit, -1)
        host.wait("limited", since=since)
        start = time.monotonic()
        for name in ("warm", "late"):
            host.wait_state(name, "running", since)
        figure(f"RLIMIT_{limit}: runs again after", time.monotonic() - start, "s")
        tree.wait_gone()  # Nobody could look for it while there was nothing to look with.
    finally:
        tree.kill()


def tried_again_and_again(said: Said, name: str) -> bool:
    in_vain = said["state"] == "backoff" and "could not be started" in said["reason"]
    return said["id"] == name and in_vain and said["generation"] > 3
