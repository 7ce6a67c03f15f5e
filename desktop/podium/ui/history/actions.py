"""What can be done with a run, and with all that are shown."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from podium.core.background import RunInBackground
from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.core.runs import Run
from podium.history.run_export import TableFormat
from podium.history.run_list import RunOrder
from podium.history.runs import RunFilter
from podium.ui.history.exporting import FILTERS, RunExport
from podium.ui.history.loading import AskHistory
from podium.ui.terminal.input.clipboard import write_clipboard
from podium.ui.theme.short_text import short_path
from podium.workspace.workspace import Workspace

_GONE: Final = "Its instance was closed."


class HistoryHost(Protocol):
    """The window, as the page uses it."""

    def show_message(self, message: str) -> None: ...

    def run(self, command: CommandId, instance: InstanceId | None) -> None: ...

    def refusal(self, command: CommandId, instance: InstanceId | None) -> str: ...


class RunActions(QObject):
    """Carries them out; what can't be done is said."""

    def __init__(
        self,
        workspace: Workspace,
        host: HistoryHost,
        ask: AskHistory,
        run: RunInBackground,
        parent: QWidget,
        open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl,
    ) -> None:
        """``run`` is for the person's own files and folders."""
        super().__init__(parent)
        self._workspace = workspace
        self._host = host
        self._ask = ask
        self._run = run
        self._page = parent
        self._open_url = open_url

    def exists(self, run: Run) -> bool:
        """Whether the run's instance is in the window."""
        return run.instance in self._workspace.ids()

    def startable(self, run: Run) -> bool:
        return self.exists(run) and not self._host.refusal(CommandId.START, run.instance)

    def show_instance(self, run: Run) -> None:
        if self.exists(run):
            self._workspace.arrangement.reveal(run.instance)
        else:
            self._host.show_message(_GONE)

    def start_again(self, run: Run) -> None:
        reason = self._host.refusal(CommandId.START, run.instance) if self.exists(run) else _GONE
        if reason:
            self._host.show_message(reason)
        else:
            self._host.run(CommandId.START, run.instance)

    def copy_command(self, run: Run) -> None:
        if run.what:
            self.copy(run.what, "Command copied")

    def copy(self, text: str, said: str) -> None:
        write_clipboard(text)
        self._host.show_message(said)

    def open_folder(self, run: Run) -> None:
        folder = run.folder

        def show(there: bool) -> None:
            if not there:
                self._host.show_message(f"{short_path(folder)} is not there any more.")
            elif not self._open_url(QUrl.fromLocalFile(folder)):
                self._host.show_message(f"No program opens {short_path(folder)}.")

        # Maybe on a network: not on the window's thread.
        self._run(lambda: Path(folder).is_dir(), show, lambda _error: show(False))

    def ask_for_file(self, wanted: tuple[RunFilter, RunOrder, bool]) -> QFileDialog:
        """Let the person choose a file and its format; then all runs that pass the filter are written to it."""
        chooser = QFileDialog(self._page.window(), "Export runs", str(Path.home()))
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setNameFilters(list(FILTERS.values()))
        chooser.setDefaultSuffix(TableFormat.CSV.value)
        chooser.selectFile(f"podium-runs-{time.strftime('%Y-%m-%d')}")
        chooser.filterSelected.connect(lambda name: chooser.setDefaultSuffix(_format_of(name).value))
        chooser.fileSelected.connect(
            lambda path: self.export(Path(path), chosen_format(path, chooser.selectedNameFilter()), wanted)
        )
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.open()
        return chooser

    def export(self, path: Path, format: TableFormat, wanted: tuple[RunFilter, RunOrder, bool]) -> None:
        """Write the runs, and say when that is done or has failed."""
        RunExport(self._ask, self._run, path, format, wanted, self._host.show_message).begin()


def _format_of(name_filter: str) -> TableFormat:
    return next((format for format, text in FILTERS.items() if text == name_filter), TableFormat.CSV)


def chosen_format(path: str, name_filter: str) -> TableFormat:
    """By the ending that the person typed, else by the kind that was chosen."""
    ending = Path(path).suffix[1:].lower()
    return TableFormat(ending) if ending in tuple(TableFormat) else _format_of(name_filter)
