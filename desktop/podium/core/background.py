"""Slow work of rooms that have no threads of their own."""

from collections.abc import Callable
from typing import Any, Protocol


class RunInBackground(Protocol):
    """Calls ``work`` on another thread, then ``then`` with its result, or ``failed`` with what it raised, on the
    caller's thread.
    """

    def __call__(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], None] = ...,
        failed: Callable[[Exception], None] | None = ...,
    ) -> None: ...
