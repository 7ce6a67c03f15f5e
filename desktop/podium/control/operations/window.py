"""Commands of the table, the window's arrangement and its picture."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final

from podium.control.api import calls
from podium.control.api.answers import CommandInfo, Commands, Done, Picture, WindowInfo
from podium.control.api.errors import ApiError
from podium.control.bridge.futures import settle
from podium.control.operations.common import Parts, Table, attempt, find
from podium.core.commands import COMMANDS, ArgumentType, CommandId, command
from podium.core.ids import InstanceId
from podium.core.instances import ThemeName
from podium.core.names import why_no_name
from podium.core.protocol.requests import ClearScrollback
from podium.workspace.arrangement import Layout

_NO_WINDOW: Final = "There is no window: Podium runs as a server."


class WindowOperations:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        workspace = parts.workspace
        arrangement = workspace.arrangement
        self._workspace = workspace
        self._arrangement = arrangement
        self._without_window: dict[CommandId, Callable[[InstanceId], object]] = {
            CommandId.START: workspace.start,
            CommandId.RESUME: workspace.resume,
            CommandId.STOP: workspace.stop,
            CommandId.RESTART: workspace.restart,
            CommandId.FINISH_ROUND: workspace.finish_round,
            CommandId.STOP_NOW: workspace.stop_now,
            CommandId.CLOSE: workspace.close,
            CommandId.REMOVE: workspace.remove,
            CommandId.CLEAR_SCROLLBACK: lambda id: workspace.send(id, ClearScrollback()),
            CommandId.RESET_TERMINAL: lambda id: workspace.send(id, ClearScrollback(reset=True)),
            CommandId.END_LEFT_BEHIND: workspace.end_left_behind,
            CommandId.LEAVE_LEFT_BEHIND: workspace.leave_left_behind,
        }

    def table(self) -> Table:
        return {
            calls.ListCommands: self._list,
            calls.RunCommand: self._run,
            calls.GetWindow: self._window,
            calls.ArrangeWindow: self._arrange,
            calls.GetScreenshot: self._screenshot,
        }

    # Commands

    def _list(self, _call: calls.ListCommands) -> Commands:
        current = self._arrangement.current
        return Commands(
            commands=tuple(
                CommandInfo(
                    id=row.id.value,
                    group=row.group.value,
                    title=row.title,
                    help=row.help,
                    keys=row.keys,
                    argument=row.argument.value,
                    needs_instance=row.needs_instance,
                    possible=self._possible(row.id, current),
                )
                for row in COMMANDS
            )
        )

    def _possible(self, id: CommandId, instance: InstanceId | None) -> bool:
        if self._parts.window is not None:
            return self._parts.window.possible(id, instance)
        return id in self._without_window and instance is not None

    def _run(self, call: calls.RunCommand) -> Done:
        try:
            id = CommandId(call.command)
        except ValueError:
            raise ApiError(
                404,
                "unknown-command",
                f"There is no command {call.command[:64]}.",
                "GET /api/commands lists them.",
            ) from None
        instance = find(self._workspace, call.instance) if call.instance else self._arrangement.current
        if call.argument is not None:
            self._run_with(id, instance, call.argument)
            return Done()
        if command(id).needs_instance and instance is None:
            raise ApiError(409, "no-instance", "There is no instance it could be for.")
        if self._parts.window is None and id not in self._without_window:
            raise ApiError(409, "no-window", _NO_WINDOW)
        if not self._possible(id, instance):
            raise ApiError(409, "not-now", f"“{command(id).title}” would do nothing now.")
        if self._parts.window is not None:
            self._parts.window.run(id, instance)
        elif instance is not None:
            attempt(lambda: self._without_window[id](instance))
        return Done()

    def _run_with(self, id: CommandId, instance: InstanceId | None, argument: str | int) -> None:
        """A command with what a person would choose or write in its dialog."""
        wanted = command(id).argument
        if wanted is ArgumentType.NONE:
            raise _shape(f"“{id}” takes no argument.")
        if wanted is ArgumentType.NUMBER:
            if not isinstance(argument, int):
                raise _shape(f"“{id}” takes a number.")
            if not 1 <= argument <= len(self._arrangement.order):
                raise ApiError(404, "unknown-instance", f"There is no instance number {argument}.")
            self._arrangement.select_number(argument)
            return
        if not isinstance(argument, str) or not argument.strip():
            raise _shape(f"“{id}” takes a text.")
        if instance is None:
            raise ApiError(409, "no-instance", "There is no instance it could be for.")
        if id is CommandId.RENAME:
            if wrong := why_no_name(argument):
                raise _shape(f"The name {wrong}")
            self._workspace.rename(instance, argument)
        elif id is CommandId.CHANGE_THEME:
            if argument not in list(ThemeName):
                raise _shape(f"“{argument[:64]}” is no theme; there are {', '.join(ThemeName)}.")
            self._workspace.set_theme(instance, ThemeName(argument))
        else:
            raise _shape(f"“{id}” takes no argument here.")

    # The window

    def _window(self, _call: calls.GetWindow) -> WindowInfo:
        arrangement = self._arrangement
        return WindowInfo(
            layout=arrangement.layout.value,
            current=arrangement.current,
            zoomed=arrangement.zoomed,
            page=arrangement.page + 1,
            pages=arrangement.pages,
            visible=arrangement.visible,
        )

    def _arrange(self, call: calls.ArrangeWindow) -> WindowInfo:
        arrangement = self._arrangement
        focus = find(self._workspace, call.focus) if call.focus is not None else None
        if call.layout is not None:
            arrangement.set_layout(Layout(call.layout.value))
        if call.page is not None:
            if call.page > arrangement.pages:
                raise ApiError(404, "unknown-page", f"There are {arrangement.pages} pages.")
            while arrangement.page + 1 != call.page:
                arrangement.next_page()
        if focus is not None:
            arrangement.select(focus)
        if call.zoomed is not None and call.zoomed is not arrangement.zoomed:
            if arrangement.layout is not Layout.GRID:
                raise ApiError(409, "not-now", "Only a pane of the grid can be zoomed.")
            arrangement.toggle_zoom()
        return self._window(calls.GetWindow())

    def _screenshot(self, _call: calls.GetScreenshot) -> Future[Any]:
        if self._parts.window is None:
            raise ApiError(409, "no-window", _NO_WINDOW)
        future: Future[Any] = Future()

        def receive(png: bytes) -> None:
            settle(
                future,
                Picture(png=png) if png else ApiError(500, "no-picture", "The window could not be painted."),
            )

        self._parts.window.take_picture(receive)
        return future


def _shape(message: str) -> ApiError:
    return ApiError(422, "bad-shape", message)
