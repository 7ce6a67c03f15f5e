"""Opens the window's menus where they were asked for."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QWidget

from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.core.instances import ThemeName
from podium.ui.commands.actions import WindowActions
from podium.ui.commands.menus import MenuMaker, Run, popup
from podium.ui.commands.possible import refusal
from podium.ui.commands.window_commands import WindowCommands
from podium.ui.window_context import WindowContext
from podium.workspace.arrangement import Arrangement
from podium.workspace.views import InstanceView
from podium.workspace.workspace import Workspace


class WindowMenus(QObject):
    """Each slot takes the global position of the menu's corner."""

    def __init__(
        self,
        workspace: Workspace,
        context: WindowContext,
        commands: WindowCommands,
        actions: WindowActions,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._context = context
        self._arrangement, self._themes = context.arrangement, context.themes
        self._commands = commands
        self._actions = actions
        self._window = window

    def open_new(self, at: QPoint) -> None:
        popup(self.maker().new_menu(self._commands.run), at, self._window)

    def open_window(self, at: QPoint) -> None:
        current = self._arrangement.current
        view = self._workspace.view(current) if current is not None else None
        menu = self.maker().window_menu(
            view,
            self._run_for(view) if view is not None else self._commands.run,
            lambda theme: self._commands.set_theme(view.id, theme) if view else None,
        )
        popup(menu, at, self._window)

    def open_instance(self, instance: str, at: QPoint) -> None:
        arrangement = self._workspace.arrangements.of(InstanceId(instance))
        popup(self.maker(arrangement).instance_menu(*self._about(instance)), at, self._window)

    def open_terminal(self, instance: str, at: QPoint) -> None:
        link = self._commands.links.menu(instance)
        command = self._commands.offered_command(InstanceId(instance))
        popup(self.maker().terminal_menu(*self._about(instance), link, command), at, self._window)

    def _about(self, instance: str) -> tuple[InstanceView, Run, Callable[[ThemeName], None]]:
        """The arguments of a menu about one instance."""
        id = InstanceId(instance)
        view = self._workspace.view(id)
        return (
            view,
            self._run_for(view),
            lambda theme: self._commands.set_theme(id, theme),
        )

    def _run_for(self, view: InstanceView) -> Run:
        if (peer := self._context.find_peer(view.id)) is not None:
            return lambda command: peer.run_as_shown(command, view)
        return lambda command: self._commands.run_as_shown(command, view)

    def maker(self, arrangement: Arrangement | None = None) -> MenuMaker:
        """A new one for each menu: it takes the current colours. ``arrangement`` is that of the window it is about."""
        refused = self._commands.refusal
        if arrangement is not None and arrangement is not self._arrangement:
            refused = partial(self._refusal_in, arrangement)
        return MenuMaker(
            self._window, self._themes.colors, self._actions.offered, self._context.keys, refused
        )

    def _refusal_in(self, arrangement: Arrangement, command: CommandId, instance: str) -> str:
        """Why a command would do nothing for an instance of another window."""
        view = self._workspace.view(InstanceId(instance)) if instance else None
        return refusal(command, view, arrangement)
