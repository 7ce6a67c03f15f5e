"""Servers that still start, serve elsewhere or have many clients."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from podium.control.ctl.client import Client
from tests.control.ctl.helpers import ctl
from tests.control.running import PATIENCE, Running

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


@pytest.mark.fault("E6")
def test_the_start_of_a_server_is_awaited(tmp_path: Path, runtime_folder: Path) -> None:
    reading, writing = os.pipe()
    environment = {**os.environ, "HOME": str(tmp_path)}
    client = [sys.executable, "-m", "podium", "ctl", "--wait-for-server", str(PATIENCE), "instances", "--ids"]
    early = subprocess.Popen(client, env=environment, stderr=subprocess.PIPE, text=True)
    server = subprocess.Popen(
        [sys.executable, "-m", "podium", "serve", "--ready-fd", str(writing)],
        env=environment,
        pass_fds=(writing,),
        stdout=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as ready:
            assert ready.read() == f"{runtime_folder}/podium/podium.sock\n"  # To its end: it is closed then.
        assert early.communicate(timeout=PATIENCE)[1] == ""
        assert early.returncode == 0
        start = [sys.executable, "-m", "podium", "ctl", "start", "one", "--", "/bin/ls", "/proc/self/fd"]
        assert subprocess.run(start, env=environment, check=False).returncode == 0
    finally:
        server.terminate()
        server.wait(PATIENCE)


@pytest.mark.fault("E6")
def test_a_server_that_never_comes_is_said(tmp_path: Path, alone: Running) -> None:
    empty = tmp_path / "empty"
    empty.mkdir(mode=0o700)
    said = ctl(alone, "--wait-for-server", "0.2", "instances", status=3, XDG_RUNTIME_DIR=str(empty))[1]
    assert str(empty) in said


@pytest.mark.fault("E6")
def test_who_can_not_serve_is_never_ready(alone: Running) -> None:
    reading, writing = os.pipe()
    second = subprocess.run(
        [sys.executable, "-m", "podium", "serve", "--ready-fd", str(writing)],
        env=alone.environment,
        pass_fds=(writing,),
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    with os.fdopen(reading) as ready:
        assert ready.read() == ""
    assert second.returncode == 3
    for wrong in ("77", "x", "-1"):
        refused = subprocess.run(
            [sys.executable, "-m", "podium", "serve", f"--ready-fd={wrong}"],
            env=alone.environment,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        assert refused.returncode == 2
        assert "descriptor" in refused.stderr


@pytest.mark.fault("E7")
def test_where_the_place_is_given_no_other_podium_is_spoken_to(
    alone: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone.start("mine", "/bin/cat")
    with tempfile.TemporaryDirectory(prefix="podium-run-") as folder:
        elsewhere = Path(folder) / "other"
        elsewhere.mkdir(mode=0o700)
        # A place where nobody serves yet: nobody is spoken to.
        for given in ({"XDG_RUNTIME_DIR": str(elsewhere)}, {"XDG_RUNTIME_DIR": "", "HOME": str(elsewhere)}):
            said = ctl(alone, "instances", status=3, **given)[1]
            assert str(elsewhere) in said
        said = ctl(alone, "instances", status=3, PODIUM_SOCKET=str(elsewhere / "one.sock"))[1]
        assert "PODIUM_SOCKET" in said
        ctl(alone, "--socket", str(elsewhere / "none"), "instances", status=3)
        # With a second Podium there, each is spoken to by its own clients.
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(elsewhere))
        second = Running(home=tmp_path)
        try:
            second.start("other", "/bin/cat")
            assert ctl(alone, "instances", "--ids")[0] == "mine\n"
            assert ctl(second, "instances", "--ids")[0] == "other\n"
            assert ctl(alone, "--socket", str(second.socket), "instances", "--ids")[0] == "other\n"
            own = alone.socket.parent / f"instances-{alone.process.pid}" / "mine.sock"
            inside = {"PODIUM_SOCKET": str(own), "PODIUM_INSTANCE": "mine"}
            said = ctl(second, "instances", status=1, **inside)[1]
            assert "podium ctl config" in said
        finally:
            second.close()


@pytest.mark.fault("E7")
def test_a_place_too_deep_for_a_socket_is_found_by_its_own_clients_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = []
    try:
        for name in ("a", "b"):
            deep = tmp_path / (name * 100)
            deep.mkdir(mode=0o700)
            ready, writing = os.pipe()
            environment = {**os.environ, "XDG_RUNTIME_DIR": str(deep)}
            command = [sys.executable, "-m", "podium", "serve", "--ready-fd", str(writing)]
            server = subprocess.Popen(
                command, env=environment, pass_fds=(writing,), stdout=subprocess.DEVNULL
            )
            os.close(writing)
            with os.fdopen(ready) as told:
                socket = Path(told.read().strip())
            served.append((server, socket, environment))
            client = [sys.executable, "-m", "podium", "ctl", "start", name, "--", "/bin/cat"]
            subprocess.run(client, env=environment, check=True, stdout=subprocess.DEVNULL)
        for name, (_, _, environment) in zip("ab", served, strict=True):
            client = [sys.executable, "-m", "podium", "ctl", "instances", "--ids"]
            listed = subprocess.run(
                client, env=environment, check=True, capture_output=True, text=True
            ).stdout
            assert listed == f"{name}\n"
    finally:
        for server, socket, _ in served:
            server.terminate()
            server.wait(PATIENCE)
            shutil.rmtree(socket.parent, ignore_errors=True)


@pytest.mark.fault("E2")
def test_a_client_waits_for_its_turn_when_many_connect_at_once() -> None:
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listening:
        path = f"{folder}/sock"
        listening.bind(path)
        listening.listen(1)
        ahead = [socket.socket(socket.AF_UNIX) for _ in range(2)]
        for one in ahead:  # The queue is full after these.
            one.connect(path)

        def serve() -> None:
            time.sleep(0.3)  # Long enough for the client to meet the full queue; too short only proves less.
            for _ in range(3):
                with listening.accept()[0] as connected:
                    if connected.recv(65536):
                        connected.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        for one in ahead:
            one.shutdown(socket.SHUT_WR)
        assert Client(Path(path)).get("/") == {}
        thread.join(PATIENCE)
        for one in ahead:
            one.close()
