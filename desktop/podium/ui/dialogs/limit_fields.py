"""How much memory and CPU a new instance may use: two small fields that a button opens beside itself."""

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from podium.ui.look.fonts import Role, font
from podium.ui.look.palette import Looks
from podium.ui.look.plain_text import plain_label
from podium.ui.widgets.buttons import Button
from podium.ui.widgets.field import restyle

_SMALLEST_MIB = 16
"""With less a shell could not even say what is wrong."""
_LARGEST_MIB = 16 << 20
_LARGEST_PERCENT = 100_000
_FIELD_WIDTH = 86


class LimitFields(QWidget):
    """Empty fields are no limits. All in one line: a dialog must fit into the smallest window."""

    def __init__(self, looks: Looks) -> None:
        super().__init__()
        self.toggle = Button(looks, "Limits", icon="settings", small=True)
        self.toggle.setCheckable(True)
        self.toggle.setToolTip("Limit what it may use with all it starts")
        self.memory = self._field("Memory, at most, in MiB")
        self.cpu = self._field("CPU, at most, in percent of one")
        self.message = plain_label()
        self.message.setFont(font(Role.SMALL))
        self.message.setProperty("role", "error")
        self.message.hide()
        self._fields = QWidget()
        row = QHBoxLayout(self._fields)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for before, edit, after in (("Memory", self.memory, "MiB"), ("CPU", self.cpu, "%")):
            row.addSpacing(10)
            row.addWidget(_word(before))
            row.addWidget(edit)
            row.addWidget(_word(after))
        self._fields.hide()
        self.toggle.toggled.connect(self._on_toggled)
        head = QHBoxLayout()
        head.addWidget(self.toggle)
        head.addWidget(self._fields)
        head.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.message)

    @property
    def memory_max_mib(self) -> int:
        """0 for no limit. Only what ``wrong_field`` found good."""
        return int(self.memory.text().strip() or 0)

    @property
    def cpu_percent(self) -> int:
        """0 for no limit. Only what ``wrong_field`` found good."""
        return int(self.cpu.text().strip() or 0)

    def wrong_field(self) -> QLineEdit | None:
        """The first field whose text can't be used, and its fault is shown; None when both are good."""
        self._forget_fault()
        for edit, what, low, high in (
            (self.memory, "MiB", _SMALLEST_MIB, _LARGEST_MIB),
            (self.cpu, "percent", 1, _LARGEST_PERCENT),
        ):
            if not _usable(edit.text().strip(), low, high):
                self.message.setText(f"Enter whole {what} from {low} on, or nothing for no limit.")
                self.message.show()
                edit.setProperty("wrong", True)
                edit.setAccessibleDescription(self.message.text())
                restyle(edit)
                return edit
        return None

    def _field(self, name: str) -> QLineEdit:
        edit = QLineEdit()
        edit.setAccessibleName(name)
        edit.setPlaceholderText("no limit")
        edit.setFont(font(Role.BODY))
        edit.setFixedWidth(_FIELD_WIDTH)
        edit.textEdited.connect(self._forget_fault)
        return edit

    def _forget_fault(self) -> None:
        self.message.hide()
        for edit in (self.memory, self.cpu):
            edit.setProperty("wrong", False)
            edit.setAccessibleDescription("")
            restyle(edit)

    def _on_toggled(self, opened: bool) -> None:
        self._fields.setVisible(opened)
        if opened:
            self.memory.setFocus()


def _word(text: str) -> QWidget:
    label = plain_label(text)
    label.setFont(font(Role.SMALL))
    label.setProperty("role", "secondary")
    return label


def _usable(text: str, low: int, high: int) -> bool:
    # ASCII: isdigit alone also takes digits that int does not.
    return not text or (text.isascii() and text.isdigit() and len(text) < 10 and low <= int(text) <= high)
