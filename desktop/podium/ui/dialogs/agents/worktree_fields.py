"""Whether a new agent gets a worktree of its own, what is copied there and what is run there first."""

import sys

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from podium.repositories.agent_worktree import BRANCH_PREFIX, branch_part
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import plain_label
from podium.ui.widgets.buttons import Button
from podium.ui.widgets.flow_row import FlowRow

_COPY_WIDTH = 110
_SETUP_WIDTH = 210
_MOST_PATTERNS = 100


class WorktreeFields(QWidget):
    """Off at first. Its fields show while it is on."""

    def __init__(self, themes: ThemeManager) -> None:
        super().__init__()
        self.wanted = Button(themes, "In a new worktree", icon="close", small=True)
        self.wanted.setCheckable(True)
        self.wanted.setToolTip("It works on a branch of its own; your checkout is not touched")
        self.wanted.toggled.connect(self._on_toggled)
        self.copy = _edit("Copy", ".env", _COPY_WIDTH)
        self.copy.setToolTip(
            "Files git ignores that the worktree needs too, such as .env, with blanks between them"
        )
        self.setup = _edit("Setup", "npm ci", _SETUP_WIDTH)
        self.setup.setToolTip("A shell command that is run there first; its output shows in the pane")
        self.branch = plain_label()
        self.branch.setFont(font(Role.SMALL))
        self.branch.setProperty("role", "tertiary")
        self._fields = FlowRow(12)
        self._fields.add(_word("Copy"), self.copy)
        if sys.platform != "win32":  # It is run by a POSIX shell.
            self._fields.add(_word("Setup"), self.setup)
        self._fields.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        head = FlowRow(12)
        head.add(self.wanted)
        head.add(self.branch)
        column.addWidget(head)
        column.addWidget(self._fields)

    @property
    def on(self) -> bool:
        return self.wanted.isChecked()

    @property
    def patterns(self) -> tuple[str, ...]:
        """What is copied: globs."""
        return tuple(self.copy.text().split()[:_MOST_PATTERNS]) if self.on else ()

    @property
    def command(self) -> str:
        """The setup; "" for none."""
        return self.setup.text().strip() if self.on else ""

    def show_name(self, name: str) -> None:
        """Say which branch an instance of this ``name`` gets."""
        branch = f"On the new branch {BRANCH_PREFIX}/{branch_part(name)}"
        self.branch.setText(branch if self.on else "It works in the folder itself")

    def entered(self) -> tuple[str, ...]:
        """All that is entered, to compare."""
        return (str(self.on), self.copy.text(), self.setup.text())

    def _on_toggled(self, on: bool) -> None:
        self.wanted.set_icon("check" if on else "close")
        self._fields.setVisible(on)
        if on:
            self.copy.setFocus()


def _word(text: str) -> QWidget:
    label = plain_label(text)
    label.setFont(font(Role.SMALL))
    label.setProperty("role", "secondary")
    return label


def _edit(name: str, placeholder: str, width: int) -> QLineEdit:
    edit = QLineEdit()
    edit.setAccessibleName(name)
    edit.setPlaceholderText(placeholder)
    edit.setFont(font(Role.BODY))
    edit.setFixedWidth(width)
    return edit
