"""The shortcuts that a key press may be: by what the layout gives, and by the key's place."""

import sys
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from podium.ui.terminal.input.keyboard import key_name
from podium.ui.terminal.input.native_keys import alt_gr_is_held, us_character

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
_SHIFTED: Final = {"Ctrl+Shift+/": "Ctrl+?"}
"""Another name for a shortcut: on most layouts it is Shift that makes this character."""
_LAST_LATIN: Final = 0x24F
_NO_KEYPAD: Final = ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier)


def is_modifier(event: QKeyEvent) -> bool:
    """Whether the key only changes what others do."""
    return event.key() in _MODIFIER_KEYS


def shortcut_names(key: str) -> tuple[str, ...]:
    """The names of a shortcut in Qt's portable notation, as ``pressed_names`` has them."""
    names = (key, _SHIFTED[key]) if key in _SHIFTED else (key,)
    return tuple(_portable(QKeySequence(name)) for name in names)


def pressed_names(event: QKeyEvent, platform: str = sys.platform) -> tuple[str, ...]:
    """The shortcuts that a key press stands for, the likeliest first.

    First the layout counts: Shift that made another character of a key (``+``, German ``/``) is not held besides.
    Then the key's place, for digits that a layout has only with Shift (French), for the comma with Shift (``<`` or
    ``;`` then), and for letters of other alphabets.
    None with AltGr: it types.
    """
    if is_modifier(event) or alt_gr_is_held(event, platform):
        return ()
    key, held = event.key(), event.modifiers() & _NO_KEYPAD
    keypad = bool(event.modifiers() & Qt.KeyboardModifier.KeypadModifier)
    place = "" if keypad else us_character(event, platform)
    names = []
    letter = _is_letter(key)
    shift_typed = bool(held & Qt.KeyboardModifier.ShiftModifier) and _types(key) and not letter
    if not shift_typed or not place or place == chr(key):
        names.append(_name(held, key))
    if shift_typed:
        names.append(_name(held & ~Qt.KeyboardModifier.ShiftModifier, key))
    if shift_typed and place == ",":
        names.append(_name(held, ord(place)))
    if place.isdecimal() or (place.isalpha() and letter and key > _LAST_LATIN):
        names.append(_name(held, ord(place.upper())))
    return tuple(names)


def _types(key: int) -> bool:
    return Qt.Key.Key_Space < key <= sys.maxunicode


def _is_letter(key: int) -> bool:
    return _types(key) and len(key_name(key)) == 1 and chr(key).isalpha()


def _name(held: Qt.KeyboardModifier, key: int) -> str:
    return _portable(QKeySequence(int(held.value) | key))


def _portable(sequence: QKeySequence) -> str:
    return sequence.toString(QKeySequence.SequenceFormat.PortableText)
