"""The platform seam for inheriting orphans: whatever a descendant leaves when it ends becomes this process's child.

A process that clears its environment, makes a session of its own and loses its parent stays in the tree that way, and
is found there. Linux only; elsewhere orphans go to the system's first process and are found by their marks alone.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Collection

from podium.core.system.process_identity import session_of

_PR_SET_CHILD_SUBREAPER = 36
_MOST_AT_ONCE = 500
"""Orphans reaped in one call: a program may fork faster than they can be reaped, and the caller has more to do."""


def become_subreaper() -> bool:
    """Inherit the orphans of this process's descendants from now on; children do not inherit that. False: can't."""
    if sys.platform != "linux":
        return False
    try:
        import ctypes

        zero = ctypes.c_ulong(0)
        done = ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, ctypes.c_ulong(1), zero, zero, zero)
    except (ImportError, OSError, AttributeError):
        return False
    return bool(done == 0)


def reap_orphans(programs: Collection[int] = ()) -> bool:
    """Reap the children that have ended, but for ``programs`` and those in this process's own session, whose ends
    somebody waits for: what it inherits is never in its session. False when this process has no child left at all,
    or can inherit none.
    """
    if sys.platform != "linux":  # No waitid on Windows, and on macOS only from Python 3.13 on.
        return False
    for _ in range(_MOST_AT_ONCE):
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return False
        # What is not to be reaped here hides what is behind it until then: a later call sees to the rest.
        if ended is None or ended.si_pid in programs or _is_own(ended.si_pid):
            return True
        with contextlib.suppress(ChildProcessError):
            os.waitpid(ended.si_pid, os.WNOHANG)
    return True


def _is_own(pid: int) -> bool:
    try:
        return session_of(pid) == session_of(0)
    except OSError:
        return False


Reap = Callable[[Collection[int]], bool]
"""``reap_orphans``, where this process is a subreaper."""
