"""Running one program with everything it starts, and being sure that all of it has ended."""

import asyncio
import os
import secrets
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

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

    def line(self, line: bytes) -> None: ...

    async def ready(self, exited: asyncio.Event) -> None:
        """Return when more may be read; at once when the program has exited."""


class Ending(msgspec.Struct, frozen=True):
    """How a program ended: by itself with ``code`` (negative: a signal's number), or was made to."""

    code: int | None
    seconds: float
    timed_out: bool = False
    stopped: bool = False

    @property
    def succeeded(self) -> bool:
        return self.code == 0 and not (self.timed_out or self.stopped)

    def why(self, timeout: float) -> str:
        """The reason of a failure, for a person."""
        if self.stopped:
            return "stopped"
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
) -> Ending:
    """Run ``command`` to its end, its timeout or *stop now*. Nothing that it started is left.

    Raises OSError if it can't be started.
    """
    started = time.monotonic()
    tree = _Tree(command, folder, environment, pass_descriptors)
    pump = asyncio.create_task(_pump(tree.output, output, tree.exited))
    waiting = {asyncio.create_task(tree.exited.wait()), asyncio.create_task(stop.now.wait())}
    try:
        await asyncio.wait(waiting, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        exited = tree.exited.is_set()
        if exited:
            await tree.linger(pump, stop)
        await tree.end(stop)
        await asyncio.wait({pump}, timeout=1.0)
    finally:
        for task in (pump, *waiting):
            task.cancel()
        code = tree.close()
    seconds = time.monotonic() - started
    if exited:
        return Ending(code, seconds)
    return Ending(None, seconds, timed_out=not stop.now.is_set(), stopped=stop.now.is_set())


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
    ) -> None:
        self._mark = secrets.token_hex(8)
        self._ended = False
        self.exited = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self.output, writing = os.pipe()
        try:
            self._process = subprocess.Popen(
                resolved(command),
                cwd=folder,
                # A mission run by an agent adds its own mark, and both missions can find what it starts.
                env={**environment, _MARK: f"{environment.get(_MARK, '')}:{self._mark}"},
                stdin=subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                start_new_session=True,
                pass_fds=tuple(pass_descriptors),
            )
        except BaseException:
            os.close(self.output)
            raise
        finally:
            os.close(writing)
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

    async def linger(self, pump: asyncio.Task[None], stop: StopSignal) -> None:
        """Give children that outlive the program a moment to finish by themselves."""
        deadline = time.monotonic() + _LINGER
        while (not pump.done() or self._living()) and time.monotonic() < deadline:
            if stop.now.is_set():
                return
            await asyncio.sleep(_POLL)

    async def end(self, stop: StopSignal) -> None:
        """Ask everything that lives to end, and kill what does not within the grace period."""
        self._signal(signal.SIGTERM)
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
    lines = LineBuffer(_MAX_LINE_BYTES)
    dropped = 0
    async for data in chunks(descriptor):
        for line in lines.feed(data):
            output.line(line)
        if lines.dropped > dropped:
            dropped = lines.dropped
            output.line(b"(a line of more than 1 MiB is not shown)")
        await output.ready(exited)
    for line in lines.feed(b"\n"):
        output.line(line)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"
