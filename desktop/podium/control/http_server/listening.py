"""The platform seam for listening to programs of this account: Unix sockets, and named pipes on Windows (not run yet).

On a Unix socket the folder is the authentication. A pipe has none, so there the token of its file is asked for.
"""

import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from podium.control.api.limits import BACKLOG
from podium.control.http_server.runtime_folder import bind_socket
from podium.control.http_server.tokens import Tokens
from podium.core.system.pipes.pipe_addresses import new_address, write_address

if TYPE_CHECKING:
    from aiohttp import web

    MakeSite = Callable[[web.BaseRunner], web.BaseSite]

# aiohttp is imported in here: only the server's thread waits for it.


class Listener(NamedTuple):
    """``announce`` is called once clients can connect; it raises OSError. Without ``tokens`` none is asked for."""

    make_site: "MakeSite"
    tokens: Tokens | None = None
    announce: Callable[[], None] = lambda: None


def site_on(listening: socket.socket) -> "MakeSite":
    """``listening`` is bound and listens."""

    def make_site(runner: "web.BaseRunner") -> "web.BaseSite":
        from aiohttp import web

        return web.SockSite(runner, listening, backlog=BACKLOG)

    return make_site


def listen_on_socket(path: Path) -> Listener:
    """Raises OSError."""
    return Listener(site_on(bind_socket(path)))


def listen_on_pipe(path: Path) -> Listener:
    """``path`` becomes the file that names the pipe."""
    address = new_address()

    def make_site(runner: "web.BaseRunner") -> "web.BaseSite":
        from aiohttp import web

        return web.NamedPipeSite(runner, address.name)

    return Listener(make_site, Tokens(address.token, address.token), lambda: write_address(path, address))


listen_at: Final = listen_on_pipe if sys.platform == "win32" else listen_on_socket
