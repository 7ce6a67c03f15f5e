"""What a found update looks like in the window."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from podium.app.updates.update_check import Update, UpdateCheck
from podium.ui.main_window import MainWindow


class UpdateNotice(QObject):
    """A dialog for whoever asked; else a toast, which leads to it."""

    def __init__(
        self,
        check: UpdateCheck,
        front: Callable[[], MainWindow],
        parent: QObject | None = None,
        *,
        open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl,
    ) -> None:
        """``front`` is the window in which a person works."""
        super().__init__(parent)
        self._front = front
        self._open_url = open_url
        check.message_posted.connect(self._say)
        check.update_found.connect(self._on_found)

    def _say(self, title: str, text: str) -> None:
        self._front().toasts.show(title, text)

    def _on_found(self, update: Update, asked: bool) -> None:
        if asked:
            self._open(update)
        else:
            self._front().toasts.show(
                update.title, f"To update: {update.how}.", ("Show", lambda: self._open(update))
            )

    def _open(self, update: Update) -> None:
        from podium.ui.dialogs.update_dialog import UpdateDialog  # Most windows never need it.

        window = self._front()
        sheet = UpdateDialog(window.themes, window.sheet_host(), update.title, update.how, update.notes)
        sheet.notes_chosen.connect(lambda: self._show_notes(update.notes))
        window.open_sheet(sheet)

    def _show_notes(self, address: str) -> None:
        if not self._open_url(QUrl(address)):
            self._say("No program opens the release notes", f"They are at {address}.")
