"""The answer to *Check for updates* when there is a newer Podium."""

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWidgets import QWidget

from podium.ui.dialogs.question import Question
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import wrapped_label
from podium.ui.widgets.buttons import Button, ButtonKind


class UpdateDialog(Question):
    """Says how to update, and offers the release notes where there are any.

    The answer comes while a person may be typing, so keys are kept from it as from a question.
    """

    notes_chosen = Signal()

    def __init__(self, themes: ThemeManager, host: QWidget, title: str, how: str, notes: str) -> None:
        super().__init__(themes, host, title, width=440)
        text = f"To update: {how}."
        if notes:
            leads_to = QUrl(notes).host(QUrl.ComponentFormattingOption.FullyEncoded)
            text = f"{text}\n\nThe release notes are at {leads_to}."
        label = wrapped_label(text)
        label.setFont(font(Role.BODY))
        label.setProperty("role", "secondary")
        self.body.addWidget(label)
        self.done_button = Button(themes, "Close", kind=ButtonKind.OUTLINED)
        self.done_button.clicked.connect(self.reject)
        self.set_safe(self.done_button)
        self.buttons.addWidget(self.done_button)
        if notes:
            self.notes_button = Button(themes, "Show release notes", kind=ButtonKind.PRIMARY)
            self.notes_button.clicked.connect(self.notes_chosen)
            self.notes_button.clicked.connect(self.accept)
            self.buttons.addWidget(self.notes_button)
