"""The question before a link that a program printed is opened: its text may hide where it leads."""

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QCheckBox, QWidget

from podium.core.links.addresses import host_of
from podium.core.links.hosts import leads_elsewhere
from podium.ui.dialogs.confirm_dialog import ConfirmDialog
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.palette import ThemeManager


class LinkDialog(ConfirmDialog):
    """Shows the whole address. ``named`` is the text that it was printed under, if it was not the address."""

    def __init__(self, themes: ThemeManager, host: QWidget, link: str, named: str = "") -> None:
        url = QUrl(link)
        # Encoded: letters of other scripts could make it look like another host.
        leads_to = url.host(QUrl.ComponentFormattingOption.FullyEncoded) or url.path()
        text = f"{link}\n\nIt leads to {leads_to}."
        if named and leads_elsewhere(link, named):
            text += f" The text of the link says “{named.strip()[:200]}”."
        super().__init__(themes, host, "Open this link?", "Open", text=text)
        self._always = QCheckBox("Always open links to it")
        self._always.setFont(font(Role.BODY))
        if host_of(link):
            self.body.addSpacing(8)
            self.body.addWidget(self._always)
            self.setTabOrder(self.close_button, self._always)
        else:
            self._always.setParent(self)
            self._always.hide()

    @property
    def always(self) -> bool:
        """Whether links to this host are to be opened without this question from now on."""
        return self._always.isChecked()
