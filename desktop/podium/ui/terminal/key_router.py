"""The way of a key in a view: to the labels of links, the window, copy mode, the scrollback, or the program."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtGui import QInputMethodEvent, QKeyEvent

from podium.core.protocol.frames import ScreenMode
from podium.ui.terminal.copy_mode.control import CopyModeControl
from podium.ui.terminal.cursor_display import CursorDisplay
from podium.ui.terminal.input.key_sender import KeySender
from podium.ui.terminal.links.view_links import ViewLinks
from podium.ui.terminal.view_state import ViewState


class KeyHost(Protocol):
    """The view, as its keys use it."""

    shortcut_filter: Callable[[QKeyEvent], bool] | None
    scroll_filter: Callable[[QKeyEvent], bool] | None

    def scroll_to_bottom(self) -> None: ...


class KeyRouter:
    """Gives each key to the first that takes it."""

    def __init__(
        self,
        state: ViewState,
        links: ViewLinks,
        copy_mode: CopyModeControl,
        sender: KeySender,
        cursor: CursorDisplay,
        host: KeyHost,
    ) -> None:
        self._state = state
        self._links = links
        self._copy_mode = copy_mode
        self._sender = sender
        self._cursor = cursor
        self._host = host
        self._repeats_are_foreign = False
        """The keyboard has just come here: a key that is still down, such as the Enter that closed a dialog, was meant
        for what had it before.
        """

    def overrides_shortcut(self, event: QKeyEvent) -> bool:
        """Whether the key comes here although the window may have bound it."""
        return self._links.takes_keys or not self._is_bound(event)

    def press(self, event: QKeyEvent) -> None:
        if self._links.takes_keys:
            self._links.press(event)
            return
        self._links.follow_key(event)
        event.accept()
        if self._is_bound(event):
            return
        if event.isAutoRepeat() and self._repeats_are_foreign:
            return
        self._repeats_are_foreign = False
        if self._copy_mode.active:
            self._copy_mode.press(event)
            return
        if self._scrolls(event):
            return
        if self._sender.press(event):
            self._host.scroll_to_bottom()
            self._cursor.blink.restart()

    def release(self, event: QKeyEvent) -> None:
        event.accept()
        self._links.follow_key(event)
        self._sender.release(event)

    def compose(self, event: QInputMethodEvent) -> None:
        """Text of an input method; what is still composed shows at the cursor."""
        event.accept()
        if self._links.takes_keys:
            self._links.commit(event.commitString())
            return
        self._cursor.preedit = event.preeditString()
        if self._copy_mode.active:
            self._cursor.preedit = ""
            self._copy_mode.commit(event.commitString())
        elif event.commitString():
            self._host.scroll_to_bottom()
            self._sender.commit(event.commitString())

    def focus_came(self) -> None:
        self._repeats_are_foreign = True

    def focus_went(self) -> None:
        self._sender.release_all()
        self._links.end_keys()

    def _is_bound(self, event: QKeyEvent) -> bool:
        found = self._host.shortcut_filter
        return found is not None and found(event)

    def _scrolls(self, event: QKeyEvent) -> bool:
        """On the alternate screen these keys are the program's."""
        found = self._host.scroll_filter
        return (
            found is not None and not self._state.model.has_mode(ScreenMode.ALTERNATE_SCREEN) and found(event)
        )
