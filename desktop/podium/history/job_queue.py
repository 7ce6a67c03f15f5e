"""The jobs of the history's thread, in order and bounded."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from podium.history.database import Database


@dataclass(eq=False)
class Job:
    """A question to the database, or a change that may be done more than once until it is known to be done."""

    work: Callable[[Database], Any]
    then: Callable[[Any], None] | None
    failed: Callable[[Exception], None] | None
    asks: bool
    """The job changes nothing. It is not retried; ``failed`` is called instead."""
    replaces: Hashable | None
    """Only the latest job with the same value counts. None: no other replaces it."""
    attempts: int = 0

    @property
    def key(self) -> Hashable:
        return self if self.replaces is None else self.replaces


class JobQueue:
    """Not thread-safe: the caller holds a lock."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._jobs: OrderedDict[Hashable, Job] = OrderedDict()
        # The keys of some of them, in the same order.
        self._replaceable: OrderedDict[Hashable, None] = OrderedDict()
        self._asking: OrderedDict[Hashable, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._jobs)

    @property
    def full(self) -> bool:
        return len(self._jobs) >= self._limit

    def add(self, job: Job) -> bool:
        """Put it last, or in the place of the job that it replaces. When there are too many, the oldest replaceable
        job is dropped; False when one was.
        """
        new = job.key not in self._jobs
        self._jobs[job.key] = job
        for keys in self._kept_in(job):
            keys.setdefault(job.key)
        if not new or len(self._jobs) <= self._limit or not self._replaceable:
            return True
        oldest, _ = self._replaceable.popitem(last=False)
        del self._jobs[oldest]
        return False

    def put_back(self, job: Job) -> None:
        """Put it first, unless a later job of its key was added."""
        if job.key in self._jobs:
            return
        self._jobs[job.key] = job
        self._jobs.move_to_end(job.key, last=False)
        for keys in self._kept_in(job):
            keys[job.key] = None
            keys.move_to_end(job.key, last=False)

    def take(self, *, only_asking: bool = False) -> Job | None:
        """The first job, or the first question; None when there is none."""
        key = next(iter(self._asking if only_asking else self._jobs), None)
        if key is None:
            return None
        job = self._jobs.pop(key)
        for keys in self._kept_in(job):
            del keys[key]
        return job

    def _kept_in(self, job: Job) -> list[OrderedDict[Hashable, None]]:
        return [self._replaceable] * (job.replaces is not None) + [self._asking] * job.asks
