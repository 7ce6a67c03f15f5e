"""Commands that end something in, with their answers from sessions and persons; what is ended and said out."""

import pytest

from podium.core.commands import CommandId
from podium.core.instances import Kind
from podium.ui.dialogs.confirm_dialog import ConfirmDialog
from podium.workspace.views import InstanceState
from podium.workspace.workspace import WorkspaceError
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.keys import texts
from tests.ui.windows import MakeWindow, opened

ENDING = {
    CommandId.CLOSE: "close",
    CommandId.STOP: "stop",
    CommandId.STOP_NOW: "stop_now",
    CommandId.RESTART: "restart",
}


@pytest.mark.parametrize("command", ENDING)
def test_each_command_does_what_it_says_once_it_is_confirmed(
    make_window: MakeWindow, workspace: FakeWorkspace, command: CommandId
) -> None:
    id = workspace.add("a", kind=Kind.MISSION, state=InstanceState.RUNNING)
    window = make_window()
    window._commands.run(command)
    opened(window, ConfirmDialog).cancel.click()
    assert (window.sheets, workspace.calls) == ([], [])
    window._commands.run(command)
    opened(window, ConfirmDialog).confirm.click()
    assert (window.sheets, workspace.calls) == ([], [(ENDING[command], id)])


@pytest.mark.parametrize("command", [CommandId.STOP, CommandId.RESTART])
def test_where_nothing_runs_it_is_done_at_once_and_as_often_as_it_is_wanted(
    make_window: MakeWindow, workspace: FakeWorkspace, command: CommandId
) -> None:
    id = workspace.add("a", state=InstanceState.RUNNING)
    workspace.jobs[id] = ""
    window = make_window()
    for _ in range(2):
        window._commands.run(command)
    assert (window.sheets, workspace.calls) == ([], [(ENDING[command], id)] * 2)


def test_a_refusal_after_the_question_is_said(
    make_window: MakeWindow, workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: object, _instance: str) -> None:
        raise WorkspaceError("It is being restarted.")

    monkeypatch.setattr(FakeWorkspace, "stop", refuse)
    workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    for _ in range(2):
        window._commands.run(CommandId.STOP)
        opened(window, ConfirmDialog).confirm.click()
    assert window.toasts.texts() == ("It is being restarted.",) * 2


def test_a_session_that_cannot_be_asked_is_asked_again_the_next_time(
    make_window: MakeWindow, workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_instances: object, _receive: object) -> None:
        raise WorkspaceError("It cannot be asked.")

    workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    with monkeypatch.context() as patched:
        patched.setattr(workspace, "find_at_work", refuse)
        for _ in range(2):
            window._commands.run(CommandId.STOP)
    assert window.toasts.texts() == ("It cannot be asked.",) * 2
    window._commands.run(CommandId.STOP)
    assert opened(window, ConfirmDialog).windowTitle() == "Stop a?"


def test_the_wording_says_what_is_known_of_a_job(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    for job, said in (("vim", "vim is running in it."), (None, "It did not answer")):
        workspace.jobs[id] = job
        window._commands.run(CommandId.CLOSE)
        sheet = opened(window, ConfirmDialog)
        assert said in texts(sheet)
        sheet.cancel.click()


# Quitting


def test_answers_that_come_after_quitting_open_nothing(
    make_window: MakeWindow, workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    quits, receivers = [], []
    workspace.add("a", state=InstanceState.RUNNING)
    answer = workspace.find_at_work
    monkeypatch.setattr(workspace, "find_at_work", lambda _ids, receive: receivers.append(receive))
    window = make_window(on_quit=lambda: quits.append(1))
    assert not window.close()
    window.quit_unasked()
    answer(workspace.ids(), receivers[0])
    receivers[0](())
    assert (window.sheets, quits) == ([], [1])


def test_a_window_stays_while_programs_end(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    quits = []
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window(on_quit=lambda: quits.append(1), ask_on_close=False)
    assert not window.close()
    assert (quits, window.isVisible()) == ([1], True)
    workspace.set(id, state=InstanceState.EXITED)
    assert window.close()
    assert quits == [1]


def test_who_cancels_is_asked_again_the_next_time(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    quits = []
    workspace.add("a", state=InstanceState.RUNNING)
    window = make_window(on_quit=lambda: quits.append(1))
    for _ in range(2):
        assert not window.close()
        opened(window, ConfirmDialog).cancel.click()
    assert (window.sheets, quits) == ([], [])
    assert not window.close()
    opened(window, ConfirmDialog).confirm.click()
    assert quits == [1]
