"""modifyOtherKeys: which keys send ``CSI 27 ; modifiers ; code ~`` at its levels 1 and 2, as xterm 379 does."""

from typing import Final

from podium.core.protocol.requests import Modifier

BACKSPACE: Final = 0x7F
TAB: Final = 9
RETURN: Final = 13
ESCAPE: Final = 27

_SHIFT: Final = int(Modifier.SHIFT)
_ALT: Final = int(Modifier.ALT)
_CONTROL: Final = int(Modifier.CONTROL)
_META: Final = int(Modifier.META)
_HELD: Final = _SHIFT | _ALT | _CONTROL | _META


def modified_key(code: int, level: int, modifiers: int) -> bool:
    """Whether one of the four keys above, with Modifier flags, is sent in that form."""
    held = modifiers & _HELD
    if level == 2:
        if code == BACKSPACE:
            return held & ~_CONTROL != 0
        return held != 0 and not (code == TAB and held == _SHIFT)
    if level != 1:
        return False
    if code == TAB:
        return held == _CONTROL
    if code == RETURN:
        return held & _SHIFT != 0 or (held & _CONTROL != 0 and not held & _ALT)
    return code == ESCAPE and held & _ALT != 0 and held & (_SHIFT | _CONTROL) != 0


def modified_character(char: str, control: str, level: int, modifiers: int) -> bool:
    """The same for a key that types ``char``; ``control`` is the control character it makes, or ""."""
    held = modifiers & _HELD
    if len(char) != 1:
        return False
    if level == 2:
        if held == _SHIFT:
            # What Shift makes of digits is plain enough.
            return char == " " or "@" <= char <= "~"
        return held != 0
    if level != 1 or not held & _CONTROL:
        return False
    if not control or char == "?":
        return True
    # Digits that stand for control characters, as 2 does for NUL.
    return char < "@" and held & _SHIFT != 0 and held & _ALT != 0


def other_key(code: int, modifiers: int) -> str:
    """The sequence, with a key's code and Modifier flags."""
    return f"\x1b[27;{1 + (modifiers & _HELD)};{code}~"
