"""The inbox's place in the window: over the panes, at the right. It is made when it is first opened."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QWidget

from podium.core.clock import monotonic
from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.core.themes import load_tokens
from podium.sessions.hub import SessionHub
from podium.ui.theme.palette import ThemeManager
from podium.workspace.arrangement import Arrangement
from podium.workspace.workspace import Workspace

if TYPE_CHECKING:
    from podium.ui.inbox.panel import InboxPanel

WIDTH: Final = 496
WHOLE_BELOW: Final = 900
"""In a narrower window it takes the whole width."""
_HOUR: Final = 3600.0


class Inbox(QObject):
    """Opens and closes it, and keeps it where it belongs. ``commands`` is what a person can do from outside of it."""

    left = Signal()
    """It had the keyboard and is closed: the current terminal gets it."""
    placed = Signal(int)
    """So many pixels at the right it covers now: 0 while it is closed, and where it leaves no room beside it."""
    instance_menu_requested = Signal(str, QPoint)

    def __init__(
        self,
        workspace: Workspace,
        arrangement: Arrangement,
        hub: SessionHub,
        themes: ThemeManager,
        frame: QWidget,
        content: QWidget,
        below: QWidget,
    ) -> None:
        """It lies over ``content``, a child of ``frame``, and under ``below``, another one."""
        super().__init__(frame)
        self._workspace = workspace
        self._arrangement = arrangement
        self._hub = hub
        self._themes = themes
        self._frame = frame
        self._content = content
        self._below = below
        self._panel: InboxPanel | None = None
        self._current = arrangement.current
        self._lent = False
        """To a dialog."""
        content.installEventFilter(self)

    def commands(self) -> Mapping[CommandId, Callable[[], None]]:
        quiet = self._workspace.alerts.do_not_disturb
        return {
            CommandId.INBOX: self.toggle,
            CommandId.DO_NOT_DISTURB: lambda: quiet.turn_on_for(_HOUR),
            CommandId.DISTURB_AGAIN: quiet.turn_off,
        }

    @property
    def panel(self) -> "InboxPanel | None":
        """None before it was opened."""
        return self._panel

    @property
    def is_open(self) -> bool:
        return self._panel is not None and not self._panel.isHidden()

    @property
    def has_keyboard(self) -> bool:
        return self._panel is not None and self._panel.has_keyboard

    def keeps_keyboard(self) -> bool:
        """Whether the keyboard stays where it is although another instance is the current one: nobody chose that one,
        the one before was closed. Called once for each change.
        """
        before, self._current = self._current, self._arrangement.current
        closed = before not in self._workspace.ids()
        self._lent = self._lent and closed
        return self.has_keyboard and closed

    def lend_keyboard(self) -> None:
        """A dialog takes the keyboard, from whatever has it."""
        self._lent = self.has_keyboard

    def take_keyboard_back(self) -> bool:
        """The dialogs are closed: whether it is here again. Not if an instance was chosen meanwhile."""
        lent, self._lent = self._lent and self.is_open, False
        if lent and self._panel is not None:
            self._panel.setFocus(Qt.FocusReason.OtherFocusReason)
        return lent

    def toggle(self) -> None:
        if self.is_open:
            self.close()
        else:
            self.open()

    def open(self) -> None:
        """Show it, and give it the keyboard."""
        if self._panel is None:
            self._panel = self._make()
        self._panel.show()
        self._place()
        self._panel.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close(self) -> None:
        if self._panel is None or self._panel.isHidden():
            return
        had_keyboard = self.has_keyboard
        self._panel.hide()
        self._place()
        if had_keyboard:
            self.left.emit()

    def give_way(self) -> None:
        """A terminal has the keyboard: what covers it whole is closed, so that nobody types unseen.

        When a dialog goes Qt gives its keyboard to anybody, for a moment.
        """
        if not self._is_beside and not self._lent:
            self.close()

    def _make(self) -> "InboxPanel":
        from podium.ui.inbox.panel import InboxPanel

        panel = InboxPanel(self._workspace, self._hub, self._themes, self._frame, monotonic)
        panel.stackUnder(self._below)
        panel.closed.connect(self.close)
        panel.instance_wanted.connect(self._on_instance_wanted)
        panel.menu_requested.connect(self.instance_menu_requested)
        return panel

    def _on_instance_wanted(self, instance: str) -> None:
        self._arrangement.select(InstanceId(instance))
        self.close()

    @property
    def _is_beside(self) -> bool:
        """Whether it leaves room for other things, or would."""
        return self._frame.width() >= WHOLE_BELOW

    def _place(self) -> None:
        margin = load_tokens().size["pane_margin"]
        area = self._content.geometry().adjusted(margin, margin, -margin, -margin)
        if self._panel is not None:
            if self._is_beside:
                area.setLeft(max(area.left(), area.right() + 1 - WIDTH))
            self._panel.setGeometry(area)
            self.placed.emit(self._frame.width() - area.left() if self._is_beside and self.is_open else 0)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return False
