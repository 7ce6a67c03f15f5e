"""Calls from the server's thread to the main thread and answers back, without Qt."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, Final, Protocol

from podium.control.api.errors import ApiError
from podium.control.api.shapes import Call
from podium.control.bridge.futures import on_cancel, settle, when_settled
from podium.control.bridge.gateway import DeferredBody, TerminalStream

_MOST_PENDING: Final = 512

Submit = Callable[[Callable[[], object]], None]
"""Runs a function on the window's thread, soon. Callable from any thread."""


class Tap(Protocol):
    """One open terminal. Used on the window's thread."""

    def send(self, data: bytes) -> None: ...

    def grant(self, count: int) -> None:
        """So many bytes more may come."""

    def close(self) -> None: ...


class Operations(Protocol):
    """The executor of calls. Used on the window's thread."""

    def carry_out(self, call: Call) -> Any:
        """The answer, or a Future of it. Raises ApiError."""

    def open_terminal(
        self, instance: str, receive: Callable[[bytes], None], ended: Callable[[], None]
    ) -> Tap:
        """Raises ApiError. ``receive`` and ``ended`` are called on the window's thread."""


class MainThreadGateway:
    """A Gateway to operations on another thread."""

    def __init__(self, submit: Submit, operations: Operations) -> None:
        self._submit = submit
        self._operations = operations
        self._pending = 0

    async def call(self, call: Call) -> Any:
        return await self._there(lambda: self._operations.carry_out(call))

    async def open_terminal(self, instance: str) -> TerminalStream:
        loop = asyncio.get_running_loop()
        stream = _Stream(loop, self._submit)

        def open_it() -> None:
            stream.tap = self._operations.open_terminal(instance, stream.on_output, stream.on_ended)
            if stream.closed:
                stream.tap.close()

        try:
            await self._there(open_it)
        except asyncio.CancelledError:
            stream.close()
            raise
        stream.begin()
        return stream

    async def _there(self, work: Callable[[], Any]) -> Any:
        if self._pending >= _MOST_PENDING:
            raise ApiError(503, "busy", "Too much is waiting for the window.", "Try again in a moment.")
        answer: Future[Any] = Future()
        self._pending += 1
        try:
            self._submit(partial(self._carry_out, work, answer))
            found = await asyncio.wrap_future(answer)
            return found.finish() if isinstance(found, DeferredBody) else found
        finally:
            self._pending -= 1
            # A refusal holds this frame: with the answer in it, it would be a cycle. See ``futures``.
            del answer

    def _carry_out(self, work: Callable[[], Any], answer: Future[Any]) -> None:
        """On the window's thread."""
        if answer.cancelled():
            return
        try:
            outcome = work()
        except Exception as error:
            settle(answer, error)
            return
        if isinstance(outcome, Future):
            # Cancelled on the server's thread, taken back on the window's.
            on_cancel(answer, lambda: self._submit(outcome.cancel))
            when_settled(outcome, lambda found: settle(answer, found))
        else:
            settle(answer, outcome)


class _Stream:
    """A TerminalStream over a Tap. Output waits in ``_ready``, bounded by the credit that was granted."""

    CREDIT: Final = 256 * 1024
    """Bytes that may be on their way."""
    PACE: Final = 0.02
    """Seconds between two grants: a flood is not to run through the window at full speed, only to be seen."""

    def __init__(self, loop: asyncio.AbstractEventLoop, submit: Submit) -> None:
        self._loop = loop
        self._submit = submit
        self.tap: Tap | None = None
        self.closed = False
        self._ready: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._owed = 0
        self._grant_at = 0.0

    def begin(self) -> None:
        self._with_tap(lambda tap: tap.grant(self.CREDIT))

    # The window's thread

    def on_output(self, data: bytes) -> None:
        self._put(data)

    def on_ended(self) -> None:
        self._put(None)

    def _put(self, data: bytes | None) -> None:
        try:
            self._loop.call_soon_threadsafe(self._ready.put_nowait, data)
        except RuntimeError:
            pass

    # The server's thread

    async def receive(self) -> bytes | None:
        if self._owed and self._ready.empty():
            await self._pay()
        data = await self._ready.get()
        if data is None:
            return None
        self._owed += len(data)
        if self._owed >= self.CREDIT // 2:
            await self._pay()
        return data

    async def _pay(self) -> None:
        """Return the credit of what was received, so that more may come."""
        now = self._loop.time()
        if now < self._grant_at:
            await asyncio.sleep(self._grant_at - now)
        self._grant_at = self._loop.time() + self.PACE
        owed, self._owed = self._owed, 0
        self._with_tap(lambda tap: tap.grant(owed))

    def send(self, data: bytes) -> None:
        self._with_tap(lambda tap: tap.send(data))

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self._with_tap(lambda tap: tap.close())

    def _with_tap(self, use: Callable[[Tap], None]) -> None:
        def there() -> None:
            if self.tap is not None:
                use(self.tap)

        self._submit(there)
