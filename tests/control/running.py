"""A real Podium in a process of its own, driven from outside: over HTTP by hand, and through ``podium ctl``."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.control.wire import Answer, Wire
from tests.machine import set_prompt

PATIENCE = 60.0
_IN_A_WINDOW = (
    "import sys\n"
    "from pathlib import Path\n"
    "from podium.app.startup.arguments import parse\n"
    "from podium.app.startup.window_session import run_window\n"
    "sys.exit(run_window(parse(sys.argv[1:]), ('QT_QPA_PLATFORM',)))\n"
)


class Running:
    """``podium serve``, or the window where there is no display."""

    def __init__(self, *arguments: str, window: bool = False, home: Path, await_socket: bool = True) -> None:
        runtime = Path(os.environ["XDG_RUNTIME_DIR"])
        self.socket = runtime / "podium" / "podium.sock"
        self.environment = {**os.environ, "HOME": str(home), "SHELL": "/bin/sh", "PS1": "$ ", "ENV": ""}
        set_prompt(home)
        if window:
            self.environment["QT_QPA_PLATFORM"] = "offscreen"
            command = [sys.executable, "-c", _IN_A_WINDOW, *arguments]
        else:
            command = [sys.executable, "-m", "podium", "serve", *arguments]
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        if await_socket:
            self.wait(self.answers, "Podium's socket")

    def answers(self) -> bool:
        if self.process.poll() is not None:
            assert self.process.stderr is not None
            raise AssertionError(f"Podium ended: {self.process.stderr.read()}")
        try:
            self.wire().close()
        except OSError:
            return False
        return True

    def wire(self, path: Path | None = None) -> Wire:
        connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connected.settimeout(PATIENCE)
        connected.connect(str(path or self.socket))
        return Wire(connected, "localhost", "")

    def get(self, target: str) -> Any:
        return done(self.wire().ask("GET", target))

    def post(self, target: str, **body: Any) -> Any:
        return done(self.wire().post(target, body))

    def status(self, method: str, target: str, **body: Any) -> int:
        wire = self.wire()
        return (wire.post(target, body) if method == "POST" else wire.ask(method, target)).status

    def start(self, id: str, *command: str, **more: Any) -> Any:
        kind = "command" if command else "shell"
        return self.post(
            f"/api/orchestrator/{id}/start", kind=kind, command=list(command), folder="/tmp", **more
        )

    def wait_for(self, id: str, **what: Any) -> Any:
        return self.post(f"/api/orchestrator/{id}/wait", timeout=PATIENCE - 5, **what)

    def screen(self, id: str) -> str:
        lines = self.get(f"/api/orchestrator/{id}/screen")["lines"]
        return "\n".join(lines).rstrip("\n")

    def ctl(self, *arguments: str, status: int = 0, **environment: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-m", "podium", "ctl", *arguments],
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE * 2,
        )
        assert ran.returncode == status, (ran.returncode, ran.stdout, ran.stderr)
        return ran.stdout

    def events(self, *patterns: str) -> "Events":
        return Events(self.wire(), patterns)

    def wait(self, condition: Callable[[], Any], what: str) -> Any:
        deadline = time.monotonic() + PATIENCE
        while not (found := condition()):
            assert time.monotonic() < deadline, f"{what} never came"
            time.sleep(0.02)
        return found

    def close(self) -> int:
        """End it as a service manager does; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.output, self.errors = self.process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.output, self.errors = self.process.communicate()
        return self.process.returncode


class Events:
    """A WebSocket that is subscribed."""

    def __init__(self, wire: Wire, patterns: Sequence[str]) -> None:
        self.wire = wire
        assert wire.handshake("/ws").status == 101
        wire.say({"subscribe": list(patterns)})
        self.subscribed = wire.receive()
        self.heard: list[Any] = []

    def wait(self, name: str, worker: str = "", **data: Any) -> Any:
        """The next event of this name, for this instance, with these values."""
        while True:
            event = self.wire.receive()
            self.heard.append(event)
            if event.get("event") != name or (worker and event["data"]["workerId"] != worker):
                continue
            if all(event["data"].get(key) == value for key, value in data.items()):
                return event


def done(answer: Answer) -> Any:
    assert answer.status == 200, (answer.status, answer.body)
    return json.loads(answer.body)
