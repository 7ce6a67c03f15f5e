"""The server itself, and the window behind it."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.control.running import Running

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


def test_a_second_server_is_told_who_holds_the_socket(podium: Running) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "podium", "serve"],
        env=podium.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 3
    assert str(podium.process.pid) in second.stderr
    assert podium.get("/api/health")["pid"] == podium.process.pid


def test_after_a_kill_the_next_server_takes_over(run: Callable[..., Running]) -> None:
    first = run()
    first.process.kill()
    first.process.wait()
    assert first.socket.exists()
    second = run()
    assert second.get("/api/health")["pid"] == second.process.pid


def test_tcp_is_printed_and_wants_the_token(run: Callable[..., Running]) -> None:
    podium = run("--listen", "127.0.0.1:0")
    assert podium.process.stdout is not None
    podium.process.stdout.readline()
    port = re.search(r"http://127\.0\.0\.1:(\d+)", podium.process.stdout.readline())
    assert port is not None
    token = podium.socket.with_name("token").read_text().strip()
    url = f"http://127.0.0.1:{port[1]}/api/health"
    for given, status in ((token, b"200"), ("wrong", b"401")):
        said = subprocess.run(
            ["curl", "-so", "/dev/null", "-w", "%{http_code}", "-H", f"Authorization: Bearer {given}", url],
            capture_output=True,
            check=False,
        )
        assert said.stdout == status
    podium.close()
    assert token not in podium.output + podium.errors


@pytest.mark.parametrize("address", ["0.0.0.0:0", "example.org:80", "nonsense"])
def test_other_addresses_are_refused_at_once(address: str) -> None:
    refused = subprocess.run(
        [sys.executable, "-m", "podium", "serve", "--listen", address],
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 2
    assert address.rpartition(":")[0] in refused.stderr


def test_the_window_does_what_a_program_asks(run: Callable[..., Running], tmp_path: Path) -> None:
    podium = run(
        "run",
        "--name",
        "first",
        "--",
        "/bin/sh",
        "-c",
        "echo in the window $PODIUM_SOCKET; exec cat",
        window=True,
    )
    assert podium.get("/api/health")["mode"] == "window"
    podium.wait_for("first", text="in the window /.*first.sock")
    podium.start("second", "/bin/cat")
    info = podium.post("/api/window", layout="grid", focus="second")
    assert (info["layout"], info["current"], info["visible"]) == ("grid", "second", ["first", "second"])
    assert podium.post("/api/window", zoomed=True)["visible"] == ["second"]
    podium.post("/api/window", zoomed=False)
    assert podium.status("POST", "/api/window", focus="nobody") == 404
    assert podium.status("POST", "/api/window", page=9) == 404

    picture = podium.wire().ask("GET", "/api/window/screenshot")
    assert picture.headers["content-type"] == "image/png", picture
    assert picture.body.startswith(b"\x89PNG")
    podium.ctl("screenshot", str(tmp_path / "window.png"))
    assert (tmp_path / "window.png").read_bytes().startswith(b"\x89PNG")

    commands = {row["id"]: row for row in podium.get("/api/commands")["commands"]}
    assert commands["toggle-layout"]["possible"] is True
    assert commands["start-instance"]["possible"] is False
    podium.post("/api/commands/toggle-layout")
    assert podium.get("/api/window")["layout"] == "tabs"
    podium.post("/api/commands/switch-instance", argument=1)
    assert podium.get("/api/window")["current"] == "first"
    podium.post("/api/commands/rename-instance", instance="second", argument="Other")
    podium.post("/api/commands/change-theme", instance="second", argument="amber")
    other = podium.get("/api/orchestrator/second/status")
    assert (other["name"], other["theme"]) == ("Other", "amber")
    assert podium.status("POST", "/api/commands/start-instance", instance="second") == 409
    assert podium.status("POST", "/api/commands/fly") == 404
    assert podium.status("POST", "/api/commands/toggle-layout", argument="x") == 422
    podium.post("/api/commands/stop-instance", instance="second")
    podium.wait_for("second", exit=True)
    podium.post("/api/commands/remove-instance", instance="second")
    assert len(podium.get("/api/orchestrator/instances")["instances"]) == 1
    podium.post("/api/commands/show-shortcuts")
    assert podium.status("POST", "/api/commands/show-shortcuts") == 409
    assert podium.close() == 0
