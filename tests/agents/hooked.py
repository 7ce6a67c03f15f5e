"""Real tools that tell Podium what they do: hooks put in, a turn with a question in an instance, and out again.

``python -m tests.agents.hooked [TOOL…]`` prints what was told and when; ``make test-agents`` has it as a row of each.
"""

import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.agents.model_server import ModelServer
from tests.agents.tools import RUN, Tool, environment, installed
from tests.control.running import Running

_READY: Final = {
    "claude": "❯",
    "codex": "Ask Codex|To get started|›",
    "gemini": "Type your message",
    "opencode": "Ask anything",
    "copilot": "/ commands",
}
_PATIENCE: Final = 120.0
_ALLOW: Final = {"claude": ["1"], "codex": ["y"], "gemini": ["1"], "opencode": ["Return"], "copilot": ["1"]}
TOOLS: Final = tuple(_READY)
"""Those that have hooks."""


class Told(NamedTuple):
    """A turn of a tool: what was known of it, one after the other, and what is wrong with that."""

    states: list[tuple[str, str, str]]
    """State, source and question."""
    fault: str


class Failed(Exception):
    """A tool did not get as far as the next step; its screen is in the message."""


def try_hooks(tool: Tool, folder: Path) -> Told:
    """Put hooks in, have a turn with a question, take them out again."""
    work, home = folder / "work", folder / "home"
    work.mkdir(parents=True)
    with ModelServer() as server:
        variables = environment(tool, home, server)
        variables["PATH"] = f"{tool.program.parent}:{os.environ['PATH']}"
        arguments = _prepared(tool, home, work, variables)
        before = _files(home)
        with _podium(folder) as podium:
            podium.ctl("hooks", "install", tool.name, "--yes", **variables)
            if _standing(podium, tool, variables) != "installed":
                return Told([], "the hooks are not there")
            try:
                states = _turn(podium, tool, work, variables, arguments)
            except Failed as error:
                return Told([], str(error))
            podium.ctl("hooks", "remove", tool.name, "--yes", **variables)
            if _standing(podium, tool, variables) != "none":
                return Told(states, "the hooks are still there")
    left = "" if _files(home) == before else f"not as before: {', '.join(_files(home))}"
    return Told(states, _fault(states) or left)


def _fault(states: list[tuple[str, str, str]]) -> str:
    """What is wrong with a turn of which these states were seen; "" for nothing."""
    told = [state for state, source, _ in states if source == "hook"]
    asked = [question for state, source, question in states if state == "waiting" and source == "hook"]
    if not _in_order(["busy", "waiting", "done"], told):
        return f"by hooks it was {', '.join(told) or 'nothing'}"
    return "" if any("touch made.txt" in question for question in asked) else f"it asked {asked}"


def _in_order(wanted: list[str], told: list[str]) -> bool:
    left = iter(told)
    return all(one in left for one in wanted)


@contextmanager
def _podium(folder: Path) -> Iterator[Running]:
    """One with a socket and a home of its own; short paths, as sockets need them."""
    runtime = Path(f"/tmp/podium-agents-{os.getpid()}")
    shutil.rmtree(runtime, ignore_errors=True)
    runtime.mkdir(mode=0o700)
    kept = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    home = folder / "podium"
    home.mkdir()
    podium = Running(home=home)
    try:
        yield podium
    finally:
        podium.close()
        shutil.rmtree(runtime, ignore_errors=True)
        if kept is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = kept


def _standing(podium: Running, tool: Tool, variables: dict[str, str]) -> str:
    shown = json.loads(podium.ctl("hooks", "status", tool.name, "--json", **variables))
    return str(shown["tools"][0]["user"]["state"])


def _turn(
    podium: Running, tool: Tool, work: Path, variables: dict[str, str], arguments: list[str]
) -> list[tuple[str, str, str]]:
    """The states that were seen from the prompt to the end. Raises Failed."""
    unset = [name for name in variables if name.startswith("PODIUM_")]
    given = {name: text for name, text in variables.items() if name not in (*unset, "TERM")}
    podium.post(
        "/api/orchestrator/tool/start",
        kind="command",
        command=[str(tool.program), *arguments],
        folder=str(work),
        env=given,
    )
    _until(podium, lambda: _is_ready(podium, tool), "it is ready")
    podium.post("/api/orchestrator/tool/input", text="please RUN=made.txt now", paste=True, submit=True)
    states: list[tuple[str, str, str]] = []

    def saw(state: str) -> bool:
        attention = podium.get("/api/orchestrator/tool/status")["attention"]
        now = (attention["state"], attention["source"], attention["question"])
        if not states or states[-1] != now:
            states.append(now)
        return now[0] == state

    end = time.monotonic() + 10.0
    _until(podium, lambda: saw("busy") or saw("waiting") or time.monotonic() > end, "it begins")
    if states[-1][0] not in ("busy", "waiting"):
        # gemini has been seen to lose a Return while this machine was busy.
        podium.post("/api/orchestrator/tool/input", keys=["Return"])
    _until(podium, lambda: saw("waiting"), "it asks")
    _until(podium, lambda: "made.txt" in podium.screen("tool"), "its question is on the screen")
    podium.wait_for("tool", quiet=1.0)
    podium.post("/api/orchestrator/tool/input", keys=_ALLOW[tool.name])
    _until(podium, lambda: saw("done") and states[-1][1] == "hook", "its hooks say that it is done")
    podium.post("/api/orchestrator/tool/stop")
    podium.wait_for("tool", exit=True)
    return states


