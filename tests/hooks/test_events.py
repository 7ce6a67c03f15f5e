"""What the events of real tools mean; the payloads are theirs."""

from typing import Any

import pytest

from podium.core.adapters.hooks import HookState
from podium.core.adapters.registry import load_adapters
from podium.core.agent_sessions import ToolSession
from podium.hooks.events import HookSaid, said

ADAPTERS = load_adapters().adapters
ID = "68251b36-7f12-4bce-88d5-61c5177b9f94"
TOUCH = {"command": "touch made.txt", "description": "Make a file"}
DETAILS = {
    "type": "exec",
    "title": "Confirm Shell Command",
    "command": "touch made.txt",
    "rootCommand": "touch",
}


def heard(tool: str, name: str, **more: Any) -> HookSaid:
    event = {"session_id": ID, "transcript_path": "/t.jsonl", "cwd": "/w", "hook_event_name": name, **more}
    return said(tool, ADAPTERS[tool].hooks, event)


@pytest.mark.parametrize(
    ("tool", "name", "more", "state", "question"),
    [
        ("claude", "SessionStart", {"source": "startup"}, None, ""),
        ("claude", "UserPromptSubmit", {"prompt": "x"}, HookState.WORKING, ""),
        (
            "claude",
            "PermissionRequest",
            {"tool_name": "Bash", "tool_input": TOUCH},
            HookState.WAITING,
            "Allow Bash: touch made.txt",
        ),
        (
            "claude",
            "PermissionRequest",
            {"tool_name": "Write", "tool_input": {"file_path": "/w/a.py", "content": "…"}},
            HookState.WAITING,
            "Allow Write: /w/a.py",
        ),
        (
            "claude",
            "PermissionRequest",
            {"tool_name": "AskUserQuestion", "tool_input": {"questions": [{"question": "Which colour?"}]}},
            HookState.WAITING,
            "Which colour?",
        ),
        ("claude", "PermissionRequest", {"tool_name": "m", "tool_input": {}}, HookState.WAITING, "Allow m"),
        ("claude", "PostToolUse", {"tool_name": "Bash"}, HookState.WORKING, ""),
        ("claude", "Stop", {"stop_hook_active": False}, HookState.DONE, ""),
        ("claude", "SubagentStop", {}, None, ""),
        ("claude", "SessionEnd", {"reason": "exit"}, HookState.OVER, ""),
        ("claude", "Notification", {"notification_type": "idle_prompt", "message": "waiting"}, None, ""),
        ("codex", "Stop", {"turn_id": "1"}, HookState.DONE, ""),
        (
            "codex",
            "PermissionRequest",
            {"tool_name": "Bash", "tool_input": TOUCH},
            HookState.WAITING,
            "Allow Bash: touch made.txt",
        ),
        ("gemini", "BeforeAgent", {"prompt": "x"}, HookState.WORKING, ""),
        (
            "gemini",
            "Notification",
            {"notification_type": "ToolPermission", "message": "Tool …", "details": DETAILS},
            HookState.WAITING,
            "Confirm Shell Command: touch made.txt",
        ),
        ("gemini", "Notification", {"notification_type": "Other"}, None, ""),
        ("gemini", "AfterAgent", {}, HookState.DONE, ""),
        (
            "copilot",
            "Notification",
            {"notification_type": "permission_prompt", "message": "Run command: touch made.txt"},
            HookState.WAITING,
            "Run command: touch made.txt",
        ),
        ("copilot", "Notification", {"notification_type": "agent_completed"}, None, ""),
        ("copilot", "Stop", {"stop_reason": "end_turn"}, HookState.DONE, ""),
        ("opencode", "session.status", {"status": "busy"}, HookState.WORKING, ""),
        ("opencode", "session.status", {"status": "idle"}, HookState.DONE, ""),
        ("opencode", "session.status", {"status": "retry"}, None, ""),
        (
            "opencode",
            "permission.asked",
            {"permission": "bash", "subject": "touch made.txt"},
            HookState.WAITING,
            "Allow bash: touch made.txt",
        ),
        ("opencode", "permission.replied", {}, HookState.WORKING, ""),
    ],
)
def test_events_of_tools(
    tool: str, name: str, more: dict[str, Any], state: HookState | None, question: str
) -> None:
    assert heard(tool, name, **more) == HookSaid(state, question, ToolSession(tool, ID, "/t.jsonl"))


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"hook_event_name": None},
        {"hook_event_name": ["Stop"]},
        {"hook_event_name": "stop"},
        {"hook_event_name": "Notification", "notification_type": {"a": 1}},
    ],
)
def test_what_is_no_event_says_nothing(event: dict[str, Any]) -> None:
    assert said("claude", ADAPTERS["claude"].hooks, event) == HookSaid(None, "", None)


@pytest.mark.parametrize(
    ("given", "question"),
    [
        ("Bash\nmore\t \x0b lines", "Allow Bash more lines"),
        (["a"], "Allow"),
        ("a" * 9000, "Allow " + "a" * 394),
        ({"x": 1}, "Allow"),
        (None, "Allow"),
    ],
)
def test_a_question_is_one_short_line(given: Any, question: str) -> None:
    assert heard("claude", "PermissionRequest", tool_name=given, tool_input=[1]).question == question


@pytest.mark.parametrize("session", ["--resume", "a b", "", None, 7, "x" * 200])
def test_a_session_that_could_be_an_option_is_none(session: Any) -> None:
    event = {"hook_event_name": "Stop", "session_id": session}
    assert said("claude", ADAPTERS["claude"].hooks, event) == HookSaid(HookState.DONE, "", None)


def test_lists_that_are_too_short_lead_nowhere() -> None:
    asked = heard("claude", "PermissionRequest", tool_name="AskUserQuestion", tool_input={"questions": []})
    assert asked == HookSaid(HookState.WAITING, "", ToolSession("claude", ID, "/t.jsonl"))
