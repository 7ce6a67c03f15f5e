"""Questions about agents' worktrees: whether git may run a repository's programs, and what becomes of one."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from podium.core.visible_text import visible
from podium.ui.dialogs.confirm_dialog import ConfirmDialog
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import wrapped_label
from podium.ui.widgets.buttons import Button, ButtonKind

_MOST_PROGRAMS: Final = 20
_MOST_CHARACTERS: Final = 300


class ProgramsQuestion(ConfirmDialog):
    """Asks before git checks out what a repository makes it run programs for."""

    def __init__(self, themes: ThemeManager, host: QWidget, programs: Sequence[str]) -> None:
        super().__init__(
            themes,
            host,
            "Let git run these programs?",
            "Run and create",
            text="The repository's own settings make git run them while it makes the worktree:",
        )
        shown = [visible(program)[:_MOST_CHARACTERS] for program in programs[:_MOST_PROGRAMS]]
        if len(programs) > len(shown):
            shown.append(f"and {len(programs) - len(shown)} more")
        label = wrapped_label("\n".join(shown))
        label.setFont(font(Role.SMALL))
        self.body.addSpacing(8)
        self.body.addWidget(label)


class WorktreeQuestion(ConfirmDialog):
    """Asks what becomes of the worktree of an instance that goes; ``accepted``: it is kept."""

    removal_chosen = Signal()

    def __init__(self, themes: ThemeManager, host: QWidget, name: str, branch: str) -> None:
        super().__init__(
            themes,
            host,
            f"Keep the worktree of {name}?",
            "Keep it",
            text=f"Its branch {visible(branch)} stays in any case. The folder is removed only if everything in it is "
            "committed; what git ignores goes with it.",
        )
        self.remove = Button(themes, "Remove it", kind=ButtonKind.OUTLINED)
        self.remove.clicked.connect(self._on_remove)
        self.buttons.insertWidget(self.buttons.indexOf(self.confirm), self.remove)
        QWidget.setTabOrder(self.cancel, self.remove)
        QWidget.setTabOrder(self.remove, self.confirm)

    def _on_remove(self) -> None:
        self.removal_chosen.emit()
        self.done(self.DialogCode.Rejected)
