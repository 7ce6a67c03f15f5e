"""Keys in, what is ended out: Enter and Space press what has the focus, and nobody answers what nobody has read."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from podium.core.commands import CommandId
from podium.core.instances import Kind
from podium.core.protocol.requests import KeyInput, Paste
from podium.ui.dialogs.agents import agent_fields
from podium.ui.dialogs.confirm_dialog import ConfirmDialog, PasteDialog
from podium.ui.dialogs.new_instance_dialog import NewInstanceDialog
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.keys import ENTER, hold, press, read, texts
from tests.ui.tools import tools
from tests.ui.windows import MakeWindow, opened, terminal_of

pytestmark = pytest.mark.fault("G1")

ENDING = {
    CommandId.CLOSE: "close",
    CommandId.STOP: "stop",
    CommandId.RESTART: "restart",
}


@pytest.fixture(autouse=True)
def _tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agent_fields, "find_tools", tools("claude"))


@pytest.mark.parametrize("key", ENTER)
@pytest.mark.parametrize("command", ENDING)
def test_enter_on_cancel_ends_nothing_and_on_the_action_it_does(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace, command: CommandId, key: Qt.Key
) -> None:
    workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    window._commands.run(command)
    sheet = read(qtbot, window)
    assert sheet.cancel.hasFocus()
    press(window, key)
    assert (window.sheets, workspace.called()) == ([], [])
    window._commands.run(command)
    sheet = read(qtbot, window)
    press(window, Qt.Key.Key_Tab)
    assert sheet.confirm.hasFocus()
    press(window, key)
    assert workspace.called() == [ENDING[command]]


@pytest.mark.parametrize("key", ENTER)
def test_enter_on_cancel_does_not_quit(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace, key: Qt.Key
) -> None:
    quits = []
    workspace.add("a", state=InstanceState.RUNNING)
    window = make_window(on_quit=lambda: quits.append(1))
    press(
        window,
        Qt.Key.Key_Q,
        modifiers=Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    read(qtbot, window)
    press(window, key)
    assert (quits, window.sheets) == ([], [])


@pytest.mark.parametrize("key", ENTER)
def test_enter_on_cancel_does_not_paste(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace, key: Qt.Key
) -> None:
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    terminal_of(window, id).paste_requested.emit("make\nmake install\n")
    sheet = read(qtbot, window)
    assert sheet.cancel.hasFocus()
    press(window, key)
    assert not window.sheets
    assert not any(isinstance(request, Paste) for _, request in workspace.sent)


def test_enter_in_the_text_of_a_question_answers_nothing(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    terminal_of(window, id).paste_requested.emit("make\nmake install\n")
    sheet = read(qtbot, window)
    assert isinstance(sheet, PasteDialog)
    sheet.preview.setFocus()
    press(window, Qt.Key.Key_Return, Qt.Key.Key_Enter)
    assert window.sheets == [sheet]
    assert not any(isinstance(request, Paste) for _, request in workspace.sent)


def test_no_key_reaches_a_question_that_has_just_appeared(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    window._commands.run(CommandId.CLOSE)
    sheet = opened(window, ConfirmDialog)
    typed = (Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Escape, Qt.Key.Key_Y)
    press(window, *typed)
    for widget in (sheet, sheet.confirm, sheet.cancel):
        for key in typed:
            QTest.keyClick(widget, key)
    assert (window.sheets, workspace.called()) == ([sheet], [])
    assert sheet.cancel.hasFocus()
    qtbot.waitUntil(lambda: not sheet.guarded)
    press(window, Qt.Key.Key_Escape)
    assert (window.sheets, workspace.called()) == ([], [])


def test_a_pointer_may_answer_at_once(
    make_window: MakeWindow, workspace: FakeWorkspace, qtbot: QtBot
) -> None:
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    window._commands.run(CommandId.CLOSE)
    sheet = opened(window, ConfirmDialog)
    QTest.mouseClick(sheet.confirm, Qt.MouseButton.LeftButton)
    assert workspace.calls == [("close", id)]


def test_a_key_held_since_before_answers_nothing(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace, tmp_path: Path
) -> None:
    workspace.add("a", state=InstanceState.RUNNING, folder=str(tmp_path))
    window = make_window()
    window._commands.run(CommandId.CLOSE)
    sheet = read(qtbot, window)
    for key in (*ENTER, Qt.Key.Key_Escape):
        hold(window, key)
    assert window.sheets == [sheet]
    press(window, Qt.Key.Key_Escape)
    window._commands.run(CommandId.NEW_SHELL)
    form = opened(window, NewInstanceDialog)
    hold(window, Qt.Key.Key_Return)
    qtbot.wait(50)
    assert window.sheets == [form]
    assert workspace.ids() == ("a",)


def test_a_space_pressed_before_and_let_go_after_presses_nothing(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    window._commands.run(CommandId.CLOSE)
    sheet = read(qtbot, window)
    QTest.keyRelease(window.windowHandle(), Qt.Key.Key_Space)
    assert window.sheets == [sheet]


def test_the_key_that_opened_a_question_does_not_answer_it(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    control_shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    for _ in range(3):
        press(window, Qt.Key.Key_W, modifiers=control_shift)
    sheet = read(qtbot, window)
    press(window, Qt.Key.Key_W, modifiers=control_shift)
    assert (window.sheets, workspace.called()) == ([sheet], [])


@pytest.mark.parametrize("key", ENTER)
def test_a_key_held_on_after_a_question_does_not_reach_the_terminal(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace, key: Qt.Key
) -> None:
    workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    window._commands.run(CommandId.CLOSE)
    read(qtbot, window)
    press(window, key)
    assert not window.sheets
    hold(window, key)
    assert not [request for _, request in workspace.sent if isinstance(request, KeyInput)]
    press(window, Qt.Key.Key_A)
    assert [request.key for _, request in workspace.sent if isinstance(request, KeyInput)] == ["A"]


# What a question says


def test_a_question_names_what_would_end(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    shell = workspace.add("sh", state=InstanceState.RUNNING)
    workspace.jobs[shell] = "vim notes.txt"
    mission = workspace.add(
        "fix", kind=Kind.MISSION, state=InstanceState.RUNNING, round=2, max_rounds=5, agents_running=3
    )
    hung = workspace.add("hung", state=InstanceState.RUNNING)
    workspace.jobs[hung] = None
    window = make_window()
    for id, command, words in (
        (shell, CommandId.STOP, ("Stop sh?", "vim notes.txt is running in it")),
        (shell, CommandId.RESTART, ("Restart sh?", "vim notes.txt")),
        (mission, CommandId.STOP_NOW, ("Stop fix?", "The mission is at work", "its agents")),
        (hung, CommandId.CLOSE, ("Close hung?", "something may still be running")),
    ):
        window._commands.run(command, id)
        rows = " ".join(row.accessibleName() for row in opened(window, ConfirmDialog).findChildren(QWidget))
        assert "Round 2/5, 3 agents" in rows or id != mission
        for text in words:
            assert text in texts(opened(window, ConfirmDialog)), (text, texts(opened(window, ConfirmDialog)))
        opened(window, ConfirmDialog).cancel.click()
    window.close()
    assert "3 instances are at work" in texts(opened(window, ConfirmDialog))
    assert {"Missions", "Shells"} <= {
        label.text() for label in opened(window, ConfirmDialog).findChildren(QLabel)
    }
    assert workspace.called() == []


@pytest.mark.fault("G2")
@pytest.mark.parametrize("command", ENDING)
def test_a_shell_at_its_prompt_ends_without_a_question(
    make_window: MakeWindow, workspace: FakeWorkspace, command: CommandId
) -> None:
    id = workspace.add("a", state=InstanceState.RUNNING)
    workspace.jobs[id] = ""
    window = make_window()
    window._commands.run(command)
    assert (window.sheets, workspace.called()) == ([], [ENDING[command]])


@pytest.mark.fault("G2")
def test_quitting_with_prompts_alone_asks_nothing(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    quits = []
    for name in ("a", "b"):
        workspace.jobs[workspace.add(name, state=InstanceState.RUNNING)] = ""
    window = make_window(on_quit=lambda: quits.append(1))
    assert not window.close(), "its programs are still there"
    assert (quits, window.sheets) == ([1], [])


@pytest.mark.fault("G2")
def test_what_has_not_started_or_is_ending_anyway_is_not_asked_about(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    window = make_window()
    for state, command in (
        (InstanceState.STARTING, CommandId.STOP),
        (InstanceState.RESTARTING, CommandId.STOP),
        (InstanceState.RESTARTING, CommandId.RESTART),
        (InstanceState.STOPPING, CommandId.CLOSE),
        (InstanceState.FAILED, CommandId.RESTART),
    ):
        id = workspace.add("a", state=state)
        window._commands.run(command, id)
        assert window.sheets == []
        assert workspace.calls.pop() == (ENDING[command], id)


@pytest.mark.fault("G2")
def test_while_a_session_is_asked_the_same_is_not_asked_again(
    make_window: MakeWindow, workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    answer = workspace.find_at_work
    monkeypatch.setattr(workspace, "find_at_work", lambda ids, receive: asked.append((ids, receive)))
    for command in (CommandId.CLOSE, CommandId.CLOSE, CommandId.RESTART):
        window._commands.run(command)
    window.close()
    window.close()
    assert [ids for ids, _ in asked] == [(id,), [id]]
    for ids, receive in asked:
        answer(ids, receive)
    assert [sheet.windowTitle() for sheet in window.sheets] == ["Close a?", "Quit Podium?"]
    assert workspace.called() == []


@pytest.mark.fault("G2")
def test_an_instance_that_goes_while_it_is_asked_about_does_no_harm(
    make_window: MakeWindow, workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    receivers = []
    monkeypatch.setattr(workspace, "find_at_work", lambda _ids, receive: receivers.append(receive))
    window._commands.run(CommandId.RESTART)
    workspace.close(id)
    receivers[0](())
    assert (window.sheets, window.toasts.texts(), workspace.called()) == ([], (), ["close"])


@pytest.mark.fault("G2")
@pytest.mark.parametrize("command", ENDING)
def test_a_question_about_an_instance_that_somebody_else_removes_goes(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace, command: CommandId
) -> None:
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    window._commands.run(command)
    assert window.sheets
    workspace.close(id)
    assert (window.sheets, workspace.called()) == ([], ["close"])
    workspace.add("a", state=InstanceState.RUNNING)
    window._commands.run(command)
    read(qtbot, window)


@pytest.mark.fault("G2")
def test_a_program_that_stops_an_instance_is_not_asked(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    for command in (CommandId.STOP, CommandId.RESTART):
        window.run(command, id)
    assert (window.sheets, workspace.called()) == ([], ["stop", "restart"])


@pytest.mark.fault("G2")
def test_a_question_that_goes_leaves_the_one_above_it_as_it_is(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a", state=InstanceState.RUNNING)
    workspace.add("b", state=InstanceState.RUNNING)
    window = make_window()
    window._commands.run(CommandId.CLOSE, id)
    window.close()
    _, above = window.sheets
    assert isinstance(above, ConfirmDialog)
    qtbot.waitUntil(lambda: not above.guarded)
    press(window, Qt.Key.Key_Tab)
    workspace.close(id)
    assert window.sheets == [above]
    assert above.confirm.hasFocus()
    assert not above.guarded
