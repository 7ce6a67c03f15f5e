"""The kitty keyboard protocol: flags 1 disambiguate, 2 event types, 4 alternate keys, 8 all keys, 16 text."""

from typing import Final

from podium.core.requests import KeyAction, KeyInput, Modifier
from podium.terminal.key_names import BASE_CHARS, CURSOR_KEYS, FUNCTION_KEYS, SS3_KEYS, TILDE_KEYS

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
_RELEASE: Final = int(KeyAction.RELEASE)
_PRESS: Final = int(KeyAction.PRESS)

_PLAIN: Final[dict[str, int]] = {
    "Escape": 27, "Return": 13, "Enter": 13, "Tab": 9, "Backtab": 9, "Backspace": 127,
}  # fmt: skip
_SPECIAL: Final[dict[str, int]] = {
    "CapsLock": 57358, "ScrollLock": 57359, "NumLock": 57360, "Print": 57361, "Pause": 57362, "Menu": 57363,
    "MediaPlay": 57428, "MediaPause": 57429, "MediaTogglePlayPause": 57430, "MediaStop": 57432,
    "MediaNext": 57435, "MediaPrevious": 57436, "MediaRecord": 57437, "VolumeDown": 57438, "VolumeUp": 57439,
    "VolumeMute": 57440,
}  # fmt: skip
_MODIFIER_KEYS: Final[dict[str, int]] = {
    "Shift": 57441, "Control": 57442, "Alt": 57443, "Meta": 57444, "Super_L": 57444, "Super_R": 57450,
    "Hyper_L": 57445, "Hyper_R": 57451, "AltGr": 57453,
}  # fmt: skip
_KEYPAD_NUMBERS: Final[dict[str, int]] = {
    **{str(digit): 57399 + digit for digit in range(10)},
    "Period": 57409, "Slash": 57410, "Asterisk": 57411, "Minus": 57412, "Plus": 57413, "Enter": 57414,
    "Equal": 57415, "Comma": 57416, "Left": 57417, "Right": 57418, "Up": 57419, "Down": 57420, "PageUp": 57421,
    "PageDown": 57422, "Home": 57423, "End": 57424, "Insert": 57425, "Delete": 57426, "Clear": 57427,
}  # fmt: skip


def encode_kitty(event: KeyInput, flags: int, legacy: bytes) -> bytes:
    """The bytes under ``flags`` (not 0); ``legacy`` is what the key sends without the protocol."""
    key = event.key
    release = event.action == _RELEASE
    if release and not flags & EVENT_TYPES:
        return b""
    if key in _MODIFIER_KEYS or key in ("CapsLock", "NumLock", "ScrollLock"):
        if not flags & ALL_KEYS:
            return b""
        return _sequence(event, flags, _MODIFIER_KEYS.get(key) or _SPECIAL[key], "u", "")
    held = event.modifiers & (_SHIFT | _ALT | _CONTROL | _META)
    if key == "Backtab":
        held |= _SHIFT
    escapes = bool(flags & (DISAMBIGUATE | ALL_KEYS))
    text = _text(event)
    keypad = bool(event.modifiers & _KEYPAD)
    if key in _PLAIN and not (keypad and key == "Enter"):
        if not flags & ALL_KEYS:
            if release and key not in ("Escape",):
                return b""
            if not escapes and not release:
                return legacy
            if key != "Escape" and not held:
                return legacy
        return _sequence(event, flags, _PLAIN[key], "u", "")
    if keypad and key in _KEYPAD_NUMBERS and escapes:
        if text and not flags & ALL_KEYS and not release and not held & ~_SHIFT:
            return text.encode("utf-8", "replace")
        return _sequence(event, flags, _KEYPAD_NUMBERS[key], "u", text)
    named = _function_key(event, flags, legacy, escapes)
    if named is not None:
        return named
    return _character(event, flags, legacy, text, held, escapes)


def _function_key(event: KeyInput, flags: int, legacy: bytes, escapes: bool) -> bytes | None:
    key = event.key
    if key in CURSOR_KEYS or key in SS3_KEYS or key in TILDE_KEYS or key in FUNCTION_KEYS:
        if not escapes and event.action == _PRESS:
            return legacy
        if key == "F3":
            # CSI R would be taken for a cursor position report.
            return _sequence(event, flags, 13, "~", "")
        if key in CURSOR_KEYS or key in SS3_KEYS:
            return _sequence(event, flags, 1, CURSOR_KEYS.get(key) or SS3_KEYS[key], "")
        if key.startswith("F") and FUNCTION_KEYS[key] > 24:
            return _sequence(event, flags, 57376 + int(key[1:]) - 13, "u", "")
        if key == "Menu":
            return _sequence(event, flags, _SPECIAL[key], "u", "")
        return _sequence(event, flags, TILDE_KEYS.get(key) or FUNCTION_KEYS[key], "~", "")
    if key.startswith("F") and key[1:].isdigit() and 21 <= int(key[1:]) <= 35:
        return _sequence(event, flags, 57376 + int(key[1:]) - 13, "u", "")
    if key in _SPECIAL:
        return _sequence(event, flags, _SPECIAL[key], "u", "")
    return None


def _character(event: KeyInput, flags: int, legacy: bytes, text: str, held: int, escapes: bool) -> bytes:
    base = _base(event)
    if not base:
        return legacy if event.action != _RELEASE else b""
    if not flags & ALL_KEYS and event.action != _RELEASE and (not escapes or not held & ~_SHIFT):
        return legacy
    return _sequence(event, flags, ord(base), "u", text)


def _base(event: KeyInput) -> str:
    """The key's own character: lower case, without Shift."""
    base = BASE_CHARS.get(event.key, "")
    if not base and len(event.key) == 1:
        base = event.key.lower()
    if not base and len(event.text) == 1:
        base = event.text.lower()
    return base if len(base) == 1 else ""


def _text(event: KeyInput) -> str:
    """What the key types; nothing while Control, Alt or Meta is held."""
    if event.modifiers & (_CONTROL | _META | _ALT):
        return ""
    text = event.text
    if text and ord(text[0]) >= 0x20 and not 0x7F <= ord(text[0]) < 0xA0:
        return text
    return ""


def _sequence(event: KeyInput, flags: int, number: int, final: str, text: str) -> bytes:
    """``CSI number[:shifted] ; modifiers[:event] ; text final``, as short as it may be."""
    modifiers = 0
    if event.modifiers & _SHIFT or event.key == "Backtab":
        modifiers |= 1
    if event.modifiers & _ALT:
        modifiers |= 2
    if event.modifiers & _CONTROL:
        modifiers |= 4
    if event.modifiers & _META:
        modifiers |= 8
    head = str(number)
    if flags & ALTERNATE_KEYS and modifiers & 1 and final == "u":
        upper = event.text if len(event.text) == 1 and event.text.isprintable() else ""
        if upper and ord(upper) != number:
            head += f":{ord(upper)}"
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
    if final not in ("u", "~") and not middle and number == 1:
        head = ""
    return f"\x1b[{head}{middle}{tail}{final}".encode("ascii")
