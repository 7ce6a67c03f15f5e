"""What runs a mission's programs on Windows, with fakes of its jobs and pipes."""

import asyncio
import errno
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from tests.core.test_named_channels import SystemPipe

from podium.core.protocol.program_channels import ControlReader, EventWriter
from podium.core.system.pipes import named_pipes
from podium.core.system.pipes.threaded_streams import read_by_thread
from podium.missions import job_tree, pipes
from podium.missions.job_tree import JobTree
from podium.missions.stopping import Listener, StopSignal
from podium.missions.turns.agent_channel import AgentChannel
from podium.missions.turns.low_descriptors import LowDescriptors

PATIENCE = 60.0


class FakeJob:
    """A ``Job`` that knows its program alone. ``refused``: what it does not do."""

    made: "list[FakeJob]"
    refused = ""

    def __init__(self) -> None:
        self.pid = 0
        self.did: list[str] = []
        self.made.append(self)

    def add(self, pid: int) -> None:
        self.pid = pid
        if self.refused == "add":
            raise OSError(errno.EACCES, "AssignProcessToJobObject: Access is denied")

    def active(self) -> int:
        try:
            state = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return 0
        return int(state not in "ZX")

    def terminate(self) -> None:
        self.did.append("terminate")
        os.kill(self.pid, 9)

    def close(self) -> None:
        self.did.append("close")


@pytest.fixture(autouse=True)
def _windows(monkeypatch: pytest.MonkeyPatch) -> None:
    FakeJob.made = []
    monkeypatch.setattr(FakeJob, "refused", "")
    monkeypatch.setattr(job_tree, "Job", FakeJob)
    monkeypatch.setattr(job_tree, "command_line", list)
    monkeypatch.setattr(job_tree, "find_on_path", lambda name, _: f"/bin/{name}" if name == "sh" else None)


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, PATIENCE))


async def started(script: str, folder: Path, *, apart: bool = False) -> JobTree:
    return await JobTree.start(("sh", "-c", script), folder, dict(os.environ), (), apart)


async def all_of(descriptor: int | None) -> bytes:
    assert descriptor is not None
    return b"".join([data async for data in pipes.stream_chunks(read_by_thread(descriptor))])


def test_a_program_s_output_errors_and_code(tmp_path: Path) -> None:
    async def work() -> None:
        tree = await started("pwd; echo wrong >&2; exit 7", tmp_path, apart=True)
        said, wrong = await asyncio.gather(all_of(tree.output), all_of(tree.errors))
        await tree.exited.wait()
        assert (said.decode(), wrong, tree.code) == (f"{tmp_path}\n", b"wrong\n", 7)
        await tree.wait_for_children((), StopSignal())
        await tree.end(StopSignal())
        tree.close()
        tree.close()
        assert FakeJob.made[0].did == ["close"]

    run(work())


def test_all_that_lives_is_ended_at_once_and_with_the_job(tmp_path: Path) -> None:
    async def work() -> None:
        tree = await started("echo begun; exec sleep 60", tmp_path)
        reading = asyncio.create_task(all_of(tree.output))
        await tree.end(StopSignal())
        await tree.exited.wait()
        await reading
        tree.close()
        assert FakeJob.made[0].did == ["terminate", "close"]

    run(work())


def test_a_program_that_its_job_refuses_does_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeJob, "refused", "add")
    with pytest.raises(OSError, match="denied"):
        run(started("exec sleep 60", tmp_path))  # type: ignore[arg-type]
    assert (FakeJob.made[0].did, FakeJob.made[0].active()) == (["close"], 0)


def test_a_program_that_is_nowhere_leaves_nothing(tmp_path: Path) -> None:
    for command in ("nowhere", "./nowhere"):
        with pytest.raises(FileNotFoundError):
            run(JobTree.start((command,), tmp_path, {}, (), False))
    assert [job.did for job in FakeJob.made] == [["close"]]


def test_ctrl_c_wakes_a_loop_that_waits_by_select(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        monkeypatch.setattr(sys, "platform", "win32")
        stop = StopSignal()
        listener = Listener(stop, ControlReader(None), EventWriter(None))
        wakened = signal.set_wakeup_fd(-1)
        assert listener._wake is not None
        assert wakened == listener._wake[1].fileno()
        signal.set_wakeup_fd(wakened)
        os.kill(os.getpid(), signal.SIGINT)
        await stop.now.wait()
        assert stop.reason == "by Ctrl+C"
        listener.close()

    run(work())


def test_what_a_thread_reads_is_waited_for_and_its_end_is_told() -> None:
    async def work() -> None:
        read, write = os.pipe()
        taken: list[bytes] = []

        async def take(on_first: Callable[[], None]) -> None:
            async for data in pipes.stream_chunks(read_by_thread(read)):
                taken.append(data)
                on_first()

        first = asyncio.Event()
        taking = asyncio.create_task(take(first.set))
        await asyncio.sleep(0)
        os.write(write, b"one")
        await first.wait()
        os.write(write, b"two")
        os.close(write)
        await taking
        assert b"".join(taken) == b"onetwo"

    run(work())


def test_an_agent_reports_through_a_named_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        channel = AgentChannel(LowDescriptors())
        monkeypatch.undo()
        (name,) = channel.environment.values()
        assert (set(channel.environment), channel.inherited) == ({"PODIUM_EVENTS_PIPE"}, ())
        os.write(SystemPipe.made[name].theirs, b"one line\n")
        os.close(SystemPipe.made[name].theirs)
        channel.program_ended()
        assert b"".join([data async for data in channel.chunks]) == b"one line\n"

    SystemPipe.made = {}
    monkeypatch.setattr(named_pipes, "NamedPipe", SystemPipe)
    monkeypatch.setattr(sys, "platform", "win32")
    run(work())
