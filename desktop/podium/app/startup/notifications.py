"""What tells a person outside the window, put together: for the window, and for a server that has none."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from podium.app.background import Background
from podium.core.config.notify_settings import Notify
from podium.notifications.delivery import Delivery, FindSpent
from podium.notifications.notice import NoSink, NoticeSink
from podium.notifications.outlets.calls import Calls
from podium.notifications.presence import Presence
from podium.workspace.workspace import Workspace


class Notifications(QObject):
    """Tells nothing before ``apply``."""

    def __init__(
        self,
        workspace: Workspace,
        background: Background,
        find_spent: FindSpent,
        report: Callable[[str], None],
        desktop: NoticeSink | None = None,
        pointer: Callable[[], object] | None = None,
        parent: QObject | None = None,
    ) -> None:
        """``report`` gets words for a person; ``pointer`` is where the pointer is, if there is one."""
        super().__init__(parent)
        self._calls = Calls(background.foreign.run, lambda: workspace.environment, report)
        self.presence = Presence(pointer, parent=self)
        self.delivery = Delivery(
            workspace, desktop or NoSink(), self._calls, self.presence, find_spent, parent=self
        )

    def apply(self, settings: Notify) -> None:
        self._calls.apply(settings)
        self.delivery.apply(settings)