def _is_ready(podium: Running, tool: Tool) -> bool:
    screen = podium.screen("tool")
    if tool.name == "codex" and "Hooks need review" in screen:
        # A key that comes while it draws is lost.
        chosen = "› 2. Trust all" in screen
        podium.post("/api/orchestrator/tool/input", keys=["Return" if chosen else "Down"])
        podium.wait_for("tool", quiet=1.0)
        return False
    if not any(part in screen for part in _READY[tool.name].split("|")):
        return False
    podium.wait_for("tool", quiet=1.0)
    return "Hooks need review" not in podium.screen("tool")


def _until(podium: Running, condition: Any, what: str) -> None:
    end = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise Failed(f"{what}: never.\n{podium.screen('tool')}")
        time.sleep(0.03)


def _files(home: Path) -> dict[str, bytes]:
    """The files in ``home`` that hooks are in."""
    names = (
        ".claude/settings.json",
        ".codex/hooks.json",
        ".gemini/settings.json",
        ".copilot/hooks/podium.json",
        ".config/opencode/plugins/podium.js",
    )
    return {name: (home / name).read_bytes() for name in names if (home / name).is_file()}


def _prepared(tool: Tool, home: Path, work: Path, variables: dict[str, str]) -> list[str]:
    """The arguments with which it asks about commands and nothing else; writes the settings for that."""
    match tool.name:
        case "claude":
            variables.update(CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC="1", DISABLE_AUTOUPDATER="1")
            told = {
                "hasCompletedOnboarding": True,
                "theme": "dark",
                "customApiKeyResponses": {"approved": ["dummy"], "rejected": []},
                "projects": {str(work): {"hasTrustDialogAccepted": True}},
            }
            (home / ".claude.json").write_text(json.dumps(told))
            (home / ".claude").mkdir()
            (home / ".claude" / "settings.json").write_text('{\n  "cleanupPeriodDays": 20\n}\n')
            return ["--model", tool.model, "--permission-mode", "manual"]
        case "codex":
            settings = home / ".codex" / "config.toml"
            settings.write_text(
                f"check_for_update_on_startup = false\n{settings.read_text()}"
                f'[analytics]\nenabled = false\n[projects."{work}"]\ntrust_level = "trusted"\n'
            )
            return ["-m", tool.model, "-a", "on-request", "-s", "read-only", "--no-daemon"]
        case "gemini":
            variables["GEMINI_CLI_TRUST_WORKSPACE"] = "true"
            settings = home / ".gemini" / "settings.json"
            kept = {**json.loads(settings.read_text()), "general": {"enableAutoUpdate": False}}
            text = json.dumps({**kept, "privacy": {"usageStatisticsEnabled": False}}, indent=2)
            settings.write_text(f"// mine\n{text}\n")
            return ["-m", tool.model]
        case "opencode":
            variables.update(OPENCODE_DISABLE_AUTOUPDATE="1", OPENCODE_DISABLE_MODELS_FETCH="1")
            settings = home / ".config" / "opencode" / "opencode.json"
            asking = {"permission": {"bash": "ask"}, "autoupdate": False, "share": "disabled"}
            text = json.dumps({**json.loads(settings.read_text()), **asking, "model": tool.model})
            settings.write_text(text)
            return []
        case "copilot":
            folder = home / ".copilot"
            folder.mkdir()
            (folder / "config.json").write_text(json.dumps({"trusted_folders": [str(work)]}))
    return []


def main() -> int:
    wanted = set(sys.argv[1:])
    failed = False
    for tool in installed()[0]:
        if tool.name not in TOOLS or (wanted and tool.name not in wanted):
            continue
        folder = RUN / f"{tool.name}-hooks"
        shutil.rmtree(folder, ignore_errors=True)
        began = time.monotonic()
        told = try_hooks(tool, folder)
        print(
            f"{tool.name:9} {time.monotonic() - began:5.1f} s  {told.fault or 'as it should be'}", flush=True
        )
        for state in told.states:
            print("         ", *state)
        failed = failed or bool(told.fault)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
