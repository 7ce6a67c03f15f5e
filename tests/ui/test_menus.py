"""The window's menus: made of the command table's rows, as a person sees them."""

from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from podium.attention.signals import Attention, AttentionState, Source
from podium.core.commands import COMMANDS, CommandId, NoMenu, Section, commands_in
from podium.core.instances import Kind, ThemeName
from podium.core.protocol.attention import Question, QuestionKind
from podium.ui.commands.menus import MenuMaker
from podium.ui.main_window import MainWindow
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import MakeWindow, terminal_of

_THEMES = ["Indigo", "Emerald", "Amber", "Rose"]
_NEW = ["New agent…", "New mission…", "New shell", "New shell in a folder…", "Run a command…"]
_VIEW = [
    "Switch tabs and grid",
    "Zoom pane",
    "Next page",
    "Previous page",
    "Next instance",
    "Previous instance",
    "Next waiting",
    "Inbox",
    "Sidebar",
    "Dark or light",
    "Next part of the window",
    "Previous part of the window",
]
_MISSION = [
    *("Start", "Resume", "Finish round", "Stop now"),
    "-",
    *("Zoom pane", "Rename…", ["Theme", _THEMES], "Clear scrollback", "Reset terminal"),
    *("Duplicate", "Move up", "Move down"),
    *("Move to new window", "Move to next window"),
    ["Alerts", ["Alerts as usual", "Important alerts", "Mute alerts"]],
    "-",
    "Remove",
]
_SHELL = [
    *("Start", "Stop"),
    "-",
    *("End what it left running", "Leave it running"),
    "-",
    *_MISSION[5:],
]
_TERMINAL = [
    *("Copy", "Paste", "Select all", "Find", "Find in all instances"),
    *("Larger text", "Smaller text", "Normal text"),
    *("Scroll to the start", "Scroll to the end"),
    *("Previous prompt", "Next prompt", "Copy the output of this command", "Run again"),
    *("Clear scrollback", "Reset terminal", "Send next key to the terminal"),
    "Open a link by keys",
    *("Copy as HTML", "Copy mode", "Export…"),
]
_PODIUM = [
    "Command palette",
    "Watch the demo",
    "Open settings file",
    "Copy diagnostics",
    "Keyboard shortcuts",
    "Change shortcuts…",
    "Help",
    "Check for updates",
    "Do not disturb for an hour",
    "Turn off do not disturb",
    "Quit",
]


def menu_maker(window: MainWindow) -> MenuMaker:
    return window._menus.maker()


def texts(menu: QMenu) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for action in menu.actions():
        if isinstance(below := action.menu(), QMenu):
            found |= texts(below)
        elif not action.isSeparator():
            found[action.text().split("\t")[0]] = action.isEnabled()
    return found


def shape(menu: QMenu) -> list[object]:
    """Entries by name, "-" for separators, lists for menus inside."""

    def entry(action: QAction) -> object:
        if isinstance(below := action.menu(), QMenu):
            return [action.text(), shape(below)]
        return "-" if action.isSeparator() else action.text().split("\t")[0]

    return [entry(action) for action in menu.actions()]


