"""Questions before something ends or is pasted, and the small dialog for a new name."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from podium.core.instances import Kind
from podium.core.names import clean_name
from podium.ui.dialogs.instance_rows import InstanceLine, add_instance_rows
from podium.ui.dialogs.paste_preview import PastePreview
from podium.ui.dialogs.question import Question
from podium.ui.dialogs.sheet import Sheet
from podium.ui.terminal.input.paste_guard import PasteRisk, line_count, paste_risks
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import plain_label, wrapped_label
from podium.ui.widgets.buttons import Button, ButtonKind
from podium.ui.widgets.field import Field
from podium.workspace.at_work import AtWork

_REASONS: Final = {
    PasteRisk.LINES: "The program takes them at once; a shell runs each line.",
    PasteRisk.ELEVATION: "It runs something with the rights of another account.",
    PasteRisk.CONTROLS: "It holds control characters, marked below; they are left out.",
    PasteRisk.HIDDEN: "It holds hidden characters, marked below.",
}
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


class PasteDialog(ConfirmDialog):
    """Shows the text that would be pasted, and says why that is asked."""

    def __init__(
        self, themes: ThemeManager, host: QWidget, text: str, name: str, *, bracketed: bool = False
    ) -> None:
        """``bracketed``: the program tells a paste from typed keys."""
        count = line_count(text)
        lines = "1 line" if count == 1 else f"{count:,} lines"
        reasons = [_REASONS[risk] for risk in paste_risks(text, bracketed)]
        super().__init__(
            themes,
            host,
            f"Paste {lines} into {name}?",
            "Paste",
            text=" ".join(reasons) or "The settings say to ask before every paste.",
        )
        self.body.setSpacing(10)
        self.preview = PastePreview(themes, text)
        self.preview.setFixedHeight(150)
        self.body.addWidget(self.preview)
        if self.preview.is_cut:
            self.body.addWidget(_caption(f"{len(text):,} characters; only the beginning is shown."))
        # It is above the buttons, which were made before it.
        self.setTabOrder(self.close_button, self.preview)


class RunAgainDialog(ConfirmDialog):
    """Shows a command before it runs once more."""

    def __init__(self, themes: ThemeManager, host: QWidget, text: str, name: str) -> None:
        super().__init__(
            themes,
            host,
            f"Run this again in {name}?",
            "Run",
            text="It is typed at the shell's prompt, and runs at once.",
        )
        self.body.setSpacing(10)
        self.preview = PastePreview(themes, text)
        self.preview.setFixedHeight(110)
        self.body.addWidget(self.preview)
        if self.preview.is_cut:
            self.body.addWidget(_caption(f"{len(text):,} characters; only the beginning is shown."))
        # It is above the buttons, which were made before it.
        self.setTabOrder(self.close_button, self.preview)


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
