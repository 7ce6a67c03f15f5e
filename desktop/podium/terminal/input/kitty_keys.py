"""The kitty keyboard protocol: flags 1 disambiguate, 2 event types, 4 alternate keys, 8 all keys, 16 text."""

from typing import Final

from podium.core.protocol.requests import KeyAction, KeyInput, Modifier
from podium.terminal.input.key_names import (
    BASE_CHARS,
    CURSOR_KEYS,
    FUNCTION_KEYS,
    SS3_KEYS,
    TILDE_KEYS,
    layout_control,
    shifted,
    unshifted,
)

DISAMBIGUATE: Final = 1
EVENT_TYPES: Final = 2
ALTERNATE_KEYS: Final = 4
ALL_KEYS: Final = 8
TEXT: Final = 16

_SHIFT: Final = int(Modifier.SHIFT)
_ALT: Final = int(Modifier.ALT)
_CONTROL: Final = int(Modifier.CONTROL)
_META: Final = int(Modifier.META)
_KEYPAD: Final = int(Modifier.KEYPAD)
_HELD: Final = _SHIFT | _ALT | _CONTROL | _META
_LOCKS: Final = int(Modifier.CAPS_LOCK | Modifier.NUM_LOCK)
_RELEASE: Final = int(KeyAction.RELEASE)
_PRESS: Final = int(KeyAction.PRESS)

_PLAIN: Final[dict[str, int]] = {
    "Escape": 27, "Return": 13, "Enter": 13, "Tab": 9, "Backtab": 9, "Backspace": 127,
}  # fmt: skip
_SPECIAL: Final[dict[str, int]] = {
    "Print": 57361, "Pause": 57362, "Menu": 57363,
    "MediaPlay": 57428, "MediaPause": 57429, "MediaTogglePlayPause": 57430, "MediaStop": 57432,
    "AudioForward": 57433, "AudioRewind": 57434, "MediaNext": 57435, "MediaPrevious": 57436, "MediaRecord": 57437,
    "VolumeDown": 57438, "VolumeUp": 57439, "VolumeMute": 57440,
}  # fmt: skip
_MODIFIER_KEYS: Final[dict[str, int]] = {
    "CapsLock": 57358, "ScrollLock": 57359, "NumLock": 57360,
    "Shift": 57441, "Control": 57442, "Alt": 57443, "Meta": 57444, "Super_L": 57444, "Hyper_L": 57445,
    "Shift_R": 57447, "Control_R": 57448, "Alt_R": 57449, "Meta_R": 57450, "Super_R": 57450, "Hyper_R": 57451,
    "AltGr": 57453,
}  # fmt: skip
_KEYPAD_NUMBERS: Final[dict[str, int]] = {
    **{str(digit): 57399 + digit for digit in range(10)},
    "Period": 57409, "Slash": 57410, "Asterisk": 57411, "Minus": 57412, "Plus": 57413, "Enter": 57414,
    "Equal": 57415, "Comma": 57416, "Left": 57417, "Right": 57418, "Up": 57419, "Down": 57420, "PageUp": 57421,
    "PageDown": 57422, "Home": 57423, "End": 57424, "Insert": 57425, "Delete": 57426,
}  # fmt: skip


def encode_kitty(event: KeyInput, flags: int, legacy: bytes) -> bytes:
    """The bytes under ``flags`` (not 0); ``legacy`` is what the key sends without the protocol."""
    key = event.key
    release = event.action == _RELEASE
    if release and not flags & EVENT_TYPES:
        return b""
    if key in _MODIFIER_KEYS:
        return _sequence(event, flags, _MODIFIER_KEYS[key], "u") if flags & ALL_KEYS else b""
    held = _held(event)
    escapes = bool(flags & (DISAMBIGUATE | ALL_KEYS))
    # What has a legacy form keeps it for a press; only an escape code can say that a key repeats or is let go.
    escapes_now = escapes or bool(flags & EVENT_TYPES and event.action != _PRESS)
    keypad = bool(event.modifiers & _KEYPAD)
    if key in _PLAIN and not (keypad and key == "Enter" and escapes):
        if key != "Escape" and not flags & ALL_KEYS:
            # A shell must still hear "reset", Enter, after a program that forgot to turn the protocol off.
            if release:
                return b""
            if not held:
                return legacy
        return _sequence(event, flags, _PLAIN[key], "u") if escapes_now else legacy
    text = _text(event)
    if keypad and key in _KEYPAD_NUMBERS and escapes:
        if text and not flags & ALL_KEYS and not release:
            return text.encode("utf-8", "replace")
        return _sequence(event, flags, _KEYPAD_NUMBERS[key], "u", text)
    named = _function_key(event, flags)
    if named:
        return named if escapes_now or not legacy else legacy
    return _character(event, flags, legacy, text, escapes_now)


