"""One beat a second for what changes with time, only while something runs and it is visible."""

from PySide6.QtCore import QObject, QTimer, Signal

from podium.core.ids import InstanceId
from podium.workspace.views import BUSY_STATES
from podium.workspace.workspace import Workspace

_BEAT_MS = 1000


class Ticker(QObject):
    ticked = Signal()

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._visible = False
        self._timer = QTimer(self)
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self.ticked)
        workspace.instance_changed.connect(self._on_changed)
        workspace.instance_removed.connect(self._update)

    @property
    def active(self) -> bool:
        return self._timer.isActive()

    def set_visible(self, visible: bool) -> None:
        self._visible = visible
        self._update()

    def _on_changed(self, instance: str) -> None:
        # Twenty times a second in each busy instance: all are asked only when this one may make a difference.
        if not self.active or self._workspace.state(InstanceId(instance)) not in BUSY_STATES:
            self._update()

    def _update(self, _instance: str = "") -> None:
        wanted = self._visible and bool(self._workspace.busy())
        if wanted and not self._timer.isActive():
            self._timer.start()
        elif not wanted:
            self._timer.stop()
