"""The platform seam that keeps what this process starts from outliving it: Job Objects on Windows.

A job ends when its only handle is closed, which the end of this process does, however it ends. POSIX has no such
thing: ``subreaper.py`` finds what is left there. Never run on real Windows yet.
"""

import ctypes
from typing import Any, Final

from podium.core.system.windows.calls import call_error, kernel32

_ACCOUNTING: Final = 1
"""JobObjectBasicAccountingInformation."""
_EXTENDED_LIMITS: Final = 9
"""JobObjectExtendedLimitInformation."""
_KILL_ON_CLOSE: Final = 0x2000
"""JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE."""

_TERMINATE, _SET_QUOTA = 0x1, 0x100
"""What a process must allow for a job."""


class _BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("per_process_user_time", ctypes.c_int64),
        ("per_job_user_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("minimum_working_set", ctypes.c_size_t),
        ("maximum_working_set", ctypes.c_size_t),
        ("active_processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority_class", ctypes.c_uint32),
        ("scheduling_class", ctypes.c_uint32),
    )


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("basic", _BasicLimits),
        ("io_counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )


class Accounting(ctypes.Structure):
    """JOBOBJECT_BASIC_ACCOUNTING_INFORMATION."""

    _fields_ = (
        ("times", ctypes.c_int64 * 4),
        ("page_faults", ctypes.c_uint32),
        ("all_processes", ctypes.c_uint32),
        ("active_processes", ctypes.c_uint32),
        ("terminated_processes", ctypes.c_uint32),
    )


class Job:
    """A job that ends with its handle. All that its processes start is in it too, and in no way gets out of it.

    Jobs nest, so a Podium that runs in a job of somebody else's has its own inside that one.
    """

    def __init__(self, calls: Any = None) -> None:
        """Raises OSError."""
        self._calls = calls or kernel32()
        self._job = self._calls.CreateJobObjectW(None, None)
        if not self._job:
            raise call_error("CreateJobObject")
        limits = ExtendedLimits()
        limits.basic.flags = _KILL_ON_CLOSE
        if not self._calls.SetInformationJobObject(
            self._job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)
        ):
            raise self._closed(call_error("SetInformationJobObject"))

    def add_this_process(self) -> None:
        """Raises OSError; the job is closed then."""
        self._add(self._calls.GetCurrentProcess())

    def add(self, pid: int) -> None:
        """Raises OSError; the job is closed then. The pid must not become another's meanwhile."""
        process = self._calls.OpenProcess(_SET_QUOTA | _TERMINATE, False, pid)
        if not process:
            raise self._closed(call_error("OpenProcess"))
        try:
            self._add(process)
        finally:
            self._calls.CloseHandle(process)

    def active(self) -> int:
        """The number of processes that live in it."""
        found = Accounting()
        size = ctypes.sizeof(found)
        if not self._calls.QueryInformationJobObject(self._job, _ACCOUNTING, ctypes.byref(found), size, None):
            return 0
        return int(found.active_processes)

    def terminate(self) -> None:
        """End all of it at once."""
        self._calls.TerminateJobObject(self._job, 1)

    def close(self) -> None:
        """End all of it, and the job too."""
        job, self._job = self._job, None
        if job is not None:
            self._calls.CloseHandle(job)

    def _add(self, process: int) -> None:
        if not self._calls.AssignProcessToJobObject(self._job, process):
            raise self._closed(call_error("AssignProcessToJobObject"))

    def _closed(self, error: OSError) -> OSError:
        self.close()
        return error


def end_with_this_process(calls: Any = None) -> None:
    """End all that this process starts from now on when it ends itself, however that is. Raises OSError."""
    # Nothing closes its handle but the end of this process.
    Job(calls).add_this_process()