def _held(event: KeyInput) -> int:
    """The Modifier flags without locks. Backtab is Tab with Shift, which may be let go before the key is."""
    held = event.modifiers & _HELD
    return held | _SHIFT if event.key == "Backtab" and event.action != _RELEASE else held


def _function_key(event: KeyInput, flags: int) -> bytes:
    """The bytes of a key that types nothing; empty when it is none."""
    key = event.key
    if key in CURSOR_KEYS:
        return _sequence(event, flags, 1, CURSOR_KEYS[key])
    if key == "F3":
        # CSI R would be taken for a cursor position report.
        return _sequence(event, flags, 13, "~")
    if key in SS3_KEYS:
        return _sequence(event, flags, 1, SS3_KEYS[key])
    if key in _SPECIAL:
        return _sequence(event, flags, _SPECIAL[key], "u")
    if key in TILDE_KEYS:
        return _sequence(event, flags, TILDE_KEYS[key], "~")
    if key.startswith("F") and key[1:].isdecimal():
        number = int(key[1:])
        if number <= 12:
            return _sequence(event, flags, FUNCTION_KEYS[key], "~")
        if number <= 35:
            return _sequence(event, flags, 57376 + number - 13, "u")
    return b""


def _character(event: KeyInput, flags: int, legacy: bytes, text: str, escapes: bool) -> bytes:
    release = event.action == _RELEASE
    char = _typed(event)
    if not char and not text:
        return b"" if release else legacy
    if not flags & ALL_KEYS and not release and (text or not escapes):
        return legacy
    if event.key == "" and not event.modifiers & _HELD:
        # Text of an input method, or composed: no key is known for it.
        if release:
            return b""
        return _sequence(event, flags, 0, "u", text) if flags & TEXT else legacy
    if not char:
        return b"" if release else legacy
    own = _own(event, char)
    control = layout_control(event)
    if control and not own.isascii() and not flags & ALTERNATE_KEYS:
        # The protocol would say the letter of the other alphabet. A program that did not ask for alternate keys could
        # then not know Ctrl+C; which control character the key makes, the layout itself says.
        own = chr(ord(control) | 0x60)
    alternates = _alternates(event, char, own) if flags & ALTERNATE_KEYS else ""
    return _sequence(event, flags, ord(own), "u", text, alternates)


def _alternates(event: KeyInput, char: str, own: str) -> str:
    """``:shifted:base``, without what is the key's own character anyway."""
    result = ""
    if event.modifiers & _SHIFT:
        other = own.upper() if own.upper() != own else char
        if len(other) == 1 and other != own:
            result = f":{ord(other)}"
    if len(event.base) == 1 and event.base != own:
        result = f"{result or ':'}:{ord(event.base)}"
    return result


def _typed(event: KeyInput) -> str:
    """The one character the key stands for, as it is with the Shift that is held; "" when there is none."""
    if len(event.text) == 1 and event.text.isprintable():
        return event.text
    name = BASE_CHARS.get(event.key, event.key)
    return name if len(name) == 1 else ""


def _own(event: KeyInput, char: str) -> str:
    """The key's character without Shift and Caps Lock. Qt names a shifted key by what Shift made of it."""
    lower = char.lower()
    if len(lower) == 1 and lower != char.upper():
        return lower
    if not event.modifiers & _SHIFT:
        return char
    base = event.base
    # Digits are where they are on a US keyboard in most layouts, whatever Shift makes of them.
    if base and (shifted(base) == char or (base.isdecimal() and not char.isdecimal())):
        return base
    return char if base else unshifted(char)


def _text(event: KeyInput) -> str:
    """The text that the key types; nothing while Control, Alt or Meta is held."""
    if event.modifiers & (_CONTROL | _META | _ALT):
        return ""
    return "".join([char for char in event.text if ord(char) >= 0x20 and not 0x7F <= ord(char) < 0xA0])


def _sequence(
    event: KeyInput, flags: int, number: int, final: str, text: str = "", alternates: str = ""
) -> bytes:
    """``CSI number alternates ; modifiers[:event] ; text final``, as short as it may be."""
    modifiers = _held(event)
    if flags & ALL_KEYS or not text:
        # With a lock on, keys that type must still be what programs know.
        modifiers |= event.modifiers & _LOCKS
    action = event.action if flags & EVENT_TYPES and event.action != _PRESS else 0
    tail = ""
    if flags & TEXT and flags & ALL_KEYS and text and event.action != _RELEASE:
        tail = ";" + ":".join([str(ord(char)) for char in text])
    middle = ""
    if modifiers or action:
        middle = f";{modifiers + 1}"
        if action:
            middle += f":{action}"
    elif tail:
        middle = ";"
    head = "" if number == 1 and not middle else f"{number}{alternates}"
    return f"\x1b[{head}{middle}{tail}{final}".encode("ascii")
