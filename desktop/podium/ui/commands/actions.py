"""One QAction per row of the command table: shortcuts of the window, and which keys are the window's at all."""

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from podium.core.commands import COMMANDS, ArgumentType, Command, CommandId

Handler = Callable[[int], None]
"""Called with n for the n-th default key of a numbered command, else with 0."""

_SHIFTED: Final = {"Ctrl+Shift+/": "Ctrl+Shift+?"}
"""Qt finds a shortcut by the key even where Shift makes another character of it; the event names the character."""

_MODIFIER_KEYS: Final = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_Super_L,
        Qt.Key.Key_Super_R,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
    }
)


class WindowActions(QObject):
    """Rows without a handler get no action: what is not done is not offered."""

    def __init__(self, window: QWidget, handlers: Mapping[CommandId, Handler]) -> None:
        super().__init__(window)
        self._actions: dict[CommandId, list[QAction]] = {}
        self._keys: set[str] = set()
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
        """Whether a key is the window's. Asked twice for each: before Qt looks for shortcuts, and as it arrives."""
        if self._next_key_is_the_terminals:
            if event.type() is QEvent.Type.KeyPress and Qt.Key(event.key()) not in _MODIFIER_KEYS:
                self._next_key_is_the_terminals = False
            return False
        return self._enabled and any(candidate in self._keys for candidate in _candidates(event))

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
        self._keys.update(_portable(QKeySequence(key)) for key in keys)
        self._keys.update(_SHIFTED[key] for key in keys if key in _SHIFTED)


def _portable(sequence: QKeySequence) -> str:
    return sequence.toString(QKeySequence.SequenceFormat.PortableText)


def _candidates(event: QKeyEvent) -> tuple[str, ...]:
    """The sequences Qt would look up: as pressed, and without Shift where Shift made the character."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    key = Qt.Key(event.key())
    if key in _MODIFIER_KEYS:
        return ()
    without_shift = modifiers & ~Qt.KeyboardModifier.ShiftModifier
    pressed = _portable(QKeySequence(_combine(modifiers, key)))
    if without_shift == modifiers or Qt.Key.Key_A <= key <= Qt.Key.Key_Z:
        return (pressed,)
    return (pressed, _portable(QKeySequence(_combine(without_shift, key))))


def _combine(modifiers: Qt.KeyboardModifier, key: Qt.Key) -> int:
    return int(modifiers.value) | int(key.value)
