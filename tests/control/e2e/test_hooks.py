"""A hook of a tool in an instance reaches the Podium that the instance belongs to."""

import json
import shlex

import pytest

from podium.hooks.command import hook_command
from tests.control.running import Running

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


def test_a_tools_hooks_tell_what_it_does(either: Running) -> None:
    def line(name: str, **more: object) -> str:
        event = {"hook_event_name": name, "session_id": "abc", **more}
        return f"printf %s {shlex.quote(json.dumps(event))} | {hook_command('claude')}"

    asks = line("PermissionRequest", tool_name="Bash", tool_input={"command": "make clean"})
    script = f"{line('UserPromptSubmit')}; {asks}; read x; {line('PostToolUse')}; {line('Stop')}; cat"
    either.start("agent", "/bin/sh", "-c", script)
    either.wait_for("agent", state="waiting")
    attention = either.get("/api/orchestrator/agent/status")["attention"]
    assert (attention["source"], attention["question"]) == ("hook", "Allow Bash: make clean")
    either.post("/api/orchestrator/agent/input", text="\n")
    either.wait(lambda: now(either) == ("done", "hook"), "the end of the turn")


def now(podium: Running) -> tuple[str, str]:
    attention = podium.get("/api/orchestrator/agent/status")["attention"]
    return attention["state"], attention["source"]


def test_an_instance_tells_of_itself_alone(either: Running) -> None:
    either.start("agent")
    either.start("other", "/bin/cat")
    own = either.socket.parent / f"instances-{either.process.pid}" / "agent.sock"
    event = {"hook_event_name": "Stop", "session_id": "abc"}
    body = {"tool": "claude", "event": event}
    assert either.wire(own).post("/api/orchestrator/agent/hook", body).status == 200
    assert either.wire(own).post("/api/orchestrator/other/hook", body).status == 403
    assert (
        either.wire(own).post("/api/orchestrator/agent/hook", {"tool": "claude", "event": []}).status == 422
    )
    assert now(either) == ("done", "hook")
