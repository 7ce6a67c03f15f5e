"""Requests to addresses that a person has set: bounded in time, by https or to this machine, trusting no answer.

Nothing but Podium's name and version is told of whoever asks. A request is made on a thread of its own, as a name that
is not found and an answer that dribbles have no time limit themselves.
"""

import contextlib
import re
import socket
import ssl
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError

from podium import __version__
from podium.core.visible_text import visible

MOST_ADDRESS: Final = 2048
_MOST_REASON: Final = 200
_CERTIFICATES: Final = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Where Debian, Fedora, openSUSE and macOS keep those they trust."""

# No user names, no backslashes, nothing that another reader of the address could take apart differently.
_REST: Final = r"(:\d{1,5})?(/[!-\[\]-~]*)?"
_HTTPS: Final = re.compile(rf"https://[a-z0-9][a-z0-9.-]*{_REST}", re.ASCII | re.IGNORECASE)
_LOOPBACK: Final = re.compile(rf"http://(127\.0\.0\.1|localhost|\[::1\]){_REST}", re.ASCII | re.IGNORECASE)


def is_https(address: str) -> bool:
    """Whether ``address`` is a plain https address, which may be opened when a person clicks on it."""
    return len(address) <= MOST_ADDRESS and _HTTPS.fullmatch(address) is not None


def is_loopback(address: str) -> bool:
    return len(address) <= MOST_ADDRESS and _LOOPBACK.fullmatch(address) is not None


class Connections:
    """Those of one check. They end with it, or an answer without an end would keep its thread at work for ever."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ended = False
        self._sockets: list[socket.socket] = []

    def made(self, kind: type[HTTPConnection]) -> Callable[..., HTTPConnection]:
        """Makes a connection of that kind, which ends with the others."""

        def make(host: str, **options: Any) -> HTTPConnection:
            connection = kind(host, **options)
            connect = connection.connect

            def connect_and_add() -> None:
                connect()
                self._add(connection.sock)

            connection.connect = connect_and_add  # type: ignore[method-assign]
            return connection

        return make

    def end(self) -> None:
        with self._lock:
            self._ended = True
            for one in self._sockets:
                with contextlib.suppress(OSError):  # The other side has ended it.
                    one.shutdown(socket.SHUT_RDWR)

    def _add(self, connected: socket.socket) -> None:
        with self._lock:
            self._sockets.append(connected)
            if self._ended:
                raise TimeoutError


class _Http(urllib.request.HTTPHandler):
    def __init__(self, connections: Connections) -> None:
        super().__init__()
        self._make = connections.made(HTTPConnection)

    def http_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(self._make, req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, connections: Connections) -> None:
        super().__init__()
        self._make = connections.made(HTTPSConnection)

    def https_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(self._make, req, context=trusting_context())


def opener(connections: Connections) -> urllib.request.OpenerDirector:
    """No cookies, no files, and redirects are left to the caller: urllib's own would read their bodies to the end."""
    made = urllib.request.OpenerDirector()
    for handler in _handlers(connections):
        made.add_handler(handler)
    made.addheaders = [("User-Agent", f"podium/{__version__}"), ("Accept", "application/json")]
    return made


def _handlers(connections: Connections) -> Iterator[urllib.request.BaseHandler]:
    # A proxy is for the network; this machine is asked directly.
    proxies = urllib.request.getproxies()
    yield urllib.request.ProxyHandler({"https": proxies["https"]} if "https" in proxies else {})
    yield _Http(connections)
    yield _Https(connections)
    yield urllib.request.HTTPErrorProcessor()
    yield urllib.request.HTTPDefaultErrorHandler()


def trusting_context(
    paths: ssl.DefaultVerifyPaths | None = None, places: Sequence[str] = _CERTIFICATES
) -> ssl.SSLContext:
    """Trusts what the system trusts, also where the OpenSSL of a frozen Podium looks in places of another system."""
    context = ssl.create_default_context()
    paths = paths or ssl.get_default_verify_paths()
    if sys.platform != "win32" and paths.cafile is None and paths.capath is None:
        for place in places:
            if Path(place).is_file():
                context.load_verify_locations(cafile=place)
                break
    return context


def reason_of(error: Exception) -> str:
    """A sentence. An exception of http.client quotes what it was sent, so nothing of it is said."""
    inner = error.reason if isinstance(error, URLError) else error
    if isinstance(inner, OSError) and inner.strerror:
        return f"It can't be reached: {visible(inner.strerror)[:_MOST_REASON]}."
    return (
        "What answers there does not speak HTTP."
        if isinstance(inner, HTTPException)
        else "It can't be reached."
    )
