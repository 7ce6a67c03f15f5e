"""A worker as a window sees it, without Qt: requests in, reports out."""

import os
import selectors
import subprocess
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self, TypeVar

from podium.core.protocol.frames import Frame
from podium.core.protocol.reports import ExitedReport, Report, TextReport
from podium.core.protocol.requests import Acknowledge, Init, Request, Start, TextWanted, TreePolicy
from podium.core.system.reexec import podium_command
from podium.ipc.framing import encode, report_decoder

PATIENCE = 60.0
"""Seconds to wait for something that must come; only a failing test ever waits that long."""

Wanted = TypeVar("Wanted", bound=Report)


class WorkerHarness:
    """Starts ``podium worker``, sends its Init, acknowledges frames unless told not to."""

    def __init__(
        self,
        columns: int = 80,
        lines: int = 24,
        acknowledge: bool = True,
        keep: str = "",
        restore: bool = False,
        marker: str = "",
        command: Sequence[str] = (),
        scrollback: int = 10_000,
        archive: str = "",
    ) -> None:
        """``command`` is another Podium's ``podium worker``."""
        self.acknowledge = acknowledge
        self.reports: list[Report] = []
        self._decoder = report_decoder()
        self._read_until = 0
        self._requests = 0
        self.process = subprocess.Popen(
            command or podium_command("worker"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._stdin, self._stdout = self.process.stdin, self.process.stdout
        os.set_blocking(self._stdout.fileno(), False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._stdout, selectors.EVENT_READ)
        self.send(Init("test", columns, lines, scrollback, marker, keep, restore, archive))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stdin.close()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._selector.close()
        self._stdout.close()
        if self.process.stderr is not None:
            self.process.stderr.close()

    def send(self, *requests: Request) -> None:
        self._stdin.write(b"".join(map(encode, requests)))
        self._stdin.flush()

    def start(
        self, *argv: str, folder: str = "/", tree: TreePolicy = TreePolicy.TREE, **environment: str
    ) -> None:
        self.send(Start(argv, folder, {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **environment}, tree))

    def shell(self, script: str, **environment: str) -> None:
        self.start("/bin/sh", "-c", script, **environment)

    def pump(self, seconds: float) -> bool:
        """Take in what arrives within ``seconds``; False when the worker closed its side."""
        for _ in self._selector.select(seconds):
            data = os.read(self._stdout.fileno(), 1 << 16)
            if not data:
                return False
            self._decoder.feed(data)
            while (report := self._decoder.next_message()) is not None:
                self.reports.append(report)
                if isinstance(report, Frame) and self.acknowledge and not report.more:
                    self.send(Acknowledge(report.number))
        return True

    def _heard(self) -> str:
        return f"last reports: {[str(report)[:200] for report in self.reports[-5:]]}"

    def wait_until(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"{what} never came; {self._heard()}")
            if not self.pump(0.2) and not condition():
                raise AssertionError(f"the worker ended before {what}; {self._heard()}")

    def wait_for(self, kind: type[Wanted], where: Callable[[Wanted], bool] = lambda _: True) -> Wanted:
        """The next report of ``kind`` since the last that was waited for."""
        found: list[Wanted] = []

        def look() -> bool:
            while self._read_until < len(self.reports):
                report = self.reports[self._read_until]
                self._read_until += 1
                if isinstance(report, kind) and where(report):
                    found.append(report)
                    return True
            return False

        self.wait_until(look, f"{kind.__name__}")
        return found[0]

    def exit(self) -> ExitedReport:
        return self.wait_for(ExitedReport)

    def screen(self) -> str:
        """The visible text, lines without the blanks at their ends, no empty lines at the end."""
        self._requests += 1
        number = self._requests
        self.send(TextWanted(number))
        position = self._read_until
        pieces: list[str] = []

        def look() -> bool:
            nonlocal position
            while position < len(self.reports):
                report = self.reports[position]
                position += 1
                if isinstance(report, TextReport) and report.request == number:
                    pieces.append(report.text)
                    if not report.more:
                        return True
            return False

        self.wait_until(look, "the screen's text")
        return "".join(pieces).rstrip("\n")

    def wait_screen(self, *texts: str) -> str:
        """Wait until the screen holds all of ``texts``."""
        deadline = time.monotonic() + PATIENCE
        while True:
            screen = self.screen()
            if all(text in screen for text in texts):
                return screen
            assert time.monotonic() < deadline, f"{texts} never showed; the screen is:\n{screen}"
            self.pump(0.02)
