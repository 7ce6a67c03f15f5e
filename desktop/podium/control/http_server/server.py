"""The server: a thread with an event loop of its own. aiohttp is loaded there, so that no window waits for it."""

import asyncio
import contextlib
import logging
import socket
import threading
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from podium.control.api.scope import FULL, Scope
from podium.control.bridge.event_hub import EventHub
from podium.control.bridge.gateway import Gateway
from podium.control.http_server.access import AccessPolicy
from podium.control.http_server.addresses import ListenAddress
from podium.control.http_server.listening import Listener, listen_at, site_on
from podium.control.http_server.peers import InstanceTrees, Peer, find_peer
from podium.control.http_server.runtime_folder import (
    CannotServe,
    Claim,
    RuntimeFolder,
    claim,
    prepare_folder,
)
from podium.control.http_server.tokens import make_tokens, remove_tokens
from podium.core.ids import InstanceId

if TYPE_CHECKING:
    from aiohttp import web

    from podium.control.http_server.listening import MakeSite

_UNIX_HOSTS: Final = frozenset({"localhost"})
_CLOSE_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Serving:
    """The addresses the API is served at. ``address`` is ``127.0.0.1:PORT`` when TCP was asked for."""

    folder: RuntimeFolder
    address: str = ""


_log = logging.getLogger(__name__)


