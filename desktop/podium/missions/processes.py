"""Running one program with everything it starts, and being sure that all of it has ended."""

import asyncio
import signal
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec

from podium.core.protocol.program_channels import LineBuffer
from podium.missions.pipes import chunks
from podium.missions.stopping import StopSignal

if sys.platform == "win32":
    from podium.missions.job_tree import JobTree as ProgramTree
else:
    from podium.missions.program_tree import ProgramTree

_MAX_LINE_BYTES: Final = 1 << 20


class ReaderFault(Exception):
    """The reader of a program's output has failed; the cause is a fault of Podium's own."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(f"{type(cause).__name__}: {cause}")
        self.cause = cause


class Output(Protocol):
    """A consumer of what a program prints."""

    def feed(self, data: bytes) -> None: ...

    def close(self) -> None:
        """Nothing more comes."""

    async def ready(self, exited: asyncio.Event) -> None:
        """Return when more may be read; at once when the program has exited."""


class Lines:
    """Cuts what a program prints into lines of at most 1 MiB; a longer one is named, not kept."""

    def __init__(self, take: Callable[[bytes], None]) -> None:
        self._take = take
        self._lines = LineBuffer(_MAX_LINE_BYTES)
        self._dropped = 0

    def feed(self, data: bytes) -> None:
        for line in self._lines.feed(data):
            self._take(line)
        if self._lines.dropped > self._dropped:
            self._dropped = self._lines.dropped
            self._take(b"(a line of more than 1 MiB is not shown)")

    def close(self) -> None:
        for line in self._lines.feed(b"\n"):
            self._take(line)


class InactivityTimer:
    """Measures how long a program has made no progress. The reader of its output calls ``progress``."""

    def __init__(self, timeout: float) -> None:
        self.timeout = timeout
        self.progress()

    def progress(self) -> None:
        self._last = time.monotonic()

    @property
    def left(self) -> float:
        """Seconds until the program counts as stuck."""
        return self._last + self.timeout - time.monotonic()


class Ending(msgspec.Struct, frozen=True):
    """The end of a program: by itself with ``code`` (negative: a signal's number), or forced."""

    code: int | None
    seconds: float
    timed_out: bool = False
    stopped: bool = False
    silent: bool = False
    """Podium ended it because it made no progress."""

    @property
    def succeeded(self) -> bool:
        return self.code == 0 and not self.made_to

    @property
    def made_to(self) -> bool:
        """Podium ended it."""
        return self.timed_out or self.stopped or self.silent

    def failure_text(self, timeout: float, silence: float | None = None) -> str:
        """The reason of a failure, for a person."""
        if self.stopped:
            return "stopped"
        if self.silent:
            return f"ended after {silence or 0:g} s without progress"
        if self.timed_out:
            return f"ended after its timeout of {timeout:g} s"
        if self.code is None:
            return "ended in an unknown way"
        if self.code < 0:
            return f"ended by signal {-self.code} ({_signal_name(-self.code)})"
        return f"exited with {self.code}"


async def run_program(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    timeout: float,
    stop: StopSignal,
    output: Output,
    pass_descriptors: Sequence[int] = (),
    *,
    errors: Output | None = None,
    inactivity: InactivityTimer | None = None,
) -> Ending:
    """Run ``command`` to its end, its timeout, its inactivity timeout or *stop now*. Nothing that it started is left.

    What it prints to its error output goes to ``errors``, or to ``output`` too; it is read to its end even if they
    fail. Raises OSError or ValueError if it can't be started, and what ``output`` or ``errors`` raised.
    """
    started = time.monotonic()
    tree = await ProgramTree.start(command, folder, environment, pass_descriptors, apart=errors is not None)
    pumps = [asyncio.create_task(_pump(tree.output, output, tree.exited))]
    if tree.errors is not None and errors is not None:
        pumps.append(asyncio.create_task(_pump(tree.errors, errors, tree.exited)))
    waiting = {asyncio.create_task(tree.exited.wait()), asyncio.create_task(stop.now.wait())}
    try:
        silent = await _wait(waiting, started + timeout, inactivity)
        exited = tree.exited.is_set()
        if exited:
            await tree.wait_for_children(pumps, stop)
        await tree.end(stop)
        await asyncio.wait(pumps, timeout=1.0)
    finally:
        for task in [*pumps, *waiting]:
            task.cancel()
        results = await asyncio.gather(*pumps, return_exceptions=True)
        tree.close()
    for result in results:
        if isinstance(result, Exception):
            raise ReaderFault(result) from result
    seconds = time.monotonic() - started
    if exited:
        return Ending(tree.code, seconds)
    stopped = stop.now.is_set()
    return Ending(
        None, seconds, timed_out=not (stopped or silent), stopped=stopped, silent=silent and not stopped
    )


async def _wait(
    waiting: Collection[asyncio.Task[Any]], deadline: float, inactivity: InactivityTimer | None
) -> bool:
    """Wait for the first of ``waiting`` until ``deadline``; True if the inactivity timer ran out."""
    while True:
        left = deadline - time.monotonic()
        quiet = left if inactivity is None else inactivity.left
        if left <= 0 or quiet <= 0:
            return quiet <= 0 < left
        done, _ = await asyncio.wait(waiting, timeout=min(left, quiet), return_when=asyncio.FIRST_COMPLETED)
        if done:
            return False


async def _pump(descriptor: int, output: Output, exited: asyncio.Event) -> None:
    """Hand on what a program prints. A fault in ``output`` is raised at the end: the program, whose work is not to
    blame, would die of a pipe that nobody reads.
    """
    fault: Exception | None = None
    async for data in chunks(descriptor):
        if fault is None:
            try:
                output.feed(data)
                await output.ready(exited)
            except Exception as error:
                fault = error
    if fault is not None:
        raise fault
    output.close()


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"
