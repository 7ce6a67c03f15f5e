"""Programs inside instances: their own socket, their configuration, missions."""

import sys
from pathlib import Path

import psutil
import pytest

from tests.control.running import Running

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


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
    podium.wait_for("m", exit=True)  # The mission tells its outcome first; its program ends a moment later.
    assert podium.get("/api/missions")["missions"] == [
        {"instance": "m", "name": "m", "file": str(good), "state": "done"}
    ]


CLAUDE = """\
import sys, termios, tty
tty.setcbreak(0)
print("● I will call Bash.\\n\\n Do you want to proceed?\\n ❯ 1. Yes\\n   2. No\\n\\n Esc to cancel", flush=True)
sys.stdin.read(1)
print("\\x1b[2J\\x1b[H● Ran it.\\n" + "─" * 20 + "\\n❯ \\n  esc to interrupt", flush=True)
sys.stdin.read(1)
"""


def test_a_question_on_a_tools_screen_is_told_without_any_hook(either: Running, tmp_path: Path) -> None:
    (tmp_path / "claude").write_text(CLAUDE, "utf-8")
    either.start("agent", sys.executable, str(tmp_path / "claude"))
    either.wait_for("agent", state="waiting")
    said = either.get("/api/orchestrator/agent/status")["attention"]
    assert (said["state"], said["source"]) == ("waiting", "screen")
    assert said["question"].startswith("Do you want to proceed?")
    assert (said["kind"], said["options"], said["answers"]) == (
        "permission",
        ["Yes", "No"],
        ["allow", "deny", "option"],
    )
    either.ctl("answer", "agent", "allow", "--question", said["question"])
    either.wait_for("agent", state="running")
    either.wait(
        lambda: either.get("/api/orchestrator/agent/status")["attention"]["state"] == "busy", "that it works"
    )
    assert either.wire().post("/api/orchestrator/agent/answer", {"answer": "deny"}).status == 409
