"""The thread that owns the history, so that nobody else ever waits for the disk."""

import logging
import threading
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Final, TypeVar

from podium.core.clock import Clock, monotonic
from podium.history import salvage
from podium.history.database import Database, open_database
from podium.history.private_files import Identity
from podium.history.reader import SlowReader
from podium.history.troubles import MENDABLE, Trouble, remedy, trouble_of, what_is_wrong
from podium.history.waiting import Job, Waiting

MOST_WAITING: Final = 10_000
"""Jobs that wait at most, but for those that must not be lost."""
_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 30.0
"""Seconds between two tries of a change that can't be written; doubling."""
_SLOW_LANE_PATIENCE: Final = 1.0
"""Seconds; it gives up what it does as soon as it is told to."""
_MOST_TOLD: Final = 50
"""Different troubles; who has read that many needs no more of them."""
_MOST_ATTEMPTS: Final = 3
"""Of a job that finds the database damaged: as it is, opened anew, and in a new one."""

_log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class HistoryThread:
    """Does what it is given, in order. What can't be written waits and is tried again; what is damaged is set aside
    and goes on in a new file. No method raises or waits for the disk, but ``close``.

    ``on_trouble`` gets a text for a person, each text once. ``on_begun_anew`` says that the database in use had to be
    set aside, or was taken away: whoever knows what is running now submits it again. These two and what is given to
    ``submit`` and ``ask`` are called on the history's thread: to be back on the window's is up to the caller.
    """

    def __init__(
        self,
        path: Path,
        on_trouble: Callable[[str], None],
        on_begun_anew: Callable[[], None] = lambda: None,
        *,
        limit: int = MOST_WAITING,
        first_pause: float = _FIRST_PAUSE,
        clock: Clock = monotonic,
    ) -> None:
        self._path = path
        self._on_trouble = on_trouble
        self._on_begun_anew = on_begun_anew
        self._first_pause = first_pause
        self._clock = clock
        self._told: set[str] = set()
        self._condition = threading.Condition()
        # What several threads look at, all of it under the condition.
        self._waiting = Waiting(limit)
        self._limit = limit
        self._crowded = False
        self._closing = False
        self._gave_up = False
        self._slow = SlowReader(path, self._put_back)
        # What only the history's own thread looks at.
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
            self._tell(f"No history is kept: {error}. Start Podium again to have one.")

    def submit(
        self,
        work: Callable[[Database], Answer],
        then: Callable[[Answer], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        *,
        replaces: Hashable | None = None,
    ) -> bool:
        """Change something. ``then`` is called once it is on the disk. It is never left out for want of room, and may
        be done twice: so it must come to the same. ``failed`` is called when it can't ever be done.

        With ``replaces``, only the latest of those with the same value is done, and when too much waits the oldest is
        left out, unsaid: for figures that more figures follow. False after ``close``.
        """
        return self._add(work, then, failed, asks=False, key=replaces)

    def ask(
        self,
        work: Callable[[Database], Answer],
        then: Callable[[Answer], None],
        failed: Callable[[Exception], None],
    ) -> bool:
        """Read something; sees all that was submitted before, unless that can't be written just now. ``failed`` is
        called when it can't be had. False, and neither is called, when too much waits and after ``close``.
        """
        return self._add(work, then, failed, asks=True, key=None)

    def ask_much(
        self,
        work: Callable[[Database], Answer],
        then: Callable[[Answer], None],
        failed: Callable[[Exception], None],
    ) -> bool:
        """``ask`` for what may take long: others don't wait for it, and it is given up after 20 s. ``then`` and
        ``failed`` are called on the history's thread or on a second one.
        """
        job = Job(work, then, failed, asks=True, key=None)

        def hand_over(database: Database) -> bool:
            # In memory there is nothing a second connection could see.
            return database.path is not None and self._slow.take(job)

        def handed_over(taken: bool) -> None:
            if not taken:
                self._put_back(job)

        return self._add(hand_over, handed_over, failed, asks=True, key=None)

    def close(self, timeout: float) -> bool:
        """Do what waits, close the database, and be back after ``timeout`` seconds at the latest. False when
        something could not be written.
        """
        with self._condition:
            self._closing = True
            self._condition.notify()
        self._slow.close(min(timeout, _SLOW_LANE_PATIENCE))
        if self._thread.ident is None:
            return not self._waiting
        self._thread.join(timeout)
        return not self._thread.is_alive() and not self._gave_up

    def _add(
        self,
        work: Callable[[Database], Answer],
        then: Callable[[Answer], None] | None,
        failed: Callable[[Exception], None] | None,
        *,
        asks: bool,
        key: Hashable | None,
    ) -> bool:
        job = Job(work, then, failed, asks, key)
        if key is None:
            job.key = job
        with self._condition:
            if self._closing or (asks and self._waiting.full):
                return False
            if not self._waiting.add(job):
                self._crowded = True
            self._condition.notify()
        return True

    def _put_back(self, job: Job) -> None:
        """A question the slow lane can't answer is one like the others: damage is found and mended there."""
        if not self._add(job.work, job.then, job.failed, asks=True, key=None) and job.failed is not None:
            self._call(job.failed, OSError("the history is busy or closed"))

    # From here on all is done on the history's thread.

    def _run(self) -> None:
        opened = open_database(self._path, fill=salvage.fill)
        self._database = opened.database
        self._tell(opened.notice)
        while (job := self._next()) is not None:
            self._do(job)
        self._database.close()

    def _next(self) -> Job | None:
        """Waits for what can be done now; None at the end."""
        while True:
            with self._condition:
                crowded, self._crowded = self._crowded, False
                if not crowded:
                    pause = 0.0 if self._closing else self._retry_at - self._clock()
                    job = self._waiting.take(only_asking=pause > 0)
                    if job is not None or self._closing:
                        return job
                    self._condition.wait(pause if pause > 0 else None)
                    continue
            self._tell(
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
            self._again(job, error)
            return
        trouble = trouble_of(error, self._path)
        if trouble is Trouble.DAMAGED and self._database.path is not None:
            # The first time it may be no more than this connection's view of it; opening it has a thorough look.
            self._reopen(self._database.file if job.attempts > 1 else None)
            self._again(job, error)
        elif trouble in MENDABLE and not job.asks:
            self._wait_for_better(job, trouble, error)
        else:
            self._give_up(job, error)
            self._explain(job, error)

    def _again(self, job: Job, error: Exception) -> None:
        if job.attempts < _MOST_ATTEMPTS:
            with self._condition:
                self._waiting.put_back(job)
        else:
            self._give_up(job, error)
            self._explain(job, error)

    def _explain(self, job: Job, error: Exception) -> None:
        _log.error("A job of the history failed", exc_info=error)
        self._tell(
            f"Something in the history could not be {'read' if job.asks else 'written'}: "
            f"{str(error) or repr(error)}. Podium's log says more."
        )

    def _wait_for_better(self, job: Job, trouble: Trouble, error: Exception) -> None:
        wrong = what_is_wrong(trouble, error, self._path)
        with self._condition:
            self._waiting.put_back(job)
            lost = len(self._waiting) if self._closing else 0
        if not lost:
            self._pause = min(self._pause * 2 or self._first_pause, _LONGEST_PAUSE)
            self._retry_at = self._clock() + self._pause
            self._tell(
                f"The history in {self._path} can't be written: {wrong}. Please {remedy(trouble)}; what happens "
                "until then is written as soon as that is possible."
            )
            return
        # There is no later: what one job meets, the others meet too.
        self._gave_up = True
        self._tell(f"The history in {self._path} can't be written: {wrong}. Records that are lost: {lost}.")
        while True:
            with self._condition:
                waiting = self._waiting.take()
            if waiting is None:
                return
            self._give_up(waiting, error)

    def _give_up(self, job: Job, error: Exception) -> None:
        self._gave_up = self._gave_up or not job.asks
        if job.failed is not None:
            self._call(job.failed, error)

    def _reopen(self, condemned: Identity | None) -> None:
        # Asked while it is still open: afterwards a new file may get the old one's number.
        taken_away, before = self._database.moved(), self._database.file
        self._database.close()
        opened = open_database(self._path, condemned=condemned, fill=salvage.fill)
        self._database = opened.database
        if opened.notice:
            self._tell(opened.notice)
        elif taken_away or opened.database.file != before:
            self._tell(
                f"The history in {self._path} was taken away or replaced; it goes on in the file there is now."
            )
        else:
            return
        self._call(lambda _: self._on_begun_anew(), None)

    def _tell(self, text: str) -> None:
        if text and text not in self._told and len(self._told) < _MOST_TOLD:
            self._told.add(text)
            self._call(self._on_trouble, text)

    def _call(self, receive: Callable[[Answer], None], value: Answer) -> None:
        try:
            receive(value)
        except Exception:
            _log.exception("Who was told of the history failed")
