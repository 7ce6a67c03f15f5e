"""Running one program with everything it starts, and being sure that all of it has ended."""

import asyncio
import os
import secrets
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec
import psutil

from podium.core.program_channels import LineBuffer
from podium.core.self_command import resolved
from podium.missions.pipes import chunks
from podium.missions.stopping import StopSignal

GRACE: Final = 2.0
"""Seconds between asking a tree to end and killing it."""
_LINGER: Final = 2.0
"""Seconds a program's children may outlive it, to finish what they do in the background (codex's notify)."""
_POLL: Final = 0.05
_MARK: Final = "PODIUM_PROCESS_MARK"
_MAX_LINE_BYTES: Final = 1 << 20


class Output(Protocol):
    """Who takes what a program prints."""

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


class Silence:
    """How long a program may go without getting on. Whoever reads its output tells of progress."""

    def __init__(self, timeout: float) -> None:
        self.timeout = timeout
        self.progress()

    def progress(self) -> None:
        self._last = time.monotonic()

    @property
    def left(self) -> float:
        """Seconds until it counts as stuck."""
        return self._last + self.timeout - time.monotonic()


class Ending(msgspec.Struct, frozen=True):
    """How a program ended: by itself with ``code`` (negative: a signal's number), or was made to."""

    code: int | None
    seconds: float
    timed_out: bool = False
    stopped: bool = False
    silent: bool = False
    """It was ended because it did not get on."""

    @property
    def succeeded(self) -> bool:
        return self.code == 0 and not self.made_to

    @property
    def made_to(self) -> bool:
        """Podium ended it."""
        return self.timed_out or self.stopped or self.silent

    def why(self, timeout: float, silence: float | None = None) -> str:
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
    silence: Silence | None = None,
) -> Ending:
    """Run ``command`` to its end, its timeout, too long a silence or *stop now*. Nothing that it started is left.

    What it prints to its error output goes to ``errors``, or to ``output`` too. Raises OSError if it can't be
    started.
    """
    started = time.monotonic()
    tree = _Tree(command, folder, environment, pass_descriptors, apart=errors is not None)
    pumps = [asyncio.create_task(_pump(tree.output, output, tree.exited))]
    if tree.errors is not None and errors is not None:
        pumps.append(asyncio.create_task(_pump(tree.errors, errors, tree.exited)))
    pump = asyncio.ensure_future(asyncio.gather(*pumps, return_exceptions=True))
    waiting = {asyncio.create_task(tree.exited.wait()), asyncio.create_task(stop.now.wait())}
    try:
        silent = await _wait(waiting, started + timeout, silence)
        exited = tree.exited.is_set()
        if exited:
            await tree.linger(pump, stop)
        await tree.end(stop)
        await asyncio.wait({pump}, timeout=1.0)
    finally:
        pump.cancel()
        for task in [*pumps, *waiting]:
            task.cancel()
        code = tree.close()
    seconds = time.monotonic() - started
    if exited:
        return Ending(code, seconds)
    stopped = stop.now.is_set()
    return Ending(
        None, seconds, timed_out=not (stopped or silent), stopped=stopped, silent=silent and not stopped
    )


async def _wait(waiting: Collection[asyncio.Task[Any]], deadline: float, silence: Silence | None) -> bool:
    """Wait for the first of ``waiting`` until ``deadline``; True if the program's silence ended it."""
    while True:
        left = deadline - time.monotonic()
        quiet = left if silence is None else silence.left
        if left <= 0 or quiet <= 0:
            return quiet <= 0 < left
        done, _ = await asyncio.wait(waiting, timeout=min(left, quiet), return_when=asyncio.FIRST_COMPLETED)
        if done:
            return False


class _Tree:
    """A running program and its descendants: a session of their own, marked in their environment.

    The program itself is waited for but not reaped before the end, so neither its pid nor its group can come
    to mean something else while the tree is being ended.
    """

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        pass_descriptors: Sequence[int],
        apart: bool,
    ) -> None:
        self._mark = secrets.token_hex(8)
        self._ended = False
        self.exited = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self.output, writing = os.pipe()
        self.errors: int | None = None
        writing_errors = writing
        if apart:
            self.errors, writing_errors = os.pipe()
        try:
            self._process = subprocess.Popen(
                resolved(command),
                cwd=folder,
                # A mission run by an agent adds its own mark, and both missions can find what it starts.
                env={**environment, _MARK: f"{environment.get(_MARK, '')}:{self._mark}"},
                stdin=subprocess.DEVNULL,
                stdout=writing,
                stderr=writing_errors,
                start_new_session=True,
                pass_fds=tuple(pass_descriptors),
            )
        except BaseException:
            os.close(self.output)
            if self.errors is not None:
                os.close(self.errors)
            raise
        finally:
            os.close(writing)
            if apart:
                os.close(writing_errors)
        threading.Thread(target=self._watch, name=f"wait {self._process.pid}", daemon=True).start()

    def _watch(self) -> None:
        try:
            if hasattr(os, "waitid"):  # macOS has it from Python 3.13 on.
                os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
            else:
                self._process.wait()
        except ChildProcessError:
            pass  # Reaped by close after an error.
        try:
            self._loop.call_soon_threadsafe(self.exited.set)
        except RuntimeError:
            pass  # The mission ended without waiting for this one any longer.

    def _living(self) -> list[psutil.Process]:
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            ours = os.getpgid(process.pid) == self._process.pid or self._mark in process.environ().get(
                _MARK, ""
            ).split(":")
            return ours and process.status() != psutil.STATUS_ZOMBIE
        except (psutil.Error, OSError):
            return False

    async def linger(self, pump: "asyncio.Future[Any]", stop: StopSignal) -> None:
        """Give children that outlive the program a moment to finish by themselves."""
        deadline = time.monotonic() + _LINGER
        while (not pump.done() or self._living()) and time.monotonic() < deadline:
            if stop.now.is_set():
                return
            await asyncio.sleep(_POLL)

    async def end(self, stop: StopSignal) -> None:
        """Ask everything that lives to end, and kill what does not within the grace period."""
        if not self._signal(signal.SIGTERM):
            self._ended = True
            return
        deadline = time.monotonic() + GRACE
        while self._living() and time.monotonic() < deadline and not stop.hurry.is_set():
            await asyncio.sleep(_POLL)
        await self._kill()

    async def _kill(self) -> None:
        # Several passes: a process may fork while the list is made.
        for _ in range(20):
            if not self._signal(signal.SIGKILL):
                break
            await asyncio.sleep(_POLL)
        self._ended = True

    def _signal(self, number: signal.Signals) -> bool:
        """Send to everything that lives; False if nothing does."""
        living = self._living()
        for process in living:
            try:
                process.send_signal(number)
            except psutil.Error:
                pass  # It ended meanwhile.
        return bool(living)

    def close(self) -> int | None:
        """Reap the program and return its exit code. Kills the tree first if ``end`` was not reached."""
        if not self._ended:
            self._signal(signal.SIGKILL)
        try:
            return self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            return None  # It hangs in the kernel; nothing more can be done about it.


async def _pump(descriptor: int, output: Output, exited: asyncio.Event) -> None:
    async for data in chunks(descriptor):
        output.feed(data)
        await output.ready(exited)
    output.close()


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"
