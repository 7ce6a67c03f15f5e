"""*Export…*: asks for a file, and says how the export goes and how it ended."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QWidget

from podium.core.background import RunInBackground
from podium.core.exporting.document import ExportFormat
from podium.core.ids import InstanceId
from podium.sessions.hub import SessionHub
from podium.ui.commands.export_job import ExportJob, ExportState
from podium.ui.terminal.view import TerminalView
from podium.workspace.workspace import Workspace, WorkspaceError

_PROGRESS_MS: Final = 500
"""An export that takes longer says how far it is."""
_FILTERS: Final = {
    ExportFormat.TEXT: "Text (*.txt)",
    ExportFormat.HTML: "Web page in colours (*.html)",
    ExportFormat.ANSI: "Terminal output (*.ansi)",
    ExportFormat.CAST: "Recording, asciicast (*.cast)",
}


class Progress(Protocol):
    """Words that stay until they are closed."""

    def say(self, text: str) -> None: ...

    def end(self) -> None: ...


class ExportHost(Protocol):
    """The window, as exports use it."""

    def sheet_host(self) -> QWidget: ...

    def show_message(self, message: str) -> None: ...

    def show_progress(self, title: str, cancel: Callable[[], None]) -> Progress: ...


class Exporting(QObject):
    """The window's exports; several may run at once."""

    def __init__(
        self, workspace: Workspace, hub: SessionHub, run: RunInBackground, host: ExportHost, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._hub = hub
        self._run = run
        self._host = host

    def ask(self, instance: InstanceId, terminal: TerminalView) -> None:
        """Let the person choose a file and its format."""
        spec = self._workspace.view(instance).spec
        chooser = QFileDialog(self._host.sheet_host().window(), f"Export {spec.name}", spec.folder)
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setNameFilters(list(_FILTERS.values()))
        chooser.setDefaultSuffix(ExportFormat.TEXT.suffix[1:])
        chooser.selectFile(_file_name(spec.name))
        chooser.filterSelected.connect(lambda name: chooser.setDefaultSuffix(_format_of(name).suffix[1:]))
        chooser.fileSelected.connect(
            lambda path: self._on_chosen(
                instance, terminal, Path(path), _chosen_format(path, chooser.selectedNameFilter())
            )
        )
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.open()

    def _on_chosen(
        self, instance: InstanceId, terminal: TerminalView, path: Path, format: ExportFormat
    ) -> None:
        try:
            self.export(instance, terminal, path, format)
        except WorkspaceError as error:  # It was removed while the person chose.
            self._host.show_message(str(error))

    def export(
        self, instance: InstanceId, terminal: TerminalView, path: Path, format: ExportFormat
    ) -> ExportJob:
        """Write all lines of ``instance`` to ``path``, and say so when it is done or has failed."""
        name = self._workspace.view(instance).spec.name
        report = _Report(self._host, name, path, self)
        job = ExportJob(
            self._hub,
            instance,
            lambda request: self._workspace.send(instance, request),
            self._run,
            path,
            format,
            terminal.contents.document_style(name, terminal.theme),
            terminal.contents.terminal_lines,
            lambda: report.show(job),
        )
        report.cancelled = job.cancel
        job.begin()
        return job


class _Report(QObject):
    """What a person sees of one export."""

    def __init__(self, host: ExportHost, name: str, path: Path, parent: QObject) -> None:
        super().__init__(parent)
        self.cancelled: Callable[[], None] = lambda: None
        self._host = host
        self._name = name
        self._path = path
        self._progress: Progress | None = None
        self._share = 0.0
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_PROGRESS_MS)
        self._late.timeout.connect(self._on_late)
        self._late.start()

    def show(self, job: ExportJob) -> None:
        self._share = job.share
        if not job.over:
            self._say_progress()
            return
        self._late.stop()
        if self._progress is not None:
            self._progress.end()
        match job.state:
            case ExportState.FINISHED if job.dropped:
                gone = f"{job.dropped:,} of the oldest lines were gone before they were read."
                self._host.show_message(f"{self._name} was exported to {self._path}. {gone}")
            case ExportState.FINISHED:
                self._host.show_message(f"{self._name} was exported to {self._path}.")
            case ExportState.FAILED:
                self._host.show_message(
                    f"{self._name} could not be exported to {self._path}: {job.failure} Nothing was written."
                )
        self.deleteLater()

    def _on_late(self) -> None:
        self._progress = self._host.show_progress(f"Exporting {self._name}", lambda: self.cancelled())
        self._say_progress()

    def _say_progress(self) -> None:
        if self._progress is not None:
            self._progress.say(f"{self._share:.0%} of it is in {self._path.name}.")


def _file_name(name: str) -> str:
    """A file's name from an instance's."""
    return "".join("-" if char in '/\\:*?"<>|' or not char.isprintable() else char for char in name).lstrip(
        "."
    )


def _format_of(name_filter: str) -> ExportFormat:
    return next((one for one, text in _FILTERS.items() if text == name_filter), ExportFormat.TEXT)


def _chosen_format(path: str, name_filter: str) -> ExportFormat:
    """The end of a name that was typed counts more than the list below it."""
    return ExportFormat.of_name(path) or _format_of(name_filter)
