"""The release feed: one GET to one address, whose answer may be anything.

The form is that of GitHub's “latest release”. The request names Podium and its version and nothing else; the answer is
bounded in time and size, and of what it says only a version and a plain https address are believed.
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
from typing import Annotated, Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin

import msgspec
from msgspec import Meta

from podium import __version__
from podium.app.background import within
from podium.app.updates.release_version import ReleaseVersion, parse_version
from podium.core.visible_text import visible

MOST_BYTES: Final = 256 * 1024
MOST_ADDRESS: Final = 2048
SECONDS: Final = 20.0
_REDIRECTS: Final = 3
_REDIRECT_CODES: Final = frozenset({301, 302, 303, 307, 308})
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


class FeedProblem(Exception):
    """Why the feed says nothing: a sentence, and one with what to do."""


class Release(msgspec.Struct, frozen=True):
    """The newest release that a feed tells of. ``notes`` is an https address, or empty."""

    version: ReleaseVersion
    notes: str


class _Answer(msgspec.Struct, frozen=True):
    tag_name: Annotated[str, Meta(max_length=64)]
    html_url: str = ""


def is_https(address: str) -> bool:
    """Whether ``address`` is a plain https address, which may be opened when a person clicks on it."""
    return len(address) <= MOST_ADDRESS and _HTTPS.fullmatch(address) is not None


def read_feed(address: str, seconds: float = SECONDS) -> Release:
    """Ask the feed at ``address``, an https one (http on this machine). Raises FeedProblem. Not for the window's
    thread.
    """
    if not is_https(address) and not _is_loopback(address):
        raise FeedProblem(
            "That is no address of a feed. It begins with https:// and holds no name or password."
        )
    answers: list[bytes] = []
    connections = _Connections()
    # On a thread of its own: a name that is not found and an answer that dribbles have no time limit themselves.
    try:
        if not within(seconds, lambda: answers.append(_fetch(address, seconds, connections))):
            raise FeedProblem(f"There was no answer within {seconds:g} seconds. Try again later.")
    finally:
        connections.end()
    return _release(answers[0])


class _Connections:
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
    def __init__(self, connections: _Connections) -> None:
        super().__init__()
        self._make = connections.made(HTTPConnection)

    def http_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(self._make, req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, connections: _Connections) -> None:
        super().__init__()
        self._make = connections.made(HTTPSConnection)

    def https_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(self._make, req, context=trusting_context())


def _is_loopback(address: str) -> bool:
    return len(address) <= MOST_ADDRESS and _LOOPBACK.fullmatch(address) is not None


def _release(data: bytes) -> Release:
    try:
        answer = msgspec.json.decode(data, type=_Answer)
        version = parse_version(answer.tag_name)
    except (ValueError, RecursionError):  # All of msgspec's are ValueErrors.
        raise FeedProblem("The answer is no release. Look at the address in updates.feed.") from None
    return Release(version, answer.html_url if is_https(answer.html_url) else "")


def _fetch(address: str, seconds: float, connections: _Connections) -> bytes:
    for _ in range(_REDIRECTS + 1):
        try:
            with _opener(connections).open(address, timeout=seconds) as answer:
                data: bytes = answer.read(MOST_BYTES + 1)
        except HTTPError as error:
            with error:
                address = _redirected(address, error)
        except (OSError, HTTPException, ValueError, OverflowError) as error:
            raise FeedProblem(f"{_reason(error)} Look at the network and try again.") from None
        else:
            if len(data) > MOST_BYTES:
                raise FeedProblem(
                    "The answer is too long for a release. Look at the address in updates.feed."
                )
            return data
    raise FeedProblem("It leads from one address to the next. Look at the address in updates.feed.")


def _opener(connections: _Connections) -> urllib.request.OpenerDirector:
    """No cookies, no files, and redirects are left to the caller: urllib's own would read their bodies to the end."""
    opener = urllib.request.OpenerDirector()
    for handler in _handlers(connections):
        opener.add_handler(handler)
    opener.addheaders = [("User-Agent", f"podium/{__version__}"), ("Accept", "application/json")]
    return opener


def _handlers(connections: _Connections) -> Iterator[urllib.request.BaseHandler]:
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


def _redirected(address: str, error: HTTPError) -> str:
    """The address that a redirect names. Raises FeedProblem for one that is not https, and for what is none."""
    location = error.headers.get("Location", "") if error.code in _REDIRECT_CODES else ""
    if not location:
        raise FeedProblem(f"The answer was status {error.code}. Try again later, or look at the address.")
    try:
        target = urljoin(address, location)
    except ValueError:
        target = ""
    if not is_https(target):
        raise FeedProblem("It leads to an address that is not https. Look at the address in updates.feed.")
    return target


def _reason(error: Exception) -> str:
    """A sentence. An exception of http.client quotes what it was sent, so nothing of it is said."""
    inner = error.reason if isinstance(error, URLError) else error
    if isinstance(inner, OSError) and inner.strerror:
        return f"It can't be reached: {visible(inner.strerror)[:_MOST_REASON]}."
    return (
        "What answers there does not speak HTTP."
        if isinstance(inner, HTTPException)
        else "It can't be reached."
    )
