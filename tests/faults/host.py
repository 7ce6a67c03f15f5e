"""A window's process without a window: a Qt event loop and a worker pool, told what to do by JSON lines on stdin.

``python -m tests.faults.host POLICY [WORKER-COMMAND …]``, POLICY being a JSON object of what differs from the usual.
Each line is ``[command, argument …]``, one of the methods ``do_…``; what happens is told by JSON lines on stdout.
"""

import contextlib
import ctypes
import gc
import json
import os
import resource
import signal
import sys
import time
from importlib import import_module
from typing import Any

from PySide6.QtCore import QCoreApplication, QSocketNotifier

from podium.core.ids import InstanceId
from podium.core.protocol.backend import BackendError, SessionConfig, WorkerState, WorkerStatus
from podium.core.protocol.frames import Frame
from podium.core.protocol.reports import Pong, Report
from podium.core.protocol.requests import Acknowledge, Ping, Start, Stop, TreePolicy
from podium.core.system.reexec import podium_command
from podium.pool.worker_pool import WorkerPool
from podium.supervision.policy import Policy
from podium.workspace.environment import program_environment

FIRST_PING = 1_000_000
"""Supervision's own pings have smaller numbers."""


class Host:
    def __init__(self, policy: Policy, command: tuple[str, ...]) -> None:
        self._pool = WorkerPool(self, policy, command)
        self._acknowledges = False
        self._pings: dict[int, float] = {}
        self._waiting = b""
        self._commands = QSocketNotifier(0, QSocketNotifier.Type.Read)
        self._commands.activated.connect(self._on_commands)

    def worker_changed(self, status: WorkerStatus) -> None:
        _tell(
            event="worker",
            id=status.instance,
            state=status.state,
            generation=status.generation,
            pid=status.pid,
            restarts=status.restart_count,
            reason=status.reason,
        )

    def session_reported(self, instance: InstanceId, report: Report) -> None:
        if isinstance(report, Frame):
            if self._acknowledges and not report.more:
                self._pool.send_to(instance, Acknowledge(report.number))
            return
        _tell(event="report", id=instance, kind=type(report).__name__)

    def _watch_pongs(self, name: InstanceId) -> None:
        """Pongs are supervision's business and are delivered to nobody else."""
        worker = self._pool._workers[name]
        supervise = worker._on_reported

        def on_reported(generation: int, report: Report) -> None:
            self._on_reported(report)
            supervise(generation, report)

        worker._on_reported = on_reported  # type: ignore[method-assign]

    def _on_reported(self, report: Report) -> None:
        if isinstance(report, Pong) and report.number in self._pings:
            _tell(event="pong", ms=(time.monotonic() - self._pings.pop(report.number)) * 1000)

    def _on_commands(self) -> None:
        data = os.read(0, 1 << 16)
        if not data:
            QCoreApplication.quit()
            return
        *lines, self._waiting = (self._waiting + data).split(b"\n")
        for line in lines:
            name, *arguments = json.loads(line)
            getattr(self, f"do_{name}")(*arguments)

    def do_spawn(self, *names: str) -> None:
        for name in names:
            try:
                self._pool.spawn(InstanceId(name), SessionConfig())
            except BackendError as error:
                _tell(event="refused", id=name, reason=str(error))
                continue
            self._watch_pongs(InstanceId(name))

    def do_start(self, name: str, argv: list[str], environment: dict[str, str]) -> None:
        """Run a program that ends with its whole tree, in the environment a workspace would give it."""
        own = {**program_environment(os.environ), **environment}
        self._pool.send_to(InstanceId(name), Start(tuple(argv), "/", own, TreePolicy.TREE))

    def do_stop(self, name: str, grace: float) -> None:
        self._pool.send_to(InstanceId(name), Stop(grace))

    def do_acknowledge(self, yes: bool) -> None:
        self._acknowledges = yes

    def do_ping(self, name: str) -> None:
        number = FIRST_PING + len(self._pings)
        self._pings[number] = time.monotonic()
        self._pool.send_to(InstanceId(name), Ping(number))

    def do_kill(self, *names: str) -> None:
        for name in names:
            self._pool.kill(InstanceId(name))

    def do_remove(self, *names: str) -> None:
        for name in names:
            self._pool.remove(InstanceId(name))

    def do_limit(self, name: str, soft: int) -> None:
        """Set the soft limit ``RLIMIT_name``; -1 lifts it as far as it goes."""
        number = getattr(resource, f"RLIMIT_{name}")
        _, hard = resource.getrlimit(number)
        resource.setrlimit(number, (hard if soft < 0 else soft, hard))
        _tell(event="limited")

    def do_abort(self) -> None:
        os.abort()

    def do_quit(self) -> None:
        self._pool.shutdown_all(QCoreApplication.quit)

    def do_load(self) -> None:
        """Load all that a window does."""
        import_module("podium.app.startup.window_session")

    def do_tidy(self) -> None:
        """Give back to the system what is free but kept for later: what then is held is in use."""
        gc.collect()
        with contextlib.suppress(OSError, AttributeError):  # Not every C library has it.
            ctypes.CDLL(None).malloc_trim(0)
        _tell(event="tidy")

    def do_statuses(self) -> None:
        found = {name: [status.state, status.generation] for name, status in self._pool.statuses().items()}
        live = sum(state is WorkerState.RUNNING for state, _ in found.values())
        _tell(event="statuses", workers=found, running=live)


def _tell(**what: Any) -> None:
    # Written by hand: with no descriptor and no memory left this must still work.
    os.write(1, json.dumps(what).encode() + b"\n")


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    policy = Policy(**json.loads(sys.argv[1]))
    application = QCoreApplication(sys.argv[:1])
    host = Host(policy, tuple(sys.argv[2:]) or podium_command("worker"))
    _tell(event="up", pid=os.getpid())
    application.exec()
    del host


if __name__ == "__main__":
    main()
