"""As many instances as there may be: it is said before anything is filled in, and nothing entered is lost."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.ui.dialogs.agents import agent_fields
from podium.ui.dialogs.new_instance_dialog import NewInstanceDialog
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.tools import tools
from tests.ui.windows import MakeWindow, opened

pytestmark = pytest.mark.fault("H7")

NEW = (
    CommandId.SHELL_HERE,
    CommandId.NEW_SHELL,
    CommandId.NEW_COMMAND,
    CommandId.NEW_MISSION,
    CommandId.NEW_AGENT,
)
MOST = 6
"""Instead of 64, whose panes would take a while."""
REASON = f"{MOST} instances are the most; remove one first."


@pytest.fixture(autouse=True)
def _fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("podium.ui.commands.possible.MAX_INSTANCES", MOST)


def fill(workspace: FakeWorkspace, count: int) -> None:
    while len(workspace.ids()) < count:
        workspace.add(f"i{len(workspace.ids())}")


@pytest.mark.parametrize("command", NEW)
def test_a_new_instance_is_not_offered_and_a_key_says_why(
    make_window: MakeWindow, workspace: FakeWorkspace, command: CommandId
) -> None:
    workspace.add("a")
    window = make_window()
    fill(workspace, MOST)
    assert not window.can_run(command, None)
    window._commands.run(command)
    assert window.sheets == []
    assert window.toasts.texts() == (REASON,)
    menu = window._menus.maker().new_menu(lambda _command: None)
    assert [action.isEnabled() for action in menu.actions()] == [False] * len(NEW)
    assert {action.toolTip() for action in menu.actions()} == {REASON}
    assert menu.toolTipsVisible()


def test_one_place_is_enough_for_an_instance_and_not_for_the_demo(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    demos = []
    workspace.add("a")
    window = make_window(on_demo=lambda: demos.append(1))
    fill(workspace, MOST - 3)
    assert all(window.can_run(command, None) for command in NEW)
    window._commands.run(CommandId.WATCH_DEMO)
    assert (demos, window.toasts.texts()) == ([], (REASON,))
    fill(workspace, MOST - 1)
    window._commands.run(CommandId.WATCH_DEMO)
    assert window.toasts.texts()[-1] == f"{MOST} instances are the most; remove 3 first."


def test_a_form_that_comes_too_late_says_so_and_keeps_what_was_entered(
    qtbot: QtBot,
    make_window: MakeWindow,
    workspace: FakeWorkspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(agent_fields, "find_tools", tools())
    workspace.add("a", folder=str(tmp_path))
    window = make_window()
    window._commands.run(CommandId.NEW_SHELL)
    form = opened(window, NewInstanceDialog)
    form.name.edit.setText("mine")
    fill(workspace, MOST)
    form.create_button.click()
    qtbot.waitUntil(lambda: form.refusal.text() == REASON)
    assert (window.sheets, form.name.text, form.kind) == ([form], "mine", Kind.SHELL)
    workspace.close(InstanceId("i5"))
    form.create_button.click()
    qtbot.waitUntil(lambda: "mine" in workspace.ids())
