"""A message in; what the command and the address were told, and what a person is told of faults, out."""

import json
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
import pytest

from podium.core.config.notify_settings import Notify, UrlForm
from podium.notifications.outlets.calls import Calls
from podium.notifications.outlets.command import run_command
from podium.notifications.outlets.message import CallProblem, Message
from podium.notifications.outlets.webhook import post, request_of
from podium.workspace.kept_screens import run_now

ASKS = Message("question", "atlas waits for you", "Run <this> & that? @everyone", "a", "atlas")
TELLS = """
import json, os, sys
told = {name: value for name, value in os.environ.items() if name.startswith("PODIUM_ALERT_")}
open(sys.argv[1], "w").write(json.dumps([told, json.load(sys.stdin)]))
"""


def python(script: str, *arguments: object) -> tuple[str, ...]:
    return (sys.executable, "-c", script, *map(str, arguments))


# The command


def test_a_command_is_told_by_variables_and_json(tmp_path: Path) -> None:
    told = tmp_path / "told"
    run_command(python(TELLS, told), {"PATH": ""}, ASKS)
    variables, given = json.loads(told.read_text())
    assert variables == {
        "PODIUM_ALERT_EVENT": "question",
        "PODIUM_ALERT_TITLE": "atlas waits for you",
        "PODIUM_ALERT_TEXT": "Run <this> & that? @everyone",
        "PODIUM_ALERT_ID": "a",
        "PODIUM_ALERT_NAME": "atlas",
    }
    assert given == {
        "event": "question",
        "title": "atlas waits for you",
        "text": "Run <this> & that? @everyone",
        "instance": "a",
        "name": "atlas",
    }


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("/nowhere/ntfy",), "/nowhere/ntfy: No such file or directory. Correct the setting."),
        (("a\0b",), "it can't be started"),
        (python("raise SystemExit('no\\x1b[2J network')"), "exited with 1: no"),
        (python("raise SystemExit(3)"), "exited with 3."),
    ],
)
def test_a_command_that_fails_is_told(argv: tuple[str, ...], said: str) -> None:
    with pytest.raises(CallProblem) as caught:
        run_command(argv, {}, ASKS)
    assert said in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_command_that_does_not_end_is_killed_with_what_it_started(tmp_path: Path) -> None:
    script = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open(sys.argv[1], "w").write(str(child.pid))
time.sleep(600)
"""
    started = tmp_path / "child"
    with pytest.raises(CallProblem, match="did not end within 1 seconds"):
        run_command(python(script, started), {}, ASKS, seconds=1)
    if written := started.read_text() if started.exists() else "":
        until = time.monotonic() + 10
        while alive(int(written)):
            assert time.monotonic() < until
            time.sleep(0.01)


def test_a_flood_of_errors_holds_nothing_up_and_its_beginning_is_told() -> None:
    script = "import os\nfor _ in range(2000): os.write(2, b'flood' * 1000)\nraise SystemExit(3)"
    with pytest.raises(CallProblem, match="exited with 3: flood") as caught:
        run_command(python(script), {}, ASKS)
    assert len(str(caught.value)) < 300


@pytest.mark.skipif(sys.platform == "win32", reason="it forks")
def test_what_a_command_leaves_running_may_write_errors_that_fill_no_disk(tmp_path: Path) -> None:
    script = """
import os, stat, sys
if os.fork() == 0:
    os.write(2, b"x" * 1_000_000)
    open(sys.argv[1] + ".new", "w").write(str(stat.S_ISREG(os.fstat(2).st_mode)))
    os.rename(sys.argv[1] + ".new", sys.argv[1])
