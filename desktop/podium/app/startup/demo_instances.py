"""The demo's instances: its projects are made off the window's thread, and opened when they are there."""

import contextlib
from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from podium.core.background import RunInBackground, within
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind
from podium.core.system.scratch import ScratchFolder
from podium.demo.folders import folder_of, is_demo, new_folder, remove_unused, set_kept
from podium.workspace.at_work import AtWork
from podium.workspace.workspace import Workspace, WorkspaceError


class DemoInstances(QObject):
    """One demo at a time: asked for again, one at work is shown, and one that is over makes room for the next."""

    opened = Signal(object)
    """The ids (a list) of a demo that runs now."""
    error_reported = Signal(str)
    """Not all instances of a demo could be created; words for a person."""
    failed = Signal(str)
    """A demo could not be set up at all; words for a person."""

    def __init__(self, workspace: Workspace, run: RunInBackground, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._run = run
        self._making = False
        self._folders: list[ScratchFolder] = []
        self._kept: frozenset[Path] = frozenset()
        """Those of the folders in which the person has instances of their own."""
        workspace.arrangements.changed.connect(self._on_changed)

    def tidy(self) -> None:
        """Remove, soon, what demos left that did not end in order."""
        self._run(remove_unused)

    def add(self) -> None:
        """Make the projects, which takes git a moment, and start the instances."""
        if self._making:
            return
        earlier = [view for view in self._workspace.views() if is_demo(view.spec)]
        at_work = [view.id for view in earlier if view.spec.kind is Kind.MISSION and view.busy]
        if at_work:
            self._workspace.arrangement.select(at_work[0])
            return
        self._making = True
        shells = [view.id for view in earlier if view.spec.kind is Kind.SHELL]
        self._workspace.find_at_work(
            shells, lambda found: self._replace([view.id for view in earlier], found)
        )

    def close(self, seconds: float) -> None:
        """After the event loop: the folders go, but for those of the person and those in which something runs. Waits
        so long at most.
        """
        folders, self._folders = self._folders, []
        if folders:
            within(seconds, lambda: _close(folders, self._kept))

    def _replace(self, earlier: Sequence[InstanceId], at_work: Sequence[AtWork]) -> None:
        """Close those of ``earlier`` that are still there, but for shells in which the person runs something."""
        kept = {one.view.id for one in at_work}
        for instance in earlier:
            if instance in self._workspace.ids() and instance not in kept:
                self._workspace.close(instance)
        self._run(_make_demo, self._open, self._on_failed)

    def _open(self, made: tuple[ScratchFolder, tuple[InstanceSpec, ...]]) -> None:
        folder, specs = made
        self._making = False
        self._drop_unused()
        self._folders.append(folder)
        created: list[InstanceId] = []
        for spec in specs:
            free = msgspec.structs.replace(spec, id=self._workspace.new_id(spec.id))
            try:
                self._workspace.create(free)
            except WorkspaceError as error:
                self.error_reported.emit(str(error))
                break
            created.append(free.id)
        if created:
            self._workspace.arrangement.select(created[0])
        self.opened.emit(created)

    def _drop_unused(self) -> None:
        """Folders of earlier demos in which no instance is left go now, not at the end."""
        used = {folder_of(spec) for spec in self._workspace.specs()}
        unused = [folder for folder in self._folders if folder.path not in used]
        self._folders = [folder for folder in self._folders if folder.path in used]
        if unused:
            self._run(partial(_close, unused, self._kept))

    def _on_failed(self, error: Exception) -> None:
        self._making = False
        self.failed.emit(f"The demo could not be set up: {error}")

    def _on_changed(self) -> None:
        """Instances came, went or were renamed."""
        own = {folder.path for folder in self._folders}
        if not own:
            return
        persons = {folder_of(spec) for spec in self._workspace.specs() if not is_demo(spec)}
        kept = frozenset(own & persons)
        for folder in kept ^ self._kept:
            # Written down at once: the window may be killed.
            self._run(partial(_mark, folder, folder in kept))
        self._kept = kept


def _close(folders: Sequence[ScratchFolder], kept: Collection[Path]) -> None:
    for folder in folders:
        # Once more: what was to be written down may be waiting still, or have been overtaken.
        _mark(folder.path, folder.path in kept)
        folder.close()


def _mark(folder: Path, kept: bool) -> None:
    with contextlib.suppress(OSError):  # It is gone, and with it what was to be kept.
        set_kept(folder, kept)


def _make_demo() -> tuple[ScratchFolder, tuple[InstanceSpec, ...]]:
    # Only here: most windows never show it.
    from podium.demo.plan import make_demo

    folder = new_folder()
    try:
        return folder, make_demo(folder.path)
    except BaseException:
        folder.close()
        raise
