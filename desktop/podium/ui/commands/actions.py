"""One QAction per row of the command table: shortcuts of the window, and which keys are the window's at all."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from podium.core.commands import COMMANDS, ArgumentType, Command, CommandId
from podium.core.commands import command as row_of
from podium.core.shortcuts.keys import Chord, Stroke
from podium.ui.keys_in_use import KeysInUse
from podium.ui.terminal.input.shortcut_keys import is_modifier, pressed_names, shortcut_names

Handler = Callable[[int], None]
"""Called with n for the n-th default key of a numbered command, else with 0."""

Condition = Callable[[CommandId, int], bool]
"""Whether a command's key does anything now; called as its handler is, with the command before."""

_SECOND_KEY_MS: Final = 5000
"""So long the second key of a chord is waited for."""


class _Bound(NamedTuple):
    """What a key is bound to."""

    action: QAction
    command: CommandId
    number: int


class WindowActions(QObject):
    """Rows without a handler get no action: what is not done is not offered."""

    pressed = Signal()
    """A person has pressed a key, in a terminal or anywhere else in the window."""
    second_awaited = Signal(str)
    """The first key of a chord was pressed, this one; "" when the second one came, or none does."""

    def __init__(
        self,
        window: QWidget,
        handlers: Mapping[CommandId, Handler],
        keys: KeysInUse,
        takes_key: Condition = lambda _command, _number: True,
    ) -> None:
        """Keys of a command for which ``takes_key`` is false are the terminal's."""
        super().__init__(window)
        self._window = window
        self._takes_key = takes_key
        self._keys_in_use = keys
        self._actions: dict[CommandId, list[QAction]] = {}
        self._keys: dict[str, _Bound] = {}
        self._terminal_keys: dict[str, _Bound] = {}
        self._firsts: dict[str, QAction] = {}
        """What waits for the second key of a chord, by the names of the first one."""
        self._second_keys: dict[Stroke, dict[str, _Bound]] = {}
        self._next_key_is_the_terminals = False
        self._enabled = True
        for row in COMMANDS:
            handler = handlers.get(row.id)
            if handler is not None:
                self._add(window, row, handler)
        self._chord = _SecondKey(self)
        keys.changed.connect(self._bind_all)
        self._bind_all()

    @property
    def offered(self) -> frozenset[CommandId]:
        return frozenset(self._actions)

    def actions(self, command: CommandId) -> tuple[QAction, ...]:
        """One action; for a numbered command one for each of its numbers."""
        return tuple(self._actions.get(command, ()))

    def set_enabled(self, enabled: bool) -> None:
        """False while a dialog is open: its keys are its own."""
        self._enabled = enabled
        self._chord.give_up()
        for action in self._all_actions():
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

    def take_for_terminal(self, event: QKeyEvent) -> bool:
        """Carry out the key if it is one that a terminal gives to its window only on the main screen."""
        bound = self._bound(event, self._terminal_keys) if self._enabled else None
        if bound is not None:
            bound.action.trigger()
        return bound is not None

    def second_key(self, first: Stroke, event: QKeyEvent) -> None:
        """Carry out the chord that ``event`` completes, if there is one."""
        bound = self._bound(event, self._second_keys[first])
        if bound is not None:
            bound.action.trigger()

    def _find(self, event: QKeyEvent) -> QAction | None:
        if self._next_key_is_the_terminals:
            if event.type() is QEvent.Type.KeyPress and not is_modifier(event):
                self._next_key_is_the_terminals = False
            return None
        if not self._enabled:
            return None
        for name in pressed_names(event):
            if name in self._firsts:
                return self._firsts[name]
        bound = self._bound(event, self._keys)
        return bound.action if bound is not None else None

    def _bound(self, event: QKeyEvent, keys: Mapping[str, _Bound]) -> _Bound | None:
        for name in pressed_names(event):
            bound = keys.get(name)
            if bound is not None and self._takes_key(bound.command, bound.number):
                return bound
        return None

    def _all_actions(self) -> list[QAction]:
        own = [action for actions in self._actions.values() for action in actions]
        return [*own, *self._firsts.values()]

    def _add(self, window: QWidget, row: Command, handler: Handler) -> None:
        if row.argument is ArgumentType.NUMBER:
            for number in range(1, len(row.keys) + 1):
                self._make(window, row, f"{row.title} {number}", handler, number)
        else:
            self._make(window, row, row.title, handler, 0)

    def _make(self, window: QWidget, row: Command, title: str, handler: Handler, number: int) -> None:
        action = QAction(title, window)
        action.setToolTip(row.help)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.triggered.connect(lambda: handler(number))
        window.addAction(action)
        self._actions.setdefault(row.id, []).append(action)

    def _bind_all(self) -> None:
        """Give all actions the keys that they have now."""
        self._chord.give_up()
        self._keys, self._terminal_keys, self._second_keys = {}, {}, {}
        for command, actions in self._actions.items():
            chords = self._keys_in_use.keymap.chords(command)
            if row_of(command).argument is ArgumentType.NUMBER:
                for number, action in enumerate(actions, start=1):
                    self._bind(_Bound(action, command, number), chords[number - 1 : number])
            else:
                self._bind(_Bound(actions[0], command, 0), chords)
        self._make_first_keys()

    def _bind(self, bound: _Bound, chords: tuple[Chord, ...]) -> None:
        of_terminal = row_of(bound.command).keys_of_terminal
        single = [str(chord[0]) for chord in chords if len(chord) == 1]
        bound.action.setShortcuts([] if of_terminal else [QKeySequence(key) for key in single])
        for key in single:
            for name in shortcut_names(key):
                (self._terminal_keys if of_terminal else self._keys)[name] = bound
        for first, second in (chord for chord in chords if len(chord) > 1):
            keys = self._second_keys.setdefault(first, {})
            for name in shortcut_names(str(second)):
                keys[name] = bound

    def _make_first_keys(self) -> None:
        """An action for each first key of a chord: Qt's own chords know nothing of what a terminal gets."""
        for action in self._firsts.values():
            self._window.removeAction(action)
            action.deleteLater()
        self._firsts = {}
        for stroke in self._second_keys:
            for name in shortcut_names(str(stroke)):
                action = QAction(str(stroke), self._window)
                action.setShortcut(QKeySequence(name))
                action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
                action.triggered.connect(lambda _checked=False, stroke=stroke: self._chord.begin(stroke))
                action.setEnabled(self._enabled)
                self._window.addAction(action)
                self._firsts[name] = action


