"""Keys as a person writes them: ``Ctrl+Shift+T``, or ``Ctrl+K Ctrl+S`` for one after the other.

A stroke is one key with what is held besides; a chord is one or two strokes. "Ctrl" is the Command key on macOS and
"Meta" its Control key, as in Qt's portable notation.
"""

import re
import sys
from typing import Final

import msgspec

MODIFIERS: Final = ("Ctrl", "Shift", "Alt", "Meta")
"""In the order in which they are written."""

_MODIFIER_NAMES: Final = {
    "ctrl": "Ctrl",
    "control": "Ctrl",
    "cmd": "Ctrl",
    "command": "Ctrl",
    "shift": "Shift",
    "alt": "Alt",
    "option": "Alt",
    "meta": "Meta",
    "super": "Meta",
    "win": "Meta",
}
_NAMED: Final = (
    "Backspace", "Del", "Down", "End", "Enter", "Esc", "Home", "Ins", "Left", "Menu", "Pause", "PgDown", "PgUp",
    "Print", "Return", "Right", "ScrollLock", "Space", "Tab", "Up",
)  # fmt: skip
_OTHER_NAMES: Final = {
    "delete": "Del",
    "escape": "Esc",
    "insert": "Ins",
    "pagedown": "PgDown",
    "pageup": "PgUp",
    "plus": "+",
    "minus": "-",
    "comma": ",",
}
_KEY_NAMES: Final = {name.lower(): name for name in _NAMED} | _OTHER_NAMES
_FUNCTION_KEY: Final = re.compile(r"f([1-9]|[12][0-9]|3[0-5])")
_MOST_STROKES: Final = 2
_LONGEST: Final = 80
"""Characters of a chord as it is written."""


class WrongKeys(ValueError):
    """Keys that can't be bound: why, and what to write instead."""

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix


class Stroke(msgspec.Struct, frozen=True, order=True):
    """One key with the modifiers that are held."""

    key: str
    """A character in upper case, or a name as Qt has it: ``F5``, ``PgUp``, ``Space``."""
    modifiers: tuple[str, ...] = ()
    """Some of MODIFIERS, in their order."""

    def __str__(self) -> str:
        return "+".join((*self.modifiers, self.key))

    @property
    def caps(self) -> tuple[str, ...]:
        """What is printed on the keys to press."""
        return (*self.modifiers, self.key)


Chord = tuple[Stroke, ...]
"""One stroke, or two that are pressed one after the other."""


def chord_text(chord: Chord) -> str:
    """A chord as ``parse_chord`` reads it."""
    return " ".join(map(str, chord))


def parse_chord(text: str) -> Chord:
    """The chord that a person wrote. Raises WrongKeys."""
    if len(text) > _LONGEST:
        raise WrongKeys("The keys are too long.", 'Write keys such as "Ctrl+Shift+T".')
    strokes = tuple(_parse_stroke(part) for part in text.split())
    if not strokes:
        raise WrongKeys("No key is named.", 'Write keys such as "Ctrl+Shift+T", or [] for none.')
    if len(strokes) > _MOST_STROKES:
        raise WrongKeys(
            f"These are {len(strokes)} keys one after the other.", "Write one, or two with a space between."
        )
    if reason := refusal(strokes[0]):
        raise WrongKeys(reason, "Hold Ctrl, Alt or Meta with it, or take a function key.")
    if len(strokes) > 1 and strokes[1].key == "Esc":
        raise WrongKeys("Esc gives up a first key that was pressed.", "Take another key for the second one.")
    return strokes


def read_stroke(text: str) -> Stroke | None:
    """One key as Qt's portable notation has it; None for one that has no name here."""
    try:
        return _parse_stroke(text)
    except WrongKeys:
        return None


def refusal(stroke: Stroke) -> str:
    """Why a stroke can't be the first of a chord: a terminal would be of no use without it. "" when it can."""
    held = set(stroke.modifiers)
    if held & {"Ctrl", "Alt", "Meta"}:
        return ""
    if len(stroke.key) == 1 or stroke.key == "Space":
        return f"{stroke} types a character."
    scrolls = {"PgUp", "PgDown", "Home", "End", "Ins", "Up", "Down"}
    if _is_function(stroke.key) or stroke.key in {"Menu", "Pause", "Print", "ScrollLock"}:
        return ""
    if held == {"Shift"} and stroke.key in scrolls:
        return ""
    return f"Programs in terminals need {stroke}."


def lost_by_programs(stroke: Stroke, platform: str = sys.platform) -> bool:
    """Whether programs in a terminal usually know this key, and would never see it while it is bound.

    Programs are told of plain Ctrl, Alt and function keys; with Shift besides, hardly any terminal tells them apart.
    """
    held = set(stroke.modifiers)
    if platform == "darwin":
        if "Ctrl" in held:  # The Command key: no program is given it.
            return False
        held = (held - {"Meta"}) | ({"Ctrl"} if "Meta" in held else set())
    elif "Meta" in held:
        return False
    if _is_function(stroke.key):
        return True
    if held == {"Ctrl"} and stroke.key in {"0", "+", "="}:
        return False  # They have no code of their own; "-" has.
    return held in ({"Ctrl"}, {"Alt"}, {"Ctrl", "Alt"})


def _is_function(key: str) -> bool:
    return _FUNCTION_KEY.fullmatch(key.lower()) is not None


def _parse_stroke(text: str) -> Stroke:
    parts = [*text[:-2].split("+"), "+"] if text.endswith("++") else text.split("+")
    if text == "+":
        parts = ["+"]
    *held, key = parts
    modifiers = set()
    for part in held:
        name = _MODIFIER_NAMES.get(part.lower())
        if name is None:
            raise WrongKeys(
                f"“{part[:20]}” in “{text[:40]}” can't be held.", "Hold Ctrl, Shift, Alt or Meta."
            )
        if name in modifiers:
            raise WrongKeys(f"“{text[:40]}” names {name} twice.", "Name it once.")
        modifiers.add(name)
    return Stroke(_key(key, text), tuple(name for name in MODIFIERS if name in modifiers))


def _key(written: str, text: str) -> str:
    lower = written.lower()
    if len(written) == 1 and written.isprintable() and not written.isspace():
        upper = written.upper()
        return upper if len(upper) == 1 else written
    if lower in _KEY_NAMES:
        name = _KEY_NAMES[lower]
        return "Return" if name == "Enter" else name
    if _FUNCTION_KEY.fullmatch(lower):
        return lower.upper()
    if lower in _MODIFIER_NAMES or not written:
        raise WrongKeys(f"“{text[:40]}” ends without a key.", 'Write keys such as "Ctrl+Shift+T".')
    raise WrongKeys(
        f"There is no key “{written[:20]}”.",
        f"Write a character, F1 to F35, or one of {', '.join(_NAMED)}.",
    )
