"""The first prompt of an interactive agent, with the real tools in a real Podium: submitted once, after its questions.

``python -m tests.agents.first_prompts [TOOL …]``; ``make test-agents`` runs it with all that are installed.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final, NamedTuple

from podium.core.adapters.registry import load_adapters
from tests.agents.model_server import CLOSING, ModelServer
from tests.agents.tools import RUN, Tool, environment, installed

_SECONDS: Final = 120.0
"""To submit it, and as many to answer: some tools take a minute to start on a busy machine."""
_PROMPT: Final = "Say hello,\nthen say that you are done"
_QUIET: Final = {
    "aider": {
        "AIDER_CHECK_UPDATE": "false",
        "AIDER_SHOW_RELEASE_NOTES": "false",
        "AIDER_ANALYTICS": "false",
        "AIDER_SHOW_MODEL_WARNINGS": "false",
        "AIDER_MODEL": "openai/fake-model",
    },
    "opencode": {"OPENCODE_DISABLE_AUTOUPDATE": "1", "OPENCODE_DISABLE_MODELS_FETCH": "1"},
}
_ANSWERS: Final = {"aider": "deny"}
"""To the questions of a first start; all others are about trust."""


class Outcome(NamedTuple):
    """What became of a first prompt; ``waited_for`` are the questions that kept it."""

    passed: bool
    seconds: float
    waited_for: tuple[str, ...]
    screen: str


class Served:
    """``podium serve`` with the environment of one tool."""

    def __init__(self, tool: Tool, folder: Path, server: ModelServer) -> None:
        home = folder / "home"
        self.work = folder / "work"
        self.work.mkdir(parents=True)
        self._runtime = tempfile.TemporaryDirectory(prefix="podium-")  # A socket's path is short.
        self._environment = {
            **environment(tool, home, server),
            **_QUIET.get(tool.name, {}),
            "XDG_RUNTIME_DIR": self._runtime.name,
            "TERM": "xterm-256color",
            "SHELL": "/bin/sh",
        }
        _prepare(tool, home)
        subprocess.run(["git", "init", "-q", str(self.work)], check=True)
        ready, told = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "podium", "serve", "--ready-fd", str(told)],
            env=self._environment,
            pass_fds=(told,),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(told)
        with os.fdopen(ready) as file:
            file.readline()

    def ctl(self, *arguments: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-m", "podium", "ctl", *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return ran.stdout or ran.stderr

    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.ctl("instances", "--json"))["instances"][0]
        return found

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(60)
        self._runtime.cleanup()


def first_prompt(tool: Tool, folder: Path) -> Outcome:
    """Start ``tool`` with a first prompt, answer what it asks, and see whether it was submitted once."""
    began = time.monotonic()
    with ModelServer() as server:
        podium = Served(tool, folder, server)
        try:
            podium.ctl("start", "a", "--agent", tool.name, "--prompt", _PROMPT, "--folder", str(podium.work))
            waited_for, submitted = _answer_all(podium, tool, began)
            screen = _wait_for_answer(podium)
        finally:
            podium.close()
    shown = "".join(screen.split())
    # Twice on the screen would be twice submitted.
    once = shown.count("".join(CLOSING.split())) == 1
    return Outcome(submitted and once, time.monotonic() - began, tuple(waited_for), screen)


def _answer_all(podium: Served, tool: Tool, began: float) -> tuple[list[str], bool]:
    waited_for: list[str] = []
    while time.monotonic() < began + _SECONDS:
        status = podium.status()
        agent, attention = status["agent"], status["attention"]
        if not agent["promptPending"]:
            return waited_for, True
        # Gemini CLI starts again after its question, which stays on the screen meanwhile.
        if attention["kind"] and attention["answers"] and attention["question"] not in waited_for:
            waited_for.append(attention["question"])
            podium.ctl("answer", "a", _ANSWERS.get(tool.name, "allow"))
        time.sleep(0.5)
    return waited_for, False


def _wait_for_answer(podium: Served) -> str:
    began = time.monotonic()
    screen = podium.ctl("screen", "a")
    while time.monotonic() < began + _SECONDS:
        screen = podium.ctl("screen", "a")
        if "".join(CLOSING.split()) in "".join(screen.split()):
            time.sleep(5)  # A second one would come now.
            return podium.ctl("screen", "a")
        time.sleep(0.5)
    return screen


def _prepare(tool: Tool, home: Path) -> None:
    """What a person has answered long ago: how to log in and which colours."""
    if tool.name == "claude":
        approved = {"approved": ["dummy"], "rejected": []}
        (home / ".claude.json").write_text(
            json.dumps({"hasCompletedOnboarding": True, "theme": "dark", "customApiKeyResponses": approved})
        )
    elif tool.name == "opencode":
        path = home / ".config" / "opencode" / "opencode.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), "model": tool.model}))


def main() -> int:
    tools, _ = installed()
    wanted = set(sys.argv[1:])
    failed = False
    RUN.mkdir(mode=0o700, parents=True, exist_ok=True)
    adapters = load_adapters(Path("/nonexistent")).adapters
    for tool in (tool for tool in tools if not wanted or tool.name in wanted):
        interactive = adapters[tool.name].interactive
        how = "as an argument" if interactive is not None and interactive.prompt else "typed"
        with tempfile.TemporaryDirectory(dir=RUN, prefix=f"prompt-{tool.name}-") as folder:
            outcome = first_prompt(tool, Path(folder))
        mark = "passed" if outcome.passed else "FAILED"
        after = ", ".join(question[:40] for question in outcome.waited_for) or "no question"
        print(
            f"{tool.name:9} first prompt {how:14} {mark}  {outcome.seconds:5.1f} s  after {after}", flush=True
        )
        if not outcome.passed:
            print(outcome.screen)
        failed = failed or not outcome.passed
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
