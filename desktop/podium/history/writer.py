"""The thread that owns the history, so that no other thread waits for the disk."""

import logging
import threading
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Final, TypeVar

from podium.core.clock import Clock, monotonic
from podium.history import salvage
from podium.history.database import Database, open_database
from podium.history.database_files import Identity
from podium.history.database_problems import RETRYABLE, DatabaseProblem, problem_of, problem_text, remedy
from podium.history.job_queue import Job, JobQueue
from podium.history.reader import SlowReader

MOST_WAITING: Final = 10_000
"""The most jobs that wait; those that must not be lost come on top."""
_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 30.0
"""Seconds between two tries of a change that can't be written; they double."""
_SLOW_LANE_PATIENCE: Final = 1.0
"""Seconds to wait for the slow reader, which ends its question at once when it is closed."""
_MOST_REPORTED: Final = 50
"""The most different texts about problems that are reported."""
_MOST_ATTEMPTS: Final = 3
"""Tries of a job that finds the database damaged: as it is, reopened, and in a new file."""

_log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class HistoryThread:
    """Does jobs in order. A change that can't be written waits and is retried; a damaged database is set aside and
    replaced by a new file. No method but ``close`` raises or waits for the disk.

    ``on_problem`` gets a text for a person, each text once. ``on_recreated`` is called when the database in use was set
    aside or taken away: its receiver submits again what is running now. These two and the callbacks of ``submit`` and
    ``ask`` are called on the history's thread; the caller returns to its own.
    """

    def __init__(
        self,
        path: Path,
        on_problem: Callable[[str], None],
        on_recreated: Callable[[], None] = lambda: None,
        *,
        limit: int = MOST_WAITING,
        first_pause: float = _FIRST_PAUSE,
        clock: Clock = monotonic,
    ) -> None:
        self._path = path
        self._on_problem = on_problem
        self._on_recreated = on_recreated
        self._first_pause = first_pause
        self._clock = clock
        self._reported: set[str] = set()
        self._condition = threading.Condition()
        # Shared by several threads, under the condition.
        self._queue = JobQueue(limit)
        self._limit = limit
        self._crowded = False
        self._closing = False
        self._gave_up = False
        self._slow = SlowReader(path, self._put_back)
        # Used by the history's own thread alone.
        self._database: Database
        self._pause = 0.0
        self._retry_at = 0.0
        self._thread = threading.Thread(target=self._run, name="history", daemon=True)

    def start(self) -> None:
        """Open the database and begin. What was submitted before is done first."""
        try:
            self._thread.start()
        except RuntimeError as error:  # The system gives no more threads.
            with self._condition:
                self._closing = True
            self._report(f"No history is kept: {error}. Start Podium again to have one.")

    def submit(
        self,
        work: Callable[[Database], Answer],
        then: Callable[[Answer], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        *,
        replaces: Hashable | None = None,
    ) -> bool:
        """Change something. ``then`` is called once it is on the disk. It is never dropped, even from a full queue, and
        may be done twice: so it must come to the same. ``failed`` is called when it can't ever be done.

        With ``replaces``, only the latest of those with the same value is done, and when too much waits the oldest is
        left out, unsaid: for figures that more figures follow. False after ``close``.
        """
        return self._add(work, then, failed, asks=False, replaces=replaces)

    def ask(
        self,
        work: Callable[[Database], Answer],
        then: Callable[[Answer], None],
        failed: Callable[[Exception], None],
    ) -> bool:
        """Read something; sees all that was submitted before, unless that can't be written just now. ``failed`` is
        called when it can't be had. False, and neither is called, when too much waits and after ``close``.
        """
        return self._add(work, then, failed, asks=True, replaces=None)

    def ask_much(
        self,
        work: Callable[[Database], Answer],
        then: Callable[[Answer], None],
        failed: Callable[[Exception], None],
    ) -> bool:
        """``ask`` for what may take long: others don't wait for it, and it is given up after 20 s. ``then`` and
        ``failed`` are called on the history's thread or on a second one.
        """
        job = Job(work, then, failed, asks=True, replaces=None)

        def hand_over(database: Database) -> bool:
            # In memory there is nothing a second connection could see.
            return database.path is not None and self._slow.take(job)

        def handed_over(taken: bool) -> None:
            if not taken:
                self._put_back(job)

        return self._add(hand_over, handed_over, failed, asks=True, replaces=None)

    def close(self, timeout: float) -> bool:
        """Do what waits, close the database, and be back after ``timeout`` seconds at the latest. False when
        something could not be written.
        """
        with self._condition:
            self._closing = True
            self._condition.notify()
        self._slow.close(min(timeout, _SLOW_LANE_PATIENCE))
        if self._thread.ident is None:
            return not self._queue
        self._thread.join(timeout)
        return not self._thread.is_alive() and not self._gave_up

    def _add(
        self,
        work: Callable[[Database], Answer],
        then: Callable[[Answer], None] | None,
        failed: Callable[[Exception], None] | None,
        *,
        asks: bool,
        replaces: Hashable | None,
    ) -> bool:
        job = Job(work, then, failed, asks, replaces)
        with self._condition:
            if self._closing or (asks and self._queue.full):
                return False
            if not self._queue.add(job):
                self._crowded = True
            self._condition.notify()
        return True

    def _put_back(self, job: Job) -> None:
        """Ask a question that the slow reader can't answer like any other: damage is found and repaired there."""
        if not self._add(job.work, job.then, job.failed, asks=True, replaces=None) and job.failed is not None:
            self._call(job.failed, OSError("the history is busy or closed"))

    # From here on all is done on the history's thread.

    def _run(self) -> None:
        opened = open_database(self._path, fill=salvage.fill)
        self._database = opened.database
        self._report(opened.notice)
        while (job := self._next()) is not None:
            self._do(job)
        self._database.close()

    def _next(self) -> Job | None:
        """Wait for a job that can be done now; None at the end."""
        while True:
            with self._condition:
                crowded, self._crowded = self._crowded, False
                if not crowded:
                    pause = 0.0 if self._closing else self._retry_at - self._clock()
                    job = self._queue.take(only_asking=pause > 0)
                    if job is not None or self._closing:
                        return job
                    self._condition.wait(pause if pause > 0 else None)
                    continue
            self._report(
                f"The history can't keep up: more than {self._limit:,} records wait for the disk of "
                f"{self._path.parent}. Figures in between are left out; where runs begin and end is kept."
            )

    def _do(self, job: Job) -> None:
        try:
            answer = job.work(self._database)
            if self._database.moved():
                self._reopen(None)
                answer = job.work(self._database)
        except Exception as error:
            self._on_failed(job, error)
            return
        if not job.asks:
            self._pause = self._retry_at = 0.0
        if job.then is not None:
            self._call(job.then, answer)

    def _on_failed(self, job: Job, error: Exception) -> None:
        job.attempts += 1
        if self._database.moved():
            self._reopen(None)
            self._retry(job, error)
            return
        problem = problem_of(error, self._path)
        if problem is DatabaseProblem.DAMAGED and self._database.path is not None:
            # The first time it may be no more than this connection's view of it; opening it checks thoroughly.
            self._reopen(self._database.file if job.attempts > 1 else None)
            self._retry(job, error)
        elif problem in RETRYABLE and not job.asks:
            self._retry_later(job, problem, error)
        else:
            self._give_up(job, error)
            self._explain(job, error)

    def _retry(self, job: Job, error: Exception) -> None:
        if job.attempts < _MOST_ATTEMPTS:
            with self._condition:
                self._queue.put_back(job)
        else:
            self._give_up(job, error)
            self._explain(job, error)

    def _explain(self, job: Job, error: Exception) -> None:
        _log.error("A job of the history failed", exc_info=error)
        self._report(
            f"Something in the history could not be {'read' if job.asks else 'written'}: "
            f"{str(error) or repr(error)}. Podium's log says more."
        )

    def _retry_later(self, job: Job, problem: DatabaseProblem, error: Exception) -> None:
        wrong = problem_text(problem, error, self._path)
        with self._condition:
            self._queue.put_back(job)
            lost = len(self._queue) if self._closing else 0
        if not lost:
            self._pause = min(self._pause * 2 or self._first_pause, _LONGEST_PAUSE)
            self._retry_at = self._clock() + self._pause
            self._report(
                f"The history in {self._path} can't be written: {wrong}. Please {remedy(problem)}; what happens "
                "until then is written as soon as that is possible."
            )
            return
        # There is no later: what one job meets, the others meet too.
        self._gave_up = True
        self._report(f"The history in {self._path} can't be written: {wrong}. Records that are lost: {lost}.")
        while True:
            with self._condition:
                waiting = self._queue.take()
            if waiting is None:
                return
            self._give_up(waiting, error)

    def _give_up(self, job: Job, error: Exception) -> None:
        self._gave_up = self._gave_up or not job.asks
        if job.failed is not None:
            self._call(job.failed, error)

    def _reopen(self, known_damaged: Identity | None) -> None:
        # Asked while it is still open: afterwards a new file may get the old one's number.
        taken_away, before = self._database.moved(), self._database.file
        self._database.close()
        opened = open_database(self._path, known_damaged=known_damaged, fill=salvage.fill)
        self._database = opened.database
        if opened.notice:
            self._report(opened.notice)
        elif taken_away or opened.database.file != before:
            self._report(
                f"The history in {self._path} was removed or replaced; Podium continues with the file there is now."
            )
        else:
            return
        self._call(lambda _: self._on_recreated(), None)

    def _report(self, text: str) -> None:
        if text and text not in self._reported and len(self._reported) < _MOST_REPORTED:
            self._reported.add(text)
            self._call(self._on_problem, text)

    def _call(self, receive: Callable[[Answer], None], value: Answer) -> None:
        try:
            receive(value)
        except Exception:
            _log.exception("A receiver of the history failed")
