"""Questions before something ends or is pasted, and the small dialog for a new name."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget

from podium.core.instances import Kind
from podium.core.names import clean_name
from podium.ui.dialogs.instance_rows import InstanceLine, add_instance_rows
from podium.ui.dialogs.question import Question
from podium.ui.dialogs.sheet import Sheet
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import plain_label, wrapped_label
from podium.ui.widgets.buttons import Button, ButtonKind
from podium.ui.widgets.field import Field
from podium.workspace.at_work import AtWork

_PLURALS: Final = {Kind.MISSION: "Missions", Kind.COMMAND: "Commands", Kind.SHELL: "Shells"}


class ConfirmDialog(Question):
    """``accepted`` when the person goes on. Esc and Cancel do not, and Cancel has the focus."""

    def __init__(
        self,
        themes: ThemeManager,
        host: QWidget,
        title: str,
        confirm: str,
        *,
        danger: bool = False,
        text: str = "",
    ) -> None:
        super().__init__(themes, host, title, width=440)
        if text:
            label = wrapped_label(text)
            label.setFont(font(Role.BODY))
            label.setProperty("role", "secondary")
            self.body.addWidget(label)
        self.cancel = Button(themes, "Cancel", kind=ButtonKind.OUTLINED)
        self.cancel.clicked.connect(self.reject)
        self.set_safe(self.cancel)
        self.confirm = Button(themes, confirm, kind=ButtonKind.DANGER if danger else ButtonKind.PRIMARY)
        self.confirm.clicked.connect(self.accept)
        self.buttons.addWidget(self.cancel)
        self.buttons.addWidget(self.confirm)


class EndDialog(ConfirmDialog):
    """Lists what would end, kind by kind."""

    def __init__(
        self,
        themes: ThemeManager,
        host: QWidget,
        title: str,
        confirm: str,
        ending: Sequence[AtWork],
        text: str = "",
    ) -> None:
        super().__init__(themes, host, title, confirm, danger=True, text=text)
        self.body.addSpacing(8)
        kinds = [kind for kind in _PLURALS if any(one.view.spec.kind is kind for one in ending)]
        for kind in kinds:
            if len(kinds) > 1:
                self.body.addWidget(_caption(_PLURALS[kind]))
            lines = [InstanceLine(one.view, one.text) for one in ending if one.view.spec.kind is kind]
            add_instance_rows(self.body, themes, lines)


class QuitDialog(EndDialog):
    """Asks before quitting ends what runs."""

    def __init__(self, themes: ThemeManager, host: QWidget, ending: Sequence[AtWork]) -> None:
        count = len(ending)
        runs = "1 instance is at work." if count == 1 else f"{count} instances are at work."
        confirm = "Quit and end it" if count == 1 else "Quit and end them"
        lost = "Quitting ends what they run; what it has not saved is lost."
        super().__init__(themes, host, "Quit Podium?", confirm, ending, f"{runs} {lost}")


class TextDialog(ConfirmDialog):
    """Shows the text that a program would get."""

    def __init__(
        self, themes: ThemeManager, host: QWidget, title: str, confirm: str, note: str, text: str, name: str
    ) -> None:
        """``text`` is that text, and ``name`` what it is called for people who don't see it."""
        super().__init__(themes, host, title, confirm, text=note)
        self.body.setSpacing(10)
        self.preview = QPlainTextEdit()
        self.preview.setPlainText(text[:20_000])
        self.preview.setReadOnly(True)
        self.preview.setTabChangesFocus(True)
        self.preview.setAccessibleName(name)
        self.preview.setFont(font(Role.SMALL))
        self.preview.setFixedHeight(150)
        self.preview.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.body.addWidget(self.preview)
        # It is above the buttons, which were made before it.
        self.setTabOrder(self.close_button, self.preview)


class PasteDialog(TextDialog):
    """Shows the lines that would be pasted: each may run as soon as it arrives."""

    def __init__(self, themes: ThemeManager, host: QWidget, text: str, name: str) -> None:
        count = text.count("\n") + (0 if text.endswith("\n") else 1)
        lines = "1 line" if count == 1 else f"{count} lines"
        super().__init__(
            themes,
            host,
            f"Paste {lines} into {name}?",
            "Paste",
            "The program takes them at once; a shell runs each line.",
            text,
            "Text to paste",
        )


class RunAgainDialog(TextDialog):
    """Shows a command before it runs once more."""

    def __init__(self, themes: ThemeManager, host: QWidget, text: str, name: str) -> None:
        super().__init__(
            themes,
            host,
            f"Run this again in {name}?",
            "Run",
            "It is typed at the shell's prompt, and runs at once.",
            text,
            "Command to run",
        )


class RenameDialog(Sheet):
    """Asks for a new name."""

    name_chosen = Signal(str)

    def __init__(self, themes: ThemeManager, host: QWidget, name: str) -> None:
        super().__init__(themes, host, "Rename instance", width=400)
        self.name = Field("Name")
        self.name.edit.setText(name)
        self.name.edit.setMaxLength(64)
        self.body.addWidget(self.name)
        cancel = Button(themes, "Cancel", kind=ButtonKind.OUTLINED)
        cancel.clicked.connect(self.reject)
        self.rename = Button(themes, "Rename", kind=ButtonKind.PRIMARY)
        self.set_purpose(self.rename)
        self.rename.clicked.connect(self._on_rename)
        self.buttons.addWidget(cancel)
        self.buttons.addWidget(self.rename)

    def first_focus(self) -> QWidget:
        self.name.edit.selectAll()
        return self.name.edit

    def _on_rename(self) -> None:
        if not clean_name(self.name.text):
            self.name.show_error("Enter a name.")
            return
        self.name_chosen.emit(self.name.text)
        self.accept()


def _caption(text: str) -> QLabel:
    label = plain_label(text)
    label.setFont(font(Role.CAPTION, 600))
    label.setProperty("role", "tertiary")
    label.setContentsMargins(0, 6, 0, 2)
    return label
