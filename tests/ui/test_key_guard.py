"""Times in, when a question takes its first key out. The times are so long that no machine is too slow for them."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from podium.core.commands import CommandId
from podium.ui.dialogs import key_guard
from podium.ui.dialogs.confirm_dialog import ConfirmDialog
from podium.ui.main_window import MainWindow
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import MakeWindow, opened

pytestmark = pytest.mark.fault("G1")

SHOWN, PAUSE = 100_000, 500_000


@pytest.fixture
def window(make_window: MakeWindow, workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    monkeypatch.setattr(key_guard, "SHOWN_MS", SHOWN)
    monkeypatch.setattr(key_guard, "PAUSE_MS", PAUSE)
    workspace.add("a", state=InstanceState.RUNNING)
    return make_window()


def ask(window: MainWindow, qtbot: QtBot) -> ConfirmDialog:
    """A question that is on the screen."""
    window._commands.run(CommandId.CLOSE)
    sheet = opened(window, ConfirmDialog)
    qtbot.waitUntil(lambda: sheet._guard._timer.isActive())
    return sheet


def test_it_takes_no_key_until_it_was_in_sight_for_a_while(window: MainWindow, qtbot: QtBot) -> None:
    sheet = ask(window, qtbot)
    assert SHOWN / 2 < sheet._guard._timer.remainingTime() < 2 * SHOWN
    assert sheet.guarded


def test_painting_it_again_does_not_put_the_moment_off(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = ask(window, qtbot)
    monkeypatch.setattr(key_guard, "SHOWN_MS", 9 * SHOWN)
    sheet.repaint()
    assert sheet._guard._timer.remainingTime() < 2 * SHOWN


def test_typing_on_puts_the_moment_off(window: MainWindow, qtbot: QtBot) -> None:
    sheet = ask(window, qtbot)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_L)
    assert sheet._guard._timer.remainingTime() > 2 * SHOWN


def test_keys_that_are_on_their_way_when_the_time_is_over_come_too_early(
    window: MainWindow, workspace: FakeWorkspace, qtbot: QtBot
) -> None:
    sheet = ask(window, qtbot)
    sheet._guard._timer.stop()
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
        QApplication.postEvent(sheet.confirm, event)
    sheet._guard._on_timeout()
    QApplication.processEvents()
    assert (window.sheets, workspace.called()) == ([sheet], [])
    assert sheet.guarded


def test_it_takes_keys_when_the_time_is_over_and_none_is_on_its_way(
    window: MainWindow, workspace: FakeWorkspace, qtbot: QtBot
) -> None:
    sheet = ask(window, qtbot)
    sheet._guard._timer.stop()
    sheet._guard._on_timeout()
    qtbot.waitUntil(lambda: not sheet.guarded)
    QTest.keyClick(sheet.confirm, Qt.Key.Key_Return)
    assert workspace.called() == ["close"]


def test_a_question_that_is_closed_lets_the_keys_of_its_window_through(
    window: MainWindow, workspace: FakeWorkspace, qtbot: QtBot
) -> None:
    sheet = ask(window, qtbot)
    sheet.cancel.click()
    assert not sheet.guarded
    workspace.sent.clear()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_L)
    assert workspace.sent, "the terminal has the keyboard again"


def test_other_windows_take_keys_meanwhile(window: MainWindow, qtbot: QtBot) -> None:
    sheet = ask(window, qtbot)
    other = QLineEdit()
    qtbot.addWidget(other)
    QTest.keyClicks(other, "typed")
    assert (other.text(), sheet.guarded) == ("typed", True)


def test_a_key_that_comes_as_the_time_is_over_puts_the_moment_off(window: MainWindow, qtbot: QtBot) -> None:
    sheet = ask(window, qtbot)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_L)
    sheet._guard._on_time_over()
    assert sheet.guarded
