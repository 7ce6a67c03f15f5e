"""The platform seam for a worker's priority: below the window's, while its program keeps the person's own.

On Linux priority belongs to a thread, so the loop's thread is lowered and programs are forked from another one.
Where the kernel groups sessions (autogroup) a thread's priority counts within its session only, and a worker is the
leader of one: there the whole session is lowered too. A program has a session of its own, which keeps its priority.
Elsewhere it belongs to the process and programs would inherit it, so it is left alone.
"""

import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from podium.core.clock import Clock, monotonic
from podium.worker.program.pty import Pty

WORKER_NICENESS: Final = 10
QUIET_NICENESS: Final = 5
FLOODING_NICENESS: Final = 15
"""A session's: a shell that somebody types in goes before instances that print without a pause."""
FLOODING_SHARE: Final = 0.2
"""Of a core. Four floods on two cores get no more than half of one each; typing takes a hundredth."""
LOOK_EVERY: Final = 0.25
"""Seconds. The kernel takes ten changes a second."""


def lowered_priority() -> Callable[[Callable[[], Pty]], Pty]:
    """Lower the calling thread's priority; return how to fork at the priority it had before."""
    if not sys.platform.startswith("linux"):
        return lambda spawn: spawn()
    spawner = _Spawner()  # Its thread must exist before this one is lowered.
    os.setpriority(os.PRIO_PROCESS, 0, WORKER_NICENESS)
    return spawner.run


class _Spawner:
    """A thread that does what it is asked, one call at a time. concurrent.futures takes a tenth of a start to load."""

    def __init__(self) -> None:
        self._asked: SimpleQueue[Callable[[], Pty]] = SimpleQueue()
        self._answers: SimpleQueue[Pty | BaseException] = SimpleQueue()
        # A daemon: it never holds up the worker's end.
        threading.Thread(target=self._serve, name="spawner", daemon=True).start()

    def run(self, spawn: Callable[[], Pty]) -> Pty:
        """The result of ``spawn`` on that thread; raises what it raises."""
        self._asked.put(spawn)
        answer = self._answers.get()
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _serve(self) -> None:
        while True:
            spawn = self._asked.get()
            try:
                self._answers.put(spawn())
            except BaseException as error:
                self._answers.put(error)


def set_session_niceness(niceness: int) -> bool:
    """Lower this process's session, if it leads one; unlike a thread's, its priority may rise again. False: can't."""
    if not sys.platform.startswith("linux") or os.getsid(0) != os.getpid():
        return False
    try:
        Path("/proc/self/autogroup").write_text(str(niceness))
    except OSError:
        return False  # Not every kernel groups sessions.
    return True


class SessionPriority:
    """Watches the calling thread's computing time and lowers its session's priority while there is too much."""

    def __init__(
        self,
        set_niceness: Callable[[int], bool] = set_session_niceness,
        clock: Clock = monotonic,
        spent: Callable[[], float] = time.thread_time,
    ) -> None:
        self._set_niceness = set_niceness
        self._clock = clock
        self._spent = spent
        self._looked, self._spent_then = clock(), spent()
        self._flooding = False
        self._possible = set_niceness(QUIET_NICENESS)

    def step(self) -> None:
        """Called in every step of the loop; looks only now and then."""
        now = self._clock()
        passed = now - self._looked
        if not self._possible or passed < LOOK_EVERY:
            return
        spent = self._spent()
        flooding = spent - self._spent_then > passed * FLOODING_SHARE
        self._looked, self._spent_then = now, spent
        if flooding != self._flooding and self._set_niceness(
            FLOODING_NICENESS if flooding else QUIET_NICENESS
        ):
            self._flooding = flooding
