"""Running an action at once when it is requested, but not too often."""

import asyncio
import time
from collections.abc import Callable


class Coalesced:
    """``ask`` does ``action`` now, or ``seconds`` after it was last done, however often it is asked till then."""

    def __init__(self, action: Callable[[], None], seconds: float) -> None:
        self._action = action
        self._seconds = seconds
        self._ended = float("-inf")
        self._timer: asyncio.TimerHandle | None = None

    def ask(self) -> None:
        """Needs a running event loop when it was done just before."""
        if self._timer is not None:
            return
        wait = self._ended + self._seconds - time.monotonic()
        if wait <= 0:
            self._do()
        else:
            self._timer = asyncio.get_running_loop().call_later(wait, self._do)

    def later(self) -> None:
        """Run it later: it failed just now."""
        self._ended = time.monotonic()
        self.ask()

    def cancel(self) -> None:
        """Drop a pending run: the action was done otherwise."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _do(self) -> None:
        self._timer = None
        try:
            self._action()
        finally:
            # From the end on: where writing takes long, half of the time is for other things.
            self._ended = time.monotonic()
