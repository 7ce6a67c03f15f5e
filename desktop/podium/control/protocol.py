"""aiohttp's connection, made strict: errors in JSON, no more than so many connections, a name without versions."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec
from aiohttp import web
from aiohttp.http_exceptions import LineTooLong
from aiohttp.web_protocol import RequestHandler

from podium.control.errors import ApiError
from podium.control.limits import BURST, IDLE_SECONDS, MAX_CONNECTIONS, MAX_LINE, RATE
from podium.control.rate import Bucket

_HEADERS: Final = {
    "Server": "podium",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_encode: Final = msgspec.json.Encoder().encode


def json_response(value: object, status: int = 200, **headers: str) -> web.Response:
    return web.Response(
        body=_encode(value), status=status, content_type="application/json", headers={**_HEADERS, **headers}
    )


def bytes_response(body: bytes, content_type: str) -> web.Response:
    return web.Response(body=body, content_type=content_type, headers=_HEADERS)


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

    __slots__ = ("bucket",)

    def __init__(self, manager: web.Server, bucket: Bucket | None, **options: Any) -> None:
        """``bucket`` bounds its requests; None leaves them alone."""
        super().__init__(manager, **options)
        self.bucket = bucket

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        assert isinstance(transport, asyncio.Transport)
        manager = self._manager
        if manager is not None and len(manager.connections) > MAX_CONNECTIONS:
            transport.abort()

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
        self, handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]], limited: bool
    ) -> None:
        """``limited`` bounds the requests a second of each connection."""
        # What a client that has gone was waiting for is taken back.
        super().__init__(handler, handler_cancellation=True)
        self._limited = limited

    def __call__(self) -> Any:
        return Connection(
            self,
            Bucket(RATE, BURST) if self._limited else None,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=IDLE_SECONDS,
            access_log=None,
            max_line_size=MAX_LINE,
            max_field_size=8190,
            max_headers=64,
            lingering_time=1.0,
            auto_decompress=False,
        )
