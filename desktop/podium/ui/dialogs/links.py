"""Opening a link that a program printed: never unasked, because its text may hide where it leads."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from podium.ui.dialogs.confirm_dialog import ConfirmDialog
from podium.ui.theme.palette import ThemeManager


class LinkDialog(ConfirmDialog):
    """Shows the whole address and opens it when confirmed."""

    def __init__(self, themes: ThemeManager, host: QWidget, link: str) -> None:
        url = QUrl(link)
        # Encoded: letters of other scripts could make it look like another host.
        leads_to = url.host(QUrl.ComponentFormattingOption.FullyEncoded) or url.path()
        super().__init__(themes, host, "Open this link?", "Open", text=f"{link}\n\nIt leads to {leads_to}.")
        self.accepted.connect(lambda: QDesktopServices.openUrl(url))
