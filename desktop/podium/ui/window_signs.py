"""What the desktop shows of the window: its title, the number on its icon, and that it calls for a person."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMainWindow

from podium.attention.alerts import Alert, AlertKind
from podium.ui.attention import Attention
from podium.ui.theme.spoken import spoken_state
from podium.ui.widgets.accessible import announce
from podium.workspace.arrangement import Arrangement
from podium.workspace.workspace import Workspace


class WindowSigns(QObject):
    """Both numbers are those that wait."""

    def __init__(
        self, workspace: Workspace, arrangement: Arrangement, attention: Attention, window: QMainWindow
    ) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._arrangement = arrangement
        self._attention = attention
        self._window = window
        self._badge = 0
        attention.waiting_changed.connect(self.update)
        workspace.alerts.raised.connect(self._on_raised)
        workspace.instance_changed.connect(self._on_instance_changed)
        arrangement.changed.connect(self.update)
        arrangement.current_changed.connect(self.update)
        self.update()

    def update(self, _instance: str = "") -> None:
        """Show them as they are now."""
        self._window.setWindowTitle(self._title())
        if self._badge != self._attention.count:
            self._badge = self._attention.count
            _set_badge(self._badge)

    def _title(self) -> str:
        current = self._arrangement.current
        count = f"({self._attention.count}) " if self._attention.count else ""
        if current is None:
            return f"{count}Podium"
        view = self._workspace.view(current)
        return f"{count}{view.spec.name} — {view.shown_label} · Podium"

    def _on_instance_changed(self, instance: str) -> None:
        if instance == self._arrangement.current:
            self.update()

    def _on_raised(self, alert: Alert) -> None:
        """Once for each, in the window that has it: the desktop ends it when that is the active one."""
        if alert.instance not in self._arrangement.order:
            return
        if self._attention.may_disturb(alert.instance):
            view = self._workspace.view(alert.instance)
            urgent = alert.kind is AlertKind.QUESTION
            announce(self._window, f"{view.spec.name}: {spoken_state(view)}", urgent=urgent)
        if not self._window.isActiveWindow() and self._attention.may_disturb(alert.instance):
            QApplication.alert(self._window, 0)


def _set_badge(number: int) -> None:
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)
    app.setBadgeNumber(number)
