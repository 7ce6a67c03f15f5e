"""Tooltips of buttons that carry out a command: with the key that does the same."""

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication

from podium.core.commands import CommandId, command
from podium.core.instances import Kind
from podium.core.shortcuts.keys import parse_chord
from podium.ui.keys_in_use import KeysInUse
from podium.ui.pages.page import PageId
from podium.ui.widgets.buttons import Button
from podium.workspace.arrangement import Layout
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import MakeWindow, pane_of


def test_a_tip_is_the_title_with_the_first_key() -> None:
    tip = KeysInUse().tip
    assert tip(CommandId.SHELL_HERE) == f"New shell  {command(CommandId.SHELL_HERE).keys[0]}"
    assert tip(CommandId.RESTART, "Restart now") == "Restart now  Ctrl+Shift+R"
    assert tip(CommandId.STOP) == "Stop", "without a key"
    assert tip(CommandId.SWITCH) == "Switch to instance"


def test_a_tip_tells_the_keys_as_they_are_now(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    workspace.add("a")
    window = make_window()
    window.keys.set_keymap(window.keys.keymap.changed(CommandId.TOGGLE_SIDEBAR, [parse_chord("F9")]))
    button = window.tab_bar.sidebar_button
    event = QHelpEvent(QEvent.Type.ToolTip, QPoint(1, 1), button.mapToGlobal(QPoint(1, 1)))
    QApplication.sendEvent(button, event)
    assert button.toolTip() == "Sidebar  F9"


def test_buttons_around_the_terminals_tell_their_keys(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    for number in range(5):
        workspace.add(f"a{number}", kind=Kind.COMMAND, state=InstanceState.RUNNING)
    window = make_window()
    workspace.arrangement.set_layout(Layout.GRID)
    rail, tabs = window.rail, window.tab_bar
    assert rail.contrast.toolTip() == "Dark or light  Ctrl+Shift+D"
    assert rail.help.toolTip() == "Keyboard shortcuts  Ctrl+Shift+/"
    assert rail.pages[PageId.TERMINALS].toolTip() == "Terminals"
    assert tabs.sidebar_button.toolTip() == "Sidebar  Ctrl+Shift+B"
    assert tabs.page_button.toolTip() == "Next page  Ctrl+Shift+Right"
    assert tabs.toggle_button.toolTip() == "Switch tabs and grid  Ctrl+Shift+G"
    assert tabs.chevron.toolTip() == "Inbox  Ctrl+Shift+A"
    workspace.set(workspace.ids()[4], state=InstanceState.WAITING)
    assert tabs.chip.toolTip() == "Go to the one that waits longest  Ctrl+Shift+J"
    tips = {button.toolTip() for button in pane_of(window, "a0").findChildren(Button)}
    assert {"Zoom pane  Ctrl+Shift+X", "Restart  Ctrl+Shift+R"} <= tips


def test_buttons_of_a_notice_tell_their_keys(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    workspace.add("a", kind=Kind.COMMAND, state=InstanceState.RESTARTING, seconds=1.0)
    window = make_window()
    tips = {button.toolTip() for button in pane_of(window, "a").findChildren(Button) if button.isVisible()}
    assert "Restart now  Ctrl+Shift+R" in tips
