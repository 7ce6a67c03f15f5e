"""Waiting instances that need a person: until their pane was looked at, and again when they wait again."""

from PySide6.QtCore import QObject, Signal

from podium.core.ids import InstanceId
from podium.workspace.views import InstanceState
from podium.workspace.workspace import Workspace


class Attention(QObject):
    """Says where a filled yellow bar is due."""

    changed = Signal()

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._seen: set[InstanceId] = set()
        self._watching = False
        workspace.instance_changed.connect(self._on_instance_changed)
        workspace.instance_removed.connect(self._on_instance_removed)
        workspace.arrangement.current_changed.connect(self._on_current_changed)

    def needs_attention(self, instance: InstanceId) -> bool:
        """Whether it waits and was not looked at since."""
        return self._waits(instance) and instance not in self._seen

    def waiting(self) -> tuple[InstanceId, ...]:
        """All that wait, the one that waits longest first."""
        waiting = [id for id in self._workspace.ids() if self._waits(id)]
        waiting.sort(key=lambda id: -(self._workspace.view(id).waiting_seconds or 0))
        return tuple(waiting)

    def set_watching(self, watching: bool) -> None:
        """Whether the window is the active one: else the current pane is not looked at."""
        self._watching = watching
        self._see_current()

    def _waits(self, instance: InstanceId) -> bool:
        return self._workspace.state(instance) is InstanceState.WAITING

    def _see_current(self) -> None:
        current = self._workspace.arrangement.current
        if not self._watching or current is None:
            return
        self._workspace.needs.see(current)
        if self.needs_attention(current):
            self._seen.add(current)
            self.changed.emit()

    def _on_current_changed(self, _instance: str) -> None:
        self._see_current()

    def _on_instance_changed(self, instance: str) -> None:
        changed = InstanceId(instance)
        if not self._waits(changed):
            self._seen.discard(changed)
        self._see_current()

    def _on_instance_removed(self, instance: str) -> None:
        self._seen.discard(InstanceId(instance))
