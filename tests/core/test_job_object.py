"""The Job Object that nothing a Windows worker starts survives: what is asked of the system, and in which order."""

import ctypes
from typing import Any

import pytest

from podium.core.system.windows.job_object import Accounting, ExtendedLimits, Job, end_with_this_process

_KILL_ON_JOB_CLOSE = 0x2000
_ITSELF = -1


class FakeKernel32:
    """Answers as Windows does; ``refused`` is the call that fails."""

    def __init__(self, refused: str = "") -> None:
        self.refused = refused
        self.calls: list[tuple[Any, ...]] = []

    def _answer(self, name: str, *arguments: Any) -> int:
        self.calls.append((name, *arguments))
        return 0 if name == self.refused else 1

    def CreateJobObjectW(self, security: None, name: None) -> int:
        return 40 * self._answer("create")

    def SetInformationJobObject(self, job: int, kind: int, limits: Any, size: int) -> int:
        assert size == ctypes.sizeof(ExtendedLimits)
        return self._answer("limit", job, kind, limits._obj.basic.flags)

    def GetCurrentProcess(self) -> int:
        return _ITSELF

    def AssignProcessToJobObject(self, job: int, process: int) -> int:
        return self._answer("assign", job, process)

    def OpenProcess(self, access: int, inherit: bool, pid: int) -> int:
        return 70 * self._answer("open", access, pid)

    def QueryInformationJobObject(self, job: int, kind: int, found: Any, size: int, _: None) -> int:
        assert (kind, size) == (1, ctypes.sizeof(Accounting))
        found._obj.active_processes = 3
        return self._answer("count", job)

    def TerminateJobObject(self, job: int, code: int) -> int:
        return self._answer("terminate", job)

    def CloseHandle(self, handle: int) -> int:
        return self._answer("close", handle)


def test_this_process_joins_a_job_that_ends_with_its_last_handle() -> None:
    kernel32 = FakeKernel32()
    end_with_this_process(kernel32)
    assert kernel32.calls == [("create",), ("limit", 40, 9, _KILL_ON_JOB_CLOSE), ("assign", 40, _ITSELF)]


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="Windows' own size is known for 64 bits")
def test_the_limits_have_the_size_that_windows_expects() -> None:
    assert ctypes.sizeof(ExtendedLimits) == 144
    assert (ExtendedLimits.basic.size, ctypes.sizeof(Accounting)) == (64, 48)


@pytest.mark.parametrize(
    ("refused", "words", "after"),
    [
        ("create", "CreateJobObject", []),
        ("limit", "SetInformationJobObject", [("close", 40)]),
        ("assign", "AssignProcessToJobObject", [("close", 40)]),
    ],
    ids=["no job", "no limit", "not assigned"],
)
def test_a_refusal_is_told_and_leaves_no_handle(
    refused: str, words: str, after: list[tuple[Any, ...]]
) -> None:
    kernel32 = FakeKernel32(refused)
    with pytest.raises(OSError, match=words):
        end_with_this_process(kernel32)
    assert [call for call in kernel32.calls if call[0] == "close"] == after


def test_a_program_s_job_knows_what_lives_in_it_and_ends_it() -> None:
    kernel32 = FakeKernel32()
    job = Job(kernel32)
    job.add(4711)
    assert job.active() == 3
    job.terminate()
    job.close()
    set_quota_and_terminate = 0x101
    assert kernel32.calls[2:] == [
        ("open", set_quota_and_terminate, 4711),
        ("assign", 40, 70),
        ("close", 70),
        ("count", 40),
        ("terminate", 40),
        ("close", 40),
    ]


@pytest.mark.parametrize("refused", ["open", "assign"])
def test_a_job_that_takes_no_program_is_closed(refused: str) -> None:
    kernel32 = FakeKernel32(refused)
    with pytest.raises(OSError, match="Process"):
        Job(kernel32).add(4711)
    assert ("close", 40) in kernel32.calls
    kernel32.refused = "count"
    assert Job(kernel32).active() == 0


def test_other_systems_have_no_jobs() -> None:
    with pytest.raises(OSError, match="not Windows"):
        end_with_this_process()
