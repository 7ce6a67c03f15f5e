"""What a person looks at, told to the workspace; and where its alerts show in the window."""

from PySide6.QtCore import QObject, Signal

from podium.attention.alerts import AlertKind
from podium.core.ids import InstanceId
from podium.workspace.views import InstanceState
from podium.workspace.workspace import Workspace


class Attention(QObject):
    """Says where a filled yellow bar is due, and where a quiet mark."""

    changed = Signal()

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._watching = False
        workspace.alerts.changed.connect(self.changed)
        workspace.instance_changed.connect(self._watch)
        workspace.arrangement.current_changed.connect(self._watch)

    def needs_attention(self, instance: InstanceId) -> bool:
        """Whether it waits and was not looked at since."""
        alert = self._workspace.alerts.alert(instance)
        return (
            alert is not None
            and alert.kind is AlertKind.QUESTION
            and not alert.seen
            and instance != self._workspace.alerts.watched
        )

    def unseen(self, instance: InstanceId) -> AlertKind | None:
        """What ended, or rang its bell, and was not looked at since; None for nothing, and for a question."""
        alert = self._workspace.alerts.alert(instance)
        if alert is None or alert.seen or alert.kind is AlertKind.QUESTION:
            return None
        return alert.kind

    @property
    def calm(self) -> bool:
        """Whether nothing may move to catch the eye: a person does not want to be disturbed."""
        return self._workspace.alerts.do_not_disturb.active

    def waiting(self) -> tuple[InstanceId, ...]:
        """All that wait, the one that waits longest first."""
        waiting = [id for id in self._workspace.ids() if self._waits(id)]
        waiting.sort(key=lambda id: -(self._workspace.view(id).waiting_seconds or 0))
        return tuple(waiting)

    def set_watching(self, watching: bool) -> None:
        """Whether the window is the active one: else the current pane is not looked at."""
        self._watching = watching
        self._watch()

    def _waits(self, instance: InstanceId) -> bool:
        return self._workspace.state(instance) is InstanceState.WAITING

    def _watch(self, _instance: str = "") -> None:
        current = self._workspace.arrangement.current if self._watching else None
        alerts = self._workspace.alerts
        if current is not None:
            self._workspace.needs.see(current)
        if current != alerts.watched:
            alerts.watch(current)
