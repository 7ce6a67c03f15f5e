"""Who may answer agents' questions: nobody from inside an instance, on whatever way they come."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from podium.control.api.attention import AnswerInstance, AnswerSeveral
from podium.control.api.instances import GetStatus, Notify, TellHook
from podium.control.api.routes import ROUTES
from podium.control.api.scope import FULL, READ_ONLY, Access, Scope
from podium.control.http_server.peers import InstanceTrees
from podium.core.ids import InstanceId
from tests.control.conftest import Served
from tests.control.wire import Wire

ONE, TWO = InstanceId("one"), InstanceId("two")
ASKS = [
    ("/api/orchestrator/one/answer", {"answer": "allow"}),
    ("/api/orchestrator/two/answer", {"answer": "allow"}),
    ("/api/orchestrator/two/answer", {"text": "yes"}),
    ("/api/orchestrator/attention/answers", {"instances": ["two"], "answer": "allow"}),
    ("/api/orchestrator/attention/answers", {"like": "one", "answer": "allow"}),
    ("/api/orchestrator/attention/answers", {"instances": [], "answer": "allow"}),
    ("/api/orchestrator/two/input", {"text": "y"}),
    ("/api/orchestrator/one/input", {"keys": ["Return"]}),
    ("/api/orchestrator/two/notify", {"state": "working"}),
    ("/api/orchestrator/default/notify", {"text": "x"}),
]
"""What programs inside the instance ``one`` may not do: with an answer to its own question, a tool allows itself."""
CLIENT = """\
import json, socket, subprocess, sys
if sys.argv[1] == "deeper":
    sys.exit(subprocess.run([sys.executable, "-c", sys.argv[4], "here", *sys.argv[2:]], env={}).returncode)
sys.stdin.readline()
statuses = []
for target, body in json.loads(sys.argv[3]):
    connected = socket.socket(socket.AF_UNIX)
    connected.connect(sys.argv[2])
    data = json.dumps(body).encode()
    head = f"POST {target} HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Type: application/json\\r\\n"
    connected.sendall(f"{head}Content-Length: {len(data)}\\r\\n\\r\\n".encode() + data)
    statuses.append(int(connected.recv(65536).split()[1]))
    connected.close()
print(json.dumps(statuses))
"""


def test_only_its_own_status_and_notices_are_open_to_an_instance() -> None:
    inside = Scope(instance=ONE)
    opened = {route.call for route in ROUTES if inside.allows(route.access, ONE)}
    assert opened == {GetStatus, Notify, TellHook}
    for route in ROUTES:
        assert not inside.allows(route.access, TWO), route.path
        assert not inside.allows(route.access, None), route.path


@pytest.mark.parametrize("call", [AnswerInstance, AnswerSeveral])
def test_an_answer_needs_the_right_to_change_things(call: type) -> None:
    [route] = [route for route in ROUTES if route.call is call]
    assert route.access is Access.WRITE
    assert FULL.allows(route.access, ONE)
    assert not READ_ONLY.allows(route.access, ONE)


def open_one(served: Served) -> Path:
    """The own socket of ``one``."""
    served.server.open_instance_socket(ONE)
    path = served.serving.folder.instance_socket(ONE)
    while not path.exists():
        assert served.server._thread.is_alive()
    return path


def post(wire: Wire, target: str, body: dict[str, object]) -> int:
    return wire.post(target, body).status


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("shared", [False, True])
def test_a_program_inside_an_instance_may_notify_for_it_and_answer_nobody(
    serve: Callable[..., Served], shared: bool, nested: bool
) -> None:
    """Over its own socket, and over the shared one, where the kernel says who connected; also from an agent's own
    child with an empty environment, as a mission's agents in their worktrees start them.
    """
    trees: dict[int, InstanceId] = {}
    served = serve(trees=lambda: InstanceTrees(trees, {}))
    path = served.socket if shared else open_one(served)
    asked = [*ASKS, ("/api/orchestrator/one/notify", {"state": "waiting"})]
    client = subprocess.Popen(
        [sys.executable, "-c", CLIENT, "deeper" if nested else "here", str(path), json.dumps(asked), CLIENT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    trees[client.pid] = ONE
    said, _ = client.communicate("\n")
    assert json.loads(said) == [403] * len(ASKS) + [200]
    assert [type(call) for call in served.gateway.calls] == [Notify]


def test_one_that_is_allowed_to_control_others_may_answer(serve: Callable[..., Served]) -> None:
    trees: dict[int, InstanceId] = {}
    served = serve(trees=lambda: InstanceTrees(trees, {}), may_control=lambda instance: instance == ONE)
    client = subprocess.Popen(
        [sys.executable, "-c", CLIENT, "here", str(served.socket), json.dumps(ASKS[:4]), CLIENT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    trees[client.pid] = ONE
    said, _ = client.communicate("\n")
    assert json.loads(said) == [200] * 4


@pytest.mark.parametrize("transport", ["tcp"])
def test_a_token_that_only_reads_answers_nobody(serve: Callable[..., Served], transport: str) -> None:
    served = serve()
    for target, body in ASKS:
        wire = served.wire(transport)
        wire.token = served.token("token-read")
        assert post(wire, target, body) == 403, target
    assert served.gateway.calls == []
