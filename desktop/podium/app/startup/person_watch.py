"""What a person does in the windows, told to what asks whether they are there."""

from PySide6.QtGui import QGuiApplication

from podium.notifications.presence import Presence
from podium.ui.windows import Windows
from podium.workspace.workspace import Workspace


def watch_person(presence: Presence, windows: Windows, workspace: Workspace) -> None:
    """Have ``presence`` told of keys, of the pane that is chosen, and when Podium comes to the front."""
    application = QGuiApplication.instance()
    assert isinstance(application, QGuiApplication)
    windows.key_pressed.connect(presence.touch)
    workspace.arrangements.current_changed.connect(lambda _: presence.touch())
    application.applicationStateChanged.connect(lambda _: presence.touch())
