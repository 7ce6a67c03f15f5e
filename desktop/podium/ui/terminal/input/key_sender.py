"""Keys on their way to the program: presses always; releases, and modifier keys alone, where it asked for them."""

import sys
from collections.abc import Callable
from typing import Final, NamedTuple

import msgspec
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent

from podium.core.protocol.frames import ScreenMode
from podium.core.protocol.requests import KeyAction, KeyInput, Modifier, RawInput
from podium.ui.terminal.input.keyboard import MODIFIER_KEYS, key_input
from podium.ui.terminal.input.native_keys import locks, physical_key
from podium.ui.terminal.view_state import ViewState

RELEASE_DELAY_MS: Final = 30
"""X11 reports a repeat as a release and a press of the same time. Qt often takes the first for a real release, as the
second has not come yet: it took up to 15 ms on a busy machine. So there a release waits until it would have."""
_MARK_REPEATS: Final = ("cocoa", "wayland", "windows")

_NEW_LINE_KEYS: Final = ("Return", "Enter")
_NEW_LINE_MODIFIERS: Final = Modifier.SHIFT | Modifier.CONTROL

_LOCKS: Final = Modifier.CAPS_LOCK | Modifier.NUM_LOCK


class _PendingRelease(NamedTuple):
    """A release that is held back: a press of the same key and time would make a repeat of it."""

    physical: int
    time: int
    request: KeyInput


class KeySender(QObject):
    """Tracks held keys, so that a program gets a release exactly if it got the press.

    Keys the window acted on never come here, and so are never held.
    """

    def __init__(self, state: ViewState, send: Callable[[object], None], parent: QObject) -> None:
        super().__init__(parent)
        self.newline_tools: tuple[str, ...] = ()
        """Tools in which Return with Shift or Control begins a new line."""
        self._state = state
        self._send = send
        self._held: dict[int, KeyInput] = {}
        self._unsent: set[int] = set()
        """Those of the held keys whose press the program did not get."""
        self._locked = Modifier(0)
        """The locks that were on when a lock key went down."""
        self._pending_release: _PendingRelease | None = None
        self._marks_repeats = QGuiApplication.platformName().startswith(_MARK_REPEATS)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(RELEASE_DELAY_MS)
        self._timer.timeout.connect(self._send_pending_release)

    def press(self, event: QKeyEvent) -> bool:
        """Send a press or a repeat; False when the program does not get it."""
        request = key_input(event)
        if request is None:
            return False
        physical = physical_key(event)
        if self._pending_release is not None and self._pending_release[:2] == (physical, event.timestamp()):
            self._pending_release = None
            request = msgspec.structs.replace(request, action=KeyAction.REPEAT)
        self._send_pending_release()
        self._held[physical] = request
        if request.key in MODIFIER_KEYS:
            if MODIFIER_KEYS[request.key] & _LOCKS:
                self._locked = locks(event)
            request = self._held[physical] = self._with_own_modifier(request)
        elif request.key in _NEW_LINE_KEYS and request.modifiers & _NEW_LINE_MODIFIERS:
            request = msgspec.structs.replace(request, newline_in=self.newline_tools)
        sent = self._send_key(request)
        if sent:
            self._unsent.discard(physical)
        else:
            self._unsent.add(physical)
        return sent

    def release(self, event: QKeyEvent) -> None:
        """Send the release of a key whose press was sent."""
        if event.isAutoRepeat():
            return
        physical = physical_key(event)
        pressed = self._held.pop(physical, None)
        unsent = physical in self._unsent
        self._unsent.discard(physical)
        now = key_input(event)
        if pressed is None or unsent or not self._wants(ScreenMode.KEY_RELEASES):
            return
        held = now.modifiers if now is not None else 0
        # By its name a key may be another one by now (keypad, AltGr): it is the one that went down. Only a key that
        # types is called by what Shift makes of it at the moment.
        if now is not None and pressed.base and (pressed.modifiers ^ held) & Modifier.SHIFT:
            pressed = now
        held = held & ~Modifier.KEYPAD | pressed.modifiers & Modifier.KEYPAD
        request = msgspec.structs.replace(pressed, modifiers=held, action=KeyAction.RELEASE)
        if request.key in MODIFIER_KEYS:
            request = self._with_own_modifier(request)
        self._send_pending_release()
        if self._marks_repeats:
            self._send_key(request)
        else:
            self._pending_release = _PendingRelease(physical, event.timestamp(), request)
            self._timer.start()

    def release_all(self) -> None:
        """The keyboard is somebody else's now: what is held will be let go there."""
        self._send_pending_release()
        held = {key: request for key, request in self._held.items() if key not in self._unsent}
        self._held.clear()
        self._unsent.clear()
        if self._wants(ScreenMode.KEY_RELEASES):
            for request in reversed(held.values()):
                modifiers = request.modifiers & (Modifier.KEYPAD | _LOCKS)
                self._send_key(
                    msgspec.structs.replace(request, modifiers=modifiers, action=KeyAction.RELEASE)
                )

    def forget(self) -> None:
        """The program that got the presses is gone."""
        self._held.clear()
        self._unsent.clear()
        self._pending_release = None

    def commit(self, text: str) -> None:
        """Send text of an input method."""
        self._send_pending_release()
        # No key is known for it; a program that wants all keys as escape codes gets it as one.
        self._send(KeyInput("", text) if self._wants(ScreenMode.KEY_ALL) else RawInput(text.encode()))

    def _wants(self, mode: ScreenMode) -> bool:
        return bool(self._state.program_modes & mode)

    def _send_key(self, request: KeyInput) -> bool:
        if request.key in MODIFIER_KEYS and not self._wants(ScreenMode.KEY_ALL):
            return False
        self._send(request)
        return True

    def _send_pending_release(self) -> None:
        if self._pending_release is not None:
            pending, self._pending_release = self._pending_release, None
            self._send_key(pending.request)

    def _with_own_modifier(self, request: KeyInput) -> KeyInput:
        """A modifier key with the state after it, which Qt gets wrong for the second of two keys, and for locks."""
        own = MODIFIER_KEYS[request.key]
        if own & _LOCKS:
            if sys.platform in ("darwin", "win32"):
                return request
            # On X11 and Wayland a lock comes on with its key's press and goes off with the release of the next.
            known, on = own, own
            if request.action == KeyAction.RELEASE:
                on &= ~self._locked
        else:
            # While Shift is held, Qt takes Alt for Meta.
            known = own | Modifier.META if own == Modifier.ALT else own
            on = Modifier(0)
            for held in self._held.values():
                on |= MODIFIER_KEYS.get(held.key, Modifier(0)) & known
        return msgspec.structs.replace(request, modifiers=request.modifiers & ~known | on)
