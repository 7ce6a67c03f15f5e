"""Instances that come and go in, the sockets of those that are there out."""

import asyncio
from collections.abc import Callable

import pytest

from podium.core.ids import InstanceId
from tests.control.conftest import PATIENCE, Served, connect_unix
from tests.control.wire import Wire

ONE = InstanceId("one")


class Sockets:
    """The sockets of a server's instances."""

    def __init__(self, served: Served) -> None:
        self._server = served.server
        self._folder = served.serving.folder
        self.open = served.server.open_instance_socket
        self.close = served.server.close_instance_socket

    def connect(self) -> Wire:
        return Wire(connect_unix(self._folder.instance_socket(ONE)), "localhost", "")

    def settled(self) -> list[str]:
        """The names of the sockets there are, after all that was asked for has been done."""

        async def rest() -> None:
            while self._server._tasks:
                await asyncio.wait(self._server._tasks)

        assert self._server._loop is not None
        asyncio.run_coroutine_threadsafe(rest(), self._server._loop).result(PATIENCE)
        return [path.name for path in self._folder.instances.iterdir()]


@pytest.fixture
def sockets(serve: Callable[..., Served]) -> Sockets:
    return Sockets(serve(may_control=lambda _: True))


def test_an_instance_that_is_closed_at_once_leaves_no_socket(sockets: Sockets) -> None:
    for _ in range(3):
        sockets.open(ONE)
        sockets.close(ONE)
    assert sockets.settled() == []
    sockets.open(ONE)
    assert sockets.settled() == ["one.sock"]
    assert sockets.connect().ask("GET", "/api/health").status == 200


def test_an_id_that_is_used_again_has_a_socket_while_a_client_of_the_first_waits(
    serve: Callable[..., Served],
) -> None:
    served = serve(may_control=lambda _: True)
    sockets = Sockets(served)
    sockets.open(ONE)
    assert sockets.settled() == ["one.sock"]
    first = sockets.connect()
    wait = b'{"text": "x"}'
    json = "Content-Type: application/json"
    first.socket.sendall(
        first.head("POST", "/api/orchestrator/two/wait", json, f"Content-Length: {len(wait)}") + wait
    )
    assert served.gateway.waits.wait(PATIENCE)
    sockets.close(ONE)
    sockets.open(ONE)
    assert sockets.settled() == ["one.sock"]
    assert sockets.connect().ask("GET", "/api/health").status == 200
    first.close()
