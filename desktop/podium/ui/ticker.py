"""One beat a second for what changes with time, only while something runs and it is visible."""

from PySide6.QtCore import QObject, QTimer, Signal

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
        workspace.instance_removed.connect(self._on_changed)

    @property
    def active(self) -> bool:
        return self._timer.isActive()

    def set_visible(self, visible: bool) -> None:
        self._visible = visible
        self._on_changed()

    def _on_changed(self, _instance: str = "") -> None:
        wanted = self._visible and bool(self._workspace.busy())
        if wanted and not self._timer.isActive():
            self._timer.start()
        elif not wanted:
            self._timer.stop()
