"""Commands of the table: listing them, and carrying one out as the window's menu does."""

from collections.abc import Callable, Mapping

from podium.control.api.commands import CommandInfo, Commands, ListCommands, RunCommand
from podium.control.api.errors import ApiError
from podium.control.api.shapes import Done
from podium.control.operations.context import OperationContext, or_conflict, require_instance
from podium.control.operations.table import OperationTable
from podium.control.operations.window import NO_WINDOW
from podium.core.commands import COMMANDS, ArgumentType, Command, CommandId, command
from podium.core.ids import InstanceId
from podium.core.instances import AlertLevel, ThemeName
from podium.core.names import name_error
from podium.core.protocol.requests import ClearScrollback
from podium.workspace.workspace import Workspace


class CommandOperations:
    def __init__(self, context: OperationContext) -> None:
        self._workspace = context.workspace
        self._window = context.window
        self._without_window = windowless_handlers(context.workspace)
        self._of_podium = podium_handlers(context.workspace)

    def register(self, table: OperationTable) -> None:
        table.add(ListCommands, self._list)
        table.add(RunCommand, self._run)

    def _list(self, _call: ListCommands) -> Commands:
        current = self._workspace.arrangement.current
        return Commands(commands=tuple(_info(row, self._refusal(row, current)) for row in COMMANDS))

    def _refusal(self, row: Command, instance: InstanceId | None) -> str:
        if self._window is not None:
            return self._window.refusal(row.id, instance)
        if row.window_only is not None:
            return NO_WINDOW
        view = self._workspace.view(instance) if instance is not None else None
        return row.refusal(self._workspace.arrangement.situation(view))

    def _run(self, call: RunCommand) -> Done:
        row = _row(call.command)
        instance = (
            require_instance(self._workspace, call.instance)
            if call.instance
            else self._workspace.arrangement.current
        )
        if call.argument is not None:
            self._run_with(row, instance, call.argument)
            return Done()
        if row.needs_instance and instance is None:
            raise ApiError(409, "no-instance", "There is no instance it could be for.")
        if self._window is not None:
            if reason := self._window.refusal(row.id, instance):
                raise ApiError(409, "not-now", f"“{row.title}” can't be done now. {reason}")
            self._window.run(row.id, instance)
            return Done()
        if row.window_only is not None:
            raise ApiError(409, "no-window", NO_WINDOW)
        if row.id in self._of_podium:
            self._of_podium[row.id]()
        elif instance is not None:
            # The workspace refuses what can't be done now, and says why.
            or_conflict(lambda: self._without_window[row.id](instance))
        return Done()

    def _run_with(self, row: Command, instance: InstanceId | None, argument: str | int) -> None:
        """A command with what a person would choose or write in its dialog."""
        if row.argument is ArgumentType.NONE:
            raise _shape(f"“{row.id}” takes no argument.")
        if row.argument is ArgumentType.NUMBER:
            if not isinstance(argument, int):
                raise _shape(f"“{row.id}” takes a number.")
            if not 1 <= argument <= len(self._workspace.arrangement.order):
                raise ApiError(404, "unknown-instance", f"There is no instance number {argument}.")
            self._workspace.arrangement.select_number(argument)
            return
        if not isinstance(argument, str) or not argument.strip():
            raise _shape(f"“{row.id}” takes a text.")
        if instance is None:
            raise ApiError(409, "no-instance", "There is no instance it could be for.")
        if row.id is CommandId.RENAME:
            if wrong := name_error(argument):
                raise _shape(f"The name {wrong}")
            self._workspace.rename(instance, argument)
        elif row.id is CommandId.CHANGE_THEME:
            if argument not in list(ThemeName):
                raise _shape(f"“{argument[:64]}” is no theme; there are {', '.join(ThemeName)}.")
            self._workspace.set_theme(instance, ThemeName(argument))
        else:
            raise _shape(f"“{row.id}” takes no argument here.")


def windowless_handlers(workspace: Workspace) -> Mapping[CommandId, Callable[[InstanceId], object]]:
    """Handlers of all commands for an instance that work without a window."""
    return {
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
        CommandId.DROP_FIRST_PROMPT: workspace.agents.drop_prompt,
        CommandId.ALERT_NORMAL: lambda id: workspace.set_alert_level(id, AlertLevel.NORMAL),
        CommandId.ALERT_IMPORTANT: lambda id: workspace.set_alert_level(id, AlertLevel.IMPORTANT),
        CommandId.ALERT_MUTED: lambda id: workspace.set_alert_level(id, AlertLevel.MUTED),
    }


def podium_handlers(workspace: Workspace) -> Mapping[CommandId, Callable[[], None]]:
    """Handlers of those among them that are about no instance."""
    quiet = workspace.alerts.do_not_disturb
    return {
        CommandId.DO_NOT_DISTURB: lambda: quiet.turn_on_for(3600),
        CommandId.DISTURB_AGAIN: quiet.turn_off,
    }


def _info(row: Command, reason: str) -> CommandInfo:
    return CommandInfo(
        id=row.id.value,
        group=row.group.value,
        title=row.title,
        help=row.help,
        keys=row.keys,
        argument=row.argument.value,
        needs_instance=row.needs_instance,
        possible=not reason,
        reason=reason,
    )


def _row(id: str) -> Command:
    """Raises ApiError 404."""
    try:
        return command(CommandId(id))
    except ValueError:
        raise ApiError(
            404,
            "unknown-command",
            f"There is no command {id[:64]}.",
            "GET /api/commands lists them.",
        ) from None


def _shape(message: str) -> ApiError:
    return ApiError(422, "bad-shape", message)
