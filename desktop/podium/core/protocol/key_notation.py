"""Keys as people write them ("Ctrl+Shift+Up"), made into what a session takes."""

from typing import Final

from podium.core.protocol.requests import KeyInput, Modifier

_MODIFIERS: Final = {
    "ctrl": Modifier.CONTROL,
    "control": Modifier.CONTROL,
    "shift": Modifier.SHIFT,
    "alt": Modifier.ALT,
    "option": Modifier.ALT,
    "meta": Modifier.META,
}
_NAMES: Final = {
    name.lower(): name
    for name in (
        "Up", "Down", "Left", "Right", "Home", "End", "PageUp", "PageDown", "Insert", "Delete", "Escape", "Return",
        "Enter", "Tab", "Backspace", "Space", "Menu", "Help", *(f"F{number}" for number in range(1, 36)),
    )
} | {"esc": "Escape", "del": "Delete", "ins": "Insert", "pgup": "PageUp", "pgdown": "PageDown"}  # fmt: skip
_TYPED: Final = {
    "Return": "\r",
    "Enter": "\r",
    "Tab": "\t",
    "Space": " ",
    "Escape": "\x1b",
    "Backspace": "\b",
}


def parse_key(notation: str) -> KeyInput:
    """``"Ctrl+C"`` → the key event. Raises ValueError, with words for a person, for what is no key."""
    words = notation.split("+")
    if notation == "+" or notation.endswith("++"):  # The plus key itself.
        words = [*words[:-2], "+"]
    modifiers = Modifier(0)
    for word in words[:-1]:
        modifier = _MODIFIERS.get(word.strip().lower())
        if modifier is None:
            raise ValueError(f"“{word}” in “{notation}” is no modifier; use Ctrl, Shift, Alt or Meta.")
        modifiers |= modifier
    name = words[-1]
    if len(name) == 1 and name.isprintable():
        text = name if Modifier.SHIFT in modifiers or not name.isalpha() or not modifiers else name.lower()
        return KeyInput(name.upper(), "" if modifiers & ~Modifier.SHIFT else text, int(modifiers))
    known = _NAMES.get(name.lower())
    if known is None:
        raise ValueError(
            f"“{name}” in “{notation}” is no key; write it as in Ctrl+C, Shift+F5, Return or Up."
        )
    if known == "Tab" and Modifier.SHIFT in modifiers:
        known = "Backtab"  # Qt's name for it.
    return KeyInput(known, _TYPED.get(known, ""), int(modifiers))


def parse_keys(notation: str) -> tuple[KeyInput, ...]:
    """Keys with blanks between them: ``"Ctrl+C Ctrl+C"``. Raises ValueError."""
    return tuple(parse_key(word) for word in notation.split())
