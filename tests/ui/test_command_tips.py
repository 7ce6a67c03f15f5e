"""Tooltips of buttons that carry out a command: with the key that does the same."""

from podium.core.commands import CommandId, command
from podium.core.instances import Kind
from podium.ui.pages.page import PageId
from podium.ui.widgets.buttons import Button
from podium.ui.widgets.command_tip import command_tip
from podium.workspace.arrangement import Layout
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import MakeWindow, pane_of


def test_a_tip_is_the_title_with_the_first_key() -> None:
    assert command_tip(CommandId.NEW_SHELL) == f"New shell  {command(CommandId.NEW_SHELL).keys[0]}"
    assert command_tip(CommandId.RESTART, "Restart now") == "Restart now  Ctrl+Shift+R"
    assert command_tip(CommandId.STOP) == "Stop", "without a key"
    assert command_tip(CommandId.SWITCH) == "Switch to instance"


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
    assert rail.pages[PageId.TERMINALS].toolTip() == command_tip(CommandId.SHOW_TERMINALS)
    assert tabs.sidebar_button.toolTip() == "Sidebar  Ctrl+Shift+B"
    assert tabs.page_button.toolTip() == "Next four  Ctrl+Shift+Right"
    assert tabs.toggle_button.toolTip() == "Tabs or grid  Ctrl+Shift+G"
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
