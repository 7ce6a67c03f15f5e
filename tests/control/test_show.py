"""The whole of it from outside: scripts that know nothing but the socket, against a real Podium with real programs."""

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from podium.control.api.routes import ROUTES
from podium.terminal import Emulator
from tests.control.running import PATIENCE, Running, done

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    running: list[Running] = []

    def start(*arguments: str, window: bool = False) -> Running:
        running.append(Running(*arguments, window=window, home=tmp_path))
        return running[-1]

    yield start
    for one in running:
        one.close()


@pytest.fixture
def podium(run: Callable[..., Running]) -> Running:
    return run()


@pytest.fixture(params=["pool", "no pool"])
def either(request: pytest.FixtureRequest, run: Callable[..., Running]) -> Running:
    return run() if request.param == "pool" else run("--no-pool")


def test_a_script_drives_four_instances_from_start_to_end(either: Running) -> None:
    pooled = either.get("/api/health")["isolated"]
    events = either.events("worker:*", "program:*", "instance:*", "session:*")
    for number in range(3):
        info = either.start(
            f"job{number}", "/bin/sh", "-c", f"echo ready {number}; exec cat", name=f"Job {number}"
        )
        assert (info["state"], info["name"]) == ("running", f"Job {number}")
        assert (info["poolStatus"] is not None) is pooled
        if pooled:
            assert info["poolStatus"]["state"] == "running"
            assert events.wait("worker:spawned", f"job{number}")["data"]["generation"] == 1
            events.wait("worker:ready", f"job{number}")
        assert events.wait("program:started", f"job{number}")["data"]["pid"] > 0
    either.start("shell")
    listed = either.get("/api/orchestrator/instances")["instances"]
    assert [one["id"] for one in listed] == ["job0", "job1", "job2", "shell"]
    assert [one["number"] for one in listed] == [1, 2, 3, 4]

    either.post("/api/orchestrator/shell/input", text="echo $((6*7)) > answer; cat answer; rm answer\n")
    assert either.wait_for("shell", text=r"^42$")["text"] == "42"
    assert "42" in either.screen("shell").splitlines()
    for number in range(3):
        either.wait_for(f"job{number}", text=f"ready {number}")
        assert either.screen(f"job{number}") == f"ready {number}"

    before = either.get("/api/orchestrator/job1/status")
    either.post("/api/orchestrator/job1/restart")
    events.wait("program:exited", "job1")
    events.wait("program:started", "job1")
    after = either.get("/api/orchestrator/job1/status")
    assert after["state"] == "running"
    assert after["seconds"] < before["seconds"] + 60

    for one in listed:
        either.post(f"/api/orchestrator/{one['id']}/stop")
        either.wait_for(one["id"], exit=True)
        assert either.status("DELETE", f"/api/orchestrator/{one['id']}") == 200
        events.wait("instance:removed", one["id"])
    assert either.get("/api/orchestrator/instances")["instances"] == []

    page = either.get("/api/history?limit=3")
    assert len(page["runs"]) == 3
    rest = either.get(f"/api/history?before={page['next']}")["runs"]
    runs = [*page["runs"], *rest]
    assert sorted(run["instance"] for run in runs) == ["job0", "job1", "job1", "job2", "shell"]
    assert {run["outcome"] for run in runs} == {"stopped"}
    assert either.get(f"/api/history/{runs[0]['id']}") == runs[0]
    assert either.status("GET", "/api/history/nothing") == 404
    used = either.get("/api/usage")
    assert (used["rows"], used["costUsd"]) == ([], None)
    assert either.close() == 0
    assert not either.socket.exists()


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_the_same_with_curl(podium: Running) -> None:
    script = r"""
        set -e
        api() { curl -sSf --unix-socket "$SOCKET" -H 'Content-Type: application/json' "$@"; }
        url=http://localhost/api/orchestrator
        api $url/one/start -d '{"kind": "command", "command": ["/bin/cat"], "folder": "/tmp"}' >/dev/null
        api $url/one/input -d '{"text": "over curl\n"}' >/dev/null
        api $url/one/wait -d '{"text": "over curl", "timeout": 20}' >/dev/null
        api $url/one/screen
        api $url/one/stop -X POST >/dev/null
        api $url/one/wait -d '{"exit": true}' >/dev/null
        api $url/one -X DELETE >/dev/null
    """
    shell = subprocess.run(
        ["/bin/sh", "-c", script],
        env={**podium.environment, "SOCKET": str(podium.socket)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert shell.returncode == 0, shell.stderr
    assert json.loads(shell.stdout)["lines"][:2] == ["over curl", "over curl"]


def test_the_same_through_ctl(podium: Running) -> None:
    for number in range(4):
        said = podium.ctl("start", f"job{number}", "--", "/bin/sh", "-c", f"echo ready {number}; exec cat")
        assert said == f"job{number}: Running\n"
    table = podium.ctl("instances").splitlines()
    assert table[0].split()[:4] == ["ID", "NAME", "KIND", "STATE"]
    assert [line.split()[0] for line in table[1:]] == [f"job{number}" for number in range(4)]
    assert json.loads(podium.ctl("instances", "--json"))["instances"][3]["id"] == "job3"
    podium.ctl("wait", "job2", "--text", "ready 2")
    podium.ctl("send", "job2", "--enter", "typed", "words")
    podium.ctl("wait", "job2", "--text", "typed words")
    assert podium.ctl("screen", "job2") == "ready 2\ntyped words\ntyped words\n"
    podium.ctl("send", "job2", "--keys", "Ctrl+C")
    podium.ctl("wait", "job2", "--exit", status=130)
    assert podium.ctl("start", "job2") == "job2: Running\n"
    podium.ctl("start", "job2", status=6)
    podium.ctl("restart", "job3")
    podium.ctl("wait", "job3", "--state", "running")
    podium.ctl("wait", "job3", "--text", "never", "--timeout", "0.1", status=5)
    podium.ctl("screen", "nobody", status=4)
    podium.ctl("remove", "job0", status=6)
    for number in range(4):
        assert podium.ctl("stop", f"job{number}") == f"job{number}: Stopped\n"
        podium.ctl("remove", f"job{number}")
    history = podium.ctl("history").splitlines()
    assert len(history) == 7
    assert "stopped" in history[1]
    run = history[1].split()[0]
    assert f"id             {run}" in podium.ctl("history", run)
    assert podium.ctl("usage").splitlines()[-1].split() == ["all", "–", "–", "–"]
    assert "layout" in podium.ctl("layout", "grid", "--json")
    podium.ctl("screenshot", "/tmp/nothing.png", status=6)
    podium.ctl("nonsense", status=2)
    podium.close()
    podium.ctl("instances", status=3)


def test_events_through_ctl(podium: Running) -> None:
    follower = subprocess.Popen(
        [sys.executable, "-m", "podium", "ctl", "events", "--json", "program:*", "instance:added"],
        env=podium.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert follower.stdout is not None
        lines: list[str] = []
        reader = threading.Thread(
            target=lambda: lines.extend(iter(follower.stdout.readline, "")), daemon=True
        )  # type: ignore[union-attr]
        reader.start()
        number = 0

        def heard() -> bool:
            nonlocal number
            number += 1
            podium.start(f"one{number}", "/bin/true")
            return bool(lines)

        podium.wait(heard, "an event")
        assert json.loads(lines[0])["event"] in ("program:started", "program:exited", "instance:added")
    finally:
        follower.send_signal(signal.SIGINT)
        assert follower.wait(PATIENCE) == 130


# What must not go wrong


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
def test_what_can_not_be_created_is_not(podium: Running, body: dict[str, object]) -> None:
    assert podium.status("POST", "/api/orchestrator/one/start", **body) == 422
    assert podium.get("/api/orchestrator/instances")["instances"] == []


def test_an_unknown_instance_is_404_everywhere(podium: Running) -> None:
    bodies = {
        "input": {"text": "x"},
        "wait": {"exit": True},
        "resize": {"columns": 80, "lines": 24},
        "signal": {"signal": "SIGINT"},
        "notify": {"text": "x"},
        "control": {"command": "stop-now"},
    }
    for route in ROUTES:
        if "{id}" in route.path or route.path in ("/api/orchestrator/status", "/api/orchestrator/stop"):
            target = route.path.format(id="nobody")
            body = bodies.get(target.rpartition("/")[2], {})
            assert podium.status(route.method, target, **body) == 404, route
    assert podium.wire().handshake("/ws/terminal/nobody").status == 404


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


# Terminals


def test_screens_with_looks_scrollback_sizes_keys_and_signals(either: Running) -> None:
    either.start("one", "/bin/sh", "-c", "seq 100; printf '\\033[1;31mred\\033[m 漢\\n'; exec sh")
    either.wait_for("one", text=r"\$ $")
    screen = either.get("/api/orchestrator/one/screen?attributes=true")
    assert screen["rows"] == 24
    assert screen["lines"][-2] == "red 漢"
    red, _ = screen["runs"][-2][:2]
    assert (red["text"], red["foreground"], red["style"]) == ("red", 1, 1)
    above = either.get("/api/orchestrator/one/scrollback?from=10&to=13")
    assert (above["from"], above["to"], above["lines"]) == (10, 13, ["11", "12", "13"])
    newest = either.get("/api/orchestrator/one/scrollback")
    assert newest["to"] == screen["firstLine"]
    assert newest["lines"][0] == "1"
    assert either.status("GET", "/api/orchestrator/one/scrollback?from=5&to=4") == 422

    either.post("/api/orchestrator/one/resize", columns=100, lines=30)
    either.post("/api/orchestrator/one/input", text="stty size; cat\n")
    either.wait_for("one", text="^30 100$")
    assert either.get("/api/orchestrator/one/screen")["columns"] == 100
    either.post("/api/orchestrator/one/input", keys=["A", "b", "Left", "Return"])
    # The terminal's echo, not an answer: it may be there before the Return is.
    either.wait_for("one", text=r"Ab\^\[\[D", new=False)
    either.post("/api/orchestrator/one/input", keys=["Ctrl+C"])
    either.wait_for(
        "one", text=r"\^C\n\$ $", new=False
    )  # The terminal throws away what is typed before that.
    loop = "sh -c \"trap 'echo caught' USR1; echo set; while :; do sleep 0.1; done\"\n"
    either.post("/api/orchestrator/one/input", text=loop)
    either.wait_for("one", text="^set$")
    either.post("/api/orchestrator/one/signal", signal="USR1")
    either.wait_for("one", text="^caught$")
    for body, status in (
        ({"signal": "SIGNOTHING"}, 422),
        ({"signal": 4711}, 422),
        ({"signal": 0}, 422),
    ):
        assert either.status("POST", "/api/orchestrator/one/signal", **body) == status
    assert either.status("POST", "/api/orchestrator/one/input", keys=["Ctrl+Nothing"]) == 422
    assert either.status("POST", "/api/orchestrator/one/input") == 422
    assert either.status("POST", "/api/orchestrator/one/wait", text="(", timeout=5) == 422
    assert either.status("POST", "/api/orchestrator/one/wait", state="happy") == 422
    assert either.status("POST", "/api/orchestrator/one/wait", text="x", exit=True) == 422
    either.post("/api/orchestrator/one/input", keys=["Ctrl+C"])
    either.wait_for("one", text=r"\^C\n\$ $", new=False)
    either.wait_for("one", quiet=0.3)
    either.post("/api/orchestrator/one/input", text="exit 7\n")
    ended = either.wait_for("one", exit=True)
    assert ended["exitCode"] == 7
    assert either.status("POST", "/api/orchestrator/one/input", text="x") == 409
    assert either.screen("one").endswith("exit 7")


def test_a_wait_goes_on_in_the_next_worker(podium: Running) -> None:
    podium.start("one", "/bin/sh", "-c", "sleep 1; echo here $$; exec cat")
    waiting = podium.wire()
    body = b'{"text": "here", "timeout": 25}'
    waiting.socket.sendall(
        waiting.head(
            "POST",
            "/api/orchestrator/one/wait",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        )
        + body
    )
    psutil.Process(podium.get("/api/orchestrator/one/status")["poolStatus"]["pid"]).kill()
    assert done(waiting.answer())["text"] == "here"


def test_the_raw_terminal_shows_the_same_screen(either: Running) -> None:
    either.start("one", "/bin/sh", "-c", "printf '\\033[7mfirst\\033[m\\n'; exec cat")
    either.wait_for("one", text="first")
    wire = either.wire()
    assert wire.handshake("/ws/terminal/one").status == 101
    copy = Emulator(80, 24)
    wire.send_frame(b"typed here\r", 2)
    wire.send_frame(b"and here\r", 1)
    while copy.text_between().count("and here") < 2:
        copy.feed(wire.binary())
    assert copy.text_between().rstrip("\n") == either.screen("one")
    assert copy.cell(0, 0).reverse
    either.post("/api/orchestrator/one/stop")
    either.wait_for("one", exit=True)
    either.wire().ask("DELETE", "/api/orchestrator/one")
    assert wire.close_code() == 1001


def test_a_flood_through_the_raw_terminal_ends_at_the_right_screen(either: Running) -> None:
    either.start("one", "/bin/sh", "-c", "read x; seq 300000; echo over; exec cat")
    wire = either.wire()
    assert wire.handshake("/ws/terminal/one").status == 101
    wire.send_frame(b"go\r", 2)
    copy = Emulator(80, 24)
    while "over" not in copy.text_between():
        copy.feed(wire.binary())
    assert copy.text_between().rstrip("\n") == either.screen("one")


def test_attach_shows_the_instance_takes_keys_and_lets_go(podium: Running) -> None:
    podium.start("one", "/bin/sh", "-c", "echo welcome; stty size; exec cat")
    podium.wait_for("one", text="welcome")
    pid, master = pty.fork()
    if pid == 0:
        os.environ.update(podium.environment)
        os.execvp(sys.executable, [sys.executable, "-m", "podium", "ctl", "attach", "one"])
    shown = b""

    def see(text: bytes) -> None:
        nonlocal shown
        while text not in shown:
            assert select.select([master], [], [], PATIENCE)[0], shown
            shown += os.read(master, 65536)

    see(b"welcome")
    os.write(master, b"from afar\r")
    podium.wait_for("one", text="from afar")
    shown = b""
    see(b"from afar")
    os.write(master, b"\x1c")
    see(b"detached")
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    os.close(master)
    assert podium.get("/api/orchestrator/one/screen")["columns"] == 80


# An instance and its own socket


def test_a_hook_inside_an_instance_tells_its_own_state_and_no_more(either: Running) -> None:
    ctl = f"{sys.executable} -m podium ctl"
    events = either.events("instance:notice", "instance:changed")
    either.start("agent")
    either.post("/api/orchestrator/agent/input", text=f"{ctl} notify 'May I?' --state waiting; cat\n")
    notice = events.wait("instance:notice", "agent")
    assert notice["data"]["text"] == "May I?"
    assert notice["data"]["state"] == "waiting"
    either.wait_for("agent", state="waiting")
    info = either.get("/api/orchestrator/agent/status")
    assert (info["question"], info["word"]) == ("May I?", "Waiting")
    assert info["waitingSeconds"] >= 0
    either.post("/api/orchestrator/agent/input", text="yes\n")
    either.wait_for("agent", state="running")

    own = either.socket.parent / f"instances-{either.process.pid}" / "agent.sock"
    either.start("other", "/bin/cat")
    assert either.wire(own).ask("GET", "/api/orchestrator/agent/status").status == 200
    for method, target, body in (
        ("GET", "/api/orchestrator/other/status", {}),
        ("GET", "/api/orchestrator/agent/screen", {}),
        ("GET", "/api/orchestrator/instances", {}),
        ("GET", "/api/health", {}),
        ("POST", "/api/orchestrator/other/notify", {"text": "x"}),
        ("POST", "/api/orchestrator/agent/config", {"control": True}),
        ("POST", "/api/orchestrator/agent/stop", {}),
    ):
        wire = either.wire(own)
        answer = wire.post(target, body) if method == "POST" else wire.ask(method, target)
        assert answer.status == 403, target
    assert either.wire(own).handshake("/ws").status == 403
    assert either.wire(own).handshake("/ws/terminal/agent").status == 403

    either.post("/api/orchestrator/agent/config", control=True)
    assert either.wire(own).ask("GET", "/api/orchestrator/instances").status == 200
    either.post("/api/orchestrator/agent/config", control=False)
    assert either.wire(own).ask("GET", "/api/orchestrator/instances").status == 403
    either.post("/api/orchestrator/agent/stop")
    either.wait_for("agent", exit=True)
    either.wire().ask("DELETE", "/api/orchestrator/agent")
    either.wait(lambda: not own.exists(), "the end of its socket")


def test_configuring_name_theme_and_policy(podium: Running) -> None:
    podium.start("one", "/bin/cat")
    info = podium.post(
        "/api/orchestrator/one/config",
        name="Renamed",
        theme="rose",
        policy={"restart": "never", "stop": {"by": "keys", "value": "Ctrl+C"}},
    )
    assert (info["name"], info["theme"]) == ("Renamed", "rose")
    assert podium.status("POST", "/api/orchestrator/one/config", policy={"restart": "sometimes"}) == 422
    psutil.Process(_program(podium, "one")).kill()
    podium.wait_for("one", state="exited")
    assert podium.status("POST", "/api/orchestrator/one/config", model="x") == 409


def _program(podium: Running, id: str) -> int:
    worker = psutil.Process(podium.get(f"/api/orchestrator/{id}/status")["poolStatus"]["pid"])
    return next(child.pid for child in worker.children() if child.name() == "cat")


def test_commands_for_a_program_that_listens(podium: Running) -> None:
    reader = "import os; print('up', flush=True); print(os.read(int(os.environ['PODIUM_CONTROL_FD']), 999)); input()"
    podium.start("one", sys.executable, "-c", reader)
    podium.wait_for("one", text="up")
    podium.post("/api/orchestrator/one/control", command="comment", text="well done")
    podium.wait_for("one", text='"comment".*well done')
    podium.post("/api/orchestrator/one/control", command="stop-now")
    podium.wait_for("one", exit=True)
    assert podium.status("POST", "/api/orchestrator/one/control", command="comment", text="x") == 409
    assert podium.status("POST", "/api/orchestrator/one/control", command="dance") == 422


def test_missions_are_listed_checked_and_their_events_bridged(podium: Running, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(
        'name = "Two words"\nmax_rounds = 2\n'
        f'[[agents]]\nid = "a"\ncommand = ["{sys.executable}", "-c", "pass"]\n'
        '[[gates]]\nname = "g"\ncommand = ["true"]\n'
    )
    bad.write_text('nam = "x"\n')
    checked = podium.post("/api/missions/check", file=str(good))
    assert checked["ok"] is True
    assert (checked["name"], checked["agents"], checked["gates"]) == ("Two words", ["a"], ["g"])
    faults = podium.post("/api/missions/check", file=str(bad))
    assert faults["ok"] is False
    assert {fault["key"] for fault in faults["faults"]} >= {"nam"}
    assert podium.status("POST", "/api/missions/check", file="relative") == 422
    events = podium.events("orchestrator:*", "round:*", "agent:*")
    podium.post("/api/orchestrator/m/start", kind="mission", mission=str(good), folder=str(tmp_path))
    # Whoever starts a mission that came from elsewhere is asked once what it may run: also over the API.
    podium.wait_for("m", text="Run it")
    podium.post("/api/orchestrator/m/input", text="y\n")
    for name in ("orchestrator:started", "round:start", "agent:start", "agent:complete", "round:complete"):
        assert events.wait(name)["data"]["workerId"] == "m"
    assert events.wait("orchestrator:stopped")["data"]["outcome"] == "done"
    assert podium.get("/api/missions")["missions"] == [
        {
            "instance": "m",
            "name": "m",
            "file": str(good),
            "state": podium.get("/api/orchestrator/m/status")["state"],
        }
    ]


# The server itself


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


# The window


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
