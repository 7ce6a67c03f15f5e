"""One QAction per row of the command table: shortcuts of the window, and which keys are the window's at all."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from podium.core.commands import COMMANDS, ArgumentType, Command, CommandId
from podium.ui.terminal.input.shortcut_keys import is_modifier, pressed_names, shortcut_names

Handler = Callable[[int], None]
"""Called with n for the n-th default key of a numbered command, else with 0."""

Condition = Callable[[CommandId, int], bool]
"""Whether a command's key does anything now; called as its handler is, with the command before."""


class _Bound(NamedTuple):
    """What a key is bound to."""

    action: QAction
    command: CommandId
    number: int


class WindowActions(QObject):
    """Rows without a handler get no action: what is not done is not offered."""

    pressed = Signal()
    """A person has pressed a key, in a terminal or anywhere else in the window."""

    def __init__(
        self,
        window: QWidget,
        handlers: Mapping[CommandId, Handler],
        takes_key: Condition = lambda _command, _number: True,
    ) -> None:
        """Keys of a command for which ``takes_key`` is false are the terminal's."""
        super().__init__(window)
        self._takes_key = takes_key
        self._actions: dict[CommandId, list[QAction]] = {}
        self._keys: dict[str, _Bound] = {}
        self._next_key_is_the_terminals = False
        self._enabled = True
        for row in COMMANDS:
            handler = handlers.get(row.id)
            if handler is not None:
                self._add(window, row, handler)

    @property
    def offered(self) -> frozenset[CommandId]:
        return frozenset(self._actions)

    def actions(self, command: CommandId) -> tuple[QAction, ...]:
        """One action; for a numbered command one for each of its keys."""
        return tuple(self._actions.get(command, ()))

    def set_enabled(self, enabled: bool) -> None:
        """False while a dialog is open: its keys are its own."""
        self._enabled = enabled
        for actions in self._actions.values():
            for action in actions:
                action.setEnabled(enabled)

    def send_next_key(self) -> None:
        """The next key goes to the terminal, whatever it is bound to."""
        self._next_key_is_the_terminals = True

    def matches(self, event: QKeyEvent) -> bool:
        """Whether a key is the window's: it is bound, and its command would do something now."""
        return self._find(event) is not None

    def take(self, event: QKeyEvent) -> bool:
        """Whether a key is the window's. A press of it that Qt's own shortcuts have left over is carried out.

        Asked twice for each key of a terminal: before Qt looks for shortcuts, and as it arrives. Qt looks for what it
        takes the layout for, which leaves out a French Ctrl+2.
        """
        self.pressed.emit()
        action = self._find(event)
        if action is not None and event.type() is QEvent.Type.KeyPress:
            action.trigger()
        return action is not None

    def _find(self, event: QKeyEvent) -> QAction | None:
        if self._next_key_is_the_terminals:
            if event.type() is QEvent.Type.KeyPress and not is_modifier(event):
                self._next_key_is_the_terminals = False
            return None
        if not self._enabled:
            return None
        for name in pressed_names(event):
            bound = self._keys.get(name)
            if bound is not None and self._takes_key(bound.command, bound.number):
                return bound.action
        return None

    def _add(self, window: QWidget, row: Command, handler: Handler) -> None:
        if row.argument is ArgumentType.NUMBER:
            for number, key in enumerate(row.keys, start=1):
                self._make(window, row, f"{row.title} {number}", (key,), handler, number)
        else:
            keys = () if row.keys_of_terminal else row.keys
            self._make(window, row, row.title, keys, handler, 0)

    def _make(
        self, window: QWidget, row: Command, title: str, keys: tuple[str, ...], handler: Handler, number: int
    ) -> None:
        action = QAction(title, window)
        action.setToolTip(row.help)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.triggered.connect(lambda: handler(number))
        window.addAction(action)
        self._actions.setdefault(row.id, []).append(action)
        for key in keys:
            for name in shortcut_names(key):
                self._keys[name] = _Bound(action, row.id, number)
