"""What the workspace has to say to a person: in the window in which they work, and in no other."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from podium.core.ids import InstanceId
from podium.core.protocol.reports import ClipboardReport
from podium.ui.notices.notice_toasts import NoticeToasts
from podium.ui.terminal.input.clipboard import write_clipboard
from podium.ui.widgets.toast import Toasts
from podium.workspace.arrangement import Arrangement
from podium.workspace.workspace import Workspace


class WindowMessages(QObject):
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
        self.notices = NoticeToasts(workspace, arrangement, toasts, is_looked_at, self)
        workspace.error_reported.connect(self._on_error)
        workspace.leftovers_found.connect(self._on_leftovers_found)
        workspace.clipboard_write_allowed.connect(self._on_clipboard_write_allowed)

    def _on_error(self, text: str) -> None:
        if self._arrangement.active:
            self._toasts.show(text)

    def _on_leftovers_found(self, instance: str, processes: str) -> None:
        if self._arrangement.active:
            end = ("End", lambda: self._workspace.end_left_behind(InstanceId(instance)))
            self._toasts.show("A closed shell left something running", processes, end)

    def _on_clipboard_write_allowed(self, write: ClipboardReport) -> None:
        if self._arrangement.active:
            for letter in write.selection:
                write_clipboard(write.text, primary=letter == "p")
