"""Starts and stops that go wrong, come twice, or come in back-off."""

import json
from pathlib import Path

import psutil
import pytest

from podium.control.api.routes import ROUTES
from tests.control.running import Running

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


def test_two_starts_at_once_give_one_process_and_one_409(either: Running) -> None:
    body = json.dumps(
        {
            "kind": "command",
            "command": ["/bin/sh", "-c", "echo $$ >> pids; exec cat"],
            "folder": either.environment["HOME"],
        }
    ).encode()
    wires = [either.wire() for _ in range(6)]
    for wire in wires:
        head = wire.head(
            "POST",
            "/api/orchestrator/one/start",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        )
        wire.socket.sendall(head + body)
    statuses = sorted(wire.answer().status for wire in wires)
    assert statuses == [200, 409, 409, 409, 409, 409]
    pids = Path(either.environment["HOME"], "pids")
    either.wait(pids.exists, "the program")
    assert len(pids.read_text().split()) == 1


def test_a_start_that_fails_says_why(either: Running) -> None:
    for command, folder, why in (
        (["/no/such/program"], "/tmp", "/no/such/program"),
        (["/bin/true"], "/no/such/folder", "/no/such/folder"),
    ):
        answer = either.wire().post(
            f"/api/orchestrator/bad{len(why)}/start",
            {"kind": "command", "command": command, "folder": folder},
        )
        assert answer.status == 422
        assert answer.code == "cannot-start"
        assert why in answer.json["error"]["message"]


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "command"},
        {"kind": "command", "command": ["x"], "folder": "relative"},
        {"kind": "mission", "mission": "relative.toml"},
        {"kind": "shell", "mission": "/x"},
        {"kind": "shell", "env": {"A=B": "c"}},
        {"kind": "shell", "env": {"A": "c\u0000"}},
        {"kind": "rocket"},
        {"kind": "shell", "theme": "mauve"},
    ],
)
def test_what_can_not_be_created_is_not(shared_podium: Running, body: dict[str, object]) -> None:
    assert shared_podium.status("POST", "/api/orchestrator/one/start", **body) == 422
    assert shared_podium.get("/api/orchestrator/instances")["instances"] == []


def test_an_unknown_instance_is_404_everywhere(shared_podium: Running) -> None:
    bodies = {
        "input": {"text": "x"},
        "wait": {"exit": True},
        "resize": {"columns": 80, "lines": 24},
        "signal": {"signal": "SIGINT"},
        "run": {"text": "x"},
        "notify": {"text": "x"},
        "answer": {"answer": "deny"},
        "hook": {"tool": "claude", "event": {}},
        "control": {"command": "stop-now"},
    }
    for route in ROUTES:
        if "{id}" in route.path or route.path in ("/api/orchestrator/status", "/api/orchestrator/stop"):
            target = route.path.format(id="nobody", command="1")
            action = target.rpartition("/")[2]
            body, query = bodies.get(action, {}), "?text=x" if action == "find" else ""
            assert shared_podium.status(route.method, target + query, **body) == 404, route
    assert shared_podium.wire().handshake("/ws/terminal/nobody").status == 404


def test_stopped_in_back_off_of_its_worker_it_never_restarts(podium: Running) -> None:
    events = podium.events("worker:*")
    podium.start("one", "/bin/cat")
    worker = podium.get("/api/orchestrator/one/status")["poolStatus"]["pid"]
    psutil.Process(worker).kill()
    events.wait("worker:error", "one")
    info = podium.post("/api/orchestrator/one/stop")
    assert info["poolStatus"]["state"] in ("backoff", "stopped")
    podium.wait_for("one", exit=True)
    podium.start("two", "/bin/sleep", "3")  # Longer than the back-off.
    podium.wait_for("two", exit=True)
    assert podium.get("/api/orchestrator/one/status")["poolStatus"]["generation"] == 1
    assert podium.post("/api/orchestrator/one/start")["state"] == "running"


def test_stopped_in_back_off_of_its_program_it_never_restarts(either: Running) -> None:
    runs = Path(either.environment["HOME"], "runs")
    answer = either.wire().post(
        "/api/orchestrator/one/start",
        {
            "kind": "command",
            "command": ["/bin/sh", "-c", f"echo x >> {runs}; sleep 0.2; kill -9 $$"],
            "folder": "/tmp",
        },
    )
    assert answer.status in (200, 422)
    either.wait_for("one", state="restarting")
    either.post("/api/orchestrator/one/stop")
    either.wait_for("one", exit=True)
    before = runs.read_text()
    either.start("two", "/bin/sleep", "3")
    either.wait_for("two", exit=True)
    assert runs.read_text() == before


def test_the_default_instance_has_routes_of_its_own(podium: Running) -> None:
    assert podium.status("GET", "/api/orchestrator/status") == 404
    podium.post("/api/orchestrator/start", kind="shell", folder="/tmp")
    assert podium.get("/api/orchestrator/status")["id"] == "default"
    podium.post("/api/orchestrator/stop")
    podium.wait_for("default", exit=True)
