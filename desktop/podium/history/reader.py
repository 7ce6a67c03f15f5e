"""Long questions to the history, on a connection and a thread of their own."""

import contextlib
import logging
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from podium.core.clock import Clock, monotonic
from podium.history.database import Database, open_for_reading
from podium.history.database_problems import DATABASE_ERRORS
from podium.history.job_queue import Job

PATIENCE: Final = 20.0
"""Seconds a question may take; less than clients wait."""
MOST_WAITING: Final = 100

_log = logging.getLogger(__name__)


class TookTooLong(Exception):
    """A question took too long and was aborted; the message gives the remedy."""


class SlowReader:
    """Answers jobs in order. A job that fails because of the database goes to ``otherwise``, on the reader's thread."""

    def __init__(
        self,
        path: Path,
        otherwise: Callable[[Job], None],
        *,
        patience: float = PATIENCE,
        clock: Clock = monotonic,
    ) -> None:
        self._path = path
        self._otherwise = otherwise
        self._patience = patience
        self._clock = clock
        self._jobs: queue.Queue[Job | None] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._run, name="history-reader", daemon=True)
        self._closing = False
        self._deadline = 0.0
        self._database: Database | None = None

    def take(self, job: Job) -> bool:
        """Queue a job without waiting. False, and nothing is called, when the queue is full or no thread can start."""
        try:
            if self._thread.ident is None:
                self._thread.start()
            self._jobs.put_nowait(job)
        except (RuntimeError, queue.Full):
            return False
        return True

    def close(self, timeout: float) -> None:
        """Abort the running question and fail those that wait. Returns within ``timeout`` seconds."""
        self._closing = True
        if self._thread.ident is None:
            return
        with contextlib.suppress(queue.Full):  # It looks at the flag between two jobs anyway.
            self._jobs.put_nowait(None)
        self._thread.join(timeout)

    # From here on all is done on the reader's thread.

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            if self._closing:
                self._call(job.failed, TookTooLong("Podium is ending."))
            else:
                self._do(job)
        if self._database is not None:
            self._database.close()

    def _do(self, job: Job) -> None:
        self._deadline = self._clock() + self._patience
        try:
            answer = job.work(self._opened())
        except (*DATABASE_ERRORS, OSError) as error:
            if self._clock() >= self._deadline:
                self._call(job.failed, TookTooLong("It takes too long. Ask for less, such as fewer days."))
            elif self._closing:
                self._call(job.failed, error)
            else:
                self._let_go()
                self._otherwise(job)
        except Exception as error:
            _log.error("A question to the history failed", exc_info=error)
            self._call(job.failed, error)
        else:
            self._call(job.then, answer)

    def _opened(self) -> Database:
        """Raises sqlite3.Error or OSError."""
        if self._database is not None and self._database.moved():
            self._let_go()
        if self._database is None:
            self._database = open_for_reading(self._path, self._give_up)
        return self._database

    def _give_up(self) -> bool:
        return self._closing or self._clock() >= self._deadline

    def _let_go(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    def _call(self, receive: Callable[..., None] | None, value: object) -> None:
        try:
            if receive is not None:
                receive(value)
        except Exception:
            _log.exception("A receiver of the history's answer failed")
