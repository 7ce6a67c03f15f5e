"""A mission run as people run it: a process of its own, with the channels a worker would give it."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from podium.core.protocol.events import ProgramEvent, WireEvent, decode_line, typed_event
from podium.core.protocol.program_channels import (
    ControlRequest,
    LineBuffer,
    encode_control,
    open_control_channel,
    open_event_channel,
)

DEADLINE = 90.0


class MissionProcess:
    """``podium mission run`` under test. Events are read while waiting, so its pipe never fills up."""

    def __init__(self, file: Path, action: str = "run") -> None:
        self._events, self._control = open_event_channel(), open_control_channel()
        environment = {**os.environ, **self._events.environment, **self._control.environment, "COLUMNS": "80"}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "podium", "mission", action, "--yes", str(file)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(self._events.program, self._control.program),
        )
        os.close(self._events.program)
        os.close(self._control.program)
        self._lines = LineBuffer(64 * 1024)
        self.wire: list[WireEvent] = []
        self.log = ""

    @property
    def events(self) -> list[ProgramEvent]:
        """All typed events so far, in order."""
        return [typed for wire in self.wire if (typed := typed_event(wire.event, wire.data)) is not None]

    @property
    def names(self) -> list[str]:
        return [wire.event for wire in self.wire]

    def until(self, condition: Callable[[], bool]) -> None:
        """Read events until ``condition`` is true."""
        deadline = time.monotonic() + DEADLINE
        while not condition():
            assert time.monotonic() < deadline, f"not in time: {self.names} {self.log}"
            if not self._read_events():
                assert condition(), f"the mission ended: {self.names}"

    def _read_events(self) -> bool:
        if not select.select([self._events.host], [], [], 0.05)[0]:
            return True
        data = os.read(self._events.host, 64 * 1024)
        self.wire += [decode_line(line) for line in self._lines.feed(data)]
        return bool(data)

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def control(self, request: ControlRequest) -> None:
        os.write(self._control.host, encode_control(request))

    def finish(self) -> int:
        """Wait for the end; return the exit code."""
        out, _ = self.process.communicate(timeout=DEADLINE)
        self.log = out.decode()
        while self._read_events():
            pass
        return self.process.returncode

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()
        os.close(self._events.host)
        os.close(self._control.host)


def alive(pid_file: Path) -> bool:
    """Whether the process whose pid is in ``pid_file`` lives."""
    try:
        return psutil.Process(int(pid_file.read_text())).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
