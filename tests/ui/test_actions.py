import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from podium.core.commands import COMMANDS, CommandId
from podium.core.instances import MAX_INSTANCES, Kind
from podium.core.protocol.requests import ClearScrollback, KeyInput
from podium.core.shortcuts.keys import parse_chord
from podium.ui.commands.actions import WindowActions
from podium.ui.dialogs.shortcuts_dialog import ShortcutsDialog
from podium.ui.keys_in_use import KeysInUse
from podium.workspace.arrangement import Layout
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import MakeWindow, opened, terminal_of

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def press(
    key: Qt.Key,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    kind: QEvent.Type = QEvent.Type.KeyPress,
) -> QKeyEvent:
    return QKeyEvent(kind, key, modifiers)


def test_every_row_of_the_table_has_an_action_with_its_keys(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.add("a")
    actions = make_window()._actions
    for row in COMMANDS:
        made = actions.actions(row.id)
        assert made, f"{row.id} can't be reached"
        keys = [key.toString() for action in made for key in action.shortcuts()]
        expected = () if row.keys_of_terminal else row.keys
        assert keys == [QKeySequence(key).toString() for key in expected]


def test_a_row_without_handler_is_not_offered(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    ran = []
    actions = WindowActions(window, {CommandId.QUIT: lambda number: ran.append(number)}, KeysInUse())
    assert actions.offered == {CommandId.QUIT}
    assert actions.actions(CommandId.START) == ()
    assert not actions.matches(press(Qt.Key.Key_S, CTRL | SHIFT))
    actions.actions(CommandId.QUIT)[0].trigger()
    assert ran == [0]


@pytest.mark.parametrize(
    ("key", "modifiers", "ours"),
    [
        (Qt.Key.Key_T, CTRL | SHIFT, True),
        (Qt.Key.Key_2, CTRL, True),
        (Qt.Key.Key_2, CTRL | Qt.KeyboardModifier.KeypadModifier, True),
        (Qt.Key.Key_Plus, CTRL | SHIFT, True),
        (Qt.Key.Key_Question, CTRL | SHIFT, True),
        (Qt.Key.Key_PageDown, CTRL | SHIFT, True),
        (Qt.Key.Key_T, CTRL, False),
        (Qt.Key.Key_C, CTRL, False),
        (Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier, False),
        (Qt.Key.Key_PageUp, SHIFT, False),
        (Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier, False),
        (Qt.Key.Key_Control, CTRL, False),
    ],
)
def test_which_keys_are_the_windows(
    make_window: MakeWindow,
    workspace: FakeWorkspace,
    key: Qt.Key,
    modifiers: Qt.KeyboardModifier,
    ours: bool,
) -> None:
    workspace.add("a")
    workspace.add("b")
    assert make_window()._actions.matches(press(key, modifiers)) is ours


def test_a_key_whose_command_is_not_possible_is_the_programs(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    terminal = terminal_of(window, id)
    keys = ((Qt.Key.Key_1, CTRL), (Qt.Key.Key_2, CTRL), (Qt.Key.Key_PageDown, CTRL | SHIFT))
    for key, held in keys:
        QTest.keyClick(terminal, key, held)
    heard = [request.key for _, request in workspace.sent if isinstance(request, KeyInput)]
    assert heard == ["2", "PageDown"], "there is one instance, and it is the first"
    workspace.add("b")
    workspace.sent.clear()
    for key, held in keys[::-1]:
        QTest.keyClick(window.focusWidget(), key, held)
    assert not any(isinstance(request, KeyInput) for _, request in workspace.sent)


def test_a_key_that_says_why_it_can_do_nothing_is_the_windows(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    for number in range(MAX_INSTANCES):
        workspace.add(f"i{number}")
    window = make_window()
    assert window._actions.matches(press(Qt.Key.Key_T, CTRL | SHIFT))


def test_send_next_key_lets_one_key_through(make_window: MakeWindow) -> None:
    actions = make_window()._actions
    bound = (Qt.Key.Key_T, CTRL | SHIFT)
    actions.send_next_key()
    assert not actions.matches(press(Qt.Key.Key_Control, CTRL))
    assert not actions.matches(press(*bound, QEvent.Type.ShortcutOverride))
    assert not actions.matches(press(*bound))
    assert actions.matches(press(*bound))


def test_keys_do_what_the_table_says(qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    ids = [workspace.add(name, kind=Kind.COMMAND) for name in "abc"]
    window = make_window()

    def key(pressed: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        QTest.keyClick(window.focusWidget(), pressed, modifiers)

    key(Qt.Key.Key_2, CTRL)
    assert workspace.arrangement.current == ids[1]
    key(Qt.Key.Key_PageDown, CTRL | SHIFT)
    assert workspace.arrangement.current == ids[2]
    key(Qt.Key.Key_9, CTRL)
    assert workspace.arrangement.current == ids[2]
    key(Qt.Key.Key_G, CTRL | SHIFT)
    assert workspace.arrangement.layout is Layout.GRID
    key(Qt.Key.Key_X, CTRL | SHIFT)
    assert workspace.arrangement.zoomed
    key(Qt.Key.Key_S, CTRL | SHIFT)
    key(Qt.Key.Key_K, CTRL | SHIFT)
    key(Qt.Key.Key_W, CTRL | SHIFT)
    assert workspace.calls == [("start", ids[2]), ("close", ids[2])]
    assert (ids[2], ClearScrollback()) in workspace.sent
    key(Qt.Key.Key_Slash, CTRL | SHIFT)
    assert [sheet.windowTitle() for sheet in window.sheets] == ["Keyboard shortcuts"]


def test_the_overviews_key_is_the_windows_where_shift_makes_a_question_mark_of_it(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.add("a")
    window = make_window()
    pressed = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Question, CTRL | SHIFT, "?")
    assert window._actions.matches(pressed)


def test_a_bound_key_never_reaches_the_program(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    terminal = terminal_of(window, id)
    QTest.keyClick(terminal, Qt.Key.Key_G, CTRL | SHIFT)
    assert not any(isinstance(request, KeyInput) for _, request in workspace.sent)
    window.send_next_key()
    QTest.keyClick(terminal, Qt.Key.Key_G, CTRL | SHIFT)
    assert workspace.arrangement.layout is Layout.GRID
    assert [request.key for _, request in workspace.sent if isinstance(request, KeyInput)] == ["G"]


def test_an_open_dialog_has_the_keys_to_itself(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.add("a")
    window = make_window()
    window._commands.run(CommandId.SHOW_SHORTCUTS)
    QTest.keyClick(opened(window, ShortcutsDialog).search, Qt.Key.Key_G, CTRL | SHIFT)
    while_open = workspace.arrangement.layout
    QTest.keyClick(opened(window, ShortcutsDialog).search, Qt.Key.Key_Escape)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_G, CTRL | SHIFT)
    assert (while_open, workspace.arrangement.layout) == (Layout.TABS, Layout.GRID)


def test_other_keys_count_at_once_and_old_ones_are_the_programs(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    window._context.keys.set_keymap(
        window._context.keys.keymap.changed(CommandId.TOGGLE_LAYOUT, [parse_chord("Ctrl+F9")])
    )
    terminal = terminal_of(window, id)
    QTest.keyClick(terminal, Qt.Key.Key_G, CTRL | SHIFT)
    before = window._arrangement.layout
    assert [type(request) for _, request in workspace.sent if isinstance(request, KeyInput)]
    QTest.keyClick(terminal, Qt.Key.Key_F9, CTRL)
    assert (before, window._arrangement.layout) == (Layout.TABS, Layout.GRID)


def test_a_chord_is_two_keys_and_neither_reaches_the_program(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    window._context.keys.set_keymap(
        window._context.keys.keymap.changed(CommandId.TOGGLE_LAYOUT, [parse_chord("Ctrl+K g")])
    )
    terminal = terminal_of(window, id)
    QTest.keyClick(terminal, Qt.Key.Key_K, CTRL)
    assert "Ctrl+K was pressed" in window.toasts.texts()[0]
    QTest.keyClick(terminal, Qt.Key.Key_G)
    assert window._arrangement.layout is Layout.GRID
    assert window.toasts.texts() == ()
    QTest.keyClick(terminal, Qt.Key.Key_K, CTRL)
    QTest.keyClick(terminal, Qt.Key.Key_Escape)
    QTest.keyClick(terminal, Qt.Key.Key_K, CTRL)
    QTest.keyClick(terminal, Qt.Key.Key_X)
    assert window._arrangement.layout is Layout.GRID
    assert not [request for _, request in workspace.sent if isinstance(request, KeyInput)]
    QTest.keyClick(terminal, Qt.Key.Key_X)
    assert [request for _, request in workspace.sent if isinstance(request, KeyInput)]


def test_copy_is_not_offered_with_nothing_selected_and_its_key_is_no_control_c(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    assert window.refusal(CommandId.COPY, id) == "Nothing is selected."
    QTest.keyClick(terminal_of(window, id), Qt.Key.Key_C, CTRL | SHIFT)
    assert not [request for _, request in workspace.sent if isinstance(request, KeyInput)]
