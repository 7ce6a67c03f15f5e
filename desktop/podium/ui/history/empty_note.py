"""What stands in the place of a table without rows."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from podium.ui.history.wanted import Wanted
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import breakable, plain_label
from podium.ui.widgets.buttons import Button, ButtonKind


class EmptyNote(QWidget):
    """A sentence, and the way back to all runs where there are any."""

    clear_requested = Signal()

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self.label = plain_label()
        self.label.setFont(font(Role.BODY))
        self.label.setProperty("role", "secondary")
        self.label.setWordWrap(True)
        self.label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.clear = Button(themes, "Clear", kind=ButtonKind.OUTLINED, name="Clear the filter", parent=self)
        self.clear.clicked.connect(self.clear_requested)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        column.addWidget(self.label)
        column.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def show_reason(self, wanted: Wanted, any_runs: bool) -> None:
        """Why there are no rows."""
        if not any_runs:
            text = "No runs yet."
        elif wanted.text:
            text = f"No run matches ‘{wanted.text}’."
        else:
            text = "No run matches this choice."
        self._show(text, any_runs)

    def show_text(self, text: str) -> None:
        self._show(text, False)

    def _show(self, text: str, can_clear: bool) -> None:
        self.label.setText(breakable(text))
        self.clear.setVisible(can_clear)
