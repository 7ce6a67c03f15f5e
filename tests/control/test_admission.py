"""Connections that say nothing, little, or too slowly, and those that come with a token all the same."""

import contextlib
import resource
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from podium.control.api import limits
from podium.control.api.limits import MAX_CONNECTIONS, MAX_PENDING
from podium.control.http_server import admission, protocol
from podium.control.http_server.admission import Admission
from tests.control.conftest import PATIENCE, Served, connect_unix
from tests.control.wire import Wire

HEALTH = "/api/health"


@pytest.fixture
def connect(served: Served, transport: str) -> Iterator[Callable[[], socket.socket]]:
    """Raw connections without a word; closed with the test."""
    made: list[socket.socket] = []

    def connection() -> socket.socket:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                one = connect_unix(served.socket) if transport == "unix" else tcp(served)
            except BlockingIOError:
                assert time.monotonic() < deadline
                time.sleep(0.005)  # The kernel's queue is full for a moment.
                continue
            made.append(one)
            return one

    yield connection
    for one in made:
        one.close()


@pytest.fixture(autouse=True)
def room_for_descriptors() -> Iterator[None]:
    """Both ends of a thousand connections are in this process."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4096 if before[1] == resource.RLIM_INFINITY else min(4096, before[1])
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(before[0], wanted), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def tcp(served: Served) -> socket.socket:
    host, _, port = served.serving.address.rpartition(":")
    return socket.create_connection((host, int(port)), PATIENCE)


def ask(served: Served, transport: str) -> int:
    return served.wire(transport).ask("GET", HEALTH).status


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Heads have little time."""
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.3)


def ended(connection: socket.socket) -> bool:
    """Wait until the server ends it."""
    with contextlib.suppress(ConnectionError):
        while connection.recv(1 << 16):
            pass
    return True


@pytest.mark.fault("E2")
@pytest.mark.parametrize("count", [MAX_CONNECTIONS, 1000])
def test_silent_connections_lock_nobody_out(
    served: Served, transport: str, connect: Callable[[], socket.socket], count: int
) -> None:
    for _ in range(count):
        connect()
    for _ in range(10):
        assert ask(served, transport) == 200


@pytest.mark.fault("E2")
def test_connections_with_half_a_head_lock_nobody_out(
    served: Served, transport: str, connect: Callable[[], socket.socket]
) -> None:
    for _ in range(MAX_PENDING + 50):
        with contextlib.suppress(OSError):
            connect().sendall(b"GET /api/health HTTP/1.1\r\nHost: loc")
    assert ask(served, transport) == 200


@pytest.mark.fault("E2")
def test_wrong_tokens_in_open_connections_lock_nobody_out(
    served: Served, connect: Callable[[], socket.socket]
) -> None:
    held = []
    for _ in range(MAX_PENDING + 50):
        wire = Wire(tcp(served), served.serving.address, "wrong")
        held.append(wire)
        with contextlib.suppress(OSError):
            wire.socket.sendall(wire.head("GET", HEALTH))
    assert ask(served, "tcp") == 200
    for wire in held:
        wire.close()


@pytest.mark.fault("E2")
def test_the_read_only_token_can_not_use_up_the_other_ones_room(served: Served) -> None:
    held = []
    for _ in range(MAX_CONNECTIONS):
        wire = served.wire("tcp")
        wire.token = served.token("token-read")
        assert wire.ask("GET", HEALTH).status == 200
        held.append(wire)
    wire = served.wire("tcp")
    wire.token = served.token("token-read")
    with pytest.raises((EOFError, OSError)):
        wire.ask("GET", HEALTH)
    assert ask(served, "tcp") == 200
    for wire in held:
        wire.close()


@pytest.mark.fault("E2")
def test_who_is_silent_is_cut_off_in_time(
    hasty: None, served: Served, connect: Callable[[], socket.socket]
) -> None:
    assert ended(connect())


@pytest.mark.fault("E2")
def test_who_sends_a_head_byte_by_byte_is_cut_off_in_time(
    hasty: None, served: Served, connect: Callable[[], socket.socket]
) -> None:
    dribbling = connect()
    began = time.monotonic()
    with contextlib.suppress(OSError):
        for byte in b"GET /api/health HTTP/1.1\r\n" + b"X: y\r\n" * 10_000:
            assert time.monotonic() - began < PATIENCE
            dribbling.sendall(bytes([byte]))
            time.sleep(0.02)
    assert ended(dribbling)


@pytest.mark.fault("E2")
def test_who_was_let_in_and_begins_another_head_is_cut_off_too(
    hasty: None, served: Served, transport: str
) -> None:
    wire = served.wire(transport)
    assert wire.ask("GET", HEALTH).status == 200
    wire.socket.sendall(b"GET /api/he")
    assert ended(wire.socket)


@pytest.mark.fault("E2")
def test_who_was_let_in_may_pause_and_go_on(hasty: None, served: Served, transport: str) -> None:
    wire = served.wire(transport)
    for _ in range(3):
        assert wire.ask("GET", HEALTH).status == 200
        wire.socket.sendall(wire.head("GET", HEALTH)[:10])
        wire.socket.sendall(wire.head("GET", HEALTH)[10:])
        assert wire.answer().status == 200
    time.sleep(0.8)  # Over the limit of a head: there is none to wait for.
    assert wire.ask("GET", HEALTH).status == 200


@pytest.mark.fault("E2")
def test_a_body_that_dribbles_is_refused(
    served: Served, transport: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("podium.control.http_server.requests.BODY_SECONDS", 0.3)
    wire = served.wire(transport)
    wire.socket.sendall(
        wire.head(
            "POST", "/api/orchestrator/one/input", "Content-Type: application/json", "Content-Length: 99"
        )
    )
    wire.socket.sendall(b'{"text"')
    assert wire.answer().status == 408


@pytest.mark.fault("E2")
def test_a_wait_and_a_web_socket_outlive_the_limit_of_a_head(
    hasty: None, served: Served, transport: str
) -> None:
    wire = served.wire(transport)
    assert wire.handshake("/ws").status == 101
    answer = served.wire(transport).post("/api/orchestrator/one/wait", {"text": "x", "timeout": 1.0})
    assert answer.status == 408
    wire.say({"type": "ping"})
    assert wire.receive() == {"type": "pong"}


class Connection:
    def __init__(self) -> None:
        self.away = False

    def drop(self) -> None:
        self.away = True


@pytest.mark.fault("E2")
def test_the_crowd_makes_way_not_the_one_who_came_alone() -> None:
    connections = Admission(pending=10, of_one_peer=3, authorized=5)
    alone = Connection()
    connections.add(alone, "alone")
    crowd = [Connection() for _ in range(50)]
    for connection in crowd:
        connections.add(connection, "crowd")
    assert not alone.away
    assert [connection.away for connection in crowd] == [True] * 41 + [False] * 9
    # Of the authorized ones, each peer has its share, and all together theirs.
    assert [connections.authorize(connection, "crowd") for connection in crowd[-4:]] == [
        True,
        True,
        True,
        False,
    ]
    assert crowd[-1].away
    assert connections.authorize(alone, "alone")
    connections.remove(crowd[-4])
    assert connections.authorize(crowd[-5], "crowd")
    assert not connections.authorize(crowd[0], "other"), "it was dropped before"


def test_there_is_room_for_all_that_are_accepted_at_once() -> None:
    assert 2 * limits.BACKLOG <= MAX_PENDING
    assert admission.MAX_CONNECTIONS < limits.MAX_ALL_CONNECTIONS
