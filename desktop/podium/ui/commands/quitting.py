"""Closing the window: programs that are at work are named before they end."""

from collections.abc import Callable, Sequence
from enum import Enum, auto

from PySide6.QtCore import QObject

from podium.ui.commands.ending import SheetHost
from podium.ui.theme.palette import ThemeManager
from podium.workspace.at_work import AtWork
from podium.workspace.views import InstanceView
from podium.workspace.workspace import Workspace


class _State(Enum):
    OPEN = auto()
    ASKING = auto()
    """The sessions are asked what runs in them, or the question is open."""
    QUITTING = auto()


class Quitting(QObject):
    """Calls ``on_quit`` when the person means to quit; the app then ends things."""

    def __init__(
        self,
        workspace: Workspace,
        themes: ThemeManager,
        host: SheetHost,
        on_quit: Callable[[], None],
        ask: bool,
        parent: QObject,
    ) -> None:
        """``ask`` False ends what runs without a question."""
        super().__init__(parent)
        self._workspace = workspace
        self._themes = themes
        self._host = host
        self._on_quit = on_quit
        self._ask = ask
        self._state = _State.OPEN

    def may_close(self) -> bool:
        """Whether the window may close now. Otherwise what is needed for it has begun."""
        # Qt's own quit() closes the windows first and gives up when one refuses. So this refuses only while
        # there is something to ask, or while programs still end that the person may want to watch.
        if self._state is _State.QUITTING:
            return True
        busy = self._workspace.busy()
        if busy and self._ask:
            self._find_at_work(busy)
        else:
            self.quit_now()
        return not busy

    def quit_now(self) -> None:
        """End everything, whatever runs."""
        self._state = _State.QUITTING
        self._on_quit()

    def _find_at_work(self, busy: Sequence[InstanceView]) -> None:
        if self._state is _State.OPEN:
            self._state = _State.ASKING
            self._workspace.find_at_work([view.id for view in busy], self._on_found_at_work)

    def _on_found_at_work(self, ending: tuple[AtWork, ...]) -> None:
        from podium.ui.dialogs.confirm_dialog import QuitDialog  # see window_commands

        if self._state is _State.QUITTING:
            return
        if not ending:
            self.quit_now()
            return
        sheet = QuitDialog(self._themes, self._host.sheet_host(), ending)
        sheet.accepted.connect(self.quit_now)
        sheet.rejected.connect(self._on_rejected)
        self._host.open_sheet(sheet)

    def _on_rejected(self) -> None:
        self._state = _State.OPEN
