"""F6 and its commands: from one part of the window to the next, all with the keyboard."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from podium.core.commands import CommandId
from podium.core.protocol.requests import KeyInput
from podium.ui.main_window import MainWindow
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import MakeWindow, terminal_of


def part_with_focus(window: MainWindow) -> QWidget | None:
    focused = window.focusWidget()
    parts = (window.rail, window.sidebar, window.tab_bar, window.pane_area)
    return next((part for part in parts if focused is not None and part.isAncestorOf(focused)), None)


def test_the_keyboard_goes_round_through_all_parts(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    terminal_of(window, id).setFocus()
    seen = []
    for _ in range(4):
        window._commands.run(CommandId.NEXT_REGION)
        seen.append(part_with_focus(window))
    assert seen == [window.rail, window.sidebar, window.tab_bar, window.pane_area]
    window._commands.run(CommandId.PREVIOUS_REGION)
    assert part_with_focus(window) is window.tab_bar


def test_a_part_that_is_hidden_is_passed_over(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    id = workspace.add("a")
    window = make_window()
    window.toggle_sidebar()
    terminal_of(window, id).setFocus()
    window._commands.run(CommandId.NEXT_REGION)
    window._commands.run(CommandId.NEXT_REGION)
    assert part_with_focus(window) is window.tab_bar


def test_f6_is_the_programs_in_a_terminal_and_goes_on_elsewhere(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    terminal = terminal_of(window, id)
    terminal.setFocus()
    QTest.keyClick(terminal, Qt.Key.Key_F6)
    assert [request.key for _, request in workspace.sent if isinstance(request, KeyInput)] == ["F6"]
    QTest.keyClick(
        terminal, Qt.Key.Key_F6, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert part_with_focus(window) is window.rail
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_F6)
    assert part_with_focus(window) is window.sidebar
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert part_with_focus(window) is window.rail
