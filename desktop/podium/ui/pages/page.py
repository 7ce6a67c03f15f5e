"""What a page is: a widget that fills the window beside the rail."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from podium.core.commands import CommandId
from podium.ui.theme.palette import ThemeManager


class PageId(StrEnum):
    """In the order of the rail."""

    TERMINALS = "terminals"
    MISSIONS = "missions"
    HISTORY = "history"
    SETTINGS = "settings"
    HELP = "help"


class PageEntry(NamedTuple):
    """How the rail shows a page."""

    title: str
    icon: str
    command: CommandId
    """The command that shows it."""


PAGES: Final[Mapping[PageId, PageEntry]] = {
    PageId.TERMINALS: PageEntry("Terminals", "terminals", CommandId.SHOW_TERMINALS),
    PageId.HISTORY: PageEntry("History", "history", CommandId.SHOW_HISTORY),
    PageId.SETTINGS: PageEntry("Settings", "settings", CommandId.SHOW_SETTINGS),
}
"""The pages there are. A new one gets its row here, its command in ``core/commands`` and its maker in the window."""


class Page(QWidget):
    """The base of all pages but the terminals. A page is made when it is first shown, and kept."""

    accessible_role = QAccessible.Role.Pane

    left = Signal()
    """Esc, and nothing on the page wanted it: back to the terminals."""

    def __init__(self, themes: ThemeManager, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.themes = themes
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        themes.changed.connect(self.update)

    def enter(self) -> None:
        """The page has just been shown: read what it shows anew, and give the keyboard to what wants it first."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Another page is shown now."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self.themes.colors.chrome.page)


MakePage = Callable[[], Page]
