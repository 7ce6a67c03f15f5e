"""A running program with everything it starts on Windows, in a Job Object of its own. Never run there yet.

A job does what a reaper does elsewhere (``program_tree.py``): nothing gets out of it, and it ends with the mission.
"""

import asyncio
import contextlib
import errno
import os
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self

from podium.core.system.pipes.threaded_streams import start_thread
from podium.core.system.processes import NO_CONSOLE
from podium.core.system.reexec import resolved
from podium.core.system.windows.command_line import command_line, find_on_path
from podium.core.system.windows.job_object import Job
from podium.missions.stopping import StopSignal
from podium.missions.tree_waits import KILL_PATIENCE, wait_for_children, wait_over

_SUSPENDED: Final = 0x4 if sys.platform == "win32" else 0
"""CREATE_SUSPENDED: it starts nothing before it is in its job."""


class JobTree:
    """A ``ProgramTree`` of Windows. Its programs have no console that a request to end could reach them by, so they are
    ended at once.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", job: Job, output: int, errors: int | None) -> None:
        self._process = process
        self._job: Job | None = job
        self.output = output
        self.errors = errors
        self.exited = asyncio.Event()
        self.code: int | None = None
        loop = asyncio.get_running_loop()
        start_thread("program waiter", lambda: self._wait(loop))

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
        assert not pass_descriptors
        argv = _with_path(resolved(command), folder, environment)
        with contextlib.ExitStack() as ours, contextlib.ExitStack() as theirs:

            def pipe() -> tuple[int, int]:
                reading, writing = os.pipe()
                ours.callback(os.close, reading)
                theirs.callback(os.close, writing)
                return reading, writing

            output, writing = pipe()
            errors, writing_errors = pipe() if apart else (None, writing)
            job = Job()
            ours.callback(job.close)
            process = subprocess.Popen(
                command_line(argv),
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=writing,
                stderr=writing_errors,
                creationflags=NO_CONSOLE | _SUSPENDED,
            )
            ours.callback(process.wait)
            ours.callback(process.kill)  # First: the job may not have it yet.
            job.add(process.pid)
            _resume(process.pid)
            ours.pop_all()
        return cls(process, job, output, errors)

    def _wait(self, loop: asyncio.AbstractEventLoop) -> None:
        code = self._process.wait()
        with contextlib.suppress(RuntimeError):  # The mission has ended.
            loop.call_soon_threadsafe(self._on_exit, code)

    def _on_exit(self, code: int) -> None:
        self.code = code
        self.exited.set()

    async def wait_for_children(self, pumps: "Collection[asyncio.Task[Any]]", stop: StopSignal) -> None:
        """Give children that outlive the program a moment to finish by themselves."""
        await wait_for_children(self._over, pumps, stop)

    async def end(self, stop: StopSignal) -> None:  # noqa: ARG002 - there is no grace that could be cut short.
        """End everything that lives."""
        if self._job is None or self._over():
            return
        self._job.terminate()
        await wait_over(self._over, KILL_PATIENCE)

    def close(self) -> None:
        """Let go of it, which ends all that lives."""
        job, self._job = self._job, None
        if job is not None:
            job.close()

    def _over(self) -> bool:
        return self._job is None or not self._job.active()


def _with_path(argv: Sequence[str], folder: Path, environment: Mapping[str, str]) -> tuple[str, ...]:
    """``argv`` with the path of its program. Raises FileNotFoundError."""
    name = argv[0]
    if os.path.dirname(name):  # noqa: PTH120 - a name alone has no folder, which Path would give it.
        return (str(folder / name), *argv[1:])
    found = find_on_path(name, environment)
    if found is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
    return (found, *argv[1:])


def _resume(pid: int) -> None:
    """Let a suspended program begin. Raises OSError."""
    if not _SUSPENDED:
        return
    import psutil

    try:
        psutil.Process(pid).resume()
    except psutil.Error as error:
        raise OSError(errno.EPERM, f"it could not be continued: {error}") from error
