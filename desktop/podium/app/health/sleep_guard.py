"""Keeps the machine from going to sleep while a mission is at work."""

from PySide6.QtCore import QObject

from podium.app.health.inhibitors import Inhibitor
from podium.app.logs.log_entries import AppLog
from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.workspace.views import BUSY_STATES
from podium.workspace.workspace import Workspace, WorkspaceError


class SleepGuard(QObject):
    """Follows ``workspace``. Where nothing can keep the machine awake, ``status`` says so, and the log once."""

    def __init__(
        self, workspace: Workspace, inhibitor: Inhibitor | None, log: AppLog, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._inhibitor = inhibitor
        self._log = log
        self._wanted = True
        self._missions: set[InstanceId] = set()
        self._held = False
        self._logged = False
        self._closed = False
        self._trouble = "" if inhibitor is not None else "not known how on this platform"
        workspace.instance_changed.connect(self._on_changed)
        workspace.instance_removed.connect(self._on_removed)

    @property
    def status(self) -> str:
        """For diagnostics: ``the machine is kept awake``, ``not available: …``."""
        if not self._wanted:
            return "off in the settings"
        if self._trouble:
            return f"not available: {self._trouble}"
        return "the machine is kept awake" if self._held else "not needed now"

    def set_wanted(self, wanted: bool) -> None:
        """The setting ``workers.keep_awake``."""
        self._wanted = wanted
        self._decide()

    def close(self) -> None:
        """Let go; only for the very end."""
        self._closed = True
        if self._inhibitor is not None:
            self._inhibitor.close()

    def _on_changed(self, instance: str) -> None:
        id = InstanceId(instance)
        try:
            busy = self._workspace.state(id) in BUSY_STATES
            if busy and id not in self._missions and self._workspace.view(id).spec.kind is Kind.MISSION:
                self._missions.add(id)
        except WorkspaceError:
            busy = False  # It is gone.
        if not busy:
            self._missions.discard(id)
        self._decide()

    def _on_removed(self, instance: str) -> None:
        self._missions.discard(InstanceId(instance))
        self._decide()

    def _decide(self) -> None:
        needed = self._wanted and bool(self._missions)
        if needed == self._held or self._closed:
            return
        self._held = needed
        if self._inhibitor is None:
            if needed:
                self._log_once()
        elif needed:
            self._trouble = ""  # It may work this time.
            self._inhibitor.hold(self._on_failed)
        else:
            self._inhibitor.release()

    def _on_failed(self, reason: str) -> None:
        self._trouble = reason
        self._log_once()

    def _log_once(self) -> None:
        if not self._logged:
            self._logged = True
            self._log.troubled("sleep", f"The machine can't be kept awake for missions: {self._trouble}.")
