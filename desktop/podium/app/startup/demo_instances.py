"""The demo's instances: its projects are made off the window's thread, and opened when they are there."""

import tempfile
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal

from podium.core.background import RunInBackground
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec
from podium.workspace.workspace import Workspace, WorkspaceError


class DemoInstances(QObject):
    """Adds the demo to a workspace, as often as it is asked for."""

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

    def add(self) -> None:
        """Make the projects, which takes git a moment, and start the instances."""
        self._run(_make_demo, self._open, self._on_failed)

    def _open(self, specs: tuple[InstanceSpec, ...]) -> None:
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

    def _on_failed(self, error: Exception) -> None:
        self.failed.emit(f"The demo could not be set up: {error}")


def _make_demo() -> tuple[InstanceSpec, ...]:
    # Only here: most windows never show it.
    from podium.demo.plan import make_demo

    return make_demo(Path(tempfile.mkdtemp(prefix="podium-demo-")))
