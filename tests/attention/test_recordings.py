"""Recorded sessions of real tools: what each mark of a recording shows is said within a second of it."""

import pytest

from podium.attention.signals import AttentionState
from podium.core.protocol.attention import QuestionKind
from tests.attention.replay import Replay
from tests.terminal.test_typescripts import NAMES

WITHIN = 1.0
RESTING = {AttentionState.QUIET, AttentionState.DONE}
EXPECTED = {
    "aider-permission": {"ready": RESTING, "question": {AttentionState.WAITING}},
    "claude-permission-manual": {
        "ready": RESTING,
        "permission": {AttentionState.WAITING},
        "permission+10s": {AttentionState.WAITING},
        "tool-running": {AttentionState.BUSY},
        "done": {AttentionState.DONE},
        "done+6s": {AttentionState.DONE},
    },
    "codex-busy": {
        "ready": RESTING,
        "busy1": {AttentionState.BUSY},
        "busy2": {AttentionState.BUSY},
        "idle": {AttentionState.DONE},
        "idle5s": {AttentionState.DONE},
        "resized": {AttentionState.DONE},
    },
    "codex-trust": {"ready": {AttentionState.WAITING}, "trust?": RESTING, "after-trust": RESTING},
    "gemini-permission": {
        "ready": RESTING,
        "permission": {AttentionState.WAITING},
        "permission+6s": {AttentionState.WAITING},
        "tool-running": {AttentionState.BUSY},
        "done": {AttentionState.DONE},
    },
    "opencode-permission": {
        "ready": RESTING,
        "permission": {AttentionState.WAITING},
        "permission+6s": {AttentionState.WAITING},
        "tool-running": {AttentionState.BUSY},
        "done": {AttentionState.DONE},
    },
}
"""By recording and mark."""
ANSWERED = {
    "aider-command": ("Run shell command?", "touch made.txt", QuestionKind.PERMISSION),
    "aider-command-denied": ("Run shell command?", "touch made.txt", QuestionKind.PERMISSION),
    "claude-choice": ("Which colour should it have?", "☐ Colour", QuestionKind.CHOICE),
    "claude-choice-text": ("Which colour should it have?", "☐ Colour", QuestionKind.CHOICE),
    "claude-command-denied": ("Do you want to proceed?", "touch made.txt", QuestionKind.PERMISSION),
    "claude-edit": (
        "Do you want to make this edit to hello.txt?",
        "2 +hello podium",
        QuestionKind.PERMISSION,
    ),
    "claude-edit-denied": (
        "Do you want to make this edit to hello.txt?",
        "2 +hello podium",
        QuestionKind.PERMISSION,
    ),
    "claude-plan": ("Exit plan mode?", "", QuestionKind.PERMISSION),
    "claude-plan-denied": ("Exit plan mode?", "", QuestionKind.PERMISSION),
    "claude-trust": (
        "Quick safety check: Is this a project you created or one you trust?",
        "/claude-trust/work",
        QuestionKind.TRUST,
    ),
    "codex-command": (
        "Would you like to run the following command?",
        "touch made.txt",
        QuestionKind.PERMISSION,
    ),
    "codex-command-denied": (
        "Would you like to run the following command?",
        "touch made.txt",
        QuestionKind.PERMISSION,
    ),
    "codex-patch": (
        "Would you like to make the following edits?",
        "2 +hello podium",
        QuestionKind.PERMISSION,
    ),
    "codex-patch-denied": (
        "Would you like to make the following edits?",
        "2 +hello podium",
        QuestionKind.PERMISSION,
    ),
    "copilot-choice": ("Which colour should it have?", "", QuestionKind.CHOICE),
    "copilot-choice-text": ("Which colour should it have?", "", QuestionKind.CHOICE),
    "copilot-command": ("Do you want to run this command?", "touch made.txt", QuestionKind.PERMISSION),
    "copilot-command-denied": ("Do you want to run this command?", "touch made.txt", QuestionKind.PERMISSION),
    "copilot-edit": (
        "Do you want to update /home/me/run/copilot-edit/work/hello.txt?",
        "hello podium",
        QuestionKind.PERMISSION,
    ),
    "copilot-trust": ("Do you trust the files in this folder?", "", QuestionKind.TRUST),
    "gemini-choice": ("Which colour should it have?", "", QuestionKind.CHOICE),
    "gemini-choice-text": ("Which colour should it have?", "", QuestionKind.CHOICE),
    "gemini-edit": ("Apply this change?", "2 + hello podium", QuestionKind.PERMISSION),
    "gemini-edit-denied": ("Apply this change?", "2 + hello podium", QuestionKind.PERMISSION),
    "gemini-trust": ("Do you trust the files in this folder?", "", QuestionKind.TRUST),
    "opencode-choice": ("Which colour should it have?", "", QuestionKind.CHOICE),
    "opencode-choice-text": ("Which colour should it have?", "", QuestionKind.CHOICE),
    "opencode-edit": ("△ Permission required", "→ Edit hello.txt", QuestionKind.PERMISSION),
    "opencode-edit-denied": ("△ Permission required", "→ Edit hello.txt", QuestionKind.PERMISSION),
}
"""By recordings of ``tests.agents.interactive``, in which Podium gave the answer: what was asked."""
BUSY = {
    "claude-permission-manual": [(15.3, 18.6)],
    "codex-busy": [(3.0, 23.9)],
    "gemini-permission": [(7.1, 9.7), (17.0, 20.6)],
    "opencode-permission": [(12.4, 15.1), (22.2, 25.7)],
}
"""Seconds in which the tool works and asks nothing."""


