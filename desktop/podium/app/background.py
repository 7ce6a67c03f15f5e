"""One way to do slow things: a function on a thread, its result back on the window's thread.

The threads are daemons of our own. A job that hangs (a folder on a network drive that is gone) holds up neither the
others nor the end: Qt's pool waits for its jobs when it is destroyed, concurrent.futures when Python ends.
"""

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

MOST_THREADS: Final = 32
"""So many jobs may hang before the others have to wait."""
_IDLE_SECONDS: Final = 10.0
"""A thread that has had nothing to do for so long ends."""

LAST_WAIT: Final = 2.0
"""Seconds that a thread may take at the end to come to its own."""

Job = Callable[[], None]


class Background(QObject):
    """Runs functions off the window's thread, one set of threads for all."""

    _finished = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = _Jobs()
        self._over = False
        # Emitted on a thread of its own, received on the window's.
        self._finished.connect(self._on_finished)

    def run(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], None] = lambda _: None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Call ``then`` with what ``work`` returns, or ``failed`` with what it raised, on the window's thread."""

        def do() -> None:
            try:
                result = work()
            except Exception as error:
                self._tell(failed or _raise, error)
            else:
                self._tell(then, result)

        self._jobs.add(do)

    def wait(self, seconds: float = LAST_WAIT) -> bool:
        """Wait for all that was started, for so long at most; nobody hears of it any more. False when something is
        still under way. Only for the very end, after the event loop.
        """
        self._over = True
        return self._jobs.wait(seconds)

    def _tell(self, receive: Callable[[Any], None], value: object) -> None:
        if not self._over:
            self._finished.emit(receive, value)

    def _on_finished(self, receive: Callable[[Any], None], value: object) -> None:
        if not self._over:
            receive(value)


class _Jobs:
    """Jobs in order, and as many daemon threads as they need."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        # All of it under the condition.
        self._waiting: deque[Job] = deque()
        self._threads = 0
        self._idle = 0
        self._unfinished = 0

    def add(self, job: Job) -> None:
        with self._changed:
            self._waiting.append(job)
            self._unfinished += 1
            if self._idle < len(self._waiting) and self._threads < MOST_THREADS:
                self._threads += 1
                threading.Thread(target=self._work, name="background", daemon=True).start()
            self._changed.notify()

    def wait(self, seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: not self._unfinished, max(0.0, seconds))

    def _work(self) -> None:
        while (job := self._next()) is not None:
            job()
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


def within(seconds: float, work: Callable[[], Any]) -> bool:
    """Do ``work`` on a thread and wait so long for it at most. False when it is not done by then: it is left to
    itself. What it raises in time is raised here.
    """
    outcome: list[Exception | None] = []

    def do() -> None:
        try:
            work()
        except Exception as error:
            outcome.append(error)
        else:
            outcome.append(None)

    thread = threading.Thread(target=do, name="last work", daemon=True)
    thread.start()
    thread.join(max(0.0, seconds))
    if outcome and outcome[0] is not None:
        raise outcome[0]
    return bool(outcome)


def _raise(error: Exception) -> None:
    raise error
