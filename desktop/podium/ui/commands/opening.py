"""Opening files and folders that a person chose outside of the window: looked at beside it, asked about one by one."""

from collections import deque
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from podium.core.background import RunInBackground
from podium.core.commands import CommandId
from podium.core.config.toml_file import Fault
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind
from podium.core.workspace_files.paths import (
    FOLDER_FILE,
    MAX_OPENED,
    MISSION_NAME,
    MISSION_SUFFIX,
    SUFFIX,
)
from podium.ui.commands.current_folder import current_folder
from podium.ui.commands.ending import SheetHost
from podium.ui.commands.possible import no_room, no_room_reason
from podium.ui.theme.palette import ThemeManager
from podium.workspace.arrangement import Arrangement, Layout
from podium.workspace.workspace import Workspace, WorkspaceError

if TYPE_CHECKING:
    from podium.core.workspace_files.file import WorkspaceEntry, WorkspaceFile
    from podium.core.workspace_files.opened import Opened
    from podium.ui.dialogs.sheet import Sheet

_FILTERS: Final = (
    f"Missions and workspaces ({MISSION_NAME} *{MISSION_SUFFIX} *{SUFFIX} {FOLDER_FILE[1]})",
    "All files (*)",
)
_TOO_MANY: Final = f"Podium opens {MAX_OPENED} files at a time; close what asks, then open the others."


class OpeningHost(SheetHost, Protocol):
    """The window, as opening uses it."""

    def has_sheets(self) -> bool:
        """Whether a dialog is open."""


