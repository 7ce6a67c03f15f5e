"""What a person looks at, told to the workspace; and where its alerts show in the window."""

from typing import Final, NamedTuple

from PySide6.QtCore import QObject, Signal

from podium.attention.alerts import AlertKind
from podium.core.ids import InstanceId
from podium.core.instances import AlertLevel
from podium.workspace.arrangement import Arrangement
from podium.workspace.views import InstanceState
from podium.workspace.workspace import Workspace

FEW: Final = 2
"""With more waiting than these no tab is filled: yellow must keep its meaning."""


class Mark(NamedTuple):
    """How an instance calls for a person in the window."""

    needs_attention: bool = False
    unseen: AlertKind | None = None


_NONE: Final = Mark()


class Attention(QObject):
    """Says where a filled yellow bar is due, and where a quiet mark."""

    changed = Signal(str)
    """This instance has another mark now."""
    waiting_changed = Signal()
    """Other instances wait now."""

    def __init__(self, workspace: Workspace, arrangement: Arrangement, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._arrangement = arrangement
        self._watching = False
        self._watched: InstanceId | None = None
        """What this window said last that a person looks at: another window may have said something since."""
        self._marks: dict[InstanceId, Mark] = {}
        self._waiting: set[InstanceId] = set()
        workspace.alerts.changed.connect(self._on_changed)
        workspace.instance_added.connect(self._on_changed)
        workspace.instance_changed.connect(self._on_instance_changed)
        workspace.instance_removed.connect(self._on_removed)
        arrangement.current_changed.connect(self._watch)
        for id in workspace.ids():
            self._on_changed(id)

    @property
    def count(self) -> int:
        """The number of instances that wait."""
        return len(self._waiting)

    @property
    def many(self) -> bool:
        """So many wait that tabs show pills instead of fills."""
        return len(self._waiting) > FEW

    def needs_attention(self, instance: InstanceId) -> bool:
        """Whether it waits and was not looked at since."""
        return self._marks.get(instance, _NONE).needs_attention

    def unseen(self, instance: InstanceId) -> AlertKind | None:
        """What ended, or rang its bell, and was not looked at since; None for nothing, and for a question."""
        return self._marks.get(instance, _NONE).unseen

    def may_disturb(self, instance: InstanceId) -> bool:
        """Whether its calls may do more than stand in the window."""
        level = self._workspace.view(instance).spec.alerts
        wanted = not self._workspace.alerts.do_not_disturb.active
        return level is AlertLevel.IMPORTANT or (wanted and level is not AlertLevel.MUTED)

    def waiting(self) -> tuple[InstanceId, ...]:
        """All that wait, the one that waits longest first."""
        return waiting_in(self._workspace)

    def set_watching(self, watching: bool) -> None:
        """Whether the window is the active one: else the current pane is not looked at."""
        self._watching = watching
        self._watch()

    def _on_instance_changed(self, instance: str) -> None:
        if instance == self._arrangement.current:
            self._watch()
        self._on_changed(instance)

    def _on_changed(self, instance: str) -> None:
        id = InstanceId(instance)
        if id not in self._workspace.ids():
            self._on_removed(instance)
            return
        before, mark = self._marks.get(id, _NONE), self._mark_of(id)
        self._marks[id] = mark
        waits = self._workspace.state(id) is InstanceState.WAITING
        if waits is not (id in self._waiting):
            self._waiting ^= {id}
            self.waiting_changed.emit()
        if mark != before:
            self.changed.emit(instance)

    def _on_removed(self, instance: str) -> None:
        id = InstanceId(instance)
        self._marks.pop(id, None)
        if id in self._waiting:
            self._waiting.discard(id)
            self.waiting_changed.emit()

    def _mark_of(self, instance: InstanceId) -> Mark:
        alerts = self._workspace.alerts
        alert = alerts.alert(instance)
        if alert is None or alert.seen:
            return _NONE
        if alert.kind is not AlertKind.QUESTION:
            return Mark(unseen=alert.kind)
        return Mark(needs_attention=instance != alerts.watched)

    def _watch(self, _instance: str = "") -> None:
        current = self._arrangement.current if self._watching else None
        alerts = self._workspace.alerts
        before, self._watched = self._watched, current
        if current is not None:
            self._workspace.needs.see(current)
        elif alerts.watched != before:
            return
        if current != alerts.watched:
            alerts.watch(current)


def waiting_in(workspace: Workspace) -> tuple[InstanceId, ...]:
    """All instances that wait, the one that waits longest first."""
    waiting = [id for id in workspace.ids() if workspace.state(id) is InstanceState.WAITING]
    waiting.sort(key=lambda id: -(workspace.view(id).waiting_seconds or 0))
    return tuple(waiting)


def next_waiting(workspace: Workspace, current: InstanceId | None) -> InstanceId | None:
    """The one that waits longest; if that is ``current``, the one that waits longest but for it, and so on round.
    None when nobody waits.
    """
    waiting = waiting_in(workspace)
    if not waiting:
        return None
    at = waiting.index(current) + 1 if current in waiting else 0
    return waiting[at % len(waiting)]
