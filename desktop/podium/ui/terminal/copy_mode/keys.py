"""The keys of copy mode: vi's and arrows. Qt-free."""

from enum import Enum, auto
from typing import Final, NamedTuple

from podium.core.protocol.requests import KeyInput, Modifier


class Action(Enum):
    """What a key does. The groups below say which of them move the cursor."""

    LEFT = auto()
    RIGHT = auto()
    UP = auto()
    DOWN = auto()
    ROW_START = auto()
    ROW_TEXT = auto()
    ROW_END = auto()
    WORD_NEXT = auto()
    WORD_BACK = auto()
    WORD_END = auto()
    BIG_WORD_NEXT = auto()
    BIG_WORD_BACK = auto()
    BIG_WORD_END = auto()
    PARAGRAPH_BACK = auto()
    PARAGRAPH_NEXT = auto()
    VIEW_TOP = auto()
    VIEW_MIDDLE = auto()
    VIEW_BOTTOM = auto()
    FIRST_LINE = auto()
    LAST_LINE = auto()
    HALF_PAGE_UP = auto()
    HALF_PAGE_DOWN = auto()
    PAGE_UP = auto()
    PAGE_DOWN = auto()
    FIND_NEXT = auto()
    FIND_BACK = auto()
    TILL_NEXT = auto()
    TILL_BACK = auto()
    FIND_AGAIN = auto()
    FIND_AGAIN_BACK = auto()
    SELECT_CHARACTERS = auto()
    SELECT_LINES = auto()
    SELECT_BLOCK = auto()
    SWAP_ENDS = auto()
    SEARCH = auto()
    OLDER_MATCH = auto()
    NEWER_MATCH = auto()
    COPY = auto()
    LEAVE = auto()


FINDS: Final = frozenset({Action.FIND_NEXT, Action.FIND_BACK, Action.TILL_NEXT, Action.TILL_BACK})
"""The next key is the character they look for."""
COMMANDS: Final = frozenset(
    {
        Action.SELECT_CHARACTERS,
        Action.SELECT_LINES,
        Action.SELECT_BLOCK,
        Action.SWAP_ENDS,
        Action.SEARCH,
        Action.OLDER_MATCH,
        Action.NEWER_MATCH,
        Action.COPY,
        Action.LEAVE,
    }
)
"""All others move the cursor."""


class Meaning(NamedTuple):
    action: Action
    extends: bool = False
    """It begins a selection where there is none: Shift is held."""


_TYPED: Final = {
    "h": Action.LEFT, "j": Action.DOWN, "k": Action.UP, "l": Action.RIGHT, " ": Action.RIGHT,
    "0": Action.ROW_START, "^": Action.ROW_TEXT, "$": Action.ROW_END,
    "w": Action.WORD_NEXT, "b": Action.WORD_BACK, "e": Action.WORD_END,
    "W": Action.BIG_WORD_NEXT, "B": Action.BIG_WORD_BACK, "E": Action.BIG_WORD_END,
    "{": Action.PARAGRAPH_BACK, "}": Action.PARAGRAPH_NEXT,
    "H": Action.VIEW_TOP, "M": Action.VIEW_MIDDLE, "L": Action.VIEW_BOTTOM,
    "g": Action.FIRST_LINE, "G": Action.LAST_LINE,
    "f": Action.FIND_NEXT, "F": Action.FIND_BACK, "t": Action.TILL_NEXT, "T": Action.TILL_BACK,
    ";": Action.FIND_AGAIN, ",": Action.FIND_AGAIN_BACK,
    "v": Action.SELECT_CHARACTERS, "V": Action.SELECT_LINES, "o": Action.SWAP_ENDS,
    "/": Action.SEARCH, "?": Action.SEARCH, "n": Action.OLDER_MATCH, "N": Action.NEWER_MATCH,
    "y": Action.COPY, "q": Action.LEAVE,
}  # fmt: skip
_NAMED: Final = {
    "Left": Action.LEFT, "Right": Action.RIGHT, "Up": Action.UP, "Down": Action.DOWN,
    "Home": Action.ROW_START, "End": Action.ROW_END, "PageUp": Action.PAGE_UP, "PageDown": Action.PAGE_DOWN,
    "Backspace": Action.LEFT,
    "Return": Action.COPY, "Enter": Action.COPY, "Escape": Action.LEAVE,
}  # fmt: skip
_WITH_CONTROL: Final = {
    "Left": Action.WORD_BACK, "Right": Action.WORD_NEXT,
    "Up": Action.PARAGRAPH_BACK, "Down": Action.PARAGRAPH_NEXT,
    "Home": Action.FIRST_LINE, "End": Action.LAST_LINE,
    "PageUp": Action.VIEW_TOP, "PageDown": Action.VIEW_BOTTOM,
    "U": Action.HALF_PAGE_UP, "D": Action.HALF_PAGE_DOWN, "B": Action.PAGE_UP, "F": Action.PAGE_DOWN,
    "V": Action.SELECT_BLOCK, "C": Action.LEAVE, "BracketLeft": Action.LEAVE,
}  # fmt: skip


def meaning_of(key: KeyInput) -> Meaning | None:
    """What ``key`` does in copy mode; None for all others, which do nothing."""
    if key.modifiers & (Modifier.ALT | Modifier.META):
        return None
    shift = bool(key.modifiers & Modifier.SHIFT)
    # On a layout of other letters the key counts by its place.
    base = (key.base.upper() if shift else key.base) if not key.text.isascii() else ""
    if key.modifiers & Modifier.CONTROL:
        action = _WITH_CONTROL.get(key.key) or _WITH_CONTROL.get(key.base.upper())
    else:
        action = _NAMED.get(key.key) or _TYPED.get(key.text) or _TYPED.get(base)
        # Shift is a part of the character that is typed.
        shift = shift and key.key in _NAMED
    return None if action is None else Meaning(action, shift and action not in COMMANDS)


def digit_of(key: KeyInput) -> int | None:
    """The digit that ``key`` types, as a part of a count."""
    plain = not key.modifiers & (Modifier.CONTROL | Modifier.ALT | Modifier.META)
    return int(key.text) if plain and len(key.text) == 1 and key.text in "0123456789" else None
