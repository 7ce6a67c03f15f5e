"""The platform seam for learning that the program has ended: a pidfd on Linux, polling elsewhere."""

import contextlib
import os
from dataclasses import dataclass

POLL_INTERVAL = 0.05


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a program: with ``code``, or by ``signal``."""

    code: int | None
    signal: int | None


class ChildWatch:
    """Watches one child process and reaps it."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._ended: Ended | None = None
        self.descriptor: int | None = None
        """Readable once the child has ended; None where the platform has no such thing."""
        if hasattr(os, "pidfd_open"):
            with contextlib.suppress(OSError):
                self.descriptor = os.pidfd_open(pid)

    def poll(self) -> Ended | None:
        """The program's end, or None while it runs."""
        if self._ended is None:
            try:
                pid, status = os.waitpid(self._pid, os.WNOHANG)
            except ChildProcessError:
                self._ended = Ended(None, None)  # Somebody else reaped it; the status is lost.
                return self._ended
            if pid:
                code = os.waitstatus_to_exitcode(status)
                self._ended = Ended(code, None) if code >= 0 else Ended(None, -code)
        return self._ended

    def close(self) -> None:
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None
