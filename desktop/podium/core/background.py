"""Slow work of rooms that have no threads of their own."""

import threading
from collections.abc import Callable
from typing import Any, Protocol


class LaneFull(Exception):
    """So many jobs wait already that no further one is taken; the message is for a person."""


class RunInBackground(Protocol):
    """Calls ``work`` on another thread, then ``then`` with its result, or ``failed`` with what it raised or
    with a LaneFull, on the caller's thread.
    """

    def __call__(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], None] = ...,
        failed: Callable[[Exception], None] | None = ...,
    ) -> None: ...


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
