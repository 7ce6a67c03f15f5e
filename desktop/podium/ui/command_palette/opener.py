"""Opens the palette with what there is just now, and does what was chosen."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.core.runs import Run
from podium.ui.command_palette.entries import Entry, EntryKind
from podium.ui.command_palette.held_key import HeldKey
from podium.ui.window_context import WindowContext
from podium.workspace.workspace import Workspace

if TYPE_CHECKING:
    from podium.ui.command_palette.palette import CommandPalette
    from podium.ui.dialogs.modal_card import ModalCard


class PaletteHost(Protocol):
    """The window, as the palette uses it."""

    def sheet_host(self) -> QWidget: ...

    def open_sheet(self, sheet: "ModalCard") -> None: ...

    def offered(self) -> frozenset[CommandId]: ...

    def refusal(self, command: CommandId, instance: InstanceId | None) -> str: ...

    def open_paths(self, paths: Sequence[Path]) -> None: ...

    def focus_content(self) -> None: ...


class PaletteOpener(QObject):
    """``run`` carries out a command as its menu entry does."""

    def __init__(
        self,
        workspace: Workspace,
        context: WindowContext,
        host: PaletteHost,
        run: Callable[[CommandId], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._context = context
        self._arrangement, self._themes = context.arrangement, context.themes
        self._host = host
        self._run = run
        self._held = HeldKey(self)
        self._open: CommandPalette | None = None
        self._instance_of: Mapping[str, InstanceId] = {}
        """The instance of each run that is shown."""
        self.recent = context.recent
        self.find_runs: Callable[[Callable[[Sequence[Run]], None]], None] | None = None
        """Hands the latest runs to its argument, later, on the window's thread; without it none are offered."""
        self.on_setting: Callable[[str], None] | None = None
        """Shows the setting with this key, as ``section.key``; without it no settings are offered."""

    def open(self) -> None:
        from podium.ui.command_palette.palette import CommandPalette  # see window_commands

        sheet = self._open = CommandPalette(
            self._themes, self._host.sheet_host(), self._entries(), self.recent.current.used
        )
        sheet.entry_chosen.connect(self._on_chosen)
        sheet.finished.connect(self._on_finished)
        self._host.open_sheet(sheet)
        if self.find_runs is not None:
            self.find_runs(lambda runs: self._on_runs(sheet, runs))

    def _entries(self) -> list[Entry]:
        from podium.ui.command_palette import sources

        keys = self._context.keys
        views = [self._workspace.view(id) for id in self._workspace.ids()]
        entries = [
            *sources.instance_entries(views, keys),
            *sources.command_entries(self._host.offered(), lambda id: self._host.refusal(id, None), keys),
            *sources.place_entries(self.recent.current),
        ]
        if self.on_setting is not None:
            from podium.core.config.declared import declared_sections

            entries += sources.setting_entries(declared_sections())
        return entries

    def _on_runs(self, sheet: "CommandPalette", runs: Sequence[Run]) -> None:
        """They were read; the palette may have closed meanwhile."""
        from podium.ui.command_palette import sources

        if sheet is self._open:
            self._instance_of = {run.id: run.instance for run in runs}
            sheet.add(sources.run_entries(runs, self._workspace.ids(), time.time()))

    def _on_finished(self) -> None:
        self._open = None

    def _on_chosen(self, entry: Entry, key: int) -> None:
        if key:
            self._held.hold(key)
        if entry.kind is not EntryKind.RUN:
            self.recent.add_used(entry.key)
        match entry.kind:
            case EntryKind.COMMAND:
                self._run(CommandId(entry.id))
            case EntryKind.INSTANCE:
                self._show(InstanceId(entry.id))
            case EntryKind.FOLDER | EntryKind.FILE:
                self._host.open_paths((Path(entry.id),))
            case EntryKind.SETTING if self.on_setting is not None:
                self.on_setting(entry.id)
            case EntryKind.RUN:
                self._show(self._instance_of[entry.id])

    def _show(self, instance: InstanceId) -> None:
        """Here, or in the window that has it."""
        if (peer := self._context.find_peer(instance)) is not None:
            peer.come_to(instance)
        else:
            self._arrangement.reveal(instance)
            self._host.focus_content()
