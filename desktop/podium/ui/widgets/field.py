"""A labelled field of a dialog with its fault or remark right below it."""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from podium.ui.theme.fonts import Role, font
from podium.ui.theme.plain_text import breakable, plain_label
from podium.ui.widgets.buttons import Button


def restyle(widget: QWidget) -> None:
    """Apply the style sheet again after a property of the widget has changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


class Field(QWidget):
    """A QLineEdit with a label above, a message below and maybe a button beside it."""

    def __init__(self, label: str, button: Button | None = None) -> None:
        super().__init__()
        self.edit = QLineEdit()
        self.edit.setAccessibleName(label)
        self.edit.setFont(font(Role.BODY))
        self.label = plain_label(label)
        self.label.setFont(font(Role.SMALL, 500))
        self.label.setProperty("role", "secondary")
        self.label.setBuddy(self.edit)
        self.message = plain_label()
        self.message.setFont(font(Role.SMALL))
        self.message.setWordWrap(True)
        self.message.hide()
        self._text = ""
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.edit, 1)
        if button is not None:
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.label)
        column.addLayout(row)
        column.addWidget(self.message)

    @property
    def text(self) -> str:
        return self.edit.text().strip()

    def show_error(self, message: str) -> None:
        """Say what is wrong and how to put it right; "" takes it back."""
        self._show(message, "error")

    def show_remark(self, message: str) -> None:
        self._show(message, "tertiary")

    @property
    def error(self) -> str:
        return self._text if self.message.property("role") == "error" else ""

    def _show(self, message: str, role: str) -> None:
        self._text = message
        self.message.setText(breakable(message))  # A long word, such as a path, must not widen a dialog.
        self.message.setVisible(bool(message))
        self.message.setProperty("role", role)
        self.edit.setProperty("wrong", role == "error" and bool(message))
        self.edit.setAccessibleDescription(message)
        restyle(self.message)
        restyle(self.edit)
