"""Rare choices for a new instance: how it is stopped, whether it comes back, how much it may use."""

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from podium.core.instances import (
    MAX_CPU_PERCENT,
    MAX_MEMORY_MIB,
    MIN_MEMORY_MIB,
    InstancePolicy,
    Kind,
    RestartWhen,
    StopMethod,
)
from podium.core.protocol.stop_notation import parse_stop
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import plain_label
from podium.ui.widgets.buttons import Button
from podium.ui.widgets.field import restyle
from podium.ui.widgets.flow_row import FlowRow

_FIELD_WIDTH = 86
_STOP_WIDTH = 120
_LIMITS_GAP = 12


class MoreOptions(QWidget):
    """Empty fields are the usual way, and no limits. Few lines: a dialog should fit into the smallest window."""

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self.toggle = Button(themes, "More options", icon="settings", small=True)
        self.toggle.setCheckable(True)
        self.toggle.setToolTip("How it is stopped, whether it comes back, what it may use")
        self.stop = self._field("Stop with", "the usual way", _STOP_WIDTH)
        self.stop.setToolTip("Keys like Ctrl+C, a line to type like /exit, or a signal like SIGINT")
        self.restart = Button(themes, "Restart after a crash", icon="check", small=True)
        self.restart.setCheckable(True)
        self.restart.setChecked(True)
        self.restart.toggled.connect(lambda on: self.restart.set_icon("check" if on else "close"))
        self.memory = self._field("Memory, at most, in MiB", "no limit", _FIELD_WIDTH)
        self.cpu = self._field("CPU, at most, in percent of one", "no limit", _FIELD_WIDTH)
        self.message = plain_label()
        self.message.setFont(font(Role.SMALL))
        self.message.setWordWrap(True)
        self.message.setProperty("role", "error")
        self.message.hide()
        self._policy = FlowRow()
        self._policy.add(_word("Stop with"), self.stop)
        self._policy.add(self.restart)
        self._limits = FlowRow(_LIMITS_GAP)
        self._limits.add(_word("Memory"), self.memory, _word("MiB"))
        self._limits.add(_word("CPU"), self.cpu, _word("%"))
        self.toggle.toggled.connect(self._on_toggled)
        head = FlowRow(_LIMITS_GAP)
        head.add(self.toggle)
        head.add(self._policy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        column.addWidget(head)
        column.addWidget(self._limits)
        column.addWidget(self.message)
        for line in (self._policy, self._limits):
            line.hide()

    def show_for(self, kind: Kind) -> None:
        """A shell never comes back by itself, so there is nothing to choose."""
        self.restart.setVisible(kind is not Kind.SHELL)

    @property
    def policy(self) -> InstancePolicy:
        """Only what ``wrong_field`` found good."""
        never = self.restart.isVisibleTo(self._policy) and not self.restart.isChecked()
        restart = RestartWhen.NEVER if never else None
        return InstancePolicy(restart=restart, stop=self._stop_method())

    def _stop_method(self) -> StopMethod:
        return parse_stop(self.stop.text())

    @property
    def memory_max_mib(self) -> int:
        """0 for no limit. Only what ``wrong_field`` found good."""
        return int(self.memory.text().strip() or 0)

    @property
    def cpu_percent(self) -> int:
        """0 for no limit. Only what ``wrong_field`` found good."""
        return int(self.cpu.text().strip() or 0)

    def wrong_field(self) -> QLineEdit | None:
        """The first field whose text can't be used, and its fault is shown; None when all are good."""
        self._forget_fault()
        try:
            self._stop_method()
        except ValueError as error:
            return self._show_fault(self.stop, str(error))
        for edit, what, low, high in (
            (self.memory, "MiB", MIN_MEMORY_MIB, MAX_MEMORY_MIB),
            (self.cpu, "percent", 1, MAX_CPU_PERCENT),
        ):
            if not _usable(edit.text().strip(), low, high):
                return self._show_fault(edit, f"Enter whole {what} from {low} on, or nothing for no limit.")
        return None

    def _show_fault(self, edit: QLineEdit, fault: str) -> QLineEdit:
        self.message.setText(fault)
        self.message.show()
        edit.setProperty("wrong", True)
        edit.setAccessibleDescription(fault)
        restyle(edit)
        return edit

    def _field(self, name: str, placeholder: str, width: int) -> QLineEdit:
        edit = QLineEdit()
        edit.setAccessibleName(name)
        edit.setPlaceholderText(placeholder)
        edit.setFont(font(Role.BODY))
        edit.setFixedWidth(width)
        edit.textEdited.connect(self._forget_fault)
        return edit

    def _forget_fault(self) -> None:
        self.message.hide()
        for edit in (self.stop, self.memory, self.cpu):
            edit.setProperty("wrong", False)
            edit.setAccessibleDescription("")
            restyle(edit)

    def _on_toggled(self, opened: bool) -> None:
        for line in (self._policy, self._limits):
            line.setVisible(opened)
        if opened:
            self.stop.setFocus()


def _word(text: str) -> QWidget:
    label = plain_label(text)
    label.setFont(font(Role.SMALL))
    label.setProperty("role", "secondary")
    return label


def _usable(text: str, low: int, high: int) -> bool:
    # ASCII: isdigit alone also takes digits that int does not.
    return not text or (text.isascii() and text.isdigit() and len(text) < 10 and low <= int(text) <= high)
