"""Slow work of rooms that have no threads of their own."""

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
