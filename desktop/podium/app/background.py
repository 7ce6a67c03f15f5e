"""The one way to do slow things: a function on a thread, its result back on the window's thread.

There are two lanes, so that a folder that hangs (a network drive that is gone) delays neither our own state nor
quitting: ``own`` for our own disk and this machine, ``foreign`` for other people's folders (repositories, mission
files, network mounts, start-up files of shells). The threads are daemons of our own, because Qt's pool waits for its
jobs when it is destroyed, and concurrent.futures when Python ends.
"""

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, Signal

from podium.core.background import LaneFull

MOST_OWN_THREADS: Final = 16
MOST_FOREIGN_THREADS: Final = 32
"""So many jobs of a lane may hang before others of that lane wait."""
MOST_WAITING: Final = 1_000
"""Jobs of one lane that may wait; further ones fail at once."""
_IDLE_SECONDS: Final = 10.0
"""A thread that has had nothing to do for so long ends."""

LAST_WAIT: Final = 2.0
"""Seconds that the own disk may take at the end."""

Job = Callable[[], None]
HandOver = Callable[[Callable[[Any], None], Any], None]


class Background(QObject):
    """Runs functions off the window's thread, one set of threads for each lane."""

    _finished = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._closed = False
        self.own = Lane("own disk", MOST_OWN_THREADS, self.hand_over)
        """Our own disk and this machine. Waited for at the end."""
        self.foreign = Lane("foreign folders", MOST_FOREIGN_THREADS, self.hand_over)
        """Other people's folders. Never waited for."""
        self._finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)

    def hand_over(self, receive: Callable[[Any], None], value: object) -> None:
        """Call ``receive`` with ``value`` on the window's thread, soon. Callable from any thread."""
        # Under the lock: an emission while Qt takes this object down would take the process with it.
        with self._lock:
            if not self._closed:
                with contextlib.suppress(RuntimeError):  # Qt has taken it down with its parent.
                    self._finished.emit(receive, value)

    def close(self, seconds: float = LAST_WAIT) -> bool:
        """Wait for the own disk, for so long at most; no results are handed over any more. False when a job of
        either lane is still under way. Only for the very end, after the event loop.
        """
        with self._lock:
            self._closed = True
        return self.own.wait(seconds) and self.foreign.wait(0.0)

    def _on_finished(self, receive: Callable[[Any], None], value: object) -> None:
        if not self._closed:
            receive(value)


class Lane:
    """Jobs in order, and as many daemon threads as they need."""

    def __init__(self, name: str, most_threads: int, hand_over: HandOver) -> None:
        self._name = name
        self._most_threads = most_threads
        self._hand_over = hand_over
        self._changed = threading.Condition()
        # All of it under the condition.
        self._waiting: deque[Job] = deque()
        self._threads = 0
        self._idle = 0
        self._unfinished = 0

    def run(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], None] = lambda _: None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Call ``then`` with what ``work`` returns, or ``failed`` with what it raised, on the window's thread.

        ``failed`` gets a LaneFull when too many jobs wait. Without ``failed`` the error is raised there.
        """

        def job() -> None:
            try:
                result = work()
            except Exception as error:
                self._hand_over(failed or _raise, error)
            else:
                self._hand_over(then, result)

        try:
            self._add(job)
        except LaneFull as full:
            self._hand_over(failed or _raise, full)

    def wait(self, seconds: float) -> bool:
        """Wait until all jobs are done, for so long at most. False when some are not."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._unfinished, max(0.0, seconds))

    def _add(self, job: Job) -> None:
        """Raises LaneFull."""
        with self._changed:
            if len(self._waiting) >= MOST_WAITING:
                raise LaneFull("Too much waits for a disk that does not answer.")
            if self._idle <= len(self._waiting) and self._threads < self._most_threads:
                self._start_thread()
            self._waiting.append(job)
            self._unfinished += 1
            self._changed.notify()

    def _start_thread(self) -> None:
        """Under the condition. Raises LaneFull when the system has none to give and no other one will do the job."""
        try:
            threading.Thread(target=self._work, name=self._name, daemon=True).start()
        except RuntimeError:
            if not self._threads:
                raise LaneFull("The system has no thread left to give.") from None
        else:
            self._threads += 1

    def _work(self) -> None:
        while (job := self._next()) is not None:
            job()
            del job  # A thread that waits keeps nothing of it.
            with self._changed:
                self._unfinished -= 1
                self._changed.notify_all()

    def _next(self) -> Job | None:
        with self._changed:
            self._idle += 1
            found = self._changed.wait_for(lambda: bool(self._waiting), _IDLE_SECONDS)
            self._idle -= 1
            if found:
                return self._waiting.popleft()
            self._threads -= 1
            return None


def _raise(error: Exception) -> None:
    raise error
