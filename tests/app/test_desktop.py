"""What a person does on the desktop in, what the window and the sessions are told out."""

import os
from collections.abc import Iterator
from typing import Any, cast

import msgspec
import pytest

from podium.app.startup.desktop import Desktop
from podium.core.config.notify_settings import Notify
from podium.core.ids import InstanceId
from podium.core.protocol.attention import Allow, AnsweredReport, AnswerQuestion, Deny
from podium.core.protocol.reports import ErrorReport
from podium.notifications.desktop.service import DesktopNotice
from podium.notifications.notice import Notice
from podium.ui.main_window import MainWindow
from podium.workspace.views import InstanceState
from tests.notifications.notices import PERMISSION, alert
from tests.ui.fake_workspace import FakeWorkspace

TOKEN = "XDG_ACTIVATION_TOKEN"


class FakeInbox:
    def __init__(self, done: list[str]) -> None:
        self._done = done

    def open(self) -> None:
        self._done.append("inbox")

    def close(self) -> None:
        """It lies over panes."""
        self._done.append("no inbox")


class FakeWindow:
    """What the desktop asks of the window."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.asks = False
        self.inbox = FakeInbox(self.done)

    def come_forward(self) -> None:
        self.done.append(f"forward {os.environ.get(TOKEN, '')}".strip())

    def has_sheets(self) -> bool:
        return self.asks

    def focus_content(self) -> None:
        self.done.append("focus")

    def quit(self) -> None:
        self.done.append("quit")


class Bench:
    def __init__(self) -> None:
        self.workspace = FakeWorkspace()
        self.window = FakeWindow()
        self.log: list[str] = []
        self.desktop = Desktop(
            self.workspace.as_workspace,
            lambda _instance: cast(MainWindow, self.window),
            self.log.append,
            lambda receive, value: receive(value),
        )
        self.shown: list[DesktopNotice] = []
        self.withdrawn: list[int] = []
        self.desktop.sink._service = cast(Any, self)
        for name in ("a", "b"):
            self.workspace.backend.run(self.workspace.add(name))
        self.workspace.arrangement.select(InstanceId("a"))

    def show(self, notice: DesktopNotice) -> None:
        self.shown.append(notice)

    def withdraw(self, number: int) -> None:
        self.withdrawn.append(number)

    def close(self) -> None:
        pass

    def answers(self) -> list[AnswerQuestion]:
        sent = self.workspace.backend.sent
        return [one for to, one in sent if to == "a" and isinstance(one, AnswerQuestion)]

    def tell(self) -> Notice:
        asked = alert(asked=PERMISSION)
        return Notice(asked, "a", "a waits for you", "Run this? make", answerable=True)


@pytest.fixture
def bench(qapp: object) -> Iterator[Bench]:
    made = Bench()
    yield made
    made.desktop.close()


def test_a_click_brings_the_window_forward_on_that_pane(bench: Bench) -> None:
    bench.desktop.sink.show_requested.emit("b", "token-7")
    assert bench.workspace.arrangement.current == "b"
    assert bench.window.done == ["no inbox", "forward token-7", "focus"]
    assert TOKEN not in os.environ  # A program that is started later must not inherit it.


def test_a_click_while_a_dialog_asks_leaves_it_the_keyboard(bench: Bench) -> None:
    bench.window.asks = True
    bench.desktop.sink.show_requested.emit("b", "")
    assert bench.window.done == ["no inbox", "forward"]


def test_a_click_for_what_has_been_closed_still_shows_the_window(bench: Bench) -> None:
    bench.desktop.sink.show_requested.emit("gone", "")
    assert bench.workspace.arrangement.current == "a"
    assert bench.window.done == ["no inbox", "forward", "focus"]


def test_the_tray_leads_back_and_quits_with_the_window_in_sight(bench: Bench) -> None:
    tray = bench.desktop.tray
    tray.show_requested.emit("b")
    tray.window_requested.emit()
    tray.quit_requested.emit()
    assert bench.workspace.arrangement.current == "b"
    assert bench.window.done == ["no inbox", "forward", "focus", "forward", "forward", "quit"]


@pytest.mark.parametrize("asks", [True, False])
def test_the_inbox_opens_from_the_tray_unless_a_dialog_asks(bench: Bench, asks: bool) -> None:
    bench.window.asks = asks
    bench.desktop.tray.inbox_requested.emit()
    assert bench.window.done == (["forward"] if asks else ["forward", "inbox"])


@pytest.mark.parametrize("allow", [True, False])
def test_an_answer_goes_to_the_session_with_the_question_that_was_shown(bench: Bench, allow: bool) -> None:
    notice = bench.tell()
    bench.desktop.show(notice)
    bench.desktop.sink.answer_requested.emit(notice.alert, allow)
    (sent,) = bench.answers()
    assert sent == AnswerQuestion(sent.request, PERMISSION, Allow() if allow else Deny())
    bench.workspace.hub.session_reported(InstanceId("a"), AnsweredReport(sent.request))
    assert len(bench.shown) == 1


def test_an_answer_that_does_not_take_is_told_on_the_desktop(bench: Bench) -> None:
    notice = bench.tell()
    bench.desktop.show(notice)
    bench.desktop.sink.answer_requested.emit(notice.alert, True)
    (sent,) = bench.answers()
    bench.workspace.hub.session_reported(
        InstanceId("a"), ErrorReport("It asks something else.", sent.request)
    )
    told = bench.shown[-1]
    assert (told.title, told.body, told.answerable) == (
        "a was not answered",
        "It asks something else.",
        False,
    )


@pytest.mark.parametrize("wanted", [True, False])
def test_there_is_a_sound_where_the_settings_say_so(bench: Bench, wanted: bool) -> None:
    heard: list[int] = []
    bench.desktop.sound.tell = lambda notice: heard.append(notice.alert.number)  # type: ignore[method-assign]
    bench.desktop.begin(msgspec.structs.replace(Notify(), sound=wanted, tray=False))
    bench.desktop.show(bench.tell())
    assert heard == ([1] if wanted else [])
    assert len(bench.shown) == 1
    bench.desktop.withdraw(1)
    assert bench.withdrawn == [1]


def test_without_a_tray_there_is_no_icon(bench: Bench) -> None:
    bench.desktop.begin(Notify())
    bench.desktop._look_for_tray()
    bench.workspace.set(InstanceId("a"), state=InstanceState.WAITING)
    assert bench.desktop.tray.icon is None
