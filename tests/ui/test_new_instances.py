"""Instances without a dialog: a shell where one works, one like another, all started, and their order."""

import pytest
from pytestqt.qtbot import QtBot

from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.ui.commands.new_instances import _copy_name
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import MakeWindow


def test_a_new_shell_opens_at_once_where_the_current_one_is(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a", folder="/start")
    workspace.folders[id] = "/now"
    window = make_window()
    window._commands.run(CommandId.SHELL_HERE)
    (made,) = [workspace.view(one).spec for one in workspace.ids() if one != id]
    assert (made.kind, made.folder) == (Kind.SHELL, "/now")
    assert workspace.arrangement.current == made.id
    assert window.sheets == []


def test_a_session_that_does_not_answer_keeps_nobody_waiting(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.add("a", folder="/start")
    workspace.folders_answer = False
    window = make_window()
    window._commands.run(CommandId.SHELL_HERE)
    qtbot.waitUntil(lambda: len(workspace.ids()) == 2)
    assert workspace.view(workspace.ids()[1]).spec.folder == "/start"


def test_without_an_instance_it_opens_at_home(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    window = make_window()
    window._commands.run(CommandId.SHELL_HERE)
    (id,) = workspace.ids()
    assert workspace.view(id).spec.kind is Kind.SHELL


@pytest.mark.parametrize(
    ("name", "taken", "copy"),
    [
        ("api", set(), "api 2"),
        ("api", {"api 2"}, "api 3"),
        ("api 2", {"api 2"}, "api 3"),
        ("2", set(), "2 2"),
        ("route 66", set(), "route 67"),
        ("a 999999999", set(), "a 999999999 2"),
    ],
)
def test_a_copy_is_counted_on(name: str, taken: set[str], copy: str) -> None:
    assert _copy_name(name, taken) == copy


def test_a_duplicate_of_a_command_waits_until_it_is_started(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a", kind=Kind.COMMAND, state=InstanceState.RUNNING)
    window = make_window()
    window._commands.run(CommandId.DUPLICATE)
    (made,) = [workspace.view(one) for one in workspace.ids() if one != id]
    assert (made.spec.name, made.spec.kind) == ("a 2", Kind.COMMAND)
    assert ("start", made.id) not in workspace.calls


def test_start_all_starts_what_neither_runs_nor_is_done(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    states = {
        "idle": InstanceState.IDLE,
        "exited": InstanceState.EXITED,
        "running": InstanceState.RUNNING,
        "done": InstanceState.DONE,
    }
    for name, state in states.items():
        workspace.add(name, state=state)
    workspace.add("interrupted", kind=Kind.MISSION, resumable=True)
    window = make_window()
    window._commands.run(CommandId.START_ALL)
    assert workspace.calls == [("start", "idle"), ("start", "exited"), ("resume", "interrupted")]


def test_start_all_says_when_there_is_nothing_to_start(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    window._commands.run(CommandId.START_ALL)
    assert window.toasts.texts() == ("All instances run or are done.",)


def test_instances_are_moved_round_by_keys(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    for name in "abc":
        workspace.add(name)
    window = make_window()
    workspace.arrangement.select(InstanceId("a"))
    for command, order in (
        (CommandId.MOVE_DOWN, "bac"),
        (CommandId.MOVE_DOWN, "bca"),
        (CommandId.MOVE_DOWN, "abc"),
        (CommandId.MOVE_UP, "bca"),
    ):
        window._commands.run(command)
        assert "".join(workspace.arrangement.order) == order
