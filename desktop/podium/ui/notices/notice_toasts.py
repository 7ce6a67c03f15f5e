"""Toasts for what programs say, unless a person sees it anyway."""

from collections import deque
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

from podium.attention.signals import AttentionState
from podium.core.ids import InstanceId
from podium.core.instances import AlertLevel
from podium.core.protocol.reports import NoticeReport
from podium.ui.widgets.toast import MOST, Toasts
from podium.workspace.arrangement import Arrangement
from podium.workspace.workspace import Workspace, WorkspaceError

_WAIT_MS: Final = 400
"""By then it is known whether what a program says is that it waits: a question has to stand for 300 ms."""
_ALERTED: Final = frozenset({AttentionState.WAITING, AttentionState.DONE, AttentionState.FAILED})
"""States that call for a person by themselves: tab, inbox and desktop tell them."""


class NoticeToasts(QObject):
    """Shows them in ``toasts`` while the window is the active one; ``is_looked_at`` says whether a person looks at an
    instance.
    """

    def __init__(
        self,
        workspace: Workspace,
        arrangement: Arrangement,
        toasts: Toasts,
        is_looked_at: Callable[[InstanceId], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._arrangement = arrangement
        self._toasts = toasts
        self._is_looked_at = is_looked_at
        self._posted = self._none()
        """Since the last tick."""
        self._waited = self._none()
        """Before it: shown at the next one. A program that goes on and on puts off nobody's notices."""
        self._timer = QTimer(self)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self._on_tick)
        workspace.notice_posted.connect(self._on_posted)

    @property
    def waits(self) -> bool:
        """Whether any are still to be shown."""
        return bool(self._posted or self._waited)

    @staticmethod
    def _none() -> deque[tuple[InstanceId, NoticeReport]]:
        return deque(maxlen=MOST)

    def _on_posted(self, instance: str, notice: NoticeReport) -> None:
        id = InstanceId(instance)
        if self._arrangement.active and not self._is_looked_at(id):
            self._posted.append((id, notice))
            if not self._timer.isActive():
                self._timer.start()

    def _on_tick(self) -> None:
        due, self._waited, self._posted = self._waited, self._posted, self._none()
        if not self._waited:
            self._timer.stop()
        for instance, notice in due:
            try:
                self._show(instance, notice)
            except WorkspaceError:
                continue  # It was closed meanwhile.

    def _show(self, instance: InstanceId, notice: NoticeReport) -> None:
        view = self._workspace.view(instance)
        level = view.spec.alerts
        quiet = self._workspace.alerts.do_not_disturb.active and level is not AlertLevel.IMPORTANT
        if quiet or level is AlertLevel.MUTED or view.attention.state in _ALERTED:
            return
        go = ("Go to", lambda: self._arrangement.reveal(instance))
        self._toasts.show(notice.title or view.spec.name, notice.body, go)