class _SecondKey(QObject):
    """Takes the next key of the whole app, whatever has the focus, after the first one of a chord."""

    def __init__(self, actions: WindowActions) -> None:
        super().__init__(actions)
        self._actions = actions
        self._first: Stroke | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SECOND_KEY_MS)
        self._timer.timeout.connect(self.give_up)

    def begin(self, first: Stroke) -> None:
        if self._first is None:
            app = QApplication.instance()
            assert app is not None
            app.installEventFilter(self)
        self._first = first
        self._timer.start()
        self._actions.second_awaited.emit(str(first))

    def give_up(self) -> None:
        """Wait no longer: what is pressed next is for what has the focus."""
        if self._first is None:
            return
        self._first = None
        self._timer.stop()
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        self._actions.second_awaited.emit("")

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.MouseButtonPress or kind is QEvent.Type.WindowDeactivate:
            self.give_up()
            return False
        if not isinstance(event, QKeyEvent) or self._first is None:
            return False
        if kind is QEvent.Type.ShortcutOverride:
            event.accept()  # Qt looks for no shortcut: the key comes here as a press.
            return True
        if kind is QEvent.Type.KeyPress:
            first = self._first
            if not is_modifier(event) and not event.isAutoRepeat():
                self.give_up()
                self._actions.second_key(first, event)
            event.accept()
            return True
        return False
