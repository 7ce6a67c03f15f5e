"""What became of an instance in, what its notice says and offers out."""

from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.protocol.reports import ExitedReport
from podium.ui.panes.notice import HEIGHT, Notice, notice_content
from podium.ui.shell_ends import ShellEnds
from podium.ui.theme.palette import ThemeManager
from podium.ui.widgets.buttons import ButtonKind
from podium.workspace.views import InstanceState, InstanceView
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import MakeWindow, pane_of

PLAIN, OUTLINED, PRIMARY = ButtonKind.PLAIN, ButtonKind.OUTLINED, ButtonKind.PRIMARY
SPEC = InstanceSpec(InstanceId("a"), "a", Kind.MISSION, ThemeName.INDIGO, "/srv")


def view(state: InstanceState, **fields: Any) -> InstanceView:
    return InstanceView(spec=SPEC, number=1, state=state, label="", **fields)


FAILED = view(InstanceState.FAILED, reason="It broke.")
RESTARTING = view(InstanceState.RESTARTING)
ONE_LEFT = view(InstanceState.DONE, left_behind=("tmux (1)",))
COPIES = view(InstanceState.RUNNING, clipboard_write="echo hi", clipboard_size=1234)
TWO_LEFT = view(InstanceState.DONE, left_behind=("tmux (1)", "vim (2)"))


class Shown:
    """A notice in a pane of its own."""

    def __init__(self, qtbot: QtBot, themes: ThemeManager) -> None:
        self.pane = QWidget()
        qtbot.addWidget(self.pane)
        self.pane.resize(900, 300)
        self.notice = Notice(themes, self.pane)
        self.notice.resize(900, HEIGHT)
        self.pane.show()
        self.wanted: list[CommandId] = []
        self.notice.requested.connect(self.wanted.append)

    def texts(self) -> list[str]:
        """Of the buttons in sight, from the left."""
        shown = [button for button in self.notice.findChildren(QWidget) if button.isVisible()]
        return [button.text() for button in sorted(shown, key=lambda button: button.x())]  # type: ignore[attr-defined]


@pytest.fixture
def shown(qtbot: QtBot, themes: ThemeManager) -> Shown:
    return Shown(qtbot, themes)


@pytest.mark.parametrize(
    ("what", "buttons"),
    [
        (FAILED, [(CommandId.RESTART, "Restart", PRIMARY)]),
        (view(InstanceState.FAILED, startable=False), []),
        (view(InstanceState.FAILED, startable=False, resumable=True), []),
        (
            view(InstanceState.FAILED, resumable=True),
            [(CommandId.RESTART, "Restart", PLAIN), (CommandId.RESUME, "Resume", PRIMARY)],
        ),
        (
            RESTARTING,
            [(CommandId.STOP, "Do not restart", PLAIN), (CommandId.RESTART, "Restart now", OUTLINED)],
        ),
        (
            ONE_LEFT,
            [(CommandId.LEAVE_LEFT_BEHIND, "Leave", PLAIN), (CommandId.END_LEFT_BEHIND, "End", OUTLINED)],
        ),
        (
            view(InstanceState.WAITING, prompt_waits_for="Do you trust this folder?"),
            [
                (CommandId.DROP_FIRST_PROMPT, "Drop it", PLAIN),
                (CommandId.COPY_FIRST_PROMPT, "Copy", OUTLINED),
            ],
        ),
        (
            COPIES,
            [
                (CommandId.DENY_CLIPBOARD, "Deny", PLAIN),
                (CommandId.ALLOW_CLIPBOARD, "Always for this instance", PLAIN),
                (CommandId.ALLOW_CLIPBOARD_ONCE, "Allow once", OUTLINED),
            ],
        ),
    ],
    ids=[
        "failed",
        "stays failed",
        "nothing to resume in",
        "may resume",
        "restarting",
        "left behind",
        "first prompt",
        "copies",
    ],
)
def test_what_is_offered_is_what_can_be_done(what: InstanceView, buttons: list[tuple[object, ...]]) -> None:
    content = notice_content(what)
    assert content is not None
    assert [tuple(button) for button in content.buttons] == buttons


@pytest.mark.parametrize(
    ("what", "title", "text"),
    [
        (FAILED, "It broke", "The text above is kept."),
        (view(InstanceState.FAILED), "This instance failed", "The text above is kept."),
        (ONE_LEFT, "1 process is still running", "Left behind by this shell: tmux (1)."),
        (
            COPIES,
            "A program wants to copy to the clipboard",
            "1,234 characters, beginning with “echo hi”.",
        ),
        (
            view(InstanceState.RUNNING, clipboard_write="x", clipboard_size=1),
            "A program wants to copy to the clipboard",
            "1 character, beginning with “x”.",
        ),
        (TWO_LEFT, "2 processes are still running", "Left behind by this shell: tmux (1), vim (2)."),
    ],
)
def test_the_words_of_a_notice(what: InstanceView, title: str, text: str) -> None:
    content = notice_content(what)
    assert content is not None
    assert (content.title, content.text.replace(" and ", ", ")) == (title, text)


