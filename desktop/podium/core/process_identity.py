"""A process that is still the same one: its pid and when it started."""

import os
from typing import Final

import msgspec

_TOLERANCE: Final = 2.0
"""Seconds; a clock that was set moves all start times a little."""


class ProcessIdentity(msgspec.Struct, frozen=True):
    """``started`` is seconds since 1970."""

    pid: int = 0
    started: float = 0.0

    @property
    def alive(self) -> bool:
        import psutil

        if self.pid <= 0:
            return False
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) <= _TOLERANCE
            return same and process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
        except psutil.Error:
            return False


def own_identity() -> ProcessIdentity:
    import psutil

    pid = os.getpid()
    return ProcessIdentity(pid, psutil.Process(pid).create_time())
