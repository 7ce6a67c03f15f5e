"""Panes and the hub: frames and answers to the pane they are for, questions to its session under the hub's numbers."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from podium.core.config.settings import Settings
from podium.core.config.shell_settings import Shell
from podium.core.ids import InstanceId
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.command_requests import (
    CommandsWanted,
    CommandTextWanted,
    PromptWanted,
    RunAtPrompt,
)
from podium.core.protocol.frames import ChangedRow, Frame, Line, Run
from podium.core.protocol.marks import CommandState, ShellCommand
from podium.core.protocol.reports import (
    CommandEndedReport,
    CommandsReport,
    ErrorReport,
    LinesReport,
    TextReport,
)
from podium.core.protocol.requests import (
    LinesWanted,
    TextWanted,
)
from podium.sessions.subscriptions import Subscription
from podium.ui.dialogs.confirm_dialog import RunAgainDialog
from podium.ui.main_window import MainWindow
from podium.ui.notices.command_notices import notice_text
from podium.ui.terminal.view import TerminalView
from tests.signals import spies
from tests.ui.fake_workspace import FakeWorkspace

MakeWindow = Callable[..., MainWindow]


def screen(text: str, number: int = 1, **fields: Any) -> Frame:
    return Frame(number, 20, 4, changed=(ChangedRow(0, Line((Run(text),))),), **fields)


def shown(terminal: TerminalView) -> str:
    rows = terminal._state.model.rows
    return "".join(run.text for run in rows[0].line.runs) if rows else ""


def terminals(window: MainWindow, ids: list[InstanceId]) -> list[TerminalView]:
    found = [window.terminal(id) for id in ids]
    assert all(found)
    return [terminal for terminal in found if terminal is not None]


def asked(workspace: FakeWorkspace, instance: str, kind: type) -> list[Any]:
    return [request for target, request in workspace.sent if target == instance and isinstance(request, kind)]


def test_a_frame_is_drawn_by_the_pane_of_its_instance(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    ids = [workspace.add(name) for name in "abc"]
    a, b, c = terminals(make_window(), ids)
    workspace.hub.session_reported(ids[1], screen("for b"))
    assert [shown(terminal) for terminal in (a, b, c)] == ["", "for b", ""]


def test_a_frame_costs_one_call_and_no_signal_on_its_way_to_the_pane(
    make_window: MakeWindow, workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [workspace.add(name) for name in "abcd"]
    window = make_window()
    delivered: list[object] = []
    deliver = Subscription.deliver

    def count(self: Subscription, *news: object) -> None:
        delivered.append(news)
        deliver(self, *news)

    monkeypatch.setattr(Subscription, "deliver", count)
    watched = [*spies(workspace), *spies(workspace.arrangement), *spies(window.pane_area)]
    for number in range(1, 11):
        workspace.hub.session_reported(ids[0], screen("x", number))
    assert len(delivered) == 10
    assert sum(spy.count() for spy in watched) == 0


def test_panes_number_alike_and_get_their_own_answers(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    ids = [workspace.add(name) for name in "ab"]
    for id, terminal in zip(ids, terminals(make_window(), ids), strict=True):
        workspace.hub.session_reported(id, screen(f"text of {id}"))
        terminal.select_all()
        terminal.copy()
    (of_a,), (of_b,) = asked(workspace, "a", TextWanted), asked(workspace, "b", TextWanted)
    assert of_a.request != of_b.request
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("before")
    workspace.hub.session_reported(ids[0], TextReport(of_b.request, "stolen"))
    assert clipboard.text() == "before"
    workspace.hub.session_reported(ids[0], TextReport(of_a.request, "part", more=True))
    assert clipboard.text() == "before"
    workspace.hub.session_reported(ids[0], TextReport(of_a.request, " and end"))
    assert clipboard.text() == "part and end"
    workspace.hub.session_reported(ids[1], TextReport(of_b.request, "of b"))
    assert clipboard.text() == "of b"


def test_a_session_that_dies_in_the_middle_of_a_copy_leaves_what_the_window_knows(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a")
    (terminal,) = terminals(make_window(), [id])
    workspace.hub.session_reported(id, screen("known"))
    terminal.select_all()
    terminal.copy()
    (wanted,) = asked(workspace, "a", TextWanted)
    workspace.hub.session_reported(id, TextReport(wanted.request, "part", more=True))
    workspace.backend.become("a", WorkerState.FAILED)
    assert QGuiApplication.clipboard().text() == "known"


def test_lines_above_come_to_the_pane_that_scrolled(
    qtbot: Any, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    ids = [workspace.add(name) for name in "ab"]
    a, b = terminals(make_window(), ids)
    for id in ids:
        workspace.hub.session_reported(id, screen("x", first_line=100, line_epoch=1))
    a.scroll_to(50)
    qtbot.waitUntil(lambda: bool(asked(workspace, "a", LinesWanted)))
    wanted = asked(workspace, "a", LinesWanted)[0]
    lines = tuple(Line((Run(f"line {n}"),)) for n in range(wanted.first, wanted.first + wanted.count))
    workspace.hub.session_reported(ids[0], LinesReport(wanted.request, 1, wanted.first, lines, ()))
    assert a._state.model.line_at(50) is not None
    assert b._state.model.line_at(50) is None


def test_a_question_that_a_session_can_not_answer_is_said(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a")
    (terminal,) = terminals(make_window(), [id])
    workspace.hub.session_reported(id, screen("known"))
    terminal.select_all()
    terminal.copy()
    (wanted,) = asked(workspace, "a", TextWanted)
    workspace.hub.session_reported(id, ErrorReport("It could not.", wanted.request))
    assert workspace.errors == [("a", "It could not.")]


def test_nothing_reaches_a_pane_that_is_gone(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    others = dict(workspace.hub._subscriptions._places)
    id = workspace.add("a")
    window = make_window()
    (terminal,) = terminals(window, [id])
    workspace.hub.session_reported(id, screen("known"))
    terminal.select_all()
    terminal.copy()
    (wanted,) = asked(workspace, "a", TextWanted)
    QGuiApplication.clipboard().setText("before")
    workspace.close(id)
    workspace.hub.session_reported(id, screen("late", 2))
    workspace.hub.session_reported(id, TextReport(wanted.request, "late"))
    assert shown(terminal) == ""
    assert QGuiApplication.clipboard().text() == "before"
    assert workspace.hub._subscriptions._places == others


def run_again(window: MainWindow, workspace: FakeWorkspace, id: InstanceId, text: str, offered: str) -> None:
    """Choose *Run again* in a menu that names ``offered``; the session says that the command line is ``text``."""
    (terminal,) = terminals(window, [id])
    workspace.hub.session_reported(id, screen("$ x", marks=2))
    command = ShellCommand(0, CommandState.ENDED, (0, 2), (1, 0), (2, 0), 0, text=offered)
    terminal.prompts._on_due()
    workspace.hub.session_reported(
        id, CommandsReport(asked(workspace, id, CommandsWanted)[-1].request, 0, (command,))
    )
    if offered:
        assert terminal.prompts.offer() == offered
    terminal.prompts.run_again()
    (wanted,) = asked(workspace, id, CommandTextWanted)
    workspace.hub.session_reported(id, TextReport(wanted.request, text))


def test_a_command_runs_again(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    id = workspace.add("a")
    run_again(make_window(), workspace, id, "make test", "make test")
    (run,) = asked(workspace, id, RunAtPrompt)
    assert run.text == "make test"
    workspace.hub.session_reported(id, ErrorReport("The shell is busy.", run.request))
    assert workspace.errors == [(id, "The shell is busy.")]


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("for x in 1; do\necho $x\ndone", "for x in 1; do…"),
        ("rm -r x", "ls"),
        ("x" * 80, "x" * 59 + "…"),
        ("ls", ""),
    ],
)
def test_what_no_menu_has_named_runs_when_a_person_says_so(
    make_window: MakeWindow, workspace: FakeWorkspace, text: str, offered: str
) -> None:
    id = workspace.add("a")
    window = make_window()
    run_again(window, workspace, id, text, offered)
    assert not asked(workspace, id, RunAtPrompt)
    (sheet,) = window.sheets
    assert isinstance(sheet, RunAgainDialog)
    assert sheet.preview.toPlainText() == text
    sheet.accept()
    (run,) = asked(workspace, id, RunAtPrompt)
    assert run.text == text


def test_a_command_line_that_is_not_known_runs_nothing(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a")
    window = make_window()
    run_again(window, workspace, id, "", "")
    assert not asked(workspace, id, RunAtPrompt)
    assert "nothing was run" in workspace.errors[0][1]


def test_commands_and_prompts_reach_the_pane_that_asked(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    ids = [workspace.add(name) for name in "ab"]
    _, terminal = terminals(make_window(), ids)
    workspace.hub.session_reported(ids[1], screen("$ ls", marks=2, first_line=50))
    terminal.requested.emit(CommandsWanted(1, 50, 53))
    terminal.requested.emit(PromptWanted(2, 50, above=True))
    (commands,), (prompt,) = asked(workspace, "b", CommandsWanted), asked(workspace, "b", PromptWanted)
    command = ShellCommand(50, CommandState.ENDED, (50, 2), (51, 0), (52, 0), 0)
    workspace.hub.session_reported(ids[1], CommandsReport(commands.request, 0, (command,)))
    assert terminal.prompts.command == command
    workspace.hub.session_reported(
        ids[1], CommandsReport(prompt.request, 0, (ShellCommand(7, CommandState.TYPED),))
    )
    assert terminal._state.viewport.top == 7


@pytest.mark.parametrize(
    ("seconds", "least", "current", "told"),
    [(10.0, 10, "b", True), (9.9, 10, "b", False), (10.0, 0, "b", False), (99.0, 10, "a", False)],
)
def test_a_long_command_that_ends_out_of_sight_is_told(
    make_window: MakeWindow, workspace: FakeWorkspace, qtbot: QtBot,
    seconds: float, least: int, current: str, told: bool,
) -> None:  # fmt: skip
    ids = [workspace.add(name) for name in "ab"]
    window = make_window()
    window.apply_settings(Settings(shell=Shell(notice_after=least)))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    workspace.arrangement.select(InstanceId(current))
    with qtbot.waitSignal(workspace.notice_posted, timeout=100, raising=False) as posted:
        workspace.hub.session_reported(ids[0], CommandEndedReport(seconds, 2, "make test"))
    assert posted.signal_triggered is told
    if told:
        assert posted.args[1].body == "make test ended with exit code 2 after 10 s."


@pytest.mark.parametrize(
    ("report", "text"),
    [
        (CommandEndedReport(12.7, 0, "ls"), "ls ended after 13 s."),
        (CommandEndedReport(30.9998, 0, "sleep 31"), "sleep 31 ended after 31 s."),
        (CommandEndedReport(59.6, 0, "ls"), "ls ended after 1:00."),
        (CommandEndedReport(192, None, ""), "A command ended after 3:12."),
        (CommandEndedReport(7384, 1, "x"), "x ended with exit code 1 after 2:03:04."),
    ],
)
def test_the_words_of_a_commands_end(report: CommandEndedReport, text: str) -> None:
    assert notice_text(report) == text
