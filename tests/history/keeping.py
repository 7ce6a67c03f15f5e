"""A history's thread under test, and waiting for what it does."""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from podium.core.runs import Run
from podium.history import runs
from podium.history.database import Database
from podium.history.writer import HistoryThread

PATIENCE = 60.0
"""Seconds to wait for what must come; only a failing test ever waits that long."""

Answer = TypeVar("Answer")


class Keeper:
    """``history`` and what it told; its pauses are short."""

    def __init__(self, path: Path, **options: Any) -> None:
        self.told: list[str] = []
        self.recreated = 0
        self.path = path
        self.history = HistoryThread(
            path, self.told.append, self._on_recreated, **{"first_pause": 0.01, **options}
        )

    def _on_recreated(self) -> None:
        self.recreated += 1

    def ask(self, work: Callable[[Database], Answer]) -> Answer:
        """The answer, or what went wrong is raised."""
        answers: queue.Queue[Any] = queue.Queue()
        assert self.history.ask(work, answers.put, answers.put)
        return _received(answers)

    def do(self, work: Callable[[Database], Answer]) -> Answer:
        """The same with a change."""
        answers: queue.Queue[Any] = queue.Queue()
        assert self.history.submit(work, answers.put, answers.put)
        return _received(answers)

    def begin(self, run: Run) -> threading.Event:
        """Set once it is acknowledged."""
        acknowledged = threading.Event()
        assert self.history.submit(lambda database: runs.begin(database, run), lambda _: acknowledged.set())
        return acknowledged

    def kept(self) -> list[str]:
        """The ids of the runs, the oldest first."""
        return [run.id for run in self.ask(lambda database: runs.find(database, limit=1000)).runs][::-1]

    def pragma(self, text: str) -> Any:
        def work(database: Database) -> Any:
            with database.reading() as connection:
                return connection.execute(f"PRAGMA {text}").fetchall()

        return self.ask(work)

    @contextmanager
    def held_up(self) -> Iterator[None]:
        """The thread is busy with something else for that long."""
        reached, go_on = threading.Event(), threading.Event()

        def work(database: Database) -> None:
            reached.set()
            assert go_on.wait(PATIENCE)

        self.history.submit(work)
        assert reached.wait(PATIENCE)
        try:
            yield
        finally:
            go_on.set()


@contextmanager
def keeping(path: Path, **options: Any) -> Iterator[Keeper]:
    keeper = Keeper(path, **options)
    keeper.history.start()
    try:
        yield keeper
    finally:
        keeper.history.close(PATIENCE)


def _received(answers: "queue.Queue[Any]") -> Any:
    answer = answers.get(timeout=PATIENCE)
    if isinstance(answer, Exception):
        raise answer
    return answer
