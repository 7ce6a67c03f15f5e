"""The rail at the left edge: the mark, the pages, contrast and help."""

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from podium.core.commands import CommandId
from podium.core.themes import load_tokens
from podium.ui.theme.icons import paint_mark
from podium.ui.theme.painting import fill_round
from podium.ui.theme.palette import ThemeManager
from podium.ui.widgets.buttons import Button

_BUTTON = 32
_FIRST_TOP = 52
_MARK = 20


class Rail(QWidget):
    """Pages to come get their button here when they exist."""

    requested = Signal(object)
    """A CommandId."""
    terminals_chosen = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self.setFixedWidth(load_tokens().size["rail"])
        column = QVBoxLayout(self)
        column.setContentsMargins(8, _FIRST_TOP, 8, 10)
        column.setSpacing(4)
        self.terminals = self._button("terminals", "Terminals")
        self.terminals.setCheckable(True)
        self.terminals.setChecked(True)
        self.terminals.clicked.connect(self._on_terminals_clicked)
        self.contrast = self._button("contrast", "Dark or light")
        self.contrast.clicked.connect(lambda: self.requested.emit(CommandId.TOGGLE_COLORS))
        self.help = self._button("help", "Keyboard shortcuts")
        self.help.clicked.connect(lambda: self.requested.emit(CommandId.SHOW_SHORTCUTS))
        column.addWidget(self.terminals)
        column.addStretch()
        column.addWidget(self.contrast)
        column.addWidget(self.help)
        themes.changed.connect(self.update)

    def _button(self, icon: str, name: str) -> Button:
        button = Button(self._themes, icon=icon, name=name, parent=self)
        button.setFixedSize(_BUTTON, _BUTTON)
        return button

    def _on_terminals_clicked(self) -> None:
        self.terminals.setChecked(True)  # the current page can't be switched off
        self.terminals_chosen.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = self._themes.colors
        painter = QPainter(self)
        painter.fillRect(self.rect(), colors.chrome.chrome)
        painter.fillRect(self.width() - 1, 0, 1, self.height(), colors.chrome.border)
        paint_mark(painter, 14, 10, _MARK, colors)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = self.terminals.geometry()
        fill_round(painter, QRectF(-1.5, current.center().y() - 7.5, 4.5, 16), 1.5, colors.chrome.text)
