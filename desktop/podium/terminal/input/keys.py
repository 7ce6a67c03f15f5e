"""Keys as bytes: what xterm sends for each key, modifier and mode."""

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
)
from podium.terminal.input.kitty_keys import encode_kitty
from podium.terminal.input.other_keys import (
    BACKSPACE,
    ESCAPE,
    RETURN,
    TAB,
    modified_character,
    modified_key,
    other_key,
)

_SHIFT: Final = int(Modifier.SHIFT)
_ALT: Final = int(Modifier.ALT)
_CONTROL: Final = int(Modifier.CONTROL)
_META: Final = int(Modifier.META)
_KEYPAD: Final = int(Modifier.KEYPAD)
_RELEASE: Final = int(KeyAction.RELEASE)

_CONTROL_CODES: Final[dict[str, str]] = {
    "@": "\x00", "`": "\x00", " ": "\x00", "2": "\x00", "[": "\x1b", "3": "\x1b", "{": "\x1b",
    "\\": "\x1c", "4": "\x1c", "|": "\x1c", "]": "\x1d", "5": "\x1d", "}": "\x1d",
    "^": "\x1e", "6": "\x1e", "~": "\x1e", "_": "\x1f", "/": "\x1f", "7": "\x1f", "?": "\x7f", "8": "\x7f",
}  # fmt: skip
_KEYPAD_LETTERS: Final[dict[str, str]] = {
    "0": "p", "1": "q", "2": "r", "3": "s", "4": "t", "5": "u", "6": "v", "7": "w", "8": "x", "9": "y",
    "*": "j", "+": "k", ",": "l", "-": "m", ".": "n", "/": "o", "=": "X",
}  # fmt: skip


class KeyModes:
    """The modes that decide what a key sends."""

    def __init__(
        self,
        *,
        application_cursor: bool = False,
        application_keypad: bool = False,
        newline: bool = False,
        backspace: bool = False,
        number_lock: bool = True,
        kitty: int = 0,
        modify_other_keys: int = 0,
    ) -> None:
        self.application_cursor = application_cursor
        """DECCKM (1)."""
        self.application_keypad = application_keypad
        """DECPAM (66)."""
        self.newline = newline
        """LNM: Return sends CR LF."""
        self.backspace = backspace
        """DECBKM (67): Backspace sends BS instead of DEL."""
        self.number_lock = number_lock
        """Mode 1035: digits of the keypad stay digits even with DECPAM."""
        self.kitty = kitty
        self.modify_other_keys = modify_other_keys


def encode_key(event: KeyInput, modes: KeyModes) -> bytes:
    """The bytes for a key; empty for one that sends nothing."""
    if modes.kitty:
        return encode_kitty(event, modes.kitty, legacy(event, modes))
    if event.action == _RELEASE:
        return b""
    return legacy(event, modes)


def legacy(event: KeyInput, modes: KeyModes) -> bytes:
    """xterm's bytes, without the kitty protocol."""
    return _legacy_text(event, modes).encode("utf-8", "replace")


def _legacy_text(event: KeyInput, modes: KeyModes) -> str:
    key = event.key
    modifiers = event.modifiers
    code = 1 + (modifiers & _SHIFT) + (modifiers & _ALT) + (modifiers & _CONTROL) + (modifiers & _META)
    escape = "\x1b" if modifiers & _ALT else ""
    if key in CURSOR_KEYS:
        letter = CURSOR_KEYS[key]
        if code > 1:
            return f"\x1b[1;{code}{letter}"
        return ("\x1bO" if modes.application_cursor else "\x1b[") + letter
    if key in SS3_KEYS:
        return f"\x1b[1;{code}{SS3_KEYS[key]}" if code > 1 else "\x1bO" + SS3_KEYS[key]
    if key in TILDE_KEYS or key in FUNCTION_KEYS:
        value = TILDE_KEYS.get(key) or FUNCTION_KEYS[key]
        return f"\x1b[{value};{code}~" if code > 1 else f"\x1b[{value}~"
    level = modes.modify_other_keys
    if key in ("Return", "Enter"):
        return _return(event, modes, code, escape)
    if key == "Backspace":
        deletes = modes.backspace == bool(modifiers & _CONTROL)
        if modified_key(BACKSPACE, level, modifiers):
            return other_key(BACKSPACE if deletes else 8, modifiers)
        return escape + ("\x7f" if deletes else "\x08")
    if key == "Backtab" or key == "Tab":
        if key == "Backtab":
            modifiers |= _SHIFT
        if modified_key(TAB, level, modifiers):
            return other_key(TAB, modifiers)
        return "\x1b[Z" if modifiers & _SHIFT else escape + "\t"
    if key == "Escape":
        return other_key(ESCAPE, modifiers) if modified_key(ESCAPE, level, modifiers) else escape + "\x1b"
    return _character(event, modes, code, escape)


def _return(event: KeyInput, modes: KeyModes, code: int, escape: str) -> str:
    plain = "\r\n" if modes.newline else "\r"
    if event.key == "Enter" and event.modifiers & _KEYPAD:
        if modes.application_keypad:
            return f"\x1bO{code}M" if code > 1 else "\x1bOM"
        return plain
    if modified_key(RETURN, modes.modify_other_keys, event.modifiers):
        return other_key(RETURN, event.modifiers)
    return escape + plain


def typed_character(event: KeyInput) -> str:
    """The text that the key types without Control: the layout's, or by the key's name on a US layout."""
    text = event.text
    if text and ord(text[0]) >= 0x20 and not 0x7F <= ord(text[0]) < 0xA0:
        return text
    base = BASE_CHARS.get(event.key, "")
    if not base and len(event.key) == 1:
        base = event.key.lower()
    # A key of a keyboard is called by what Shift has made of it, but for letters.
    made = event.base and not base.isalpha()
    return shifted(base) if event.modifiers & _SHIFT and not made else base


def _character(event: KeyInput, modes: KeyModes, code: int, escape: str) -> str:
    char = typed_character(event)
    if not char:
        return ""
    if event.modifiers & _KEYPAD:
        if modes.application_keypad and not modes.number_lock and char in _KEYPAD_LETTERS:
            letter = _KEYPAD_LETTERS[char]
            return f"\x1bO{code}{letter}" if code > 1 else "\x1bO" + letter
        return char
    control = _control(event, char) if event.modifiers & _CONTROL else ""
    if modified_character(char, control, modes.modify_other_keys, event.modifiers):
        # Of another alphabet's letter a program could not tell Ctrl+C; which letter it stands for, the layout says.
        letter = chr(ord(control) | 0x60) if control and not char.isascii() else char
        return other_key(ord(letter), event.modifiers)
    return escape + (control or char)


def _control(event: KeyInput, char: str) -> str:
    """The control character that the key makes with Control; "" when it makes none."""
    base = BASE_CHARS.get(event.key, char)
    control = _CONTROL_CODES.get(base, "")
    if not control and len(base) == 1 and base.isascii() and base.isalpha():
        control = chr(ord(base.upper()) & 31)
    if not control and not base.isascii():
        control = layout_control(event)
    return control
