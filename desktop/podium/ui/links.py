"""Opening a link that a program printed: never unasked, because its text may hide where it leads."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from podium.ui.confirm_dialog import ConfirmDialog
from podium.ui.palette import Looks


class LinkDialog(ConfirmDialog):
    """Shows the whole address and opens it when confirmed."""

    def __init__(self, looks: Looks, host: QWidget, link: str) -> None:
        super().__init__(looks, host, "Open this link?", "Open", text=link)
        self.accepted.connect(lambda: QDesktopServices.openUrl(QUrl(link)))
