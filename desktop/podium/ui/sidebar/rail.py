"""The rail at the left edge: the mark, the pages, contrast and help."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from podium.core.commands import CommandId
from podium.core.themes import load_tokens
from podium.ui.pages.page import PAGES, PageId
from podium.ui.theme.icons import paint_mark
from podium.ui.theme.painting import fill_round
from podium.ui.theme.palette import ThemeManager
from podium.ui.widgets.buttons import Button
from podium.ui.widgets.command_tip import CommandTip

_BUTTON = 32
_FIRST_TOP = 52
_MARK = 20


class _PageButton(Button):
    """Shows its page; exactly one is pressed."""

    accessible_role = QAccessible.Role.RadioButton


class Rail(QWidget):
    """A button for each page there is."""

    accessible_role = QAccessible.Role.ToolBar

    requested = Signal(object)
    """A CommandId."""

    def __init__(self, themes: ThemeManager, pages: Sequence[PageId], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self.setFixedWidth(load_tokens().size["rail"])
        self.setAccessibleName("Pages")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, _FIRST_TOP, 8, 10)
        column.setSpacing(4)
        self.pages = {id: self._page_button(id) for id in pages}
        self.contrast = self._button("contrast", "Dark or light", CommandId.TOGGLE_COLORS)
        self.help = self._button("help", "Keyboard shortcuts", CommandId.SHOW_SHORTCUTS)
        for button in self.pages.values():
            column.addWidget(button)
        column.addStretch()
        column.addWidget(self.contrast)
        column.addWidget(self.help)
        self.show_page(PageId.TERMINALS)
        themes.changed.connect(self.update)

    def show_page(self, id: PageId) -> None:
        """Mark the button of the page that is shown."""
        self._current = id
        for other, button in self.pages.items():
            button.setChecked(other is id)
        self.update()

    def _page_button(self, id: PageId) -> Button:
        entry = PAGES[id]
        button = _PageButton(self._themes, icon=entry.icon, name=entry.title, parent=self)
        button.setFixedSize(_BUTTON, _BUTTON)
        button.setCheckable(True)
        CommandTip(button, entry.command, entry.title)
        button.clicked.connect(lambda: self._on_page_clicked(entry.command))
        return button

    def _button(self, icon: str, name: str, command: CommandId) -> Button:
        button = Button(self._themes, icon=icon, name=name, parent=self)
        button.setFixedSize(_BUTTON, _BUTTON)
        CommandTip(button, command, name)
        button.clicked.connect(lambda: self.requested.emit(command))
        return button

    def _on_page_clicked(self, command: CommandId) -> None:
        self.show_page(self._current)  # A click switches nothing off; the window says what is shown.
        self.requested.emit(command)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = self._themes.colors
        painter = QPainter(self)
        painter.fillRect(self.rect(), colors.chrome.chrome)
        painter.fillRect(self.width() - 1, 0, 1, self.height(), colors.chrome.border)
        paint_mark(painter, 14, 10, _MARK, colors)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = self.pages[self._current].geometry()
        fill_round(painter, QRectF(-1.5, current.center().y() - 7.5, 4.5, 16), 1.5, colors.chrome.text)
