"""The folder, its socket, its tokens: whatever the umask, whoever was there before."""

import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from podium.control.api.workers import WorkerLog
from podium.control.http_server.addresses import listen_address
from podium.control.http_server.runtime_folder import (
    CannotServe,
    RuntimeFolder,
    SocketTaken,
    bind_socket,
    candidates,
    claim,
    find_folder,
    prepare_folder,
)
from podium.control.http_server.server import ControlServer
from tests.control.conftest import FakeGateway, Outcome, Served


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@pytest.fixture
def umask_0() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.fault(41)
def test_umask_0_makes_nothing_readable(umask_0: None, serve: Callable[..., Served]) -> None:
    served = serve()
    folder = served.serving.folder
    assert mode(folder.path) == 0o700
    assert mode(folder.instances) == 0o700
    files = [path for path in folder.path.iterdir() if not path.is_dir()]
    assert {path.name for path in files} == {"podium.sock", "podium.lock", "token", "token-read"}
    assert {mode(path) for path in files} == {0o600}


@pytest.mark.fault(41)
def test_the_token_is_in_its_file_and_nowhere_else(
    served: Served, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    token = served.token()
    served.hub.publish("one", WorkerLog(lines=("hello",)))
    for given in (token, "wrong"):
        wire = served.wire("tcp")
        wire.token = given
        wire.ask("GET", "/api/health")
        wire.post("/api/orchestrator/one/input", {"nonsense": 1})
    assert token not in served.wire("unix").ask("GET", "/api/openapi.json").body.decode()
    said = capfd.readouterr()
    assert token not in said.out + said.err + caplog.text
    assert token not in "\0".join([*sys.argv, *os.environ.values()])
    assert token.encode() not in Path("/proc/self/environ").read_bytes()
    assert token.encode() not in Path("/proc/self/cmdline").read_bytes()


@pytest.mark.fault(41)
def test_each_run_has_its_own_token_and_takes_it_away(serve: Callable[..., Served]) -> None:
    first = serve()
    folder, token = first.serving.folder, first.token()
    first.server.stop()
    first.server.join()
    assert not list(folder.path.glob("token*"))
    assert not folder.socket.exists()
    assert serve().token() != token


@pytest.mark.fault(41)
def test_a_link_in_the_tokens_place_is_replaced_not_followed(
    runtime_folder: Path, tmp_path: Path, serve: Callable[..., Served]
) -> None:
    folder = prepare_folder()
    elsewhere = tmp_path / "elsewhere"
    (folder.path / "token").symlink_to(elsewhere)
    served = serve()
    assert not elsewhere.exists()
    assert mode(folder.path / "token") == 0o600
    assert not (served.serving.folder.path / "token").is_symlink()


@pytest.mark.fault(42)
def test_a_live_socket_is_refused_with_who_holds_it(served: Served) -> None:
    outcome = Outcome()
    second = ControlServer(FakeGateway(), served.hub, ready=outcome.ready, failed=outcome.failed)
    second.start()
    refusal = outcome.wait()
    second.join()
    assert isinstance(refusal, str)
    assert str(os.getpid()) in refusal
    assert str(served.socket) in refusal
    assert served.wire("unix").ask("GET", "/api/health").status == 200


@pytest.mark.fault(42)
def test_a_live_socket_without_a_lock_is_refused_too() -> None:
    folder = prepare_folder()
    script = (
        "import socket, sys, time; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen();"
        "print('up', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(folder.socket)], stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(SocketTaken, match=str(other.pid)):
            claim(folder)
        assert folder.socket.exists()
        other.kill()


@pytest.mark.fault(42)
def test_a_stale_socket_is_recovered(serve: Callable[..., Served]) -> None:
    folder = prepare_folder()
    script = (
        "import sys, time; from podium.control.http_server.runtime_folder import *; f = prepare_folder(); c = claim(f);"
        "s = bind_socket(f.socket); t = bind_socket(f.instance_socket('one')); print('up', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(SocketTaken, match=str(other.pid)):
            claim(folder)
        other.send_signal(signal.SIGKILL)
        other.wait()
    assert folder.socket.exists()
    left = folder.path / f"instances-{other.pid}"
    assert (left / "one.sock").exists()
    assert serve().wire("unix").ask("GET", "/api/health").status == 200
    assert not left.exists()


@pytest.fixture
def stand_ins() -> Iterator[set[Path]]:
    """Folders in /tmp that a test made, and puts in here to have them removed. Others are another Podium's."""
    made: set[Path] = set()
    yield made
    for folder in made:
        assert folder.parent == Path("/tmp")
        shutil.rmtree(folder)


@pytest.mark.fault("E7")
def test_a_stand_in_is_taken_where_the_folder_is_not_ours(runtime_folder: Path, stand_ins: set[Path]) -> None:
    (runtime_folder / "podium").symlink_to("/tmp")
    folder = prepare_folder()
    stand_ins.add(folder.path)
    assert folder.path.parent == Path("/tmp")
    assert mode(folder.path) == 0o700
    bind_socket(folder.socket).close()
    assert find_folder().path == folder.path


@pytest.mark.fault("E7")
def test_each_place_that_is_too_deep_has_a_stand_in_of_its_own(
    monkeypatch: pytest.MonkeyPatch, runtime_folder: Path, stand_ins: set[Path]
) -> None:
    found = []
    for name in ("a", "b"):
        place = runtime_folder / (name * 90)
        place.mkdir(mode=0o700)
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(place))
        folder = prepare_folder()
        stand_ins.add(folder.path)
        bind_socket(folder.socket).close()
        assert find_folder().path == folder.path == prepare_folder().path
        found.append(folder.path)
    assert len(set(found)) == 2


@pytest.mark.fault("E7")
@pytest.mark.parametrize("given", ["XDG_RUNTIME_DIR", "HOME"])
def test_beyond_a_place_that_is_given_nobody_is_looked_for(
    monkeypatch: pytest.MonkeyPatch, runtime_folder: Path, given: str
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    elsewhere = runtime_folder / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    monkeypatch.setenv(given, str(elsewhere))
    places = candidates()
    assert len(places) == 2
    assert places[0].is_relative_to(elsewhere)
    assert find_folder().socket.is_relative_to(elsewhere)


@pytest.mark.fault("E7")
def test_where_nothing_is_given_the_places_of_the_account_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    home = pwd.getpwuid(os.getuid()).pw_dir
    monkeypatch.setenv("HOME", home)
    *_, usual, _ = candidates()
    assert usual == Path(home) / ".local/state/podium/run"
    monkeypatch.setenv("HOME", f"{home}/")
    assert usual in candidates()
    monkeypatch.setenv("XDG_RUNTIME_DIR", "relative")  # To be ignored, says its specification.
    assert usual in candidates()


def test_a_folder_that_others_can_swap_is_not_taken(
    monkeypatch: pytest.MonkeyPatch, runtime_folder: Path
) -> None:
    runtime_folder.chmod(0o777)
    with tempfile.TemporaryDirectory() as other:
        choices = (runtime_folder / "podium", Path(other) / "run")
        monkeypatch.setattr("podium.control.http_server.runtime_folder.candidates", lambda: choices)
        assert prepare_folder().path == Path(other) / "run"


def test_a_folder_too_deep_for_any_instances_socket_is_not_taken(
    monkeypatch: pytest.MonkeyPatch, runtime_folder: Path
) -> None:
    deep = runtime_folder / ("d" * 60)
    choices = (deep, runtime_folder / "run")
    monkeypatch.setattr("podium.control.http_server.runtime_folder.candidates", lambda: choices)
    folder = prepare_folder()
    assert folder.path == runtime_folder / "run"
    bind_socket(folder.instance_socket("i" * 64)).close()


def test_a_folder_that_was_open_to_others_is_closed(runtime_folder: Path) -> None:
    (runtime_folder / "podium").mkdir(mode=0o755)
    folder = prepare_folder()
    assert folder.path == runtime_folder / "podium"
    assert mode(folder.path) == 0o700


def test_where_no_folder_can_be_had_it_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setattr(
        "podium.control.http_server.runtime_folder.candidates", lambda: (blocked, blocked / "run")
    )
    with pytest.raises(CannotServe, match="XDG_RUNTIME_DIR"):
        prepare_folder()


def test_a_long_id_has_a_socket_all_the_same(tmp_path: Path) -> None:
    folder = RuntimeFolder(Path("/run/user/1000/podium-with-a-long-name"))
    long, other = folder.instance_socket("x" * 64), folder.instance_socket("y" * 64)
    assert len(str(long)) < 104
    assert long != other
    assert folder.instance_socket("short").name == "short.sock"


@pytest.mark.parametrize(
    "text", ["0.0.0.0:1", "192.168.1.1:80", "[::]:0", "example.org:80", "8080", "127.0.0.1:99999"]
)
def test_an_address_others_could_reach_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="address"):
        listen_address(text)


@pytest.mark.parametrize("text", ["127.0.0.1:0", "[::1]:8080", "localhost:1"])
def test_loopback_addresses(text: str) -> None:
    assert listen_address(text).host in ("127.0.0.1", "::1")


def test_a_port_that_is_taken_is_said(served: Served) -> None:
    port = int(served.serving.address.rpartition(":")[2])
    served.server.stop()
    served.server.join()
    with socket.create_server(("127.0.0.1", port)):
        outcome = Outcome()
        server = ControlServer(
            FakeGateway(),
            served.hub,
            listen=listen_address(f"127.0.0.1:{port}"),
            ready=outcome.ready,
            failed=outcome.failed,
        )
        server.start()
        refusal = outcome.wait()
        server.join()
    assert isinstance(refusal, str)
    assert str(port) in refusal
