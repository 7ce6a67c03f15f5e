"""The log's output: a thread writes it, so a terminal held by Ctrl+S never holds up timeouts or a stop."""

import asyncio
import os
import select
import threading
from collections import deque
from collections.abc import Callable
from typing import Final

_FULL: Final = 500
"""Texts that may wait for the terminal before agents are read more slowly."""


class Sink:
    """Writes text to a descriptor in order. ``on_gone`` is called (in the writing thread) if that fails."""

    def __init__(self, descriptor: int, on_gone: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._on_gone = on_gone
        self._waiting: deque[bytes] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    def write(self, text: str) -> None:
        with self._changed:
            self._waiting.append(text.encode("utf-8", "replace"))
            self._changed.notify()

    async def drain(self, enough: asyncio.Event) -> None:
        """Wait until little is waiting, or ``enough``: so a slow terminal slows down its writers."""
        while len(self._waiting) > _FULL and not enough.is_set():
            await asyncio.sleep(0.02)

    def close(self, patience: float = 2.0) -> None:
        """Write what is left, for at most ``patience`` seconds."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(patience)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closing)
                if not self._waiting:
                    return
                text = self._waiting.popleft()
            try:
                self._write_all(text)
            except OSError:
                self._fail()
                return

    def _write_all(self, text: bytes) -> None:
        while text:
            try:
                text = text[os.write(self._descriptor, text) :]
            except BlockingIOError:  # Another program has made the terminal non-blocking for all of us.
                select.select([], [self._descriptor], [])

    def _fail(self) -> None:
        """The terminal or the pipe's reader has gone. Keep nothing from here on."""
        with self._changed:
            self._waiting = deque(maxlen=0)
        try:
            self._on_gone()
        except RuntimeError:
            pass  # The mission is over anyway: its event loop is closed.
