"""A server with a gateway that says what it was asked, over both transports."""

import asyncio
import queue
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from podium.control.api.application.service import GetHealth, Health
from podium.control.api.errors import ApiError
from podium.control.api.shapes import Call, Done
from podium.control.api.terminals import Wait
from podium.control.bridge.event_hub import EventHub
from podium.control.bridge.gateway import TerminalStream
from podium.control.http_server.addresses import ListenAddress
from podium.control.http_server.server import ControlServer, Serving
from tests.conftest import MACHINE
from tests.control.running import Running
from tests.control.wire import Wire

PATIENCE = 60.0


class FakeStream:
    """A terminal that echoes what is typed."""

    def __init__(self) -> None:
        self.output: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.output.put_nowait(b"redraw")
        self.closed = threading.Event()

    async def receive(self) -> bytes | None:
        return await self.output.get()

    def send(self, data: bytes) -> None:
        self.output.put_nowait(None if data == b"end" else data)

    def close(self) -> None:
        self.closed.set()


@dataclass
class FakeGateway:
    """Remembers the calls. What waits, waits until it is cancelled."""

    calls: list[Call] = field(default_factory=list)
    waits: threading.Event = field(default_factory=threading.Event)
    cancelled: threading.Event = field(default_factory=threading.Event)
    streams: list[FakeStream] = field(default_factory=list)

    async def call(self, call: Call) -> Any:
        self.calls.append(call)
        match call:
            case GetHealth():
                return Health(
                    version="0", pid=1, mode="window", isolated=True, uptime=0.0, instances=0, epoch="e"
                )
            case Wait():
                self.waits.set()
                try:
                    await asyncio.Event().wait()
                finally:
                    self.cancelled.set()
        return Done()

    async def open_terminal(self, instance: str) -> TerminalStream:
        if instance == "nobody":
            raise ApiError(404, "unknown-instance", "There is no instance nobody.")
        stream = FakeStream()
        self.streams.append(stream)
        return stream


@dataclass
class Served:
    """A running server and the ways to it."""

    server: ControlServer
    gateway: FakeGateway
    hub: EventHub
    serving: Serving

    @property
    def socket(self) -> Path:
        return self.serving.folder.socket

    def token(self, name: str = "token") -> str:
        return (self.serving.folder.path / name).read_text().strip()

    def wire(self, transport: str) -> Wire:
        """A raw connection that knows the Host and the token it needs."""
        if transport == "unix":
            return Wire(connect_unix(self.socket), "localhost", "")
        host, _, port = self.serving.address.rpartition(":")
        return Wire(socket.create_connection((host, int(port)), PATIENCE), self.serving.address, self.token())


def connect_unix(path: Path) -> socket.socket:
    connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connected.settimeout(PATIENCE)
    connected.connect(str(path))
    return connected


class Outcome:
    """Whether a server came up."""

    def __init__(self) -> None:
        self._news: queue.Queue[Serving | str] = queue.Queue()
        self.ready: Callable[[Serving], None] = self._news.put
        self.failed: Callable[[str], None] = self._news.put

    def wait(self) -> Serving | str:
        return self._news.get(timeout=PATIENCE)


@pytest.fixture
def serve(runtime_folder: Path) -> Iterator[Callable[..., Served]]:
    """Start servers; they end with the test."""
    running: list[ControlServer] = []

    def start(**options: Any) -> Served:
        gateway, hub, outcome = FakeGateway(), EventHub(), Outcome()
        server = ControlServer(
            gateway,
            hub,
            listen=ListenAddress("127.0.0.1", 0),
            ready=outcome.ready,
            failed=outcome.failed,
            **options,
        )
        server.start()
        running.append(server)
        serving = outcome.wait()
        assert isinstance(serving, Serving), serving
        return Served(server, gateway, hub, serving)

    yield start
    for server in running:
        server.stop()
        server.join(PATIENCE)


@pytest.fixture
def served(serve: Callable[..., Served]) -> Served:
    return serve()


@pytest.fixture(params=["unix", "tcp"])
def transport(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    running: list[Running] = []

    def start(*arguments: str, window: bool = False) -> Running:
        running.append(Running(*arguments, window=window, home=tmp_path))
        return running[-1]

    yield start
    for one in running:
        one.close()


@pytest.fixture(scope="module")
def shared_podium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One ``podium serve`` for all tests of a module: it is to be as good after each attack as before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(MACHINE.folder("r")))
        running = Running(home=tmp_path_factory.mktemp("home"))
    yield running
    running.close()