"""
    written = tmp_path / "written"
    run_command(python(script, written), {}, ASKS)
    until = time.monotonic() + 30
    while not written.exists():
        assert time.monotonic() < until
        time.sleep(0.01)
    assert written.read_text() == "False"


def test_what_a_command_leaves_running_holds_nothing_up() -> None:
    script = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(2)'])"
    run_command(python(script), {}, ASKS)


def test_a_nul_character_reaches_no_variable(tmp_path: Path) -> None:
    told = tmp_path / "told"
    run_command(python(TELLS, told), {}, Message("digest", "a\0b", ""))
    assert json.loads(told.read_text())[0]["PODIUM_ALERT_TITLE"] == "ab"


# The address


@dataclass
class Server:
    address: str = ""
    status: int = 200
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    hold: threading.Event | None = None


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            if made.hold is not None:
                made.hold.wait()
            self.send_response(made.status)
            if made.status == 302:
                self.send_header("Location", made.address)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # The client hangs up.
    made.address = f"http://127.0.0.1:{server.server_port}/secret-topic"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    if made.hold is not None:
        made.hold.set()
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_address_is_sent_json(server: Server) -> None:
    post(server.address, UrlForm.AUTO, ASKS)
    ((head, body),) = server.got
    assert head["Content-Type"] == "application/json"
    assert json.loads(body) == {
        "event": "question",
        "title": "atlas waits for you",
        "text": "Run <this> & that? @everyone",
        "instance": "a",
        "name": "atlas",
        "message": "atlas waits for you\nRun <this> & that? @everyone",
    }


@pytest.mark.parametrize(
    ("title", "header"),
    [("atlas waits", "atlas waits"), ("Bär wartet", "=?utf-8?"), ("x\r\nInjected: 1", "=?utf-8?")],
)
def test_an_address_is_sent_text_with_its_title(server: Server, title: str, header: str) -> None:
    post(server.address, UrlForm.TEXT, Message("done", title, "All good"))
    ((head, body),) = server.got
    assert body == b"All good"
    assert head["Title"].startswith(header)
    assert "Injected" not in head


@pytest.mark.parametrize(
    ("address", "body"),
    [
        (
            "https://hooks.slack.com/services/T/B/x",
            {"text": "atlas waits for you\nRun &lt;this&gt; &amp; that? @everyone"},
        ),
        (
            "https://api.telegram.org/bot1:x/sendMessage?chat_id=7",
            {"text": "atlas waits for you\nRun <this> & that? @everyone"},
        ),
        (
            "https://discord.com/api/webhooks/1/x",
            {
                "content": "atlas waits for you\nRun <this> & that? @everyone",
                "allowed_mentions": {"parse": []},
            },
        ),
    ],
)
def test_a_chat_gets_what_it_understands(address: str, body: dict[str, Any]) -> None:
    request = request_of(address, UrlForm.AUTO, ASKS)
    assert isinstance(request.data, bytes)
    assert json.loads(request.data) == body


def test_ntfy_gets_plain_text() -> None:
    request = request_of("https://ntfy.sh/topic", UrlForm.AUTO, ASKS)
    assert request.data == b"Run <this> & that? @everyone"
    assert request.get_header("Title") == "atlas waits for you"


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_status_that_says_no_is_told_and_no_redirect_followed(server: Server, status: int) -> None:
    server.status = status
    with pytest.raises(CallProblem, match=f"status {status}") as caught:
        post(server.address, UrlForm.AUTO, ASKS)
    assert "secret" not in str(caught.value)
    assert len(server.got) == 1


def test_an_address_that_does_not_answer_is_given_up(server: Server) -> None:
    server.hold = threading.Event()
    with pytest.raises(CallProblem, match="did not answer"):
        post(server.address, UrlForm.AUTO, ASKS, seconds=0.3)


@pytest.mark.parametrize(
    "address",
    ["http://ntfy.sh/topic", "https://user:pass@ntfy.sh/secret", "file:///etc/passwd", "https://ntfy.sh/\nx"],
)
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(CallProblem, match="no plain https address"):
        post(address, UrlForm.AUTO, ASKS)


def test_a_server_that_is_not_there_is_told_without_its_address() -> None:
    with pytest.raises(CallProblem) as caught:
        post("http://127.0.0.1:1/secret", UrlForm.AUTO, ASKS)
    assert "secret" not in str(caught.value)


# Both, off the window's thread


def test_a_problem_is_reported_once_until_a_call_goes_well(tmp_path: Path) -> None:
    reported: list[str] = []
    calls = Calls(run_now, dict, reported.append)
    program = tmp_path / "notify"
    calls.apply(Notify(command=(str(program),)))
    calls(ASKS)
    calls(ASKS)
    assert len(reported) == 1
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    calls(ASKS)
    program.unlink()
    calls(ASKS)
    assert len(reported) == 2


def test_without_settings_nothing_is_called() -> None:
    calls = Calls(run_now, dict, pytest.fail)
    calls(ASKS)
