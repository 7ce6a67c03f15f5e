"""Closes shells that a person has left, if the settings say so."""

from PySide6.QtCore import QObject, QTimer

from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.core.protocol.reports import ExitedReport
from podium.sessions.hub import SessionHub
from podium.workspace.workspace import Workspace


class ShellEnds(QObject):
    """Only what ended by itself and well: Podium's own stops, restarts and its end leave the instance where it is."""

    def __init__(self, workspace: Workspace, hub: SessionHub, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.closes = False
        hub.subscribe(ExitedReport, self._on_exited)

    def _on_exited(self, instance: InstanceId, report: ExitedReport) -> None:
        if not self.closes or report.code != 0 or report.left or instance not in self._workspace.ids():
            return
        view = self._workspace.view(instance)
        if view.spec.kind is Kind.SHELL and view.startable:
            # When all have heard of its end.
            QTimer.singleShot(0, self, lambda: self._close(instance))

    def _close(self, instance: InstanceId) -> None:
        if instance in self._workspace.ids() and not self._workspace.view(instance).busy:
            self._workspace.close(instance)
