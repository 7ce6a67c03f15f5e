"""Keys in, what a form or a button of the window does out: Enter and Space press what has the focus."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from podium.core.commands import CommandId
from podium.core.instances import Kind
from podium.ui.dialogs.agents import agent_fields
from podium.ui.dialogs.confirm_dialog import RenameDialog
from podium.ui.dialogs.new_instance_dialog import NewInstanceDialog
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.keys import press
from tests.ui.tools import tools
from tests.ui.windows import MakeWindow, opened, pane_of

pytestmark = pytest.mark.fault("G1")


@pytest.fixture(autouse=True)
def _tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agent_fields, "find_tools", tools("claude"))


# Forms


def test_enter_in_a_form_does_what_it_is_for_and_on_a_button_what_that_says(
    qtbot: QtBot,
    make_window: MakeWindow,
    workspace: FakeWorkspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workspace.add("a", folder=str(tmp_path))
    window = make_window()
    window._commands.run(CommandId.NEW_SHELL)
    form = opened(window, NewInstanceDialog)
    form.cancel.setFocus()
    press(window, Qt.Key.Key_Return)
    qtbot.wait(50)
    assert (window.sheets, workspace.ids()) == ([], ("a",))
    chosen = []
    monkeypatch.setattr(QFileDialog, "open", lambda _self: chosen.append(1))
    window._commands.run(CommandId.NEW_SHELL)
    form = opened(window, NewInstanceDialog)
    choose = next(
        button
        for button in form.findChildren(type(form.cancel))
        if button.accessibleName() == "Choose folder"
    )
    choose.setFocus()
    press(window, Qt.Key.Key_Enter)
    assert (chosen, window.sheets) == ([1], [form])
    form.more.toggle.setFocus()
    press(window, Qt.Key.Key_Return)
    assert form.more.memory.isVisible()
    assert form.more.stop.hasFocus()
    press(window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: workspace.ids() == ("a", "shell"))


def test_enter_on_a_card_that_is_chosen_does_what_the_form_is_for(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace, tmp_path: Path
) -> None:
    workspace.add("a", folder=str(tmp_path))
    window = make_window()
    window._commands.run(CommandId.NEW_SHELL)
    form = opened(window, NewInstanceDialog)
    form.kinds[Kind.SHELL].setFocus()
    press(window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: workspace.ids() == ("a", "shell"))


@pytest.mark.parametrize("kind", [CommandId.NEW_MISSION, CommandId.NEW_SHELL])
def test_tab_goes_to_the_cards_that_are_chosen_and_the_arrows_to_the_others(
    make_window: MakeWindow, workspace: FakeWorkspace, tmp_path: Path, kind: CommandId
) -> None:
    workspace.add("a", folder=str(tmp_path))
    window = make_window()
    window._commands.run(kind)
    form = opened(window, NewInstanceDialog)
    cards = (*form.kinds.values(), *form.swatches.values())
    reached = []
    for _ in range(12):
        press(window, Qt.Key.Key_Tab)
        reached += [card for card in cards if card is form.focusWidget() and card not in reached]
    assert {card.text() for card in reached} == {
        form.kinds[form.kind].text(),
        form.swatches[form.theme].text(),
    }
    form.swatches[form.theme].setFocus()
    press(window, Qt.Key.Key_Right)
    assert form.swatches[form.theme].hasFocus()
    assert form.swatches[form.theme] not in reached


def test_a_second_enter_while_the_folder_is_looked_at_does_not_close_the_form(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace, tmp_path: Path
) -> None:
    workspace.add("a", folder=str(tmp_path))
    window = make_window()
    window._commands.run(CommandId.NEW_SHELL)
    form = opened(window, NewInstanceDialog)
    form.create_button.setFocus()
    press(window, Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: workspace.ids() == ("a", "shell"))


def test_enter_renames_unless_cancel_has_the_focus(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a")
    window = make_window()
    window._commands.run(CommandId.RENAME)
    opened(window, RenameDialog).name.edit.setText("b")
    press(window, Qt.Key.Key_Tab, Qt.Key.Key_Return)
    assert (window.sheets, workspace.view(id).spec.name) == ([], "a")
    window._commands.run(CommandId.RENAME)
    opened(window, RenameDialog).name.edit.setText("b")
    press(window, Qt.Key.Key_Return)
    assert workspace.view(id).spec.name == "b"


# Buttons of the window


def test_a_space_after_a_button_of_the_window_goes_to_the_terminal(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a", state=InstanceState.DONE, left_behind=("tmux (412)",))
    window = make_window()
    pane = pane_of(window, id)
    end = next(button for button in pane.notice._buttons if button.text() == "End")
    QTest.mouseClick(end, Qt.MouseButton.LeftButton)
    assert workspace.called() == ["end_left_behind"]
    assert pane.terminal.hasFocus()
    end.setFocus()
    press(window, Qt.Key.Key_Space)
    workspace.set(id, left_behind=())
    assert pane.terminal.hasFocus()
    press(window, Qt.Key.Key_Space)
    assert workspace.called() == ["end_left_behind"] * 2


def test_when_a_focused_button_of_a_bar_goes_the_terminal_has_the_keyboard(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a", state=InstanceState.RESTARTING)
    window = make_window()
    pane = pane_of(window, id)
    workspace.set(id, state=InstanceState.RUNNING)
    stop = next(button for button in pane.bar._buttons if button.text() == "Stop")
    stop.setFocus()
    workspace.set(id, state=InstanceState.STOPPING)
    assert pane.terminal.hasFocus()


def test_when_a_focused_toast_goes_the_terminal_has_the_keyboard(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a")
    window = make_window()
    workspace.leftovers_found.emit("b", "tmux (412)")
    workspace.leftovers_found.emit("c", "screen (413)")
    first = window.toasts._shown[0]
    assert first._action is not None
    first._action.setFocus()
    press(window, Qt.Key.Key_Space)
    assert pane_of(window, id).terminal.hasFocus()
    press(window, Qt.Key.Key_Space)
    assert workspace.called() == ["end_left_behind"]
