"""An event loop on a daemon thread."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Final

_MOST_EARLY: Final = 256
"""Calls that are kept until the loop runs."""


class LoopThread:
    """Runs ``main`` from ``start`` to ``close``; ``main`` returns when its event is set."""

    def __init__(self, name: str, main: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> None:
        self._main = main
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._lock = threading.Lock()
        # Under the lock; no loop before the thread runs, and after it.
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing: asyncio.Event | None = None
        self._early: list[Callable[[], None]] = []
        self._started = self._closed = False

    def start(self) -> None:
        """Begin; returns at once. A second call does nothing."""
        if self._started or self._closed:
            return
        self._started = True
        with contextlib.suppress(RuntimeError):  # The system has no thread left to give.
            self._thread.start()

    def post(self, work: Callable[[], None]) -> None:
        """Call ``work`` in the loop, soon. Callable from any thread."""
        with self._lock:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(work)
            elif not self._closed and len(self._early) < _MOST_EARLY:
                self._early.append(work)

    def close(self, seconds: float) -> None:
        """Have ``main`` return, and wait so long for it at most. Only for the very end."""
        with self._lock:
            self._closed = True
            if self._loop is not None and self._closing is not None:
                self._loop.call_soon_threadsafe(self._closing.set)
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _run(self) -> None:
        asyncio.run(self._begin())

    async def _begin(self) -> None:
        closing = asyncio.Event()
        with self._lock:
            if self._closed:
                return
            self._loop, self._closing = asyncio.get_running_loop(), closing
            early, self._early = self._early, []
        for work in early:
            work()
        try:
            await self._main(closing)
        finally:
            with self._lock:
                self._loop = None
