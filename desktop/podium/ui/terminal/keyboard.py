"""Qt's key events as KeyInput. The session encodes them; here only Qt's own habits are undone."""

import sys
from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from podium.core.requests import KeyAction, KeyInput, Modifier

_PURE_MODIFIERS: Final = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Meta,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
        Qt.Key.Key_ScrollLock,
        Qt.Key.Key_Super_L,
        Qt.Key.Key_Super_R,
        Qt.Key.Key_Hyper_L,
        Qt.Key.Key_Hyper_R,
        Qt.Key.Key_Mode_switch,
        Qt.Key.Key_Multi_key,
    }
)
_ARROWS: Final = frozenset({"Up", "Down", "Left", "Right"})


def key_input(event: QKeyEvent, platform: str = sys.platform) -> KeyInput | None:
    """The key a program should hear of, or None for keys that are nothing by themselves.

    Releases are left out: no program Podium serves asks for them yet, and they would double the traffic.
    """
    if event.type() == QEvent.Type.KeyRelease:
        return None
    name = key_name(event.key())
    text = event.text()
    if event.key() in _PURE_MODIFIERS or (not name and not text):
        return None
    modifiers = key_modifiers(event.modifiers(), platform)
    if not name and modifiers & Modifier.CONTROL and len(text) == 1 and "\x01" <= text <= "\x1a":
        # Another alphabet's letter: X11 still says which control character its key makes.
        name = chr(ord(text) | 0x40)
    if platform == "darwin" and name in _ARROWS:
        # macOS counts the arrow keys of every keyboard as part of a keypad.
        modifiers &= ~Modifier.KEYPAD
    if _is_alt_gr_text(modifiers, text, platform):
        modifiers &= ~(Modifier.CONTROL | Modifier.ALT)
    action = KeyAction.REPEAT if event.isAutoRepeat() else KeyAction.PRESS
    return KeyInput(name, text, int(modifiers), action)


def key_name(key: int) -> str:
    """Qt's name of a key without ``Key_``; "" for keys that only have a text (other alphabets)."""
    try:
        name = Qt.Key(key).name
    except ValueError:
        return ""
    # A key Qt has no name for comes as a nameless member, called by its number.
    if name is None or name == "Key_unknown" or not name.startswith("Key_"):
        return ""
    return name.removeprefix("Key_")


def key_modifiers(held: Qt.KeyboardModifier, platform: str = sys.platform) -> Modifier:
    """Held modifiers as the keys are labelled: on macOS Qt calls Command "Control" and Control "Meta"."""
    control, meta = Modifier.CONTROL, Modifier.META
    if platform == "darwin":
        control, meta = meta, control
    result = Modifier(0)
    if held & Qt.KeyboardModifier.ShiftModifier:
        result |= Modifier.SHIFT
    if held & Qt.KeyboardModifier.AltModifier:
        result |= Modifier.ALT
    if held & Qt.KeyboardModifier.ControlModifier:
        result |= control
    if held & Qt.KeyboardModifier.MetaModifier:
        result |= meta
    if held & Qt.KeyboardModifier.KeypadModifier:
        result |= Modifier.KEYPAD
    return result


def _is_alt_gr_text(modifiers: Modifier, text: str, platform: str) -> bool:
    """Windows reports AltGr as Control+Alt; what it types is plain text all the same."""
    both = Modifier.CONTROL | Modifier.ALT
    return platform == "win32" and modifiers & both == both and text.isprintable() and text != ""
