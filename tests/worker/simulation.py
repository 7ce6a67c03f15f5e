"""A session with a program and a clock that the test is in charge of: nothing of it waits."""

from collections import deque
from collections.abc import Callable
from typing import Any

import pytest

from podium.core.protocol.frames import Frame
from podium.core.protocol.reports import Report
from podium.core.protocol.requests import Acknowledge, Init, Start
from podium.worker import session as session_module
from podium.worker.program.child_watch import Ended
from podium.worker.session import Session


class FakeWatch:
    """The end of a program, when the test says so."""

    descriptor = 0
    ended: Ended | None = None

    def poll(self) -> Ended | None:
        return self.ended


class FakeProgram:
    """What a session needs of a program: the test puts its output in."""

    pid = 4711
    ending = False
    remaining: tuple[()] = ()
    blocking = killed = unkillable = folder = ""
    next_sweep = None
    over = True

    def __init__(self, *_: Any) -> None:
        self.output: deque[bytes] = deque()
        self.written = b""
        self.watch = FakeWatch()
        self.sizes: list[tuple[int, ...]] = []

    def read_output(self) -> bytes:
        return self.output.popleft() if self.output else b""

    def read_events(self) -> list[bytes]:
        return []

    last_events = read_events

    def write_input(self, data: bytes) -> bool:
        self.written += data
        return True

    def resize(self, *size: int) -> None:
        self.sizes.append(size)

    def enforce_deadline(self) -> None: ...

    def begin_sweep(self, grace: float) -> None: ...

    def staying(self) -> tuple[()]:
        return ()

    def close(self) -> None: ...


class Simulation:
    """``step`` is one pass of the worker's loop, after which the window has acknowledged what it got."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, columns: int = 40, lines: int = 10, acknowledge: bool = True
    ) -> None:
        self.now = 1000.0
        self.acknowledge = acknowledge
        self.reports: list[Report] = []
        self.on_frame: Callable[[Frame], None] = lambda _: None
        monkeypatch.setattr(session_module, "Program", FakeProgram)
        self.session = Session(Init("a", columns, lines), self._emit, lambda: self.now)
        self.session.handle(Start(("program",), "/", {}))
        program = self.session.program
        assert isinstance(program, FakeProgram)
        self.program = program
        self.step()

    def _emit(self, report: Report) -> None:
        self.reports.append(report)
        if isinstance(report, Frame):
            self.on_frame(report)

    @property
    def frames(self) -> list[Frame]:
        return [report for report in self.reports if isinstance(report, Frame)]

    def step(self) -> None:
        sent = len(self.reports)
        self.session.step()
        for report in self.reports[sent:]:
            if isinstance(report, Frame) and self.acknowledge:
                self.session.handle(Acknowledge(report.number))

    def output(self, data: bytes) -> None:
        """The program prints ``data``, and the session has taken all of it."""
        self.program.output.append(data)
        self.step()
        while self.session.busy:
            self.step()
