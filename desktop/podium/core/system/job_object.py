"""The platform seam that keeps what this process starts from outliving it: a Job Object on Windows.

All that this process starts afterwards is in the job, and in no way gets out of it; it ends when the job's only handle
is closed, which the end of this process does, however it ends. POSIX has no such thing: ``subreaper.py`` finds what is
left there. Never run on real Windows yet.
"""

import ctypes
from typing import Any, Final

from podium.core.windows_calls import call_error, kernel32

_EXTENDED_LIMITS: Final = 9
"""JobObjectExtendedLimitInformation."""
_KILL_ON_CLOSE: Final = 0x2000
"""JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE."""


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


def end_with_this_process(calls: Any = None) -> None:
    """End all that this process starts from now on when it ends itself. Raises OSError.

    Jobs nest, so a Podium that runs in a job of somebody else's has its own inside that one.
    """
    calls = calls or kernel32()
    job = calls.CreateJobObjectW(None, None)
    if not job:
        raise call_error("CreateJobObject")
    limits = ExtendedLimits()
    limits.basic.flags = _KILL_ON_CLOSE
    if not calls.SetInformationJobObject(job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)):
        raise _closed(calls, job, call_error("SetInformationJobObject"))
    if not calls.AssignProcessToJobObject(job, calls.GetCurrentProcess()):
        raise _closed(calls, job, call_error("AssignProcessToJobObject"))
    # From here on the handle is the job's life: nothing closes it but the end of this process.


def _closed(calls: Any, job: int, error: OSError) -> OSError:
    calls.CloseHandle(job)
    return error
