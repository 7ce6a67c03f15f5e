"""The API over what stands for a named pipe of Windows: the real server and client, with Unix sockets below."""

import asyncio
import errno
import io
import os
import socket
import stat
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil  # noqa: F401 - before a test says that this is Windows
import pytest
from aiohttp import web

from podium.control.api.scope import FULL, Scope
from podium.control.bridge.event_hub import EventHub
from podium.control.ctl import client as client_module
from podium.control.ctl.client import Client, NoPodium, Refused
from podium.control.ctl.pipe_connection import PipeConnection
from podium.control.http_server import runtime_folder
from podium.control.http_server.access import AccessPolicy, RequestHead
from podium.control.http_server.listening import listen_on_pipe
from podium.control.http_server.peers import Peer
from podium.control.http_server.protocol import StrictServer
from podium.control.http_server.runtime_folder import candidates, claim, find_folder, prepare_folder
from podium.control.http_server.server import ControlServer
from podium.control.http_server.tokens import Tokens
from podium.core.ids import InstanceId
from podium.core.system.pipes import named_pipes, pipe_addresses
from podium.core.system.pipes.pipe_addresses import read_address, write_address
from tests.conftest import MACHINE
from tests.control.conftest import PATIENCE, FakeGateway, Served, connect_unix
from tests.control.wire import Wire
from tests.core.test_file_lock import FakeMsvcrt

Serve = Callable[..., Served]


