"""The desktop around the window: its notifications, its tray, a sound; and the ways back from each."""

import os
import sys
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QSystemTrayIcon

from podium.app.background import HandOver
from podium.attention.alerts import Alert
from podium.core.config.notify_settings import Notify
from podium.core.ids import InstanceId
from podium.notifications.desktop.bus import SessionBus
from podium.notifications.desktop.freedesktop import FreedesktopNotifications
from podium.notifications.desktop.library_notifications import LibraryNotifications
from podium.notifications.desktop.name_watch import NameWatch
from podium.notifications.desktop.service import DesktopService, TellEvent
from podium.notifications.desktop_sink import DesktopSink
from podium.notifications.notice import Notice
from podium.notifications.sound import Sound
from podium.ui.main_window import MainWindow
from podium.ui.tray import Tray
from podium.workspace.workspace import Workspace

_TOKEN: Final = "XDG_ACTIVATION_TOKEN"
_TRAY_HOST: Final = "org.kde.StatusNotifierWatcher"
_WITHOUT_BUS: Final = "the system's own"
_FIRST_LOOK_MS: Final = 3000
"""After that a tray that is on no bus is looked for."""


class Desktop(QObject):
    """A NoticeSink. Nothing of it begins before ``begin``."""

    def __init__(
        self,
        workspace: Workspace,
        find_window: Callable[[InstanceId | None], MainWindow],
        log: Callable[[str], None],
        hand_over: HandOver,
        parent: QObject | None = None,
    ) -> None:
        """``find_window`` returns the window that has an instance, or for None the one in which a person works;
        ``hand_over`` calls back on the window's thread, from any other.
        """
        super().__init__(parent)
        self._hand_over = hand_over
        self._log = log
        self._workspace = workspace
        self._find_window = find_window
        self._bus: SessionBus | None = None
        self._sounds = False
        self.sound = Sound(parent=self)
        self.tray = Tray(workspace, parent=self)
        self.sink = DesktopSink(self._make_service, workspace.alerts.alert, hand_over, self)
        self.sink.show_requested.connect(self._show)
        self.sink.answer_requested.connect(self._answer)
        self.tray.show_requested.connect(self._show)
        self.tray.window_requested.connect(self._show_front)
        self.tray.inbox_requested.connect(self._open_inbox)
        self.tray.quit_requested.connect(self._quit)

    def _make_service(self, tell: TellEvent) -> DesktopService:
        def log(text: str) -> None:
            self._hand_over(self._log, text)

        if not sys.platform.startswith("linux"):
            return LibraryNotifications(tell, log)
        service = FreedesktopNotifications(tell, log)
        hosts = NameWatch(_TRAY_HOST, lambda host: self._hand_over(self.tray.set_host, host))
        self._bus = SessionBus((service, service.watch, hosts), log)
        service.use(self._bus)
        return service

    # What the app tells it

    def begin(self, settings: Notify) -> None:
        """Look for the desktop, and go by these settings."""
        self.apply(settings)
        if self._bus is not None:
            self._bus.start()
            QTimer.singleShot(_FIRST_LOOK_MS, self, self._look_for_tray)
        else:
            self.tray.set_host(_WITHOUT_BUS)

    def apply(self, settings: Notify) -> None:
        """Go by these settings from now on."""
        self._sounds = settings.sound
        self.tray.set_wanted(settings.tray)

    def close(self) -> None:
        """Leave nothing of Podium on the desktop; only for the very end."""
        self.tray.close()
        self.sound.close()
        self.sink.close()
        if self._bus is not None:
            self._bus.close()

    def show(self, notice: Notice) -> None:
        self.sink.show(notice)
        if self._sounds:
            self.sound.tell(notice)

    def withdraw(self, number: int) -> None:
        self.sink.withdraw(number)

    # What a person does there

    def _look_for_tray(self) -> None:
        """A tray of X11 that is on no bus. Where none is at all, the bus tells of the first one."""
        if self.tray.icon is None and QSystemTrayIcon.isSystemTrayAvailable():
            self.tray.set_host(_WITHOUT_BUS)

    def _show(self, instance: str, token: str = "") -> None:
        window = self._find_window(InstanceId(instance))
        window.inbox.close()  # It may lie over the pane.
        self._workspace.arrangements.reveal(InstanceId(instance))
        self._come_forward(window, token)
        if not window.has_sheets():
            window.focus_content()

    def _show_front(self) -> None:
        self._come_forward(self._find_window(None))

    def _open_inbox(self) -> None:
        window = self._find_window(None)
        self._come_forward(window)
        if not window.has_sheets():
            window.inbox.open()

    def _come_forward(self, window: MainWindow, token: str = "") -> None:
        # Qt for Wayland takes the token from there, and from nowhere else. It is gone before a program could see it.
        if token:
            os.environ[_TOKEN] = token
        window.come_forward()
        os.environ.pop(_TOKEN, None)

    def _quit(self) -> None:
        window = self._find_window(None)
        self._come_forward(window)  # It may ask.
        window.quit()

    def _answer(self, alert: Alert, allow: bool) -> None:
        assert alert.asked is not None  # Else it had no buttons.
        self._workspace.alerts.answer(
            alert.instance, alert.asked, allow, lambda reason: self._on_answered(alert, reason)
        )

    def _on_answered(self, alert: Alert, reason: str) -> None:
        if reason:
            self.sink.show_unanswered(alert, reason)