def test_a_notice_offers_what_its_instance_needs_now(shown: Shown) -> None:
    for what, texts in (
        (FAILED, ["Restart"]),
        (RESTARTING, ["Do not restart", "Restart now"]),
        (ONE_LEFT, ["Leave", "End"]),
        (TWO_LEFT, ["Leave", "End"]),
        (FAILED, ["Restart"]),
    ):
        shown.notice.show_view(what)
        assert (shown.notice.isVisible(), shown.texts()) == (True, texts)
    shown.notice.show_view(view(InstanceState.RUNNING))
    assert not shown.notice.isVisible()
    shown.notice.show_view(FAILED)
    assert (shown.notice.isVisible(), shown.texts()) == (True, ["Restart"])


def test_each_button_of_a_notice_does_what_it_says(shown: Shown) -> None:
    shown.notice.show_view(ONE_LEFT)
    for button in shown.notice._buttons:
        button.click()
    assert shown.wanted == [CommandId.LEAVE_LEFT_BEHIND, CommandId.END_LEFT_BEHIND]


def test_a_notice_is_as_high_as_its_text(shown: Shown) -> None:
    shown.notice.show_view(FAILED)
    assert shown.notice.height_for(700) == HEIGHT
    shown.notice.show_view(view(InstanceState.FAILED, reason="It broke. " + "Many words. " * 100))
    assert shown.notice.height_for(700) > 2 * HEIGHT


@pytest.mark.parametrize(
    ("before", "focused", "then"),
    [
        (InstanceState.FAILED, 0, InstanceState.RESTARTING),
        (InstanceState.RESTARTING, 0, InstanceState.FAILED),
        (InstanceState.RESTARTING, 1, InstanceState.FAILED),
        (InstanceState.RESTARTING, 1, InstanceState.RUNNING),
    ],
)
def test_when_a_focused_button_of_a_notice_goes_the_terminal_has_the_keyboard(
    make_window: MakeWindow,
    workspace: FakeWorkspace,
    before: InstanceState,
    focused: int,
    then: InstanceState,
) -> None:
    id = workspace.add("a", state=InstanceState.RUNNING)
    workspace.add("b", state=InstanceState.RUNNING)
    pane = pane_of(make_window(), id)
    workspace.set(id, state=before, reason="It broke.")
    pane.notice._buttons[focused].setFocus()
    workspace.set(id, state=then)
    assert pane.terminal.hasFocus()


def test_a_notice_about_a_first_prompt_leaves_the_question_in_the_last_rows_in_sight(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a", state=InstanceState.WAITING)
    window = make_window()
    pane = pane_of(window, id)
    workspace.set(id, prompt_waits_for="Do you trust this folder?")
    assert pane.notice.at_top
    assert pane.notice.geometry().top() > pane.bar.geometry().bottom()
    assert pane.notice.geometry().bottom() < pane.height() / 2
    workspace.set(id, prompt_waits_for="", clipboard_write="x")
    assert pane.notice.at_bottom
    assert pane.notice.geometry().top() > pane.height() / 2


def test_a_shell_that_ended_is_started_again_or_closed_by_keys(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a", state=InstanceState.EXITED, label="Exited 0")
    window = make_window()
    pane = pane_of(window, id)
    assert not pane.notice.isHidden()
    assert pane.notice.accessibleName() == "The shell has ended. Enter starts it again, Ctrl+D closes it."
    QTest.keyClick(pane.terminal, Qt.Key.Key_D)
    QTest.keyClick(pane.terminal, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert workspace.calls == []
    QTest.keyClick(pane.terminal, Qt.Key.Key_Return)
    assert workspace.calls == [("start", id)]
    QTest.keyClick(pane.terminal, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert workspace.calls[1:] == [("close", id)]


def test_what_a_shell_left_running_is_asked_about_first(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a", state=InstanceState.EXITED, left_behind=("tmux (1)",))
    QTest.keyClick(pane_of(make_window(), id).terminal, Qt.Key.Key_Return)
    assert workspace.calls == []


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (Kind.SHELL, InstanceState.IDLE),
        (Kind.SHELL, InstanceState.FAILED),
        (Kind.SHELL, InstanceState.RUNNING),
        (Kind.COMMAND, InstanceState.EXITED),
        (Kind.MISSION, InstanceState.DONE),
    ],
)
def test_nothing_else_is_started_or_closed_by_these_keys(
    make_window: MakeWindow, workspace: FakeWorkspace, kind: Kind, state: InstanceState
) -> None:
    id = workspace.add("a", kind=kind, state=state)
    terminal = pane_of(make_window(), id).terminal
    QTest.keyClick(terminal, Qt.Key.Key_Return)
    QTest.keyClick(terminal, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert workspace.calls == []


@pytest.mark.parametrize(
    ("report", "kind", "closes", "gone"),
    [
        (ExitedReport(0), Kind.SHELL, True, True),
        (ExitedReport(0), Kind.SHELL, False, False),
        (ExitedReport(1), Kind.SHELL, True, False),
        (ExitedReport(None, 9), Kind.SHELL, True, False),
        (ExitedReport(0), Kind.COMMAND, True, False),
    ],
)
def test_a_shell_that_a_person_leaves_is_closed_if_the_settings_say_so(
    qtbot: QtBot, workspace: FakeWorkspace, report: ExitedReport, kind: Kind, closes: bool, gone: bool
) -> None:
    id = workspace.add("a", kind=kind, state=InstanceState.EXITED)
    ends = ShellEnds(workspace.as_workspace, workspace.hub, workspace)
    ends.closes = closes
    workspace.backend.report(id, report)
    QCoreApplication.processEvents()
    assert (id not in workspace.ids()) is gone
