"""A running program with everything it starts, below a reaper of its own; on Windows it is ``job_tree.py``'s."""

import asyncio
import contextlib
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self

from podium.core.system.process_table import ProcessEntry, process_table, signal_entries, variable_of
from podium.core.system.reexec import resolved
from podium.core.system.signals import KILL
from podium.missions.pipes import chunks
from podium.missions.stopping import StopSignal
from podium.missions.tree_waits import KILL_PATIENCE, wait_for_children, wait_over

GRACE: Final = 2.0
"""Seconds between asking a tree to end and killing it."""
_MARK: Final = "PODIUM_PROCESS_MARK"
_REAPER: Final = Path(__file__).with_name("reaper.py")
"""Not imported: it is a program of its own, for POSIX alone."""


class ProgramTree:
    """A running program and its descendants, in a session of their own.

    The reaper above them finds them all, whatever they did to their environment. Where there is none, or no more,
    they are found by the session and by a mark in their environment.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", mark: str, control: int, output: int) -> None:
        self._process = process
        self._mark = mark
        self._control = control
        self.output = output
        self.errors: int | None = None
        self.exited = asyncio.Event()
        """The program itself has ended; ``code`` says how."""
        self.code: int | None = None
        self._program = 0
        self._inherits = False
        self._empty = asyncio.Event()
        self._reaper_gone = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None
        """Kept, because the loop itself holds its tasks only weakly."""
        self._started: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        pass_descriptors: Sequence[int],
        apart: bool,
    ) -> Self:
        """Start ``command``; with ``apart`` its errors come apart from its output. Raises OSError and ValueError."""
        mark = secrets.token_hex(8)
        with contextlib.ExitStack() as ours, contextlib.ExitStack() as theirs:

            def pipe(*, to_us: bool = True) -> tuple[int, int]:
                reading, writing = os.pipe()
                (ours if to_us else theirs).callback(os.close, reading)
                (theirs if to_us else ours).callback(os.close, writing)
                return reading, writing

            output, writing = pipe()
            errors, writing_errors = pipe() if apart else (None, writing)
            status, telling = pipe()
            ordered, control = pipe(to_us=False)
            descriptors = (str(ordered), str(telling), ",".join(map(str, pass_descriptors)))
            process = subprocess.Popen(
                (*_reaper_command(), *descriptors, *resolved(command)),
                cwd=folder,
                # A mission run by an agent adds its own mark, and both missions can find what it starts.
                env={**environment, _MARK: f"{environment.get(_MARK, '')}:{mark}"},
                stdin=subprocess.DEVNULL,
                stdout=writing,
                stderr=writing_errors,
                start_new_session=True,
                pass_fds=(ordered, telling, *pass_descriptors),
            )
            tree = cls(process, mark, control, output)
            tree.errors = errors
            tree._listening = asyncio.create_task(tree._listen(status))
            ours.pop_all()
        try:
            await asyncio.shield(tree._started)
        except BaseException:
            tree._abandon()
            raise
        return tree

    async def _listen(self, status: int) -> None:
        """Read the reaper's reports until it has gone."""
        rest = b""
        async for data in chunks(status):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                self._on_status(*line.decode().split())
        self._reaper_gone.set()
        self.exited.set()
        if not self._started.done():
            self._started.set_exception(OSError("its reaper did not start"))

    def _on_status(self, what: str, *values: str) -> None:
        match what:
            case "started":
                self._program, self._inherits = int(values[0]), values[1] == "1"
                if not self._started.done():
                    self._started.set_result(None)
            case "failed":
                number = int(values[0])
                if not self._started.done():
                    self._started.set_exception(OSError(number, os.strerror(number)))
            case "exited":
                self.code = int(values[0])
                self.exited.set()
            case "empty" if self._inherits:
                self._empty.set()

    async def wait_for_children(self, pumps: "Collection[asyncio.Task[Any]]", stop: StopSignal) -> None:
        """Give children that outlive the program a moment to finish by themselves."""
        await wait_for_children(self._over, pumps, stop)

    async def end(self, stop: StopSignal) -> None:
        """Ask everything that lives to end, and kill what does not within the grace period."""
        if not self._over():
            self._order(signal.SIGTERM)
            await wait_over(self._over, GRACE, stop.kill_now)
        if not self._over():
            self._order(KILL)
            await wait_over(self._over, KILL_PATIENCE)

    def close(self) -> None:
        """Let go of it. Kills the tree first if ``end`` was not reached."""
        if not self._over():
            self._order(KILL)
        os.close(self._control)
        self._reap()

    def _abandon(self) -> None:
        """Give up a program that did not start, or whose start is no longer awaited."""
        self._started.cancel()
        for descriptor in (self.output, self.errors):
            if descriptor is not None:
                os.close(descriptor)
        self.close()

    def _reap(self) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):  # It waits for what hangs in the kernel.
            self._process.wait(1.0)

    def _over(self) -> bool:
        if self._inherits and not self._reaper_gone.is_set():
            return self._empty.is_set()
        return self._empty.is_set() or not self._marked()

    def _order(self, number: signal.Signals) -> None:
        with contextlib.suppress(OSError):  # The reaper has gone.
            os.write(self._control, b"k" if number is KILL else b"t")
        if self._reaper_gone.is_set() or not self._inherits:
            signal_entries(self._marked(), number)

    def _marked(self) -> list[ProcessEntry]:
        """The processes of the tree that can be found without a reaper."""
        return [
            entry
            for entry in process_table()
            if not entry.zombie
            and entry.pid != self._process.pid
            and (
                (self._program and entry.session == self._program)
                or self._mark in variable_of(entry.pid, _MARK).split(":")
            )
        ]


def _reaper_command() -> tuple[str, ...]:
    if getattr(sys, "frozen", False):
        return (sys.executable, "mission-reaper")
    # Isolated, so that nothing in the program's environment or folder changes it, and without what it never needs.
    return (sys.executable, "-I", "-S", str(_REAPER))
