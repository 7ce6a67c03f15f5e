"""Keys in, what is ended out: Enter and Space press what has the focus, and nobody answers what nobody has read."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from podium.core.commands import CommandId
from podium.core.instances import Kind
from podium.core.protocol.requests import KeyInput, Paste
from podium.ui.dialogs import new_instance_dialog
from podium.ui.dialogs.recovery_dialog import RecoveryDialog, ReportDialog
from podium.workspace.views import InstanceState

pytestmark = pytest.mark.fault("G1")

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
ENDING = {
    CommandId.CLOSE: "close",
    CommandId.STOP: "stop",
    CommandId.RESTART: "restart",
}


@pytest.fixture(autouse=True)
def _tools(monkeypatch):
    monkeypatch.setattr(new_instance_dialog, "find_tools", lambda: ("claude",))


def press(window, *keys, modifiers=Qt.KeyboardModifier.NoModifier):
    """As the system does: to the window, which passes it to whatever has the focus."""
    for key in keys:
        QTest.keyClick(window.windowHandle(), key, modifiers)


def hold(window, key):
    """The repeats of a key that was pressed earlier and is still down."""
    for _ in range(3):
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, "", True)
            QApplication.sendEvent(window.windowHandle(), event)


def texts(sheet):
    return " ".join(label.text() for label in sheet.findChildren(QLabel))


def read(qtbot, window):
    """The open question, once it takes keys."""
    (sheet,) = window._sheets
    qtbot.waitUntil(lambda: not sheet.guarded)
    return sheet


def ended(workspace):
    return [call[0] for call in workspace.calls]


@pytest.mark.parametrize("key", ENTER)
@pytest.mark.parametrize("command", ENDING)
def test_enter_on_cancel_ends_nothing_and_on_the_action_it_does(qtbot, make_window, workspace, command, key):
    workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    window._commands.run(command)
    sheet = read(qtbot, window)
    assert sheet.cancel.hasFocus()
    press(window, key)
    assert (window._sheets, ended(workspace)) == ([], [])
    window._commands.run(command)
    sheet = read(qtbot, window)
    press(window, Qt.Key.Key_Tab)
    assert sheet.confirm.hasFocus()
    press(window, key)
    assert ended(workspace) == [ENDING[command]]


@pytest.mark.parametrize("key", ENTER)
def test_enter_on_cancel_does_not_quit(qtbot, make_window, workspace, key):
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
    assert (quits, window._sheets) == ([], [])


@pytest.mark.parametrize("key", ENTER)
def test_enter_on_cancel_does_not_paste(qtbot, make_window, workspace, key):
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    window.terminal(id).paste_requested.emit("make\nmake install\n")
    sheet = read(qtbot, window)
    assert sheet.cancel.hasFocus()
    press(window, key)
    assert not window._sheets
    assert not any(isinstance(request, Paste) for _, request in workspace.sent)


def test_enter_in_the_text_of_a_question_answers_nothing(qtbot, make_window, workspace):
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    window.terminal(id).paste_requested.emit("make\nmake install\n")
    sheet = read(qtbot, window)
    sheet.preview.setFocus()
    press(window, Qt.Key.Key_Return, Qt.Key.Key_Enter)
    assert window._sheets == [sheet]
    assert not any(isinstance(request, Paste) for _, request in workspace.sent)


def test_no_key_reaches_a_question_that_has_just_appeared(qtbot, make_window, workspace):
    workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    window._commands.run(CommandId.CLOSE)
    (sheet,) = window._sheets
    typed = (Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Escape, Qt.Key.Key_Y)
    press(window, *typed)
    for widget in (sheet, sheet.confirm, sheet.cancel):
        for key in typed:
            qtbot.keyClick(widget, key)
    assert (window._sheets, ended(workspace)) == ([sheet], [])
    assert sheet.cancel.hasFocus()
    qtbot.waitUntil(lambda: not sheet.guarded)
    press(window, Qt.Key.Key_Escape)
    assert (window._sheets, ended(workspace)) == ([], [])


def test_a_pointer_may_answer_at_once(make_window, workspace, qtbot):
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    window._commands.run(CommandId.CLOSE)
    (sheet,) = window._sheets
    qtbot.mouseClick(sheet.confirm, Qt.MouseButton.LeftButton)
    assert workspace.calls == [("close", id)]


def test_a_key_held_since_before_answers_nothing(qtbot, make_window, workspace, tmp_path):
    workspace.add("a", state=InstanceState.RUNNING, folder=str(tmp_path))
    window = make_window()
    window._commands.run(CommandId.CLOSE)
    sheet = read(qtbot, window)
    for key in (*ENTER, Qt.Key.Key_Escape):
        hold(window, key)
    assert window._sheets == [sheet]
    press(window, Qt.Key.Key_Escape)
    window._commands.run(CommandId.NEW_SHELL)
    (form,) = window._sheets
    hold(window, Qt.Key.Key_Return)
    qtbot.wait(50)
    assert window._sheets == [form]
    assert workspace.ids() == ("a",)


def test_a_space_pressed_before_and_let_go_after_presses_nothing(qtbot, make_window, workspace):
    workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    window._commands.run(CommandId.CLOSE)
    sheet = read(qtbot, window)
    QTest.keyRelease(window.windowHandle(), Qt.Key.Key_Space)
    assert window._sheets == [sheet]


def test_the_key_that_opened_a_question_does_not_answer_it(qtbot, make_window, workspace):
    workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    control_shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    for _ in range(3):
        press(window, Qt.Key.Key_W, modifiers=control_shift)
    sheet = read(qtbot, window)
    press(window, Qt.Key.Key_W, modifiers=control_shift)
    assert (window._sheets, ended(workspace)) == ([sheet], [])


@pytest.mark.parametrize("key", ENTER)
def test_a_key_held_on_after_a_question_does_not_reach_the_terminal(qtbot, make_window, workspace, key):
    workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    window._commands.run(CommandId.CLOSE)
    read(qtbot, window)
    press(window, key)
    assert not window._sheets
    hold(window, key)
    assert not [request for _, request in workspace.sent if isinstance(request, KeyInput)]
    press(window, Qt.Key.Key_A)
    assert [request.key for _, request in workspace.sent if isinstance(request, KeyInput)] == ["A"]


# Forms


def test_enter_in_a_form_does_what_it_is_for_and_on_a_button_what_that_says(
    qtbot, make_window, workspace, tmp_path, monkeypatch
):
    workspace.add("a", folder=str(tmp_path))
    window = make_window()
    window._commands.run(CommandId.NEW_SHELL)
    (form,) = window._sheets
    form.cancel.setFocus()
    press(window, Qt.Key.Key_Return)
    qtbot.wait(50)
    assert (window._sheets, workspace.ids()) == ([], ("a",))
    chosen = []
    monkeypatch.setattr(new_instance_dialog.QFileDialog, "open", lambda _self: chosen.append(1))
    window._commands.run(CommandId.NEW_SHELL)
    (form,) = window._sheets
    choose = next(
        button
        for button in form.findChildren(type(form.cancel))
        if button.accessibleName() == "Choose folder"
    )
    choose.setFocus()
    press(window, Qt.Key.Key_Enter)
    assert (chosen, window._sheets) == ([1], [form])
    form.more.toggle.setFocus()
    press(window, Qt.Key.Key_Return)
    assert form.more.memory.isVisible()
    assert form.more.stop.hasFocus()
    press(window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: workspace.ids() == ("a", "shell"))


def test_enter_on_a_card_that_is_chosen_does_what_the_form_is_for(qtbot, make_window, workspace, tmp_path):
    workspace.add("a", folder=str(tmp_path))
    window = make_window()
    window._commands.run(CommandId.NEW_SHELL)
    (form,) = window._sheets
    form.kinds[Kind.SHELL].setFocus()
    press(window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: workspace.ids() == ("a", "shell"))


def test_a_second_enter_while_the_folder_is_looked_at_does_not_close_the_form(
    qtbot, make_window, workspace, tmp_path
):
    workspace.add("a", folder=str(tmp_path))
    window = make_window()
    window._commands.run(CommandId.NEW_SHELL)
    (form,) = window._sheets
    form.create_button.setFocus()
    press(window, Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: workspace.ids() == ("a", "shell"))


def test_enter_renames_unless_cancel_has_the_focus(qtbot, make_window, workspace):
    id = workspace.add("a")
    window = make_window()
    window._commands.run(CommandId.RENAME)
    window._sheets[0].name.edit.setText("b")
    press(window, Qt.Key.Key_Tab, Qt.Key.Key_Return)
    assert (window._sheets, workspace.view(id).spec.name) == ([], "a")
    window._commands.run(CommandId.RENAME)
    window._sheets[0].name.edit.setText("b")
    press(window, Qt.Key.Key_Return)
    assert workspace.view(id).spec.name == "b"


# What was left behind


def recovery(window, **what):
    sheet = RecoveryDialog(window.looks, window.sheet_host(), **what)
    answers = []
    sheet.resume_chosen.connect(lambda: answers.append("resume"))
    sheet.end_chosen.connect(lambda: answers.append("end"))
    sheet.leave_chosen.connect(lambda: answers.append("leave"))
    window.open_sheet(sheet)
    return sheet, answers


def test_what_is_typed_when_leftovers_are_shown_decides_nothing(qtbot, make_window, workspace):
    id = workspace.add("a")
    window = make_window()
    for what in (
        {"processes": ["tmux: server (412), of zsh: tmux"]},
        {"processes": ["tmux: server (412), of zsh: tmux"], "interrupted": [workspace.view(id)]},
        {"interrupted": [workspace.view(id)], "report": True},
    ):
        sheet, answers = recovery(window, **what)
        assert sheet.later.hasFocus()
        press(window, *ENTER, Qt.Key.Key_Escape)
        assert window._sheets == [sheet]
        qtbot.waitUntil(lambda sheet=sheet: not sheet.guarded)
        press(window, Qt.Key.Key_Return)
        assert (window._sheets, answers) == ([], [])


@pytest.mark.parametrize("decision", ["end", "leave"])
def test_a_space_after_a_decision_decides_nothing_else(qtbot, make_window, workspace, decision):
    id = workspace.add("a")
    window = make_window()
    sheet, answers = recovery(window, processes=["tmux (1)"], interrupted=[workspace.view(id)])
    qtbot.waitUntil(lambda: not sheet.guarded)
    button = sheet.end_processes if decision == "end" else sheet.leave_processes
    button.setFocus()
    press(window, Qt.Key.Key_Space)
    assert answers == [decision]
    assert sheet.later.hasFocus()
    press(window, Qt.Key.Key_Space)
    assert (answers, window._sheets) == ([decision], [])


def test_closing_the_report_gives_the_focus_back_to_the_safe_button(qtbot, make_window, workspace):
    window = make_window()
    sheet, answers = recovery(window, processes=["tmux (1)"], report=True)
    qtbot.waitUntil(lambda: not sheet.guarded)
    window.open_sheet(ReportDialog(window.looks, window.sheet_host(), "text", "~/crash"))
    press(window, Qt.Key.Key_Return)
    assert window._sheets == [sheet]
    assert sheet.later.hasFocus()
    press(window, Qt.Key.Key_Space, Qt.Key.Key_Return)
    assert (answers, window._sheets) == ([], [sheet])


# Buttons of the window


def test_a_space_after_a_button_of_the_window_goes_to_the_terminal(qtbot, make_window, workspace):
    id = workspace.add("a", state=InstanceState.DONE, left_behind=("tmux (412)",))
    window = make_window()
    pane = window.pane_area.pane(id)
    end = next(button for button in pane.notice._buttons if button.text() == "End")
    qtbot.mouseClick(end, Qt.MouseButton.LeftButton)
    assert ended(workspace) == ["end_left_behind"]
    assert pane.terminal.hasFocus()
    end.setFocus()
    press(window, Qt.Key.Key_Space)
    workspace.set(id, left_behind=())
    assert pane.terminal.hasFocus()
    press(window, Qt.Key.Key_Space)
    assert ended(workspace) == ["end_left_behind"] * 2


def test_when_a_focused_button_of_a_bar_goes_the_terminal_has_the_keyboard(qtbot, make_window, workspace):
    id = workspace.add("a", state=InstanceState.RESTARTING)
    window = make_window()
    pane = window.pane_area.pane(id)
    workspace.set(id, state=InstanceState.RUNNING)
    stop = next(button for button in pane.bar._buttons if button.text() == "Stop")
    stop.setFocus()
    workspace.set(id, state=InstanceState.STOPPING)
    assert pane.terminal.hasFocus()


def test_when_a_focused_toast_goes_the_terminal_has_the_keyboard(qtbot, make_window, workspace):
    id = workspace.add("a")
    window = make_window()
    workspace.leftovers_found.emit("b", "tmux (412)")
    workspace.leftovers_found.emit("c", "screen (413)")
    first = window.toasts._shown[0]
    first._action.setFocus()
    press(window, Qt.Key.Key_Space)
    assert window.pane_area.pane(id).terminal.hasFocus()
    press(window, Qt.Key.Key_Space)
    assert ended(workspace) == ["end_left_behind"]


# What a question says


def test_a_question_names_what_would_end(qtbot, make_window, workspace):
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
        rows = " ".join(row.accessibleName() for row in window._sheets[0].findChildren(QWidget))
        assert "Round 2/5, 3 agents" in rows or id != mission
        for text in words:
            assert text in texts(window._sheets[0]), (text, texts(window._sheets[0]))
        window._sheets[0].cancel.click()
    window.close()
    assert "3 instances are at work" in texts(window._sheets[0])
    assert {"Missions", "Shells"} <= {label.text() for label in window._sheets[0].findChildren(QLabel)}
    assert ended(workspace) == []


@pytest.mark.fault("G2")
@pytest.mark.parametrize("command", ENDING)
def test_a_shell_at_its_prompt_ends_without_a_question(make_window, workspace, command):
    id = workspace.add("a", state=InstanceState.RUNNING)
    workspace.jobs[id] = ""
    window = make_window()
    window._commands.run(command)
    assert (window._sheets, ended(workspace)) == ([], [ENDING[command]])


@pytest.mark.fault("G2")
def test_quitting_with_prompts_alone_asks_nothing(make_window, workspace):
    quits = []
    for name in ("a", "b"):
        workspace.jobs[workspace.add(name, state=InstanceState.RUNNING)] = ""
    window = make_window(on_quit=lambda: quits.append(1))
    assert not window.close(), "its programs are still there"
    assert (quits, window._sheets) == ([1], [])


@pytest.mark.fault("G2")
def test_what_has_not_started_or_is_ending_anyway_is_not_asked_about(make_window, workspace):
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
        assert window._sheets == []
        assert workspace.calls.pop() == (ENDING[command], id)


@pytest.mark.fault("G2")
def test_while_a_session_is_asked_the_same_is_not_asked_again(make_window, workspace, monkeypatch):
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
    assert [sheet.windowTitle() for sheet in window._sheets] == ["Close a?", "Quit Podium?"]
    assert ended(workspace) == []


@pytest.mark.fault("G2")
def test_an_instance_that_goes_while_it_is_asked_about_does_no_harm(make_window, workspace, monkeypatch):
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    receivers = []
    monkeypatch.setattr(workspace, "find_at_work", lambda _ids, receive: receivers.append(receive))
    window._commands.run(CommandId.RESTART)
    workspace.close(id)
    receivers[0](())
    assert (window._sheets, window.toasts.texts(), ended(workspace)) == ([], (), ["close"])


@pytest.mark.fault("G2")
@pytest.mark.parametrize("command", ENDING)
def test_a_question_about_an_instance_that_somebody_else_removes_goes(qtbot, make_window, workspace, command):
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    window._commands.run(command)
    assert window._sheets
    workspace.close(id)
    assert (window._sheets, ended(workspace)) == ([], ["close"])
    workspace.add("a", state=InstanceState.RUNNING)
    window._commands.run(command)
    read(qtbot, window)


@pytest.mark.fault("G2")
def test_a_program_that_stops_an_instance_is_not_asked(make_window, workspace):
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    for command in (CommandId.STOP, CommandId.RESTART):
        window.run(command, id)
    assert (window._sheets, ended(workspace)) == ([], ["stop", "restart"])
