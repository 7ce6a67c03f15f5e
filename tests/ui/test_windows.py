"""Several windows of one Podium: which shows what, how panes go from one to another, and where it is said."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from podium.app.background import Background
from podium.core.commands import CommandId
from podium.core.config.settings import Settings
from podium.core.finding.query import SearchQuery
from podium.core.ids import InstanceId
from podium.core.instances import MAX_INSTANCES
from podium.core.protocol.reports import ClipboardReport
from podium.core.protocol.requests import Resize
from podium.core.themes import ColorScheme
from podium.ui.dialogs.confirm_dialog import RenameDialog
from podium.ui.dialogs.find_all import FindAllSheet
from podium.ui.main_window import MainWindow
from podium.ui.window_context import WindowContext
from podium.ui.windows import MOST_WINDOWS, Windows
from podium.workspace.arrangement import Layout
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import opened, pane_of, silence, terminal_of

Make = Callable[[], Windows]


@pytest.fixture
def quits() -> list[str]:
    return []


@pytest.fixture
def windows(qtbot: QtBot, workspace: FakeWorkspace, background: Background, quits: list[str]) -> Windows:
    def make(context: WindowContext) -> MainWindow:
        window = MainWindow(
            workspace.as_workspace,
            workspace.hub,
            on_demo=lambda: None,
            on_quit=lambda: quits.append("quit"),
            look=background.foreign.run,
            app_commands={CommandId.NEW_WINDOW: lambda: made.open_new()},
            context=context,
        )
        qtbot.addWidget(window, before_close_func=lambda _window: silence(context.arrangement))
        return window

    made = Windows(workspace.as_workspace, make, workspace)
    with qtbot.waitExposed(made.first):
        made.show()
    made.first.activateWindow()
    return made


def panes(window: MainWindow) -> list[InstanceId]:
    return [pane.id for pane in window.pane_area.visible_panes()]


def activate(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def test_a_new_window_has_what_is_started_in_it(
    qtbot: QtBot, windows: Windows, workspace: FakeWorkspace
) -> None:
    a = workspace.add("a")
    windows.first.run(CommandId.NEW_WINDOW, None)
    first, second = windows.all
    qtbot.waitUntil(second.isActiveWindow)
    assert windows.front is second
    assert (panes(first), panes(second)) == ([a], [])
    b = workspace.add("b")
    assert (panes(first), panes(second)) == ([a], [b])
    assert (first.windowTitle(), second.windowTitle()) == ("a — Idle · Podium", "b — Idle · Podium")
    assert (windows.of(a), windows.of(b), windows.of(None)) == (first, second, second)
    activate(qtbot, first)
    assert windows.front is first
    assert workspace.view(workspace.add("c")).number == 2


def test_who_types_in_a_window_works_in_it(windows: Windows, workspace: FakeWorkspace) -> None:
    a = workspace.add("a")
    workspace.arrangements.activate(windows.add()._context.arrangement)
    fronts = [windows.all.index(windows.front)]
    QTest.keyClick(terminal_of(windows.first, a), Qt.Key.Key_A)
    fronts.append(windows.all.index(windows.front))
    assert fronts == [1, 0]


def test_a_pane_moves_as_it_is(qtbot: QtBot, windows: Windows, workspace: FakeWorkspace) -> None:
    a, b = workspace.add("a"), workspace.add("b")
    workspace.show_text(b, "what it said")
    first = windows.first
    first.run(CommandId.FIND, b)
    terminal = terminal_of(first, b)
    first.run(CommandId.MOVE_TO_NEW_WINDOW, b)
    second = windows.all[1]
    assert (panes(first), panes(second)) == ([a], [b])
    assert terminal_of(second, b) is terminal
    assert terminal.window() is second
    find = second.pane_area.find_session(b)
    assert find is not None
    assert find.is_open
    assert first.pane_area.pane(b) is None
    workspace.show_text(b, "what it says now")
    assert "what it says now" in terminal._state.model.rows[0].line.runs[0].text
    # What it asks is asked in its window now.
    terminal.paste_requested.emit("make\n")
    assert (first.sheets, len(second.sheets)) == ([], 1)
    second.sheets[0].reject()
    qtbot.waitUntil(lambda: any(to == b and isinstance(sent, Resize) for to, sent in workspace.sent))
    assert workspace.called() == []


def test_a_pane_moves_on_to_the_next_window_and_back(
    qtbot: QtBot, windows: Windows, workspace: FakeWorkspace
) -> None:
    a, b = workspace.add("a"), workspace.add("b")
    first = windows.first
    assert first.refusal(CommandId.MOVE_TO_NEXT_WINDOW, b) == "There is no other window."
    windows.move_to_new(b)
    second = windows.all[1]
    c = workspace.add("c")
    assert first.can_run(CommandId.MOVE_TO_NEXT_WINDOW, a)
    second.run(CommandId.MOVE_TO_NEXT_WINDOW, b)
    qtbot.waitUntil(first.isActiveWindow)
    assert (panes(first), panes(second)) == ([b], [c])
    first.run(CommandId.MOVE_TO_NEXT_WINDOW, b)
    assert (panes(first), panes(second)) == ([a], [b])


def test_all_windows_have_room_for_so_many_together(windows: Windows, workspace: FakeWorkspace) -> None:
    windows.open_new()
    for number in range(MAX_INSTANCES):
        workspace.add(f"i{number}")
    assert panes(windows.first) == []
    refused = windows.first.refusal(CommandId.NEW_SHELL, None)
    assert refused == f"{MAX_INSTANCES} instances are the most; remove one first."


def test_there_are_only_so_many_windows(windows: Windows, workspace: FakeWorkspace) -> None:
    a = workspace.add("a")
    workspace.add("b")
    for _ in range(MOST_WINDOWS + 1):
        windows.open_new()
    windows.move_to_new(a)
    assert len(windows.all) == MOST_WINDOWS
    assert panes(windows.first) == [a]
    refused = "16 windows are the most; close one first."
    assert windows.all[-1].toasts.texts() == (refused, refused)
    assert windows.first.toasts.texts() == (refused,)


def test_the_keys_of_a_moved_terminal_are_those_of_its_window(
    qtbot: QtBot, windows: Windows, workspace: FakeWorkspace
) -> None:
    for name in "abc":
        workspace.add(name)
    windows.move_to_new(InstanceId("c"))
    windows.move_to_new(InstanceId("b"))
    windows.all[1]._context.arrangement.set_layout(Layout.TABS)
    terminal = terminal_of(windows.all[2], "b")
    assert terminal.shortcut_filter is not None
    windows.all[2]._actions.set_enabled(False)
    assert terminal.shortcut_filter == windows.all[2]._terminals._takes_key
    assert windows.all[2].refusal(CommandId.MOVE_TO_NEW_WINDOW, InstanceId("b")) == (
        "It is the only instance of its window."
    )


def test_a_closed_window_gives_its_instances_back_and_the_last_one_quits(
    qtbot: QtBot, windows: Windows, workspace: FakeWorkspace, quits: list[str]
) -> None:
    a, b = workspace.add("a"), workspace.add("b")
    windows.move_to_new(b)
    first, second = windows.all
    second.run(CommandId.RENAME, b)
    second.show_message("Of the window that goes")
    second.close()
    assert not second.isVisible()
    assert list(windows.all) == [first]
    assert workspace.ids() == (a, b)
    assert first.pane_area.pane(b) is not None
    assert (workspace.called(), quits) == ([], [])
    # The next one is that window again, with nothing of the one before.
    windows.move_to_new(a)
    assert list(windows.all) == [first, second]
    assert second.isVisible()
    assert (panes(second), second.sheets, second.toasts.texts()) == ([a], [], ())
    first.close()
    assert (list(windows.all), workspace.ids(), windows.front) == ([second], (a, b), second)
    second.close()
    assert quits == ["quit"]


def test_quit_quits_whatever_windows_there_are(
    windows: Windows, workspace: FakeWorkspace, quits: list[str]
) -> None:
    workspace.add("a")
    windows.open_new()
    windows.first.run(CommandId.QUIT, None)
    assert quits == ["quit"]
    assert len(windows.all) == 2


def test_who_is_chosen_in_the_inbox_is_shown_in_its_window(
    qtbot: QtBot, windows: Windows, workspace: FakeWorkspace
) -> None:
    a, b = workspace.add("a"), workspace.add("b")
    c = workspace.add("c")
    windows.move_to_new(b)
    first, second = windows.all
    workspace.arrangements.move(c, second._context.arrangement)
    activate(qtbot, first)
    workspace.set(c, state=InstanceState.WAITING, question="Go on?")
    assert first.windowTitle().startswith("(1) a")
    assert second.windowTitle().startswith("(1) b")
    first.run(CommandId.NEXT_WAITING, None)
    qtbot.waitUntil(second.isActiveWindow)
    assert panes(second) == [c]
    assert panes(first) == [a]


def test_only_the_active_window_says_something(
    qtbot: QtBot, windows: Windows, workspace: FakeWorkspace
) -> None:
    workspace.add("a")
    windows.open_new()
    first, second = windows.all
    qtbot.waitUntil(second.isActiveWindow)
    workspace.error_reported.emit("a: It did not work.")
    windows.show_message("And this.")
    workspace.clipboard_write_allowed.emit(ClipboardReport("c", "copied"))
    assert first.toasts.texts() == ()
    assert len(second.toasts.texts()) == 2
    assert QApplication.clipboard().text() == "copied"


def test_what_is_looked_at_is_the_current_one_of_the_active_window(
    qtbot: QtBot, windows: Windows, workspace: FakeWorkspace
) -> None:
    a, b = workspace.add("a"), workspace.add("b")
    windows.move_to_new(b)
    first, second = windows.all
    qtbot.waitUntil(second.isActiveWindow)
    assert workspace.alerts.watched == b
    activate(qtbot, first)
    assert workspace.alerts.watched == a
    # However the desktop tells it: who comes first may say so before who goes.
    second._attention.set_watching(True)
    first._attention.set_watching(False)
    assert workspace.alerts.watched == b
    second._attention.set_watching(False)
    assert workspace.alerts.watched is None


def test_appearance_and_settings_are_those_of_all_windows(windows: Windows, workspace: FakeWorkspace) -> None:
    a, b = workspace.add("a"), workspace.add("b")
    windows.apply_settings(Settings())
    windows.move_to_new(b)
    first, second = windows.all
    windows.themes.choose(ColorScheme.DARK)
    second.run(CommandId.TOGGLE_COLORS, None)
    assert windows.themes.colors.scheme is ColorScheme.LIGHT
    for window in windows.all:
        assert window.screenshot().toImage().pixelColor(2, 300).lightnessF() > 0.5
    size = terminal_of(first, a).font_size
    second.run(CommandId.FONT_LARGER, b)
    assert terminal_of(first, a).font_size == terminal_of(second, b).font_size == size + 1
    assert windows.appearance.current.font_size == size + 1
    second.sidebar.width_changed.emit(250)
    assert first.sidebar.width() == second.sidebar.width() == 250
    windows.open_new()
    third = windows.all[2]
    assert (third.sidebar.width(), third._terminals.font_size) == (250, size + 1)


def test_a_program_may_write_to_the_clipboard_where_a_person_types(
    qtbot: QtBot, windows: Windows, workspace: FakeWorkspace
) -> None:
    a, b = workspace.add("a"), workspace.add("b")
    windows.apply_settings(Settings())
    windows.move_to_new(b)
    second = windows.all[1]
    qtbot.waitUntil(lambda: terminal_of(second, b).hasFocus())
    assert workspace.has_focus(b)
    assert not workspace.has_focus(a)


def test_each_window_lists_its_own_instances(windows: Windows, workspace: FakeWorkspace) -> None:
    a, b = workspace.add("a"), workspace.add("b")
    windows.move_to_new(b)
    first, second = windows.all
    for window, own, other in ((first, a, b), (second, b, a)):
        model = window.sidebar._model
        assert model.index_of(own).isValid()
        assert not model.index_of(other).isValid()
        assert window.tab_bar.tab(own).isVisible()
        with pytest.raises(KeyError):
            window.tab_bar.tab(other)


def test_a_dialog_opens_where_it_was_asked_for(windows: Windows, workspace: FakeWorkspace) -> None:
    a, b = workspace.add("a"), workspace.add("b")
    windows.move_to_new(b)
    first, second = windows.all
    first.run(CommandId.RENAME, a)
    opened(first, RenameDialog)
    assert second.sheets == []
    assert second.can_run(CommandId.RENAME, b)


def test_a_removed_instance_goes_from_its_window(windows: Windows, workspace: FakeWorkspace) -> None:
    workspace.add("a")
    b = workspace.add("b")
    windows.move_to_new(b)
    second = windows.all[1]
    assert pane_of(second, b).isVisible()
    workspace.close(b)
    assert panes(second) == []
    assert second.windowTitle() == "Podium"
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(windows.all) == 2


def test_a_match_in_another_window_is_shown_there(
    qtbot: QtBot, windows: Windows, workspace: FakeWorkspace
) -> None:
    a, b = workspace.add("a"), workspace.add("b")
    windows.move_to_new(b)
    first, second = windows.all
    activate(qtbot, first)
    first.run(CommandId.FIND_ALL, None)
    sheet = opened(first, FindAllSheet)
    sheet.match_chosen.emit(b, SearchQuery("said"), 3)
    sheet.reject()
    find = second.pane_area.find_session(b)
    assert find is not None
    assert find.is_open
    assert find.query == SearchQuery("said")
    mine = first.pane_area.find_session(a)
    assert mine is not None
    assert not mine.is_open
    qtbot.waitUntil(second.isActiveWindow)


def test_a_menu_about_an_instance_elsewhere_works_there(
    qtbot: QtBot, windows: Windows, workspace: FakeWorkspace
) -> None:
    workspace.add("a")
    b, c = workspace.add("b"), workspace.add("c")
    windows.move_to_new(b)
    first, second = windows.all
    workspace.arrangements.move(c, second._context.arrangement)
    second._context.arrangement.set_layout(Layout.GRID)
    activate(qtbot, first)

    def choose(title: str) -> None:
        first.inbox.instance_menu_requested.emit(b, first.pos())
        menu = first.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)[-1]
        next(action for action in menu.actions() if action.text().startswith(title)).trigger()
        menu.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    choose("Zoom pane")
    qtbot.waitUntil(second.isActiveWindow)
    assert panes(second) == [b]
    assert not first._context.arrangement.zoomed
    choose("Rename")
    opened(second, RenameDialog)
    assert first.sheets == []
    choose("Zoom pane")
    assert panes(second) == [b], "a dialog asks there first"


def test_all_panes_in_sight_share_the_time_for_painting(windows: Windows, workspace: FakeWorkspace) -> None:
    a, b = workspace.add("a"), workspace.add("b")
    workspace.add("c")
    counts = [terminal_of(windows.first, a)._visible_count]
    windows.move_to_new(b)
    counts.append(terminal_of(windows.first, a)._visible_count)
    windows.first._context.arrangement.set_layout(Layout.GRID)
    counts += [terminal_of(windows.first, a)._visible_count, terminal_of(windows.all[1], b)._visible_count]
    assert counts == [1, 2, 3, 3]
