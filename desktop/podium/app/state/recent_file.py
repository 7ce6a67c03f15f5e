"""Keeps what was chosen in the palette, and the folders and files that were opened, in a small file."""

from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtCore import QObject

from podium.core.background import RunInBackground
from podium.core.ids import InstanceId
from podium.core.system.private_files import read_small, write_private
from podium.demo.folders import folder_of
from podium.ui.recent_choices import Recent, RecentChoices
from podium.workspace.workspace import Workspace

_MOST_BYTES: Final = 512 * 1024


class RecentFile(QObject):
    """Reads it once, and writes it after each change: one write at a time, of the latest. What can't be kept is
    forgotten with the window: nobody is told.
    """

    def __init__(
        self, path: Path, recent: RecentChoices, workspace: Workspace, run: RunInBackground, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._path = path
        self._recent = recent
        self._workspace = workspace
        self._run = run
        self._loaded = False
        self._writing = False
        self._unwritten = False
        recent.changed.connect(self._on_changed)
        workspace.instance_added.connect(self._on_instance_added)

    def load(self) -> None:
        """Read it, off the window's thread."""
        self._run(lambda: read_recent(self._path), self._on_read, lambda _error: self._on_read(Recent()))

    def _on_read(self, kept: Recent) -> None:
        self._loaded = True
        self._recent.restore(kept)
        if self._unwritten:
            self._write()

    def _on_instance_added(self, instance: str) -> None:
        spec = self._workspace.view(InstanceId(instance)).spec
        if folder_of(spec) is not None:
            return  # The demo's go with it.
        self._recent.add_folder(spec.folder)
        if spec.mission:
            self._recent.add_file(spec.mission)

    def _on_changed(self) -> None:
        self._unwritten = True
        if self._loaded and not self._writing:
            self._write()

    def _write(self) -> None:
        self._writing, self._unwritten = True, False
        kept = self._recent.current
        self._run(
            lambda: write_private(self._path, msgspec.json.encode(kept), durable=False),
            lambda _done: self._on_written(),
            lambda _error: self._on_written(),
        )

    def _on_written(self) -> None:
        self._writing = False
        if self._unwritten:
            self._write()


def read_recent(path: Path) -> Recent:
    """What ``path`` holds; nothing where it is missing or damaged: it is written anew. Touches the disk."""
    try:
        return msgspec.json.decode(read_small(path, _MOST_BYTES), type=Recent).bounded()
    except (OSError, ValueError, RecursionError):
        return Recent()
