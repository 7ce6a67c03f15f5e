"""What the last time left in, what the person decides out: nothing is decided by a key that was meant for elsewhere."""

from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from podium.ui.dialogs.recovery_dialog import RecoveryDialog, ReportDialog
from podium.ui.main_window import MainWindow
from podium.ui.widgets.buttons import Button
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.keys import ENTER, press, takes_keys, texts
from tests.ui.windows import MakeWindow

pytestmark = pytest.mark.fault("G1")


def recovery(window: MainWindow, **what: Any) -> tuple[RecoveryDialog, list[str]]:
    sheet = RecoveryDialog(window.themes, window.sheet_host(), **what)
    answers: list[str] = []
    sheet.resume_chosen.connect(lambda: answers.append("resume"))
    sheet.end_chosen.connect(lambda: answers.append("end"))
    sheet.leave_chosen.connect(lambda: answers.append("leave"))
    sheet.report_chosen.connect(lambda: answers.append("report"))
    window.open_sheet(sheet)
    return sheet, answers


def test_what_is_typed_when_leftovers_are_shown_decides_nothing(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
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
        assert window.sheets == [sheet]
        qtbot.waitUntil(partial(takes_keys, sheet))
        press(window, Qt.Key.Key_Return)
        assert (window.sheets, answers) == ([], [])


@pytest.mark.parametrize("decision", ["end", "leave"])
def test_a_space_after_a_decision_decides_nothing_else(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace, decision: str
) -> None:
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
    assert (answers, window.sheets) == ([decision], [])


def test_closing_the_report_gives_the_focus_back_to_the_safe_button(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    window = make_window()
    sheet, answers = recovery(window, processes=["tmux (1)"], report=True)
    qtbot.waitUntil(lambda: not sheet.guarded)
    window.open_sheet(ReportDialog(window.themes, window.sheet_host(), "text", "~/crash"))
    press(window, Qt.Key.Key_Return)
    assert window.sheets == [sheet]
    assert sheet.later.hasFocus()
    press(window, Qt.Key.Key_Space, Qt.Key.Key_Return)
    assert (answers, window.sheets) == ([], [sheet])


@pytest.mark.parametrize("decision", ["end", "leave"])
def test_a_decision_about_processes_closes_it_when_nothing_else_is_asked(
    make_window: MakeWindow, decision: str
) -> None:
    window = make_window()
    sheet, answers = recovery(window, processes=["tmux (1)"])
    (sheet.end_processes if decision == "end" else sheet.leave_processes).click()
    assert (answers, window.sheets) == ([decision], [])


def test_a_decision_about_processes_is_said_and_cannot_be_changed(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    window = make_window()
    for decision, said in (("end", "They are being ended."), ("leave", "They keep running.")):
        sheet, answers = recovery(
            window, processes=["tmux (1)"], interrupted=[workspace.view(workspace.add(decision))]
        )
        (sheet.end_processes if decision == "end" else sheet.leave_processes).click()
        assert said in texts(sheet)
        assert not sheet.end_processes.isVisible()
        assert not sheet.leave_processes.isVisible()
        assert (answers, window.sheets) == ([decision], [sheet]), "what was interrupted is still asked"
        sheet.later.click()


def test_resuming_closes_it(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    window = make_window()
    sheet, answers = recovery(window, interrupted=[workspace.view(workspace.add("a"))])
    assert sheet.resume is not None
    sheet.resume.click()
    assert (answers, window.sheets) == (["resume"], [])


def test_not_now_and_the_close_button_decide_nothing(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    window = make_window()
    view = workspace.view(workspace.add("a"))
    for name in ("later", "close_button"):
        sheet, answers = recovery(window, processes=["tmux (1)"], interrupted=[view], report=True)
        getattr(sheet, name).click()
        assert (answers, window.sheets, sheet.result()) == ([], [], 0)


def test_a_report_is_shown_and_copied_while_the_question_stays(make_window: MakeWindow) -> None:
    window = make_window()
    sheet, answers = recovery(window, report=True)
    sheet.show_report.click()
    assert (answers, window.sheets) == (["report"], [sheet])
    copied = []
    report = ReportDialog(window.themes, window.sheet_host(), "text", "~/crash")
    report.copy_chosen.connect(lambda: copied.append(1))
    window.open_sheet(report)
    next(button for button in report.findChildren(Button) if button.text() == "Copy").click()
    assert (copied, window.sheets) == ([1], [sheet, report])


def test_of_many_processes_the_first_are_named_and_the_rest_counted(make_window: MakeWindow) -> None:
    sheet, _ = recovery(make_window(), processes=[f"job-{n}" for n in range(11)])
    assert "job-7" in texts(sheet)
    assert "job-8" not in texts(sheet)
    assert "and 3 more" in texts(sheet)


@pytest.mark.parametrize("count", [8, 9])
def test_a_rest_is_counted_only_where_there_is_one(make_window: MakeWindow, count: int) -> None:
    sheet, _ = recovery(make_window(), processes=[f"job-{n}" for n in range(count)])
    assert ("more" in texts(sheet)) is (count > 8)


@pytest.mark.parametrize(("count", "text"), [(1, "Resume"), (2, "Resume all")])
@pytest.mark.parametrize("screens_kept", [True, False])
def test_what_can_be_resumed_is_counted_and_what_is_kept_is_said(
    make_window: MakeWindow, workspace: FakeWorkspace, count: int, text: str, screens_kept: bool
) -> None:
    views = [workspace.view(workspace.add(f"i{n}")) for n in range(count)]
    sheet, _ = recovery(make_window(), interrupted=views, processes=["tmux (1)"], screens_kept=screens_kept)
    assert sheet.windowTitle() == "Podium ended unexpectedly"
    assert sheet.resume is not None
    assert sheet.resume.text() == text
    assert ("privacy.keep_screens" in texts(sheet)) is screens_kept
    assert "1 process is still running" in texts(sheet)


@pytest.mark.parametrize(
    ("what", "title", "shown"),
    [
        (
            {"processes": ["tmux (1)"]},
            "Some processes are still running",
            "started by instances that have ended",
        ),
        ({"report": True}, "Something went wrong last time", "There is a report"),
    ],
    ids=["processes", "report"],
)
def test_the_title_says_what_there_is_to_decide(
    make_window: MakeWindow, what: dict[str, Any], title: str, shown: str
) -> None:
    sheet, _ = recovery(make_window(), **what)
    assert sheet.windowTitle() == title
    assert shown in texts(sheet)
    assert ("There is a report" in texts(sheet)) is ("report" in what)


def test_a_report_is_read_and_closed_with_its_button(make_window: MakeWindow) -> None:
    window = make_window()
    report = ReportDialog(window.themes, window.sheet_host(), "text", "~/crash")
    window.open_sheet(report)
    press(window, Qt.Key.Key_X)
    assert report.text.toPlainText() == "text"
    close = next(button for button in report.findChildren(Button) if button.text() == "Close")
    close.click()
    assert window.sheets == []
