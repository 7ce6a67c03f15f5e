"""What hooks tell of an instance becomes its state, and the conversation that it goes on with."""

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from podium.attention.signals import AttentionState, Source
from podium.control.api.errors import ApiError
from podium.control.api.instances import TellHook
from podium.control.api.shapes import Done
from podium.core.adapters.registry import load_adapters
from podium.core.agent_sessions import ToolSession
from podium.core.protocol.attention import PromptSaid
from tests.control.bench import ONE, Bench

TOUCH = {"command": "touch made.txt"}


class Told(Bench):
    """An instance whose tool tells what it does."""

    def __init__(self) -> None:
        super().__init__()
        self.workspace.needs.hooks = {name: one.hooks for name, one in load_adapters().adapters.items()}
        self.sessions_told: list[ToolSession] = []
        self.workspace.needs.session_told.connect(lambda _, session: self.sessions_told.append(session))
        self.create(ONE)
        self.backend.run(ONE)

    def tell(self, name: str, session: str = "a", tool: str = "claude", **more: Any) -> tuple[str, str, str]:
        event = {
            "hook_event_name": name,
            "session_id": session,
            "transcript_path": f"/{session}.jsonl",
            **more,
        }
        assert self.call(TellHook(id=ONE, tool=tool, event=event)) == [Done()]
        return self.state

    @property
    def state(self) -> tuple[str, str, str]:
        attention = self.workspace.view(ONE).attention
        return attention.state.value, attention.source.value, attention.question


@pytest.fixture
def told(qtbot: QtBot) -> Told:
    return Told()


def test_a_turn_with_a_question(told: Told) -> None:
    assert told.tell("SessionStart") == ("none", "output", "")
    assert told.tell("UserPromptSubmit") == ("busy", "hook", "")
    asked = told.tell("PermissionRequest", tool_name="Bash", tool_input=TOUCH)
    assert asked == ("waiting", "hook", "Allow Bash: touch made.txt")
    assert told.tell("PostToolUse") == ("busy", "hook", "")
    assert told.tell("Stop") == ("done", "hook", "")
    assert told.tell("SessionEnd") == ("none", "output", "")
    assert set(told.sessions_told) == {ToolSession("claude", "a", "/a.jsonl")}


def test_an_agent_below_it_says_neither_that_it_is_done_nor_which_conversation_it_is(told: Told) -> None:
    told.tell("UserPromptSubmit", "outer")
    told.tell("SessionStart", "inner")
    told.tell("UserPromptSubmit", "inner")
    assert told.tell("Stop", "inner")[0] == "busy"
    assert told.tell("SessionEnd", "inner")[0] == "busy"
    assert {session.session for session in told.sessions_told} == {"outer"}
    assert told.tell("Stop", "outer")[0] == "done"


def test_the_next_tool_in_the_same_shell_has_the_say(told: Told) -> None:
    told.tell("UserPromptSubmit", "first")
    told.backend.report(ONE, PromptSaid(True, 0, 1.0))
    assert told.tell("UserPromptSubmit", "second", "codex")[0] == "busy"
    assert told.tell("Stop", "second", "codex")[0] == "done"
    assert told.sessions_told[-1].tool == "codex"


@pytest.mark.parametrize(
    ("tool", "event"),
    [
        ("nobody", {"hook_event_name": "Stop"}),
        ("claude", {}),
        ("claude", {"hook_event_name": "Boo"}),
        ("amp", {}),
    ],
)
def test_what_means_nothing_changes_nothing(told: Told, tool: str, event: dict[str, Any]) -> None:
    told.tell("UserPromptSubmit")
    assert told.call(TellHook(id=ONE, tool=tool, event=event)) == [Done()]
    assert told.state == (AttentionState.BUSY.value, Source.HOOK.value, "")


def test_nobody_is_told_of_an_instance_that_is_not_there(told: Told) -> None:
    (refused,) = told.call(TellHook(id="other", tool="claude", event={}))
    assert isinstance(refused, ApiError)
    assert refused.status == 404