class OpeningCommands(QObject):
    """Nothing runs before the person has answered, and no dialog opens above another."""

    workspace_opened = Signal(str)
    """The path of a workspace file whose instances are there now."""

    def __init__(
        self,
        workspace: Workspace,
        arrangement: Arrangement,
        themes: ThemeManager,
        host: OpeningHost,
        look: RunInBackground,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._arrangement = arrangement
        self._themes = themes
        self._host = host
        self._look = look
        self._pending: list[Path] = []
        """All that was asked for and is not answered yet: a file that is opened again and again asks once."""
        self._found: deque[tuple[Path, Opened]] = deque()

    def ask(self) -> None:
        """Let the person choose a mission file or a workspace file."""
        chooser = QFileDialog(
            self._host.sheet_host().window(),
            "Open a mission or a workspace",
            current_folder(self._workspace, self._arrangement),
        )
        chooser.setFileMode(QFileDialog.FileMode.ExistingFiles)
        chooser.setNameFilters(list(_FILTERS))
        chooser.filesSelected.connect(lambda paths: self.open(tuple(map(Path, paths))))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.open()

    def open(self, paths: Sequence[Path]) -> None:
        """Look at ``paths``, then ask about each, or show what is there of it already."""
        new = [path for path in dict.fromkeys(paths) if path not in self._pending]
        room = MAX_OPENED - len(self._pending)
        if len(new) > room:
            self._host.show_message(_TOO_MANY)
        new = new[:room]
        if not new:
            return
        self._pending += new
        missions = {
            id: self._workspace.view(id).spec.mission
            for id in self._workspace.ids()
            if self._workspace.view(id).spec.kind is Kind.MISSION
        }
        self._look(
            lambda: _opened(new, missions),
            lambda found: self._on_found(tuple(zip(new, found, strict=True))),
            lambda error: self._on_failed(new, error),
        )

    def proceed(self) -> None:
        """Open the next dialog, unless one is open. For when the last one has closed, too."""
        while self._found and not self._host.has_sheets():
            path, opened = self._found.popleft()
            sheet = self._sheet_for(opened)
            if sheet is None:
                self._pending.remove(path)
            else:
                sheet.finished.connect(lambda _result, path=path: self._pending.remove(path))
                self._host.open_sheet(sheet)

    def _on_found(self, found: "tuple[tuple[Path, Opened], ...]") -> None:
        self._found += found
        self.proceed()

    def _on_failed(self, paths: Sequence[Path], error: Exception) -> None:
        for path in paths:
            self._pending.remove(path)
        self._host.show_message(f"{paths[0]} can't be looked at now: {error}")

    def _sheet_for(self, opened: "Opened") -> "Sheet | None":
        """The dialog that asks about it; None when there is nothing to ask."""
        from podium.core.workspace_files.opened import (  # Loaded on the thread that looked.
            NotOpened,
            OpenedFolder,
            OpenedMission,
            OpenedWorkspace,
        )

        match opened:
            case OpenedFolder(path, workspace, faults):
                if faults:
                    return self._faults(path.joinpath(*FOLDER_FILE), faults, carrier=path)
                if workspace is None:
                    return self._form(Kind.SHELL, path)
                return self._question(workspace, carrier=path)
            case OpenedMission(path, faults, instance):
                if instance is not None and instance in self._workspace.ids():
                    self._arrangement.reveal(instance)
                    return None
                return self._form(Kind.MISSION, path.parent, path, faults)
            case OpenedWorkspace(workspace):
                return self._question(workspace)
            case NotOpened(path, faults):
                return self._faults(path, faults)

    def _form(
        self, kind: Kind, folder: Path, mission: Path | None = None, faults: Sequence[Fault] = ()
    ) -> "Sheet":
        from podium.ui.dialogs.opening_dialogs import OpenedInstanceDialog  # see window_commands

        sheet = OpenedInstanceDialog(
            self._workspace,
            self._themes,
            self._host.sheet_host(),
            kind,
            str(folder),
            lambda: no_room_reason(CommandId.NEW_SHELL, self._arrangement),
            self._look,
            mission=str(mission or ""),
            faults=faults,
        )
        sheet.spec_ready.connect(self.create)
        sheet.asked.connect(self._host.open_sheet)
        return sheet

    def _question(self, workspace: "WorkspaceFile", carrier: Path | None = None) -> "Sheet | None":
        """``carrier`` is the folder that was opened and carries the file: a shell in it is offered too, and is all that
        there is to ask about where nothing of the workspace is missing.
        """
        from podium.ui.dialogs.opening_dialogs import WorkspaceQuestion

        added = self._missing(workspace)
        if not added and carrier is not None:
            return self._form(Kind.SHELL, carrier)
        if not added:
            self._show(workspace)
            return None
        if reason := no_room(len(added), self._arrangement):
            return self._faults(workspace.file, (Fault(str(workspace.file), "instances", reason, ""),))
        sheet = WorkspaceQuestion(
            self._themes, self._host.sheet_host(), workspace, added, shell=carrier is not None
        )
        sheet.shell_chosen.connect(partial(self._open_shell, carrier))
        sheet.chosen.connect(lambda start: self._add(workspace, added, start=start))
        return sheet

    def _faults(self, path: Path, faults: Sequence[Fault], carrier: Path | None = None) -> "Sheet":
        from podium.ui.dialogs.opening_dialogs import FaultsDialog

        sheet = FaultsDialog(
            self._themes, self._host.sheet_host(), path.name, faults, shell=carrier is not None
        )
        sheet.shell_chosen.connect(partial(self._open_shell, carrier))
        return sheet

    def _open_shell(self, folder: Path | None) -> None:
        if folder is not None:
            self._host.open_sheet(self._form(Kind.SHELL, folder))

    # What a person agreed to

    def create(self, spec: InstanceSpec) -> None:
        """Add an instance, start it and show it."""
        try:
            self._workspace.create(spec)
            self._arrangement.reveal(spec.id)
        except WorkspaceError as error:
            self._host.show_message(str(error))

    def _add(self, workspace: "WorkspaceFile", shown: "tuple[WorkspaceEntry, ...]", *, start: bool) -> None:
        # Once more: meanwhile instances may have been added over the API. One that was closed was not asked about.
        added = tuple(entry for entry in self._missing(workspace) if entry in shown)
        if reason := no_room(len(added), self._arrangement):
            self._host.show_message(reason)
            return
        try:
            for entry in added:
                spec = entry.spec(self._workspace.new_id(entry.name), self._workspace.next_theme())
                self._workspace.create(spec, start=start and entry.start)
        except WorkspaceError as error:
            self._host.show_message(str(error))
        self._show(workspace)

    def _show(self, workspace: "WorkspaceFile") -> None:
        self.workspace_opened.emit(str(workspace.file))
        if workspace.view is not None:
            self._arrangement.set_layout(Layout(workspace.view.value))
        from podium.core.workspace_files.file import identity

        first = identity(workspace.instances[0])
        for id in self._workspace.ids():
            if identity(self._workspace.view(id).spec) == first:
                self._arrangement.reveal(id)
                return

    def _missing(self, workspace: "WorkspaceFile") -> "tuple[WorkspaceEntry, ...]":
        return workspace.missing(self._workspace.view(id).spec for id in self._workspace.ids())


def _opened(paths: Sequence[Path], missions: Mapping[InstanceId, str]) -> "tuple[Opened, ...]":
    """On another thread: what reads missions and workspaces is loaded there too."""
    from podium.core.workspace_files.opened import open_path

    return tuple(open_path(path, missions) for path in paths)
