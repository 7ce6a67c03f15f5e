"""The test's side of ``tests.faults.host``: starts it, tells it what to do, waits for what it tells."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

PATIENCE = 60.0
"""Seconds to wait for what must come."""
_ROOT = Path(__file__).parent.parent.parent
_NOBODY = "65534"

Said = dict[str, Any]


class Host:
    """A process that supervises real workers. Killed with all it started when the test is over."""

    def __init__(
        self,
        policy: Mapping[str, float] | None = None,
        command: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        inherited: Sequence[int] = (),
        prefix: Sequence[str] = (),
    ) -> None:
        """``command`` starts a worker, ``prefix`` goes before the host's own."""
        self.said: list[Said] = []
        self._news = threading.Condition()
        self._process = subprocess.Popen(
            [*prefix, sys.executable, "-m", "tests.faults.host", json.dumps(dict(policy or {})), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **(environment or {})},
            pass_fds=tuple(inherited),
            cwd=_ROOT,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.pid: int = self.wait("up")["pid"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            for process in (*psutil.Process(self.pid).children(recursive=True), self._process):
                try:
                    process.kill()
                except psutil.Error:
                    continue
        self._process.wait()
        self._reader.join(PATIENCE)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def tell(self, *command: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command).encode() + b"\n")
        self._process.stdin.flush()

    def wait(self, event: str, where: Callable[[Said], bool] = lambda _: True, since: int = 0) -> Said:
        """The first thing it said of this kind, from number ``since`` on."""
        deadline = time.monotonic() + PATIENCE
        with self._news:
            while True:
                for said in self.said[since:]:
                    if said["event"] == event and where(said):
                        return said
                left = deadline - time.monotonic()
                assert left > 0, f"no {event}; it said last: {self.said[-5:]}"
                assert self._process.poll() is None or self._reader.is_alive(), f"it ended before {event}"
                self._news.wait(min(left, 0.5))

    def wait_state(self, name: str, state: str, since: int = 0) -> Said:
        return self.wait("worker", lambda said: said["id"] == name and said["state"] == state, since)

    def run(self, name: str, *argv: str, **environment: str) -> None:
        """Spawn a worker and start a program in it."""
        since = len(self.said)
        self.tell("spawn", name)
        self.wait_state(name, "running", since)
        self.tell("start", name, argv, environment)

    def statuses(self) -> dict[str, list[Any]]:
        since = len(self.said)
        self.tell("statuses")
        found: dict[str, list[Any]] = self.wait("statuses", since=since)["workers"]
        return found

    def pings(self, name: str, count: int) -> list[float]:
        """The milliseconds that each of ``count`` pongs took, one ping at a time."""
        times = []
        for _ in range(count):
            since = len(self.said)
            self.tell("ping", name)
            times.append(self.wait("pong", since=since)["ms"])
        return times

    def kill(self, number: int) -> None:
        self._process.send_signal(number)

    def ended(self) -> int:
        """Wait for its end; its exit status, or minus the signal."""
        return self._process.wait(PATIENCE)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._news:
                self.said.append(json.loads(line))
                self._news.notify_all()


def as_somebody() -> tuple[str, ...]:
    """What to put before a command so that a limit on processes is felt: root has none.

    The right to read everything stays, for a checkout in root's own home.
    """
    if os.getuid() != 0:
        return ()
    keep = "-all,+dac_read_search"
    return (
        "setpriv",
        f"--reuid={_NOBODY}",
        f"--regid={_NOBODY}",
        "--clear-groups",
        f"--inh-caps={keep}",
        f"--ambient-caps={keep}",
    )
