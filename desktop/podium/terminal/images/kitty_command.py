"""A command of kitty's graphics protocol: keys with letters or numbers, checked."""

import re
from typing import Final

_MAX_KEYS: Final = 512
"""Characters of all keys with their values."""
_PAIR: Final = re.compile(r"([A-Za-z])=(?:([A-Za-z])|(-?[0-9]{1,10}))")
_LETTERS: Final[dict[str, str]] = {"a": "tTpqdfac", "t": "dfts", "o": "z", "d": "aAiInNcCfFpPqQxXyYzZrR"}
_SIGNED: Final = frozenset("zHV")
_MOST: Final = (1 << 32) - 1


class KittyCommand:
    """``letters`` and ``numbers`` hold the keys that were given."""

    __slots__ = ("letters", "numbers", "payload")

    def __init__(self, letters: dict[str, str], numbers: dict[str, int], payload: str) -> None:
        self.letters = letters
        self.numbers = numbers
        self.payload = payload

    def letter(self, key: str, usual: str) -> str:
        """The key's value, ``usual`` without it."""
        return self.letters.get(key, usual)

    def number(self, key: str) -> int:
        """The key's value, 0 without it."""
        return self.numbers.get(key, 0)

    @property
    def action(self) -> str:
        return self.letters.get("a", "t")

    @property
    def more(self) -> bool:
        """More pieces of the payload are to come."""
        return self.number("m") == 1

    def continues(self, first: "KittyCommand") -> bool:
        """Whether it brings the next piece of what ``first`` began."""
        names_another = self.number("i") not in (0, first.number("i"))
        begins = names_another or "s" in self.numbers or "f" in self.numbers
        return self.action in ("t", "T", "q") and not begins


def parse_command(text: str) -> KittyCommand | None:
    """The command in the text after the G; None when it is none."""
    head, _, payload = text.partition(";")
    if len(head) > _MAX_KEYS:
        return None
    letters: dict[str, str] = {}
    numbers: dict[str, int] = {}
    for pair in head.split(",") if head else []:
        match = _PAIR.fullmatch(pair)
        if match is None:
            return None
        key, letter, number = match.group(1, 2, 3)
        if key in _LETTERS:
            if letter is None or letter not in _LETTERS[key]:
                return None
            letters[key] = letter
        else:
            value = int(number) if number is not None else -1
            low, high = (-(1 << 31), (1 << 31) - 1) if key in _SIGNED else (0, _MOST)
            if number is None or not low <= value <= high:
                return None
            numbers[key] = value
    return KittyCommand(letters, numbers, payload)
