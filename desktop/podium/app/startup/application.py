"""Qt's application object, which macOS tells of files that were double-clicked."""

from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from podium.core.workspace_files.paths import path_of


class PodiumApplication(QApplication):
    """A QApplication that takes files to open while it runs. Only macOS sends them; tried here with sent events."""

    file_opened = Signal(object)
    """The path of a file or folder."""

    def event(self, event: QEvent) -> bool:
        if not isinstance(event, QFileOpenEvent):
            return super().event(event)
        path = _path(event)
        if path is not None:
            self.file_opened.emit(path)
        return path is not None


def _path(event: QFileOpenEvent) -> Path | None:
    try:
        return path_of(event.file() or event.url().toString())
    except ValueError:
        return None
