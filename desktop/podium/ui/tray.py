"""Podium in the system tray: how many instances wait, which, and the way to each."""

from collections.abc import Callable
from datetime import datetime
from math import inf
from typing import Final

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from podium.attention.alerts import Alert, AlertKind
from podium.core.names import one_line
from podium.core.visible_text import visible
from podium.ui.tray_icon import tray_icon
from podium.workspace.workspace import Workspace, WorkspaceError

_MOST_LISTED: Final = 12
_MOST_TEXT: Final = 64
"""Characters of an entry."""
_HOUR: Final = 3600.0
_SOON_MS: Final = 100
"""Changes that come together are shown at once."""


class _Shown(msgspec.Struct, frozen=True):
    """All that the icon and its menu say."""

    waiting: tuple[tuple[str, str], ...]
    """Instance and text of each, the oldest first."""
    quiet_until: float


class Tray(QObject):
    """The icon is there while it is wanted and something shows it."""

    show_requested = Signal(str)
    """A person chose this instance."""
    window_requested = Signal()
    inbox_requested = Signal()
    quit_requested = Signal()

    def __init__(
        self,
        workspace: Workspace,
        make_icon: Callable[[], QSystemTrayIcon] = QSystemTrayIcon,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._make_icon = make_icon
        self._wanted = False
        self._host = ""
        self._icon: QSystemTrayIcon | None = None
        self._menu: QMenu | None = None
        self._shown: _Shown | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SOON_MS)
        self._timer.timeout.connect(self.refresh)
        workspace.alerts.changed.connect(self._on_changed)
        workspace.alerts.do_not_disturb.changed.connect(self._on_changed)

    @property
    def icon(self) -> QSystemTrayIcon | None:
        return self._icon

    @property
    def menu(self) -> QMenu | None:
        return self._menu

    def set_wanted(self, wanted: bool) -> None:
        """The setting ``notify.tray``."""
        self._wanted = wanted
        self._decide()

    def set_host(self, host: str) -> None:
        """What shows icons now; "" for nothing. Qt tells a new one nothing of an icon that an older one had."""
        if host != self._host:
            self._host = host
            self._remove()
        self._decide()

    def close(self) -> None:
        """Take the icon away; only for the very end."""
        self._wanted = False
        self._decide()

    def refresh(self) -> None:
        """Show what is now."""
        self._timer.stop()
        icon, menu = self._icon, self._menu
        if icon is None or menu is None:
            return
        now = self._state()
        if now == self._shown:
            return
        before, self._shown = self._shown, now
        count = len(now.waiting)
        if before is None or len(before.waiting) != count:
            icon.setIcon(tray_icon(count))
            icon.setToolTip(waiting_text(count) or "Podium")
        self._fill(menu, now)

    def _decide(self) -> None:
        wanted = self._wanted and bool(self._host)
        if wanted and self._icon is None:
            self._icon, self._menu = self._make_icon(), QMenu()
            self.refresh()
            self._menu.aboutToShow.connect(self.refresh)  # For names, which change unnoticed.
            self._icon.setContextMenu(self._menu)
            self._icon.activated.connect(self._on_activated)
            self._icon.show()
        elif not wanted:
            self._remove()

    def _remove(self) -> None:
        icon, menu = self._icon, self._menu
        self._icon = self._menu = self._shown = None
        self._timer.stop()
        if icon is not None and menu is not None:
            icon.hide()
            icon.deleteLater()
            menu.deleteLater()

    def _on_changed(self, _instance: str = "") -> None:
        if self._icon is not None and not self._timer.isActive():
            self._timer.start()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.window_requested.emit()

    def _state(self) -> _Shown:
        alerts = self._workspace.alerts
        questions = [alert for alert in alerts.open() if alert.kind is AlertKind.QUESTION]
        texts = tuple((alert.instance, self._text(alert)) for alert in questions)
        return _Shown(texts, alerts.do_not_disturb.until)

    def _text(self, alert: Alert) -> str:
        try:
            name = self._workspace.view(alert.instance).spec.name
        except WorkspaceError:
            name = alert.instance
        text = one_line(visible(f"{name}: {alert.question}" if alert.question else name))
        return text if len(text) <= _MOST_TEXT else f"{text[: _MOST_TEXT - 1]}…"

    def _fill(self, menu: QMenu, now: _Shown) -> None:
        menu.clear()
        for instance, text in now.waiting[:_MOST_LISTED]:
            show = menu.addAction(text.replace("&", "&&"))
            show.triggered.connect(lambda _=False, instance=instance: self.show_requested.emit(instance))
        more = len(now.waiting) - _MOST_LISTED
        if more > 0:
            menu.addAction(f"{more} more").triggered.connect(self.inbox_requested)
        if now.waiting:
            menu.addSeparator()
        menu.addAction("Inbox").triggered.connect(self.inbox_requested)
        quiet = self._workspace.alerts.do_not_disturb
        if now.quiet_until:
            menu.addAction(_quiet_text(now.quiet_until)).triggered.connect(lambda _=False: quiet.turn_off())
        else:
            hour = menu.addAction("Do not disturb for an hour")
            hour.triggered.connect(lambda _=False: quiet.turn_on_for(_HOUR))
        menu.addAction("Show Podium").triggered.connect(self.window_requested)
        menu.addAction("Quit").triggered.connect(self.quit_requested)


def waiting_text(count: int) -> str:
    """``2 wait for you``; "" for none."""
    return "" if not count else "1 waits for you" if count == 1 else f"{count} wait for you"


def _quiet_text(until: float) -> str:
    end = "" if until == inf else f" (until {datetime.fromtimestamp(until):%H:%M})"
    return f"Turn off do not disturb{end}"