class ControlServer:
    """Serves the API until ``stop``. Methods are for the main thread and never wait, except ``join``."""

    def __init__(
        self,
        gateway: Gateway,
        hub: EventHub,
        *,
        listen: ListenAddress | None = None,
        ready: Callable[[Serving], None],
        failed: Callable[[str], None],
        may_control: Callable[[InstanceId], bool] = lambda _: False,
        trees: Callable[[], InstanceTrees] = lambda: InstanceTrees({}, {}),
        listener_at: Callable[[Path], Listener] = listen_at,
    ) -> None:
        """``ready`` and ``failed`` are called on the server's thread. ``may_control`` says whether an instance's
        programs may do everything; it is asked at each request, on the server's thread. ``trees`` tells which
        processes are the instances'; it is asked at each connection, there too. ``listener_at`` listens at a path to
        programs of this account.
        """
        self._gateway = gateway
        self._hub = hub
        self._listen = listen
        self._ready = ready
        self._failed = failed
        self._may_control = may_control
        self._trees = trees
        self._listener_at = listener_at
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._stopped = threading.Event()
        self._folder: RuntimeFolder | None = None
        self._instances: dict[InstanceId, web.BaseRunner] = {}
        self._turn = asyncio.Lock()
        """Sockets of instances are opened and taken away in the order that was asked for."""
        self._tasks: set[asyncio.Future[None]] = set()
        self._thread = threading.Thread(target=self._run, name="control", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End it; clients are cut off."""
        self._stopped.set()
        loop, stop = self._loop, self._stop
        if loop is not None and stop is not None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(stop.set)

    def join(self, seconds: float = 5.0) -> None:
        """Wait for the end. Only for the very end of the process."""
        self._thread.join(seconds)

    def open_instance_socket(self, instance: InstanceId) -> None:
        """Give an instance a socket of its own."""
        self._on_loop(lambda: self._open_instance_socket(instance))

    def close_instance_socket(self, instance: InstanceId) -> None:
        self._on_loop(lambda: self._close_instance_socket(instance))

    # The server's thread

    def _on_loop(self, make: Callable[[], Coroutine[object, object, None]]) -> None:
        loop = self._loop
        if loop is None or self._stopped.is_set():
            return

        def begin() -> None:
            task = asyncio.ensure_future(make())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(begin)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except CannotServe as error:
            self._failed(str(error))
        except OSError as error:
            self._failed(f"The control API can't be served: {error.strerror or error}.")
        except Exception as error:
            self._failed(f"The control API can't be served: {error!r}.")

    async def _serve(self) -> None:
        folder = prepare_folder()
        held = claim(folder)
        runners: list[web.BaseRunner] = []
        try:
            self._folder = folder
            self._stop = asyncio.Event()
            self._loop = asyncio.get_running_loop()
            runners.append(await self._listen_locally(folder.socket, self._scope_of, limited=False))
            address = ""
            if self._listen is not None:
                runner, address = await self._listen_on_tcp(held, self._listen)
                runners.append(runner)
            self._hub.attach(self._loop)
            self._ready(Serving(folder, address))
            if not self._stopped.is_set():
                await self._stop.wait()
        finally:
            self._loop = None
            self._hub.detach()
            await _close([*runners, *self._instances.values()])
            remove_tokens(folder.path)
            held.release()

    def _scope_of(self, peer: Peer) -> Scope:
        """The scope of ``peer`` on a Unix socket."""
        if peer.instance is None or self._may_control(peer.instance):
            return FULL
        return Scope(instance=peer.instance)

    def _identify(self, connected: socket.socket) -> Peer:
        assert self._folder is not None
        return find_peer(connected, self._trees(), self._folder.path)

    async def _listen_on_tcp(self, held: Claim, wanted: ListenAddress) -> "tuple[web.BaseRunner, str]":
        family = socket.AF_INET6 if ":" in wanted.host else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_STREAM)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((wanted.host, wanted.port))
            listening.listen(128)
            listening.setblocking(False)
        except OSError as error:
            listening.close()
            raise CannotServe(
                f"{wanted.host}:{wanted.port} can't be listened on: {error.strerror}. Choose another port, or 0."
            ) from error
        port = listening.getsockname()[1]
        shown = f"[{wanted.host}]" if ":" in wanted.host else wanted.host
        policy = AccessPolicy(
            frozenset({f"{shown}:{port}", f"localhost:{port}"}), tokens=make_tokens(held.folder.path)
        )
        return await self._listen_on(site_on(listening), policy, limited=True), f"{shown}:{port}"

    async def _listen_locally(
        self, path: Path, scope: Callable[[Peer], Scope], limited: bool
    ) -> "web.BaseRunner":
        """At ``path``, to programs of this account. Raises OSError."""
        listener = self._listener_at(path)
        policy = AccessPolicy(_UNIX_HOSTS, scope, listener.tokens)
        runner = await self._listen_on(listener.make_site, policy, limited)
        try:
            listener.announce()
        except OSError:
            await _close([runner])
            raise
        return runner

    async def _listen_on(
        self, make_site: "MakeSite", policy: AccessPolicy, limited: bool
    ) -> "web.BaseRunner":
        from aiohttp import web

        from podium.control.http_server.handler import ApiHandler
        from podium.control.http_server.protocol import StrictServer

        runner = web.ServerRunner(
            StrictServer(ApiHandler(policy, self._gateway, self._hub).handle, limited, self._identify),
            shutdown_timeout=_CLOSE_SECONDS / 2,
        )
        await runner.setup()
        await make_site(runner).start()
        return runner

    async def _open_instance_socket(self, instance: InstanceId) -> None:
        own = Peer(instance=instance)

        def scope(peer: Peer) -> Scope:
            # A program inside another instance has that one's scope, whatever socket it found.
            return self._scope_of(peer if peer.instance is not None else own)

        async with self._turn:
            if self._folder is None or instance in self._instances:
                return
            path: Path = self._folder.instance_socket(instance)
            try:
                self._instances[instance] = await self._listen_locally(path, scope, limited=True)
            except OSError as error:
                # Its programs reach no API then; all else goes on.
                _log.warning("The socket of %s can't be made: %s", instance, error.strerror or error)

    async def _close_instance_socket(self, instance: InstanceId) -> None:
        async with self._turn:
            runner = self._instances.pop(instance, None)
            if runner is None or self._folder is None:
                return
            # At once: its clients may take a while, and an instance of the same id may follow.
            with contextlib.suppress(OSError):
                self._folder.instance_socket(instance).unlink(missing_ok=True)
        await _close([runner])


async def _close(runners: "Iterable[web.BaseRunner]") -> None:
    for runner in runners:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await runner.cleanup()
