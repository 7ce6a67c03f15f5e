"""Scripts that know nothing but the socket: by hand, with curl, through ``podium ctl``."""

import json
import shutil
import signal
import subprocess
import sys
import threading

import pytest

from tests.control.running import PATIENCE, Running

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


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

    # What is typed before a shell prompts stands above the prompt, and the answer then behind it.
    either.wait_for("shell", text=r"[$#%] ?$")
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
    assert podium.ctl("usage").splitlines()[-1].split() == ["all", "6", *"–" * 6]
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


def test_lines_are_found_through_ctl(podium: Running) -> None:
    said = "for n in 1 2 3; do echo Needle $n of hay; done; echo in a haystack; exec cat"
    podium.ctl("start", "one", "--", "/bin/sh", "-c", said)
    podium.ctl("start", "two", "--", "/bin/sh", "-c", "echo nothing; exec cat")
    podium.ctl("wait", "one", "--text", "haystack")
    podium.ctl("wait", "two", "--text", "nothing")
    assert podium.ctl("find", "one", "needle") == "".join(f"{n - 1}:Needle {n} of hay\n" for n in (1, 2, 3))
    assert podium.ctl("find", "needle", "--limit", "1").splitlines()[0] == "one:2:Needle 3 of hay"
    assert podium.ctl("find", "one", "hay", "--word").count("\n") == 3
    assert podium.ctl("find", "two", "^no.h", "--regex") == "0:nothing\n"
    podium.ctl("find", "needle", "--case", status=1)
    podium.ctl("find", "two", "needle", status=1)
    podium.ctl("find", "nobody", "needle", status=4)
    podium.ctl("find", "--regex", "(", status=1)
    found = json.loads(podium.ctl("find", "--json", "needle 2"))
    assert [(one["id"], one["matches"]) for one in found["instances"]] == [("one", 1), ("two", 0)]
    assert found["instances"][0]["lines"] == [{"line": 1, "text": "Needle 2 of hay", "spans": [[0, 8]]}]


MARKING = (
    r"while :; do printf '\033]133;A\007$ \033]133;B\007'; read -r line; printf '\033]133;C\007'; "
    r'eval "$line"; '
    r"printf '\033]133;D;%s\007' $?; done"
)


def test_the_commands_of_a_shell_are_listed_and_run_again(podium: Running) -> None:
    podium.start("one", "/bin/sh", "-c", MARKING)
    podium.wait_for("one", text=r"^\$ $")
    podium.ctl("run", "one", "--", "echo $((6*7)); false")
    podium.wait_for("one", text="^42$")
    podium.wait_for("one", text=r"^\$ $", new=False)
    (listed,) = json.loads(podium.ctl("commands", "one", "--json"))["commands"]
    assert (listed["number"], listed["command"], listed["exitCode"]) == (1, "echo $((6*7)); false", 1)
    assert podium.ctl("output", "one") == "42\n"
    podium.ctl("run", "one", "--again", "1")
    podium.wait_for("one", text=r"^\$ $")
    assert podium.ctl("output", "one", "2") == "42\n"
    podium.ctl("run", "one", "sleep 60")
    podium.ctl("run", "one", "echo never", status=6)
    podium.ctl("output", "one", "99", status=4)
