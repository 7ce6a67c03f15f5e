"""A program says something, and a person is told of it once, or left alone."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from podium.attention.signals import Attention, AttentionState, Source
from podium.core.ids import InstanceId
from podium.core.instances import AlertLevel
from podium.core.protocol.reports import NoticeReport
from podium.ui.main_window import MainWindow
from podium.ui.widgets.toast import MOST
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import MakeWindow

SAID = NoticeReport("", "All tests pass.")


@pytest.fixture
def say(make_window: MakeWindow, workspace: FakeWorkspace, qtbot: QtBot) -> Callable[..., list[str]]:
    """A program of ``hidden`` says something; returns what the window shows once another notice is there."""
    workspace.add("current")
    workspace.add("hidden")
    workspace.add("other")
    window: MainWindow = make_window()

    def post() -> list[str]:
        workspace.notice_posted.emit("hidden", SAID)
        workspace.notice_posted.emit("other", NoticeReport("", "After it."))
        qtbot.waitUntil(lambda: not workspace_posts(window))
        return [text for text in window.toasts.texts() if "After" not in text]

    return post


def workspace_posts(window: MainWindow) -> bool:
    """Whether notices wait to be shown."""
    return window._messages.notices.waits


def test_what_a_hidden_program_says_is_shown(say: Callable[..., list[str]]) -> None:
    assert say() == ["hidden All tests pass."]


@pytest.mark.parametrize("state", [AttentionState.WAITING, AttentionState.DONE, AttentionState.FAILED])
def test_what_is_an_alert_is_not_told_twice(
    say: Callable[..., list[str]], workspace: FakeWorkspace, state: AttentionState
) -> None:
    attention = Attention(state, Source.NOTICE, workspace.now, SAID.body)
    workspace.set(InstanceId("hidden"), state=InstanceState.RUNNING, attention=attention)
    assert say() == []


def test_a_muted_one_is_not_shown(say: Callable[..., list[str]], workspace: FakeWorkspace) -> None:
    workspace.set_alert_level(InstanceId("hidden"), AlertLevel.MUTED)
    assert say() == []


def test_who_is_not_to_be_disturbed_hears_of_what_is_important_alone(
    say: Callable[..., list[str]], workspace: FakeWorkspace
) -> None:
    workspace.alerts.do_not_disturb.turn_on()
    assert say() == []
    workspace.set_alert_level(InstanceId("hidden"), AlertLevel.IMPORTANT)
    assert say() == ["hidden All tests pass."]


def test_failures_of_podium_itself_are_told_all_the_same(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    window = make_window()
    workspace.alerts.do_not_disturb.turn_on()
    workspace.error_reported.emit("a did not get what you sent.")
    assert window.toasts.texts() == ("a did not get what you sent.",)


def test_a_program_that_goes_on_and_on_puts_off_nobody(
    make_window: MakeWindow, workspace: FakeWorkspace, qtbot: QtBot
) -> None:
    workspace.add("current")
    workspace.add("hidden")
    window = make_window()
    talk = QTimer()
    talk.timeout.connect(lambda: workspace.notice_posted.emit("hidden", SAID))
    talk.start(50)
    qtbot.waitUntil(lambda: bool(window.toasts.texts()))
    talk.stop()
    qtbot.waitUntil(lambda: not workspace_posts(window))


def test_a_flood_of_notices_is_bounded_and_a_closed_instance_says_nothing(
    make_window: MakeWindow, workspace: FakeWorkspace, qtbot: QtBot
) -> None:
    workspace.add("current")
    workspace.add("hidden")
    gone = workspace.add("gone")
    window = make_window()
    for number in range(1000):
        workspace.notice_posted.emit("hidden", NoticeReport("", str(number)))
    workspace.notice_posted.emit("gone", SAID)
    workspace.close(gone)
    qtbot.waitUntil(lambda: not workspace_posts(window))
    assert window.toasts.texts() == ("hidden 998", "hidden 999")


def test_a_toast_that_newer_ones_push_out_is_closed(make_window: MakeWindow) -> None:
    toasts = make_window().toasts
    closed = []
    first = toasts.show("first", " ", lasting=True)
    first.closed.connect(lambda: closed.append(1))
    for number in range(MOST):
        toasts.show(f"{number}")
    assert closed == [1]
    first.say("too late")
    first.end()
    assert closed == [1]
