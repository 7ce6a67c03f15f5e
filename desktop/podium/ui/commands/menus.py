"""Menus from the command table. They are made when opened, so they never show what was so a moment ago."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from podium.core.commands import CommandId, command
from podium.core.instances import Kind, ThemeName
from podium.core.themes import load_theme
from podium.ui.commands.possible import possible, why_not
from podium.ui.theme.icons import icon
from podium.ui.theme.palette import WindowColors
from podium.workspace.arrangement import Arrangement
from podium.workspace.views import InstanceView

Run = Callable[[CommandId], None]

_ICONS = {
    CommandId.NEW_MISSION: "podium",
    CommandId.NEW_SHELL: "shell",
    CommandId.NEW_COMMAND: "command",
    CommandId.WATCH_DEMO: "start",
    CommandId.START: "start",
    CommandId.RESUME: "start",
    CommandId.STOP: "stop",
    CommandId.STOP_NOW: "stop",
    CommandId.RESTART: "restart",
    CommandId.FINISH_ROUND: "finish",
    CommandId.TOGGLE_LAYOUT: "grid",
    CommandId.ZOOM: "zoom",
    CommandId.TOGGLE_SIDEBAR: "sidebar",
    CommandId.TOGGLE_COLORS: "contrast",
    CommandId.COPY: "copy",
    CommandId.CLOSE: "close",
    CommandId.OPEN_SETTINGS: "settings",
    CommandId.SHOW_SHORTCUTS: "help",
}
_NEW = (CommandId.NEW_MISSION, CommandId.NEW_SHELL, CommandId.NEW_COMMAND)
_MISSION_RUN = (
    CommandId.START,
    CommandId.RESUME,
    CommandId.FINISH_ROUND,
    CommandId.STOP_NOW,
    CommandId.RESTART,
)
_PROGRAM_RUN = (CommandId.START, CommandId.STOP, CommandId.RESTART)
_VIEW = (
    CommandId.TOGGLE_LAYOUT,
    CommandId.ZOOM,
    CommandId.NEXT_PAGE,
    CommandId.NEXT,
    CommandId.PREVIOUS,
    CommandId.TOGGLE_SIDEBAR,
    CommandId.TOGGLE_COLORS,
)
_TERMINAL = (
    CommandId.COPY,
    CommandId.PASTE,
    CommandId.SELECT_ALL,
    CommandId.FONT_LARGER,
    CommandId.FONT_SMALLER,
    CommandId.FONT_RESET,
    CommandId.SCROLL_BOTTOM,
    CommandId.CLEAR_SCROLLBACK,
    CommandId.RESET_TERMINAL,
    CommandId.SEND_NEXT_KEY,
)
_PODIUM = (
    CommandId.WATCH_DEMO,
    CommandId.OPEN_SETTINGS,
    CommandId.COPY_DIAGNOSTICS,
    CommandId.SHOW_SHORTCUTS,
    CommandId.QUIT,
)


class MenuMaker:
    """Builds the window's menus; ``run`` is called with the chosen command."""

    def __init__(
        self, parent: QWidget, colors: WindowColors, arrangement: Arrangement, offered: frozenset[CommandId]
    ) -> None:
        self._parent = parent
        self._colors = colors
        self._arrangement = arrangement
        self._offered = offered

    def new_menu(self, run: Run) -> QMenu:
        """What + offers."""
        menu = self._menu()
        self._fill(menu, _NEW, None, run)
        return menu

    def window_menu(
        self, view: InstanceView | None, run: Run, choose_theme: Callable[[ThemeName], None]
    ) -> QMenu:
        """Everything; ``view`` is the current instance."""
        menu = self._menu()
        self._fill(menu, _NEW, None, run)
        if view is not None:
            menu.addSeparator()
            own = menu.addMenu(view.spec.name.replace("&", "&&"))
            self._fill_instance(own, view, run, choose_theme)
            self._fill(menu.addMenu("Terminal"), _TERMINAL, view, run)
        self._fill(menu.addMenu("View"), _VIEW, view, run)
        menu.addSeparator()
        self._fill(menu, _PODIUM, None, run)
        return menu

    def instance_menu(self, view: InstanceView, run: Run, choose_theme: Callable[[ThemeName], None]) -> QMenu:
        """What can be done with one instance."""
        menu = self._menu()
        self._fill_instance(menu, view, run, choose_theme)
        return menu

    def terminal_menu(self, view: InstanceView, run: Run, choose_theme: Callable[[ThemeName], None]) -> QMenu:
        """What the right button and the menu key offer in a terminal."""
        menu = self._menu()
        self._fill(menu, (CommandId.COPY, CommandId.PASTE, CommandId.SELECT_ALL), view, run)
        menu.addSeparator()
        self._fill(menu, (CommandId.CLEAR_SCROLLBACK, CommandId.RESET_TERMINAL), view, run)
        menu.addSeparator()
        self._fill_instance(menu.addMenu(view.spec.name.replace("&", "&&")), view, run, choose_theme)
        self._fill(menu.addMenu("View"), _VIEW, view, run)
        return menu

    def _menu(self) -> QMenu:
        menu = QMenu(self._parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)  # They say why an entry is grey.
        return menu

    def _fill_instance(
        self, menu: QMenu, view: InstanceView, run: Run, choose_theme: Callable[[ThemeName], None]
    ) -> None:
        rows = _MISSION_RUN if view.spec.kind is Kind.MISSION else _PROGRAM_RUN
        self._fill(menu, rows, view, run)
        if view.left_behind:
            menu.addSeparator()
            self._fill(menu, (CommandId.END_LEFT_BEHIND, CommandId.LEAVE_LEFT_BEHIND), view, run)
        menu.addSeparator()
        self._fill(menu, (CommandId.ZOOM, CommandId.RENAME), view, run)
        if CommandId.CHANGE_THEME in self._offered:
            self._add_themes(menu.addMenu(command(CommandId.CHANGE_THEME).title), view, choose_theme)
        self._fill(menu, (CommandId.CLEAR_SCROLLBACK, CommandId.RESET_TERMINAL), view, run)
        menu.addSeparator()
        self._fill(menu, (CommandId.REMOVE, CommandId.CLOSE), view, run)

    def _add_themes(self, menu: QMenu, view: InstanceView, choose_theme: Callable[[ThemeName], None]) -> None:
        for theme in ThemeName:
            action = menu.addAction(load_theme(theme).name)
            action.setCheckable(True)
            action.setChecked(theme is view.spec.theme)
            action.triggered.connect(lambda _checked=False, theme=theme: choose_theme(theme))

    def _fill(self, menu: QMenu, commands: Sequence[CommandId], view: InstanceView | None, run: Run) -> None:
        for id in commands:
            if id not in self._offered:
                continue
            row = command(id)
            # Text after a tab is shown as a shortcut; a real one would be registered a second time.
            key = f"\t{row.keys[0]}" if row.keys else ""
            action = menu.addAction(row.title + key)
            action.setToolTip(why_not(id, self._arrangement) or row.help)
            action.setEnabled(possible(id, view, self._arrangement))
            if id in _ICONS:
                chrome = self._colors.chrome
                action.setIcon(icon(_ICONS[id], chrome.text_2, chrome.text_disabled))
            action.triggered.connect(lambda _checked=False, id=id: run(id))


def popup(menu: QMenu, at: QPoint, window: QWidget) -> None:
    """Open ``menu`` at a global position, inside the window where it fits."""
    right = window.mapToGlobal(QPoint(window.width(), 0)).x()
    at.setX(min(at.x(), right - menu.sizeHint().width() - 4))
    menu.popup(at)