def test_the_menus_have_their_shape(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    mission = workspace.view(workspace.add("m", kind=Kind.MISSION))
    shell = workspace.view(workspace.add("s", left_behind=("tmux (1)",)))
    maker = menu_maker(make_window())
    assert shape(maker.new_menu(print)) == _NEW
    assert shape(maker.instance_menu(mission, print, print)) == _MISSION
    assert shape(maker.instance_menu(shell, print, print)) == _SHELL
    assert shape(maker.window_menu(None, print, print)) == [
        *_NEW,
        "Start all",
        ["View", _VIEW],
        ["Go to", ["Terminals", "History", "Settings"]],
        "-",
        *("Open…", "Save workspace…", "New window"),
        "-",
        *_PODIUM,
    ]
    assert shape(maker.window_menu(mission, print, print)) == [
        *_NEW,
        "-",
        ["m", _MISSION],
        ["Terminal", _TERMINAL],
        "Start all",
        ["View", _VIEW],
        ["Go to", ["Terminals", "History", "Settings"]],
        "-",
        *("Open…", "Save workspace…", "New window"),
        "-",
        *_PODIUM,
    ]
    assert shape(maker.terminal_menu(shell, print, print)) == [
        *_TERMINAL[:4],
        *("Copy as HTML", "Copy mode"),
        "-",
        *("Clear scrollback", "Reset terminal", "Export…"),
        "-",
        ["s", _SHELL],
        ["View", _VIEW],
    ]


def test_an_entry_has_its_key_its_icon_and_its_help(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    workspace.add("a")
    menu = menu_maker(make_window()).window_menu(None, print, print)
    actions = {action.text().split("\t")[0]: action for action in menu.actions() if action.text()}
    new = actions["New mission…"]
    assert new.text() == "New mission…\tCtrl+Shift+N"
    assert new.toolTip() == "Run a team of agents in rounds."
    assert not new.icon().isNull()
    assert actions["Copy diagnostics"].icon().isNull()


_ASKED = Question(QuestionKind.PERMISSION, "Run it?", allow="1", deny="Escape")
_EVERYTHING: dict[str, Any] = {
    "left_behind": ("tmux (1)",),
    "clipboard_write": "x",
    "prompt_waits_for": "Trust?",
    "state": InstanceState.WAITING,
    "attention": Attention(AttentionState.WAITING, Source.SCREEN, asked=_ASKED),
}
"""Of a view that has every section in its menu."""


def test_every_section_is_in_some_menu(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    shell = workspace.view(workspace.add("s", **_EVERYTHING))
    idle = workspace.view(workspace.add("t"))
    maker = menu_maker(make_window())
    shown = {
        title
        for view in (shell, idle)
        for menu in (maker.window_menu(view, print, print), maker.terminal_menu(view, print, print))
        for title in texts(menu)
    }
    for section in Section:
        titles = {row.title for row in commands_in(section, Kind.SHELL)} - {"Theme"}
        assert titles, section
        assert titles <= shown, section


def test_every_row_is_in_the_menus_it_names_and_no_other(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    mission = workspace.add("a", kind=Kind.MISSION)
    shell = workspace.add("b", **_EVERYTHING)
    maker = menu_maker(make_window())
    shown = set()
    for id in (mission, shell):
        shown |= set(texts(maker.window_menu(workspace.view(id), print, print)))
    for row in COMMANDS:
        if row.id is not CommandId.CHANGE_THEME:  # Its entries are the themes.
            assert (row.title in shown) is not isinstance(row.places, NoMenu), row.id


def test_every_row_has_a_handler_and_every_handler_a_row(make_window: MakeWindow) -> None:
    assert make_window()._actions.offered == {row.id for row in COMMANDS}


def test_the_menu_of_an_instance_offers_what_its_state_allows(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a", kind=Kind.MISSION, state=InstanceState.RUNNING)
    window = make_window()
    shown = texts(menu_maker(window).instance_menu(workspace.view(id), print, print))
    assert shown["Finish round"]
    assert shown["Stop now"]
    assert {"Start", "Remove", "Stop"} & set(shown) == set()
    assert {"Restart", "Close"} <= set(shown)
    assert {theme.value.capitalize() for theme in ThemeName} <= set(shown)


def test_a_theme_chosen_in_the_menu_is_set(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    id = workspace.add("a", ThemeName.INDIGO)
    window = make_window()
    chosen: list[ThemeName] = []
    menu = menu_maker(window).instance_menu(workspace.view(id), print, chosen.append)
    themes = next(action.menu() for action in menu.actions() if action.text() == "Theme")
    assert isinstance(themes, QMenu)
    next(action for action in themes.actions() if action.text() == "Rose").trigger()
    assert chosen == [ThemeName.ROSE]
    window._commands.set_theme(id, ThemeName.ROSE)
    assert workspace.view(id).spec.theme is ThemeName.ROSE


def test_the_menu_of_a_terminal_begins_with_the_clipboard_and_has_the_rest(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("a", state=InstanceState.RUNNING)
    window = make_window()
    terminal_of(window, id).menu_requested.emit(window.mapToGlobal(window.rect().center()))
    menu = next(child for child in window.findChildren(QMenu) if child.isVisible())
    offered = list(texts(menu))
    assert offered[:3] == ["Copy", "Paste", "Select all"]
    assert {"Stop", "Rename…", "Close", "Switch tabs and grid"} <= set(offered)
    menu.close()


def test_the_menu_names_the_command_that_runs_again(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    shell = workspace.view(workspace.add("s"))
    maker = menu_maker(make_window())
    menu = maker.terminal_menu(shell, print, print, command="make a && b\u202e")
    titles = [action.text() for action in menu.actions()]
    at = titles.index("Copy the output of this command")
    assert titles[at : at + 2] == ["Copy the output of this command", "Run again: make a &&&& b\\u202e"]
    unknown = [action.text() for action in maker.terminal_menu(shell, print, print, command="").actions()]
    assert unknown[at : at + 2] == ["Copy the output of this command", "Run again"]
    assert "Run again" not in [action.text() for action in maker.terminal_menu(shell, print, print).actions()]
