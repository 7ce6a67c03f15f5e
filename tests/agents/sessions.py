"""Real tools in panes of a real Podium: they work, the window is killed, and they go on.

``python -m tests.agents.sessions [TOOL…]``; ``make test-agents`` runs it with all that are installed. Each talks to a
model server of ours on loopback. Of its first answer, and of the next one after Resume, Podium must show the tokens
that the server told; after Resume its screen must show the conversation from before. Exit status 1 when a tool that is
installed does not pass.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from podium.core.adapters.interactive import fresh_command
from podium.core.adapters.model import Adapter
from podium.core.adapters.registry import load_adapters
from tests.agents.__main__ import alone
from tests.agents.model_server import CLOSING, TOKENS_IN, TOKENS_OUT, ModelServer
from tests.agents.tools import RUN, Tool, environment, installed
from tests.bench.framebuffer import mapped_display

_PATIENCE = 60.0
_PODIUM = Path(sys.executable).parent / "podium"
_PROMPT = "Say hello"
_RESUMING = ("claude", "codex", "gemini", "opencode", "copilot")


class Window:
    """A Podium with a home and a socket of its own."""

    def __init__(self, variables: dict[str, str]) -> None:
        self._variables = {
            **variables,
            "QT_QPA_PLATFORM": "xcb",
            "SHELL": "/bin/bash",
            "TERM": "xterm-256color",
        }
        self.process = subprocess.Popen(
            [_PODIUM], env=self._variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def ctl(self, *words: str, check: bool = True) -> str:
        done = subprocess.run(
            [_PODIUM, "ctl", "--wait-for-server", "30", *words],
            env=self._variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE,
        )
        if check and done.returncode:
            raise AssertionError(f"{words}: {done.stderr}")
        return done.stdout

    def info(self, id: str) -> dict[str, Any]:
        found: dict[str, Any] = next(
            one for one in json.loads(self.ctl("instances", "--json"))["instances"] if one["id"] == id
        )
        return found

    def wait(self, id: str, what: str, holds: Callable[[], bool]) -> None:
        until = time.monotonic() + _PATIENCE
        while not holds():
            if time.monotonic() > until:
                screen = self.ctl("screen", id, check=False)
                raise AssertionError(f"{what} did not happen; {self.info(id)}\n{screen}")
            if self.info(id)["attention"]["kind"] == "trust":
                self.ctl("answer", id, "allow", check=False)
            time.sleep(0.3)


@contextmanager
def _window(variables: dict[str, str]) -> Iterator[Window]:
    window = Window(variables)
    try:
        yield window
    finally:
        window.process.kill()
        window.process.wait()


def _begin(tool: Tool, home: Path, work: Path, server: ModelServer) -> dict[str, str]:
    """The environment in which the tool asks nothing but whether the folder is trusted."""
    variables = environment(tool, home, server)
    (home / ".claude.json").write_text(
        json.dumps(
            {
                "hasCompletedOnboarding": True,
                "customApiKeyResponses": {"approved": ["dummy"], "rejected": []},
                "projects": {str(work): {"hasTrustDialogAccepted": True}},
            }
        )
    )
    if tool.name == "opencode":
        settings = home / ".config/opencode/opencode.json"
        settings.write_text(json.dumps({**json.loads(settings.read_text()), "model": tool.model}))
    variables.update(
        XDG_RUNTIME_DIR=tempfile.mkdtemp(prefix="p-", dir="/tmp"),
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC="1",
        DISABLE_AUTOUPDATER="1",
        ANTHROPIC_MODEL="claude-sonnet-4-5",
        OPENCODE_DISABLE_AUTOUPDATE="1",
        OPENCODE_DISABLE_MODELS_FETCH="1",
        COPILOT_AUTO_UPDATE="false",
    )
    return variables


def _await_ready(window: Window, id: str, adapter: Adapter) -> None:
    """Wait until the tool shows its empty input."""

    def ready() -> bool:
        screen = window.ctl("screen", id, check=False)
        rows = [" ".join(row.strip(" │▎┃").split()) for row in screen.splitlines()]
        marks = [" ".join(mark.rstrip("*").split()) for mark in adapter.marks.ready]
        return any(row.startswith(mark) for row in rows for mark in marks) if marks else bool("".join(rows))

    window.wait(id, "a ready screen", ready)


def _say(window: Window, id: str, server: ModelServer) -> None:
    """Give the tool a prompt, and wait until what it used shows."""
    used = window.info(id)["tokensIn"] or 0
    before = len(list(server.requests))
    told = []

    def taken() -> bool:
        try:
            window.ctl("answer", id, "text", _PROMPT)
        except AssertionError as error:
            told.append(str(error))  # It may not be ready yet, or ask something first.
            return False
        return True

    window.wait(id, "taking the prompt", taken)
    try:
        window.wait(id, "the figures", lambda: (window.info(id)["tokensIn"] or 0) > used)
    except AssertionError as error:
        asked = list(server.requests)[before:]
        raise AssertionError(f"the model was asked {asked}; before that: {told}; {error}") from None


def _figures(window: Window, id: str) -> tuple[int, int]:
    info = window.info(id)
    return info["tokensIn"], info["tokensOut"]


def try_tool(tool: Tool, adapter: Adapter, folder: Path, display: str) -> str:
    """The session that went on. Raises AssertionError."""
    home, work = folder / "home", folder / "work"
    work.mkdir(parents=True)
    id = tool.name
    with ModelServer() as server:
        variables = {**_begin(tool, home, work, server), "DISPLAY": display}
        with _window(variables) as window:
            words = fresh_command(adapter)
            window.ctl("start", id, "--folder", str(work), "--", *words)
            _await_ready(window, id, adapter)
            _say(window, id, server)
            assert _figures(window, id) == (TOKENS_IN, TOKENS_OUT), _figures(window, id)
            window.wait(id, "a session", lambda: bool((window.info(id)["agent"] or {}).get("session")))
            session: str = window.info(id)["agent"]["session"]
            saved = home / ".local/state/podium/workspace.json"
            window.wait(id, "its saving", lambda: saved.exists() and session in saved.read_text())
        with _window(variables) as window:
            window.wait(id, "that it can go on", lambda: window.info(id)["resumable"])
            window.ctl("resume", id)
            window.wait(id, "the conversation", lambda: CLOSING in window.ctl("screen", id, check=False))
            assert window.info(id)["agent"]["session"] == session
            assert window.info(id)["tokensIn"] is None, "what was used before counts again"
            _say(window, id, server)
            assert _figures(window, id) == (TOKENS_IN, TOKENS_OUT), _figures(window, id)
            assert window.info(id)["agent"]["session"] == session
        shutil.rmtree(variables["XDG_RUNTIME_DIR"], ignore_errors=True)
    return session


def main() -> int:
    print("network:", "loopback alone" if alone("tests.agents.sessions") else "as it is")
    tools, missing = installed()
    wanted = (set(sys.argv[1:]) or set(_RESUMING)).intersection(_RESUMING)
    adapters = load_adapters(Path("/nonexistent")).adapters
    failed = False
    for tool in tools:
        if tool.name not in wanted:
            continue
        folder = RUN / f"{tool.name}-session"
        shutil.rmtree(folder, ignore_errors=True)
        began = time.monotonic()
        try:
            with mapped_display(1500, 950) as display:
                told, passed = try_tool(tool, adapters[tool.name], folder, display.name), True
        except AssertionError as error:
            told, passed = str(error), False
        failed = failed or not passed
        print(
            f"{tool.name:9} {'passed' if passed else 'FAILED'} {time.monotonic() - began:5.1f} s  {told}",
            flush=True,
        )
        shutil.rmtree(folder, ignore_errors=True)
    for name in sorted(wanted.intersection(missing)):
        print(f"{name:9} is not installed: skipped")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
