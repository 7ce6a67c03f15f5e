"""The bounded output to a WebSocket client: a client that does not read is dropped, and nothing waits for it."""

import asyncio
import contextlib
from collections import deque

from aiohttp import WSMsgType, web

from podium.control.api.limits import MAX_UNREAD


class SocketWriter:
    """Queues messages for one client and sends them as fast as it reads."""

    def __init__(self, socket: web.WebSocketResponse, request: web.BaseRequest) -> None:
        self._socket = socket
        self._transport = request.transport
        self._waiting: deque[tuple[bytes, WSMsgType, asyncio.Future[None] | None]] = deque()
        self._waiting_bytes = 0
        self._wake = asyncio.Event()
        self._ended = False
        self._task = asyncio.create_task(self._run())

    @property
    def unsent(self) -> int:
        """Bytes that wait, here and in the connection."""
        transport = self._transport
        inside = transport.get_write_buffer_size() if transport is not None else 0
        return self._waiting_bytes + inside

    def put(self, message: bytes, kind: WSMsgType = WSMsgType.TEXT) -> None:
        """Queue ``message``; drops the client when too much waits for it already."""
        if self.unsent + len(message) > MAX_UNREAD:
            self.drop()
            return
        self._waiting.append((message, kind, None))
        self._waiting_bytes += len(message)
        self._wake.set()

    def drop(self) -> None:
        """End the connection at once: a close frame would wait behind what is not read."""
        self._clear()
        if self._transport is not None:
            self._transport.abort()

    def _clear(self) -> None:
        for _, _, sent in self._waiting:
            if sent is not None and not sent.done():
                sent.set_exception(ConnectionResetError("the client is gone"))
        self._waiting.clear()
        self._waiting_bytes = 0

    async def send(self, message: bytes, kind: WSMsgType = WSMsgType.TEXT) -> None:
        """Send ``message`` after what waits, and wait until the client takes it in. Raises ConnectionError."""
        if self._ended:
            raise ConnectionResetError("the client is gone")
        sent: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((message, kind, sent))
        self._waiting_bytes += len(message)
        self._wake.set()
        await sent

    async def close(self) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _run(self) -> None:
        try:
            with contextlib.suppress(ConnectionError, RuntimeError):
                while True:
                    while self._waiting:
                        await self._send_next()
                    self._wake.clear()
                    await self._wake.wait()
        finally:
            self._ended = True
            self._clear()

    async def _send_next(self) -> None:
        message, kind, sent = self._waiting.popleft()
        self._waiting_bytes -= len(message)
        try:
            await self._socket.send_frame(message, kind)
        except BaseException:
            if sent is not None and not sent.done():
                sent.set_exception(ConnectionResetError("the client is gone"))
            raise
        if sent is not None and not sent.done():
            sent.set_result(None)
