"""How rooms without a thread pool of their own have slow things done."""

from collections.abc import Callable
from typing import Any, Protocol


class RunInBackground(Protocol):
    """Calls ``work`` on another thread, then ``then`` with its result on the window's."""

    def __call__(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None: ...
