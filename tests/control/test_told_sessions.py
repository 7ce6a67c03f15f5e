"""Hooks tell which conversation their tool works on."""

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from podium.attention.signals import AttentionState
from podium.control.api.errors import ApiError
from podium.control.api.instances import Notify, NotifyState
from podium.control.api.shapes import Done
from podium.core.agent_sessions import ToolSession
from tests.control.bench import ONE, Bench


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    bench = Bench()
    bench.create(ONE)
    return bench


def told(bench: Bench) -> list[Any]:
    heard: list[Any] = []
    bench.workspace.needs.session_told.connect(lambda instance, session: heard.append((instance, session)))
    return heard


def test_a_conversation_is_told_without_a_word_for_the_person(bench: Bench) -> None:
    heard = told(bench)
    posted: list[Any] = []
    bench.workspace.notice_posted.connect(lambda *notice: posted.append(notice))
    call = Notify(id=ONE, tool="claude", session="abc-1", transcript="/t.jsonl")
    assert bench.call(call) == [Done()]
    assert heard == [(ONE, ToolSession("claude", "abc-1", "/t.jsonl"))]
    assert posted == []
    assert bench.workspace.view(ONE).attention.state is AttentionState.NONE


def test_state_and_conversation_go_together(bench: Bench) -> None:
    heard = told(bench)
    bench.call(Notify(id=ONE, state=NotifyState.WORKING, tool="codex", session="abc-2"))
    assert heard == [(ONE, ToolSession("codex", "abc-2", ""))]


@pytest.mark.parametrize(
    "call",
    [
        Notify(id=ONE, session="--yes", tool="claude"),
        Notify(id=ONE, session="abc"),
        Notify(id=ONE, tool="claude"),
        Notify(id=ONE, transcript="/t.jsonl"),
        Notify(id="nobody", session="abc", tool="claude"),
    ],
)
def test_what_names_no_conversation_is_refused(bench: Bench, call: Notify) -> None:
    heard = told(bench)
    (error,) = bench.call(call)
    assert isinstance(error, ApiError)
    assert heard == []
