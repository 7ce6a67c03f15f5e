"""Commands that end what runs in an instance: they ask first where there is something to lose, and name it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.ui.theme.palette import ThemeManager
from podium.workspace.at_work import AtWork
from podium.workspace.workspace import Workspace, WorkspaceError

if TYPE_CHECKING:
    from podium.ui.dialogs.sheet import Sheet


class SheetHost(Protocol):
    """The window, as questions use it."""

    def sheet_host(self) -> QWidget: ...

    def open_sheet(self, sheet: "Sheet") -> None: ...

    def show_message(self, message: str) -> None: ...


class _Wording(NamedTuple):
    verb: str
    confirm: str
    program: str
    """The command's effect on a program, as a sentence's beginning."""
    mission: str
    """The command's effect on a mission."""


_WORDINGS: Final[Mapping[CommandId, _Wording]] = {
    CommandId.CLOSE: _Wording(
        "Close", "End and close", "Closing ends it", "Closing ends it and its agents at once."
    ),
    CommandId.STOP: _Wording(
        "Stop", "End it", "Stopping ends it", "Stopping ends it and its agents at once."
    ),
    CommandId.STOP_NOW: _Wording(
        "Stop",
        "Stop now",
        "Stopping ends it",
        "Stopping ends it and its agents at once. Finish round ends it after the current round.",
    ),
    CommandId.RESTART: _Wording(
        "Restart",
        "End and restart",
        "Restarting ends it first",
        "Restarting ends it and its agents at once, and begins anew.",
    ),
}


class EndingCommands(QObject):
    """Close, stop and restart. A shell at its prompt ends without a question."""

    def __init__(
        self,
        workspace: Workspace,
        themes: ThemeManager,
        host: SheetHost,
        parent: QObject,
        before_close: Callable[[InstanceId, Callable[[], None]], None] = lambda _id, go_on: go_on(),
    ) -> None:
        """``before_close`` is told of an instance that a person closes, and goes on with it."""
        super().__init__(parent)
        self._before_close = before_close
        self._workspace = workspace
        self._themes = themes
        self._host = host
        self._asking: dict[InstanceId, Sheet | None] = {}
        """Instances whose session is asked what runs in it, with their question once that is open."""
        workspace.instance_removed.connect(self._on_removed)
        self._run: Mapping[CommandId, Callable[[InstanceId], None]] = {
            CommandId.CLOSE: workspace.close,
            CommandId.STOP: workspace.stop,
            CommandId.STOP_NOW: workspace.stop_now,
            CommandId.RESTART: workspace.restart,
        }

    def handlers(self) -> Mapping[CommandId, Callable[[InstanceId], None]]:
        """For each of these commands: what carries it out, asking first."""

        def handler(command: CommandId) -> Callable[[InstanceId], None]:
            return lambda instance: self.ask(command, instance)

        return {command: handler(command) for command in self._run}

    def run_unasked(self, command: CommandId, instance: InstanceId) -> None:
        """Carry it out for a program. Raises WorkspaceError."""
        self._run[command](instance)

    def ask(self, command: CommandId, instance: InstanceId) -> None:
        """Carry out ``command`` for ``instance``, after a question if something runs in it. Raises WorkspaceError."""
        if instance in self._asking:
            return
        self._asking[instance] = None

        def then(found: tuple[AtWork, ...]) -> None:
            if found:
                self._open_question(command, found[0])
            else:
                self._attempt(command, instance)

        try:
            self._workspace.find_at_work((instance,), then)
        except WorkspaceError:
            self._asking.pop(instance, None)
            raise

    def _open_question(self, command: CommandId, ending: AtWork) -> None:
        from podium.ui.dialogs.confirm_dialog import EndDialog  # see window_commands

        view, wording = ending.view, _WORDINGS[command]
        sheet = EndDialog(
            self._themes,
            self._host.sheet_host(),
            f"{wording.verb} {view.spec.name}?",
            wording.confirm,
            (ending,),
            _explanation(ending, wording),
        )
        self._asking[view.id] = sheet
        sheet.finished.connect(lambda: self._asking.pop(view.id, None))
        sheet.accepted.connect(lambda: self._attempt(command, view.id))
        self._host.open_sheet(sheet)

    def _on_removed(self, id: str) -> None:
        """Close the question about an instance that is gone: its id may soon be another's."""
        sheet = self._asking.pop(InstanceId(id), None)
        if sheet is not None:
            sheet.reject()

    def _attempt(self, command: CommandId, instance: InstanceId) -> None:
        self._asking.pop(instance, None)
        # It may have been removed while its session was asked: then there is nothing left to end.
        if instance not in self._workspace.ids():
            return
        if command is CommandId.CLOSE:
            self._before_close(instance, lambda: self._carry_out(command, instance))
        else:
            self._carry_out(command, instance)

    def _carry_out(self, command: CommandId, instance: InstanceId) -> None:
        try:
            self._run[command](instance)
        except WorkspaceError as error:
            self._host.show_message(str(error))


def _explanation(ending: AtWork, wording: _Wording) -> str:
    if ending.view.spec.kind is Kind.MISSION:
        return f"The mission is at work. {wording.mission}"
    if not ending.job:
        return f"It did not answer, so something may still be running in it. {wording.program}."
    return f"{ending.job} is running in it. {wording.program}; what it has not saved is lost."
