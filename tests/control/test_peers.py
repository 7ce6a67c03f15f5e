"""Programs inside instances open the main socket: they get their own instance's scope, whatever they do about it."""

import os
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from podium.control.http_server import peers
from podium.control.http_server.peers import NOBODY, InstanceTrees, find_peer, instance_of
from podium.core.ids import InstanceId
from tests.control.running import Running

pytestmark = [
    pytest.mark.timeout(240),
    pytest.mark.skipif(
        not sys.platform.startswith("linux"), reason="the kernel tells who connected on Linux"
    ),
]

ASK = """
import json, os, socket, sys, time
path, target, result = sys.argv[1:4]
if len(sys.argv) > 4:
    while os.getppid() == int(sys.argv[4]):  # Until the parent has ended.
        time.sleep(0.01)
one = socket.socket(socket.AF_UNIX)
one.connect(path)
one.sendall(f"GET {target} HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n".encode())
answer = b""
while data := one.recv(65536):
    answer += data
with open(result + ".part", "w") as file:
    file.write(answer.decode())
os.rename(result + ".part", result)
"""
LIST = "/api/orchestrator/instances"


class Inside:
    """Runs programs in instances of a Podium that ask its sockets something."""

    def __init__(self, podium: Running, folder: Path) -> None:
        self.podium = podium
        self.script = folder / "ask.py"
        self.script.write_text(ASK)
        self._folder = folder
        self._count = 0

    def ask(
        self, id: str, how: str = "{ask}", target: str = LIST, path: Path | None = None
    ) -> tuple[int, str]:
        """What the program that the shell command ``how`` starts inside ``id`` is answered: status and all of it."""
        self._count += 1
        result = self._folder / f"answer{self._count}"
        words = (sys.executable, str(self.script), str(path or self.podium.socket), target, str(result))
        command = how.format(ask=shlex.join(words), orphan=f"({shlex.join(words)} $$ &)")
        self.podium.start(id, "/bin/sh", "-c", f"{command}\nexec cat")
        self.podium.wait(result.exists, "an answer")
        answer = result.read_text()
        return int(answer.split()[1]), answer


@pytest.fixture
def inside(shared_podium: Running, tmp_path: Path) -> Iterator[Inside]:
    yield Inside(shared_podium, tmp_path)
    for info in shared_podium.get(LIST)["instances"]:
        shared_podium.post(f"/api/orchestrator/{info['id']}/stop")
        shared_podium.wait_for(info["id"], exit=True)
        assert shared_podium.status("DELETE", f"/api/orchestrator/{info['id']}") == 200


@pytest.mark.e2e
@pytest.mark.fault("E4")
@pytest.mark.parametrize(
    "how",
    [
        "{ask}",
        "setsid {ask}",
        "env -i {ask}",
        "env -i setsid {ask}",
        "env -u PODIUM_SOCKET -u PODIUM_INSTANCE {ask}",
        "env PODIUM_INSTANCE=two PODIUM_SOCKET=/nowhere {ask}",
        "setsid sh -c {orphan_of_marked}",
        "sh -c {cleared_orphan}",
        # What loses its parent becomes its worker's child, whatever it cleared.
        "env -i setsid sh -c {outliving}",
        "env -i setsid setsid sh -c {outliving}",
        # More programs above one another than anybody needs.
        "env -i setsid sh {deep} 300 {ask}",
    ],
)
def test_a_program_inside_tells_its_own_state_and_nothing_else(inside: Inside, how: str) -> None:
    how = how.replace("{orphan_of_marked}", "'{ask} &'").replace("{cleared_orphan}", "'env -i {ask} &'")
    how = how.replace("{outliving}", "'{ask} $$ & exit'")
    deep = inside.script.with_name("deep.sh")
    deep.write_text('n=$1; shift; if [ $n -gt 0 ]; then sh "$0" $((n - 1)) "$@"; true; else "$@"; true; fi\n')
    how = how.replace("{deep}", str(deep))
    status, answer = inside.ask("one", how)
    assert status == 403, answer
    assert ("unknown-peer" if " 300 " in how else "control.instances_may") in answer
    assert inside.podium.get(LIST)["instances"]  # The person's own programs go on as ever.


@pytest.mark.e2e
@pytest.mark.fault("E4")
def test_what_its_own_socket_offers_it_finds_on_the_main_one(inside: Inside) -> None:
    assert inside.ask("one", target="/api/orchestrator/one/status")[0] == 200
    assert inside.ask("two", target="/api/orchestrator/one/status")[0] == 403


@pytest.mark.e2e
@pytest.mark.fault("E4")
def test_another_instances_socket_opens_no_more(inside: Inside) -> None:
    podium = inside.podium
    podium.start("mighty", "/bin/cat")
    podium.post("/api/orchestrator/mighty/config", control=True)
    pid = podium.get("/api/health")["pid"]
    path = podium.socket.parent / f"instances-{pid}" / "mighty.sock"
    podium.wait(path.exists, "the socket of mighty")
    assert inside.ask("one", path=path)[0] == 403


