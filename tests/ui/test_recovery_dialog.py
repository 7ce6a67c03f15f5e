"""What the last time left in, what the person decides out: nothing is decided by a key that was meant for elsewhere."""

from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from podium.ui.dialogs.recovery_dialog import RecoveryDialog, ReportDialog
from podium.ui.main_window import MainWindow
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.keys import ENTER, press, takes_keys
from tests.ui.windows import MakeWindow

pytestmark = pytest.mark.fault("G1")


def recovery(window: MainWindow, **what: Any) -> tuple[RecoveryDialog, list[str]]:
    sheet = RecoveryDialog(window.themes, window.sheet_host(), **what)
    answers: list[str] = []
    sheet.resume_chosen.connect(lambda: answers.append("resume"))
    sheet.end_chosen.connect(lambda: answers.append("end"))
    sheet.leave_chosen.connect(lambda: answers.append("leave"))
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
