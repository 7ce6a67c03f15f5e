"""aiohttp's connection, made strict: errors in JSON, deadlines for what arrives, a name without versions."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, Final

import msgspec
from aiohttp import web
from aiohttp.http_exceptions import LineTooLong
from aiohttp.web_protocol import RequestHandler

from podium.control.api.errors import ApiError
from podium.control.api.limits import BURST, HEAD_SECONDS, IDLE_SECONDS, MAX_LINE, RATE
from podium.control.api.scope import Scope
from podium.control.http_server.admission import Admission
from podium.control.http_server.peers import Peer
from podium.control.http_server.rate import Bucket

_HEADERS: Final = {
    "Server": "podium",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_INSIDE: Final = "inside"
_encode: Final = msgspec.json.Encoder().encode


def json_response(value: object, status: int = 200, **headers: str) -> web.Response:
    return web.Response(
        body=_encode(value), status=status, content_type="application/json", headers={**_HEADERS, **headers}
    )


def bytes_response(body: bytes, content_type: str) -> web.Response:
    return web.Response(body=body, content_type=content_type, headers=_HEADERS)


def stream_response(content_type: str) -> web.StreamResponse:
    """An answer whose body is written bit by bit; text is UTF-8."""
    return web.StreamResponse(headers={**_HEADERS, "Content-Type": f"{content_type}; charset=utf-8"})


def error_response(error: ApiError) -> web.Response:
    headers = {}
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="podium"'
    elif error.status == 429:
        headers["Retry-After"] = "60" if error.code == "too-many-tries" else "1"
    response = json_response(error.body(), error.status, **headers)
    if error.status in (400, 413, 414):
        response.force_close()  # What follows on this connection may not be what it seems.
    return response


class Connection(RequestHandler):
    """One connection of a client."""

    __slots__ = ("_admission", "_deadline", "_identify", "_key", "bucket", "peer")

    def __init__(
        self,
        manager: web.Server,
        bucket: Bucket | None,
        admission: Admission,
        identify: Callable[[socket.socket], Peer],
        **options: Any,
    ) -> None:
        """``bucket`` bounds its requests; None leaves them alone."""
        super().__init__(manager, **options)
        self.bucket = bucket
        self.peer = Peer()
        """The program at the other end."""
        self._admission = admission
        self._identify = identify
        self._key: Hashable = None
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        pipe = transport.get_extra_info("pipe")  # On Windows.
        connected = transport.get_extra_info("socket")
        if pipe is not None or (
            connected is not None and connected.family == getattr(socket, "AF_UNIX", None)
        ):
            # At once: later its pid may be another process's. asyncio's wrapper has what a socket has.
            self.peer = self._identify(connected if pipe is None else pipe)
            # All instances' programs together count as one: they must not use up the room of the person's own.
            self._key = self.peer.pid if self.peer.instance is None else _INSIDE
        else:
            address = transport.get_extra_info("peername")
            self._key = address[0] if address else None
        self._admission.add(self, self._key)
        self._begin_deadline()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._end_deadline()
        self._admission.remove(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._admission.is_pending(self):
            return  # Its first deadline runs.
        # Private, and the only sign of it: while aiohttp waits for a request, no whole head has arrived.
        if self._waiter is None or self._waiter.done():
            self._end_deadline()
        elif self._deadline is None:
            self._begin_deadline()  # A head has begun.

    def authorize(self, scope: Scope) -> None:
        """Its request may be carried out with ``scope``. Raises ApiError, and is dropped, with too many like it."""
        # Over TCP all peers are this machine's; what tells them apart is what they may do.
        key = self._key if self.peer.pid is not None else (scope.write, scope.instance)
        if not self._admission.authorize(self, key):
            raise ApiError(503, "too-many-connections", "This client has too many connections open.")
        self._end_deadline()

    def drop(self) -> None:
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    def _begin_deadline(self) -> None:
        self._deadline = asyncio.get_running_loop().call_later(HEAD_SECONDS, self.drop)

    def _end_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def handle_error(
        self,
        request: web.BaseRequest,  # noqa: ARG002 - aiohttp calls it so
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002
    ) -> web.StreamResponse:
        if isinstance(exc, LineTooLong) and status == 400:
            error = ApiError(414, "too-long", "The address or a header is too long.")
        elif status == 500:
            self.log_exception("The API could not carry out a request", exc_info=exc)
            error = ApiError(500, "internal", "Podium could not carry that out.", "Its log says why.")
        else:
            error = ApiError(status, "bad-request", "That is no proper HTTP request.")
        response = error_response(error)
        response.force_close()
        return response


class StrictServer(web.Server):
    """Makes a Connection for each client."""

    def __init__(
        self,
        handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]],
        limited: bool,
        identify: Callable[[socket.socket], Peer],
    ) -> None:
        """``limited`` bounds the requests a second of each connection; ``identify`` finds the program that made it."""
        # What a client that has gone was waiting for is taken back.
        super().__init__(handler, handler_cancellation=True)
        self._limited = limited
        self._identify = identify
        self._admission = Admission()

    def __call__(self) -> Any:
        return Connection(
            self,
            Bucket(RATE, BURST) if self._limited else None,
            self._admission,
            self._identify,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=IDLE_SECONDS,
            access_log=None,
            max_line_size=MAX_LINE,
            max_field_size=8190,
            max_headers=64,
            lingering_time=1.0,
            auto_decompress=False,
        )