@pytest.mark.e2e
@pytest.mark.fault("E4")
def test_the_person_may_allow_more_for_one(inside: Inside) -> None:
    go = inside.script.with_name("go")
    result = inside.script.with_name("answer")
    words = (sys.executable, str(inside.script), str(inside.podium.socket), LIST, str(result))
    script = f"while [ ! -e {go} ]; do sleep 0.05; done; {shlex.join(words)}; exec cat"
    inside.podium.start("one", "/bin/sh", "-c", script)
    inside.podium.post("/api/orchestrator/one/config", control=True)
    go.touch()
    inside.podium.wait(result.exists, "an answer")
    assert result.read_text().split()[1] == "200"


@pytest.mark.e2e
@pytest.mark.fault("E4")
def test_the_person_may_allow_more_for_all(
    run: Callable[..., Running],
    tmp_path: Path,
) -> None:
    settings = tmp_path / ".config" / "podium" / "settings.toml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text('[control]\ninstances_may = "all"\n')
    assert Inside(run(), tmp_path).ask("one")[0] == 200


@pytest.mark.e2e
@pytest.mark.fault("E4")
def test_a_program_in_an_instance_without_a_pool(
    run: Callable[..., Running],
    tmp_path: Path,
) -> None:
    inside = Inside(run("--no-pool"), tmp_path)
    assert inside.ask("one", "env -i setsid {ask}")[0] == 403
    assert inside.podium.get(LIST)["instances"]


@pytest.fixture
def sleeper() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    started: list[subprocess.Popen[bytes]] = []

    def start(**environment: str) -> subprocess.Popen[bytes]:
        # Another session: pytest's own leader is not to be found.
        one = subprocess.Popen(["/bin/sleep", "60"], env=environment, start_new_session=True)
        started.append(one)
        while not Path(f"/proc/{one.pid}/cmdline").read_bytes().startswith(b"/bin/sleep"):
            time.sleep(0.001)  # It has been forked and is about to become another program.
        return one

    yield start
    for one in started:
        one.kill()
        one.wait()


NONE = InstanceTrees({}, {})


@pytest.mark.fault("E4")
def test_marks_tell_where_a_program_comes_from(
    sleeper: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    folder = tmp_path / "podium"
    own = str(folder / "instances-7" / "one.sock")
    assert instance_of(sleeper().pid, NONE, folder) is None
    # Of this Podium or an earlier one.
    assert instance_of(sleeper(PODIUM_SOCKET=own, PODIUM_INSTANCE="one").pid, NONE, folder) == "one"
    assert instance_of(sleeper(PODIUM_SOCKET=own, PODIUM_INSTANCE="no id").pid, NONE, folder) == NOBODY
    # Of another Podium: as good as outside.
    other = str(tmp_path / "other" / "instances-7" / "one.sock")
    assert instance_of(sleeper(PODIUM_SOCKET=other, PODIUM_INSTANCE="one").pid, NONE, folder) is None
    known = InstanceTrees({}, {"abc": InstanceId("two")})
    assert instance_of(sleeper(PODIUM_WORKER="abc", PODIUM_SOCKET=own).pid, known, folder) == "two"
    assert instance_of(sleeper(PODIUM_WORKER="abd").pid, known, folder) is None
    # The kernel's word goes before the program's.
    marked = sleeper(PODIUM_WORKER="abc")
    trees = InstanceTrees({marked.pid: InstanceId("three")}, known.markers)
    assert instance_of(marked.pid, trees, folder) == "three"


@pytest.mark.fault("E4")
def test_who_has_gone_is_nobody(sleeper: Callable[..., subprocess.Popen[bytes]], tmp_path: Path) -> None:
    gone = sleeper()
    gone.kill()
    gone.wait()
    assert instance_of(gone.pid, NONE, tmp_path) == NOBODY


@pytest.mark.fault("E4")
def test_a_parent_that_ends_meanwhile_hides_nobody(
    sleeper: Callable[..., subprocess.Popen[bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, parent, child = sleeper().pid, sleeper().pid, sleeper().pid
    above = {child: parent}

    def look(pid: int) -> tuple[int, int]:
        if pid == parent:  # It ends just now: the worker inherits its child.
            above[child] = worker
            raise ProcessLookupError(pid)
        return above[pid], 0

    monkeypatch.setattr(peers, "_parent_and_session", look)
    trees = InstanceTrees({worker: InstanceId("one")}, {})
    assert instance_of(child, trees, tmp_path) == "one"
    # One that never comes to rest is nobody.
    monkeypatch.setattr(
        peers, "_parent_and_session", lambda pid: look(parent) if pid == parent else (parent, 0)
    )
    assert instance_of(child, trees, tmp_path) == NOBODY


def test_this_program_itself_is_outside(tmp_path: Path) -> None:
    one, two = socket.socketpair()
    with one, two:
        peer = find_peer(one, NONE, tmp_path)
    assert (peer.pid, peer.instance) == (os.getpid(), None)
