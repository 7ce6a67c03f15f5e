"""Who waits, who is next, and what a person has not looked at yet."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from podium.attention.alerts import AlertKind
from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.core.protocol.reports import BellReport
from podium.ui.attention import Attention, next_waiting
from podium.workspace.arrangement import Layout
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.keys import press
from tests.ui.windows import MakeWindow, terminal_of

WAITING, RUNNING = InstanceState.WAITING, InstanceState.RUNNING


def add(workspace: FakeWorkspace, **waits: float | None) -> None:
    """Instances that wait for so many seconds, or run."""
    for name, seconds in waits.items():
        state = RUNNING if seconds is None else WAITING
        workspace.add(name, state=state, waiting_seconds=seconds)


@pytest.mark.parametrize(
    ("current", "goes"),
    [
        ("a", "cbd"),  # runs: the oldest first
        ("c", "bdc"),  # is the oldest: the one after it
        ("b", "dcb"),
        ("d", "cbd"),  # is the youngest: round
    ],
)
def test_next_waiting_goes_round_from_the_oldest(workspace: FakeWorkspace, current: str, goes: str) -> None:
    add(workspace, a=None, b=50, c=500, d=5, e=None)
    workspace.arrangement.select(InstanceId(current))
    for expected in goes:
        found = next_waiting(workspace.as_workspace)
        assert found == expected
        workspace.arrangement.select(found)


def test_only_the_current_one_waits_or_none(workspace: FakeWorkspace) -> None:
    assert next_waiting(workspace.as_workspace) is None
    add(workspace, a=5, b=None)
    assert next_waiting(workspace.as_workspace) == "a"
    workspace.set(InstanceId("a"), state=RUNNING, waiting_seconds=None)
    assert next_waiting(workspace.as_workspace) is None


@pytest.mark.parametrize("zoomed", [False, True])
def test_the_key_shows_it_from_any_page_and_types_nothing(
    make_window: MakeWindow, workspace: FakeWorkspace, zoomed: bool
) -> None:
    add(workspace, **{f"i{n}": None for n in range(6)}, late=5, oldest=900)
    window = make_window()
    workspace.arrangement.set_layout(Layout.GRID)
    if zoomed:
        workspace.arrangement.toggle_zoom()
    window.sidebar.filter.setFocus()
    del workspace.sent[:]
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    press(window, Qt.Key.Key_J, modifiers=held)
    assert workspace.arrangement.current == "oldest"
    assert "oldest" in workspace.arrangement.visible
    assert QApplication.focusWidget() is terminal_of(window, "oldest")
    assert [request for request in workspace.sent if "Key" in type(request[1]).__name__] == []


def test_nobody_waits_is_said(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    add(workspace, a=None)
    window = make_window()
    window.run(CommandId.NEXT_WAITING, None)
    assert window.toasts.texts() == ("Nobody waits for you.",)
    assert workspace.arrangement.current == "a"


def test_each_change_is_told_once_and_of_its_instance_only(workspace: FakeWorkspace) -> None:
    add(workspace, a=None, b=None, c=None)
    attention = Attention(workspace.as_workspace)
    attention.set_watching(True)
    told: list[str] = []
    waiting: list[int] = []
    attention.changed.connect(told.append)
    attention.waiting_changed.connect(lambda: waiting.append(attention.count))
    b = InstanceId("b")
    workspace.set(b, state=WAITING, waiting_seconds=0)
    for second in range(5):
        workspace.set(b, waiting_seconds=second, cost_usd=second / 10)
    assert (told, waiting) == (["b"], [1])
    assert attention.needs_attention(b)
    workspace.arrangement.select(b)
    assert told == ["b", "b"]
    assert not attention.needs_attention(b)
    assert attention.count == 1
    workspace.close(b)
    assert waiting == [1, 0]


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (InstanceState.DONE, AlertKind.DONE),
        (InstanceState.EXITED, AlertKind.FAILED),
        (InstanceState.FAILED, AlertKind.FAILED),
        (RUNNING, None),
    ],
)
def test_what_has_ended_leaves_a_quiet_mark_until_seen(
    workspace: FakeWorkspace, state: InstanceState, kind: AlertKind | None
) -> None:
    add(workspace, a=None, b=None)
    attention = Attention(workspace.as_workspace)
    attention.set_watching(True)
    b = InstanceId("b")
    workspace.set(b, state=state)
    assert attention.unseen(b) is kind
    assert not attention.needs_attention(b)
    workspace.arrangement.select(b)
    assert attention.unseen(b) is None


def test_a_bell_leaves_a_quiet_mark_and_a_question_takes_its_place(workspace: FakeWorkspace) -> None:
    add(workspace, a=None, b=None)
    attention = Attention(workspace.as_workspace)
    attention.set_watching(True)
    a, b = InstanceId("a"), InstanceId("b")
    for id in (a, b):
        workspace.hub.session_reported(id, BellReport())
    assert (attention.unseen(a), attention.unseen(b)) == (None, AlertKind.BELL)
    workspace.set(b, state=WAITING, waiting_seconds=0)
    assert (attention.unseen(b), attention.needs_attention(b)) == (None, True)
