"""*Save workspace…*: writes the instances to a workspace file, and says what of them it does not have."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QSaveFile, Qt
from PySide6.QtWidgets import QFileDialog

from podium.core.background import RunInBackground
from podium.core.workspace_files.keys import View
from podium.core.workspace_files.paths import SUFFIX
from podium.ui.commands.current_folder import current_folder
from podium.ui.commands.exporting import ExportHost
from podium.workspace.arrangement import Arrangement
from podium.workspace.workspace import Workspace

if TYPE_CHECKING:
    from podium.core.workspace_files.writing import WrittenWorkspace

_FILTER: Final = f"Podium workspace (*{SUFFIX})"
_SHOWN: Final = 5
"""Things left out that are named."""


class WorkspaceSaving(QObject):
    """Nothing is read back: what changes later is saved when it is asked for again."""

    def __init__(
        self,
        workspace: Workspace,
        arrangement: Arrangement,
        host: ExportHost,
        run: RunInBackground,
        parent: QObject,
    ) -> None:
        """``run`` is for folders that may hang."""
        super().__init__(parent)
        self._workspace = workspace
        self._arrangement = arrangement
        self._host = host
        self._run = run

    def ask(self) -> None:
        """Let the person choose the file."""
        # A workspace belongs beside its project.
        folder = Path(current_folder(self._workspace, self._arrangement))
        chooser = QFileDialog(self._host.sheet_host().window(), "Save workspace", str(folder))
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setNameFilter(_FILTER)
        chooser.setDefaultSuffix(SUFFIX[1:])
        chooser.selectFile(f"{folder.name or 'workspace'}{SUFFIX}")
        chooser.fileSelected.connect(lambda path: self.save(Path(path)))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.open()

    def save(self, path: Path) -> None:
        """Write the file, and say so when it is done or has failed."""
        specs = tuple(self._workspace.view(id).spec for id in self._arrangement.order)
        view = View(self._arrangement.layout.value)
        name = path.name.removesuffix(SUFFIX)

        def write() -> "WrittenWorkspace":
            from podium.core.workspace_files.writing import workspace_text

            written = workspace_text(name, view, specs, path, Path.home())
            _replace(path, written.text.encode())
            return written

        self._run(
            write,
            lambda written: self._host.show_message(_saved(path, written.left_out)),
            lambda error: self._host.show_message(
                f"{path} could not be written: {error}. Choose another folder."
            ),
        )


def _replace(path: Path, data: bytes) -> None:
    """A crash leaves the old file or the new one. Raises OSError."""
    file = QSaveFile(str(path))
    if not (file.open(QSaveFile.OpenModeFlag.WriteOnly) and file.write(data) == len(data) and file.commit()):
        raise OSError(file.errorString())


def _saved(path: Path, left_out: tuple[str, ...]) -> str:
    more = f" And {len(left_out) - _SHOWN} more." if len(left_out) > _SHOWN else ""
    return " ".join((f"The workspace is in {path}.", *left_out[:_SHOWN])) + more