def test_every_recording_says_what_it_shows() -> None:
    assert set(NAMES) == EXPECTED.keys() | ANSWERED.keys()


WAYS = [
    pytest.param({}, id="whole"),
    pytest.param({"seed": 1}, id="cut"),
    pytest.param({"seed": 2}, id="cut otherwise"),
    pytest.param({"seed": 3, "resizes": True}, id="resized"),
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ANSWERED)
def test_a_question_is_found_named_and_gone_when_it_was_answered(name: str, way: dict[str, object]) -> None:
    replay = Replay(name, **way)  # type: ignore[arg-type]
    moment = replay.mark("question")["t"]
    attention = replay.at(moment)
    asked = attention.asked
    text, subject, kind = ANSWERED[name]
    assert attention.state is AttentionState.WAITING
    assert asked is not None
    assert (asked.text, asked.kind, attention.tool) == (text, kind, name.partition("-")[0])
    assert subject in asked.subject
    assert asked.shown
    answered = replay.mark("answered")["t"]
    after = {one.state for one in replay.between(answered + WITHIN, replay.mark("end")["t"])}
    assert AttentionState.WAITING not in after
    assert replay.at(replay.mark("end")["t"]).state in RESTING


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", EXPECTED)
def test_the_state_is_told_within_a_second_of_each_mark(name: str, way: dict[str, object]) -> None:
    replay = Replay(name, **way)  # type: ignore[arg-type]
    for mark, wanted in EXPECTED[name].items():
        moment = replay.mark(mark)["t"]
        said = {one.state for one in replay.between(moment, moment + WITHIN)}
        assert said & wanted, (mark, replay.between(moment, moment + WITHIN))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", BUSY)
def test_a_tool_that_works_is_never_said_to_wait(name: str, way: dict[str, object]) -> None:
    replay = Replay(name, **way)  # type: ignore[arg-type]
    for first, last in BUSY[name]:
        assert {one.state for one in replay.between(first + 0.2, last)} == {AttentionState.BUSY}


@pytest.mark.parametrize(
    ("name", "mark", "question", "options"),
    [
        ("claude-permission-manual", "permission", "Do you want to proceed?", 4),
        ("codex-trust", "ready", "Trust this folder?", 2),
        ("gemini-permission", "permission", "Allow execution of [Shell]?", 3),
        ("opencode-permission", "permission", "△ Permission required", 3),
        ("aider-permission", "question", "Run shell command?", 0),
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_questions_are_found_with_what_they_are_about(
    name: str, mark: str, question: str, options: int, known: bool
) -> None:
    """Also in ssh and tmux, where nobody knows which tool it is."""
    replay = Replay(name, tool=None if known else "")
    asked = replay.at(replay.mark(mark)["t"]).asked
    assert asked is not None
    assert asked.text == question
    assert len(asked.options) == options
    trust = name == "codex-trust"
    assert asked.kind is (QuestionKind.TRUST if trust else QuestionKind.PERMISSION)
    assert ("/codex-trust" if trust else "echo hi from the shell") in asked.subject


@pytest.mark.parametrize("name", ["claude-permission-manual", "gemini-permission", "opencode-permission"])
def test_an_answer_ends_it(name: str) -> None:
    replay = Replay(name)
    answered = max(
        at for at, keys in replay.meta["keys"] if keys == "\r" and at < replay.mark("tool-running")["t"]
    )
    assert replay.at(answered - 0.1).state is AttentionState.WAITING
    assert replay.at(answered + 0.6).state is AttentionState.BUSY
