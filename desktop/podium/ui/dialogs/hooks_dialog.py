"""The change that hooks make in a tool's own settings, to read before it is made."""

from typing import Final

from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QWidget

from podium.core.visible_text import visible
from podium.hooks.changes import Change
from podium.ui.dialogs.paste_preview import PastePreview
from podium.ui.dialogs.question import Question
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import wrapped_label
from podium.ui.widgets.buttons import Button, ButtonKind

_WIDTH: Final = 640
_HEIGHT: Final = 260


class HooksDialog(Question):
    """``accepted`` when the person wants the change. Cancel has the focus."""

    def __init__(self, themes: ThemeManager, host: QWidget, tool: str, title: str, change: Change) -> None:
        super().__init__(themes, host, f"Let {title} report its state to Podium?", width=_WIDTH)
        self.preview = PastePreview(themes, change.diff())
        self.preview.setAccessibleName("The change")
        self.preview.setFixedHeight(_HEIGHT)
        # A line is one that is there: nothing of it may be out of sight.
        self.preview.setLineWrapMode(PastePreview.LineWrapMode.WidgetWidth)
        self.preview.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)
        text = (
            f"This changes {visible(str(change.path))}. What else is in it stays as it is. Outside Podium the hooks do "
            f"nothing. To take them out again: podium ctl hooks remove {tool}."
        )
        if self.preview.is_cut:
            text += f" This is the beginning of it; podium ctl hooks install {tool} shows it whole."
        label = wrapped_label(text)
        label.setFont(font(Role.BODY))
        label.setProperty("role", "secondary")
        self.body.addWidget(label)
        self.body.addSpacing(8)
        self.body.addWidget(self.preview)
        self.cancel = Button(themes, "Cancel", kind=ButtonKind.OUTLINED)
        self.cancel.clicked.connect(self.reject)
        self.set_safe(self.cancel)
        self.install = Button(themes, "Install", kind=ButtonKind.PRIMARY)
        self.install.clicked.connect(self.accept)
        self.buttons.addWidget(self.cancel)
        self.buttons.addWidget(self.install)
