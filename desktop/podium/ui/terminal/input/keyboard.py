"""Qt's key events as KeyInput. The session encodes them; here only Qt's own habits are undone."""

import sys
from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from podium.core.protocol.requests import KeyAction, KeyInput, Modifier
from podium.ui.terminal.input.native_keys import alt_gr_is_held, locks, modifier_name, us_character

MODIFIER_KEYS: Final = {
    "Shift": Modifier.SHIFT, "Shift_R": Modifier.SHIFT, "Control": Modifier.CONTROL, "Control_R": Modifier.CONTROL,
    "Alt": Modifier.ALT, "Alt_R": Modifier.ALT, "Meta": Modifier.META, "Meta_R": Modifier.META,
    "Super_L": Modifier.META, "Super_R": Modifier.META, "CapsLock": Modifier.CAPS_LOCK, "NumLock": Modifier.NUM_LOCK,
    "Hyper_L": Modifier(0), "Hyper_R": Modifier(0), "AltGr": Modifier(0), "ScrollLock": Modifier(0),
}  # fmt: skip
"""Keys that only change what others do, by their names in KeyInput, with the modifier that each is."""
_NOTHING: Final = frozenset({"Mode_switch", "Multi_key"})
_ARROWS: Final = frozenset({"Up", "Down", "Left", "Right"})


def key_input(event: QKeyEvent, platform: str = sys.platform) -> KeyInput | None:
    """The key to send to a program, or None for keys that are nothing by themselves."""
    name = modifier_name(event, key_name(event.key()), platform)
    text = event.text()
    if name in _NOTHING or (not name and not text):
        return None
    modifiers = key_modifiers(event.modifiers(), platform) | locks(event, platform)
    if platform == "darwin" and name in _ARROWS:
        # macOS counts the arrow keys of every keyboard as part of a keypad.
        modifiers &= ~Modifier.KEYPAD
    if platform == "win32" and alt_gr_is_held(event, platform):
        # Windows reports AltGr as Control+Alt; what it types is plain text all the same.
        modifiers &= ~(Modifier.CONTROL | Modifier.ALT)
    action = KeyAction.PRESS
    if event.type() == QEvent.Type.KeyRelease:
        action = KeyAction.RELEASE
    elif event.isAutoRepeat():
        action = KeyAction.REPEAT
    base = "" if modifiers & Modifier.KEYPAD else us_character(event, platform)
    return KeyInput(name, text, int(modifiers), action, base)


def key_name(key: int) -> str:
    """Qt's name of a key without ``Key_``, the character of other alphabets' keys, "" for keys without either."""
    try:
        name = Qt.Key(key).name
    except ValueError:
        name = None
    # A key Qt has no name for comes as a nameless member, called by its number.
    if name is not None and name.startswith("Key_") and name != "Key_unknown":
        return name.removeprefix("Key_")
    # Other numbers are characters themselves, capitals for letters; Qt's own keys are beyond Unicode.
    return chr(key) if 0xA0 < key <= sys.maxunicode and chr(key).isprintable() else ""


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