class Pipes:
    """The system's pipes, by name. ``open`` is the client's call, ``site`` the server's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.opened: list[str] = []
        self.busy = 0
        """The number of calls that find a server that has not accepted the last client yet."""

    def place(self, name: str) -> Path:
        return self.folder / name.rpartition("\\")[2][-12:]

    def site(self, runner: web.BaseRunner, name: str) -> web.BaseSite:
        return web.UnixSite(runner, str(self.place(name)))

    def open(self, name: str) -> io.RawIOBase:
        self.opened.append(name)
        if self.busy:
            self.busy -= 1
            raise OSError(errno.EINVAL, "Invalid argument")
        connected = connect_unix(self.place(name))
        connected.settimeout(None)
        return io.FileIO(connected.detach(), "r+")


@pytest.fixture
def pipes(monkeypatch: pytest.MonkeyPatch) -> Pipes:
    pipes = Pipes(MACHINE.folder("n"))
    monkeypatch.setattr(web, "NamedPipeSite", pipes.site)
    monkeypatch.setattr(
        client_module, "_connection_to", lambda path, patience: PipeConnection(path, patience, pipes.open)
    )
    return pipes


@pytest.fixture
def served(serve: Serve, pipes: Pipes) -> Served:
    return serve(listener_at=listen_on_pipe)


def test_the_client_finds_the_pipe_by_its_file_and_shows_the_token(served: Served, pipes: Pipes) -> None:
    asked = Client(served.socket)
    assert asked.get("/api/health")["version"] == "0"
    assert asked.get("/api/health")["mode"] == "window"
    assert pipes.opened == [read_address(served.socket).name], "one connection for both"


def test_a_big_request_and_a_big_answer_come_whole(served: Served) -> None:
    asked = Client(served.socket)
    asked.post("/api/orchestrator/one/input", {"text": "x" * 30_000})
    assert len(served.gateway.calls) == 1
    assert len(asked.ask("GET", "/api/openapi.json")) > 65_536


@pytest.mark.parametrize(
    ("token", "status"), [("", 401), ("wrong", 401), (None, 200)], ids=["none", "wrong", "right"]
)
def test_whoever_opens_the_pipe_without_its_token_is_refused(
    served: Served, pipes: Pipes, token: str | None, status: int
) -> None:
    address = read_address(served.socket)
    wire = Wire(
        connect_unix(pipes.place(address.name)), "localhost", address.token if token is None else token
    )
    assert wire.ask("GET", "/api/health").status == status


def test_the_token_of_tcp_does_not_open_the_pipe(served: Served, pipes: Pipes) -> None:
    wire = Wire(connect_unix(pipes.place(read_address(served.socket).name)), "localhost", served.token())
    assert wire.ask("GET", "/api/health").status == 401


def test_the_files_are_the_accounts_alone_and_go_with_the_server(served: Served, pipes: Pipes) -> None:
    folder = served.serving.folder
    served.server.open_instance_socket(InstanceId("one"))
    file = folder.instance_socket("one")
    Client(file).wait_until_served(PATIENCE)
    with pytest.raises(Refused):  # An instance's own pipe tells nothing of health.
        Client(file).get("/api/health")
    for path in (folder.socket, file):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_address(file) != read_address(folder.socket)
    served.server.stop()
    served.server.join(PATIENCE)
    assert not folder.socket.exists()
    assert not file.exists()


def test_a_busy_pipe_is_tried_again(served: Served, pipes: Pipes) -> None:
    pipes.busy = 2
    assert Client(served.socket).get("/api/health")["version"] == "0"
    assert len(pipes.opened) == 3


def test_a_server_that_says_nothing_is_given_up(tmp_path: Path, pipes: Pipes) -> None:
    address = pipe_addresses.new_address()
    write_address(tmp_path / "podium.sock", address)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as silent:
        silent.bind(str(pipes.place(address.name)))
        silent.listen()
        with pytest.raises(NoPodium, match="does not answer"):
            Client(tmp_path / "podium.sock").ask("GET", "/api/health", patience=0.05)


def test_a_server_that_ends_is_told(tmp_path: Path, pipes: Pipes) -> None:
    address = pipe_addresses.new_address()
    write_address(tmp_path / "podium.sock", address)
    asked = Client(tmp_path / "podium.sock")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as ending:
        ending.bind(str(pipes.place(address.name)))
        ending.listen()
        with ThreadPoolExecutor(1) as server:
            server.submit(lambda: ending.accept()[0].close())
            with pytest.raises(NoPodium, match="ended before it answered"):
                asked.ask("GET", "/api/health")


@pytest.mark.parametrize("text", ["", "\\\\elsewhere\\pipe\\podium\nt\n"], ids=["empty", "another-machine"])
def test_a_file_that_names_no_pipe_opens_nothing(tmp_path: Path, pipes: Pipes, text: str) -> None:
    (tmp_path / "podium.sock").write_text(text)
    with pytest.raises(NoPodium, match="names no pipe"):
        Client(tmp_path / "podium.sock").get("/api/health")
    assert pipes.opened == []


def test_a_pipe_whose_file_can_not_be_written_is_closed(tmp_path: Path, pipes: Pipes) -> None:
    def denied() -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    server = ControlServer(
        FakeGateway(),
        EventHub(),
        ready=print,
        failed=print,
        listener_at=lambda path: listen_on_pipe(path)._replace(announce=denied),
    )

    async def listen() -> None:
        with pytest.raises(PermissionError):
            await server._listen_locally(tmp_path / "one.sock", lambda _peer: FULL, limited=True)
        [made] = pipes.folder.iterdir()
        with pytest.raises(ConnectionRefusedError):
            connect_unix(made)

    asyncio.run(listen())


# The checks


def test_on_a_pipe_the_token_opens_what_its_holder_may() -> None:
    policy = AccessPolicy(
        frozenset({"localhost"}),
        lambda peer: FULL if peer.instance is None else Scope(instance=peer.instance),
        Tokens("the-one", "the-one"),
    )
    head = RequestHead("GET", "/api/health", ("localhost",), authorizations=("Bearer the-one",))
    inside = InstanceId("one")
    assert policy.authorize(head) == FULL
    assert policy.authorize(head, Peer(7, inside)) == Scope(instance=inside)


def test_who_is_at_the_other_end_of_a_pipe_is_looked_for() -> None:
    handle, found = object(), list[Any]()

    class Transport(asyncio.Transport):
        def get_extra_info(self, name: str, default: Any = None) -> Any:
            return handle if name == "pipe" else default

        def close(self) -> None:
            pass

    def identify(connected: Any) -> Peer:
        found.append(connected)
        return Peer(7, InstanceId("one"))

    async def connect() -> Peer:
        connection = StrictServer(_never, False, identify)()
        connection.connection_made(Transport())
        peer: Peer = connection.peer
        connection.connection_lost(None)
        return peer

    assert asyncio.run(connect()) == Peer(7, InstanceId("one"))
    assert found == [handle]


async def _never(_request: web.BaseRequest) -> web.StreamResponse:
    raise AssertionError


def test_the_process_of_a_pipe_is_asked_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(named_pipes, "client_of", lambda handle: handle + 1)
    monkeypatch.setattr(runtime_folder.sys, "platform", "win32")
    with socket.socket() as pipe:
        assert runtime_folder.peer_pid(pipe) == pipe.fileno() + 1


# The folder


def test_on_windows_the_profile_keeps_others_out_and_modes_say_nothing(
    runtime_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "msvcrt", FakeMsvcrt())
    monkeypatch.setattr("platformdirs.user_runtime_path", lambda name, **_: runtime_folder / name)
    runtime_folder.chmod(0o777)
    monkeypatch.setattr(sys, "platform", "win32")
    folder = prepare_folder()
    assert candidates() == (folder.path,)
    folder.socket.write_text("of a Podium that was killed")
    held = claim(folder)
    assert not folder.socket.exists()
    assert find_folder().path == folder.path
    held.release()
