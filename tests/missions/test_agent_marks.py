"""Recorded screens of agents in interactive use in, whether they wait for a person out."""

import json
from pathlib import Path

import pytest

from podium.core.adapters.registry import load_adapters

SCREENS: dict[str, str] = json.loads((Path(__file__).parent / "data" / "agent-screens.json").read_text())
ADAPTERS = load_adapters(Path("/nonexistent")).adapters
WAITING = {
    "aider-permission/question",
    "claude-permission-manual/permission",
    "claude-permission-manual/permission+10s",
    "codex-trust/ready",
    "gemini-permission/permission",
    "gemini-permission/permission+6s",
    "opencode-permission/permission",
    "opencode-permission/permission+6s",
}
BUSY = {
    "claude-permission-manual/tool-running",
    "gemini-permission/tool-running",
    "opencode-permission/tool-running",
}


def shows(screen: str, parts: tuple[str, ...]) -> bool:
    return any(part in screen for part in parts)


@pytest.mark.parametrize("name", sorted(WAITING))
def test_a_question_is_seen_on_the_screen(name: str) -> None:
    marks = ADAPTERS[name.split("-")[0]].marks
    assert shows(SCREENS[name], (*marks.waiting, *marks.trust))


@pytest.mark.parametrize(
    "name", sorted(name for name in SCREENS if name.endswith(("/ready", "/done", "/tool-running")))
)
def test_a_screen_without_a_question_is_not_taken_for_one(name: str) -> None:
    marks = ADAPTERS[name.split("-")[0]].marks
    assert shows(SCREENS[name], (*marks.waiting, *marks.trust)) == (name in WAITING)


@pytest.mark.parametrize("name", sorted(BUSY))
def test_work_is_seen_on_the_screen(name: str) -> None:
    assert shows(SCREENS[name], ADAPTERS[name.split("-")[0]].marks.busy)
