"""Paths into a line's object, and the values at their ends, checked."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from podium.core.adapters.json_lines import safe_text

MAX_TEXT: Final = 64 * 1024
"""Characters of one text that are kept."""
MAX_ENTRIES: Final = 10_000
"""Entries at one path that are looked at."""
MAX_USD: Final = 1e6
MAX_TOKENS: Final = 10**12

_NUMBER = re.compile(r"([0-9][0-9,]{0,15}(?:\.[0-9]{1,9})?)([kKmM]?)")
_SCALE: Final = {"": 1, "k": 1000, "m": 1_000_000}


class Entry(NamedTuple):
    """A value and the key it stands under."""

    key: str
    value: Any


def entries(value: Any, path: str) -> Iterator[Entry]:
    """The values at ``path`` in ``value``, one for each that a ``*`` finds."""
    found = [Entry("", value)]
    for name in path.split(".") if path else ():
        found = [entry for parent in found for entry in _step(parent, name)][:MAX_ENTRIES]
    yield from found


def _step(parent: Entry, name: str) -> list[Entry]:
    value = parent.value
    if name == "*":
        if isinstance(value, dict):
            return [Entry(str(key), entry) for key, entry in list(value.items())[:MAX_ENTRIES]]
        if isinstance(value, list):
            return [Entry(str(number), entry) for number, entry in enumerate(value[:MAX_ENTRIES])]
        return []
    if isinstance(value, dict) and name in value:
        return [Entry(parent.key, value[name])]
    if isinstance(value, list) and name.isdecimal() and len(name) < 6 and int(name) < len(value):
        return [Entry(parent.key, value[int(name)])]
    return []


class Scope(NamedTuple):
    """The root of a rule's paths: the line, or one entry of it."""

    line: Mapping[str, Any]
    entry: Entry

    def values(self, path: str) -> list[Any]:
        """The value at ``path``; ``=text`` is the text itself, ``@`` the entry's key."""
        value = self.entry.value
        if (
            isinstance(value, dict) and path in value
        ):  # Nearly every path of every rule is asked on every line.
            return [value[path]]
        if path.startswith("="):
            return [path[1:]]
        if path == "@":
            return [self.entry.key]
        if path.startswith("^."):
            return [found.value for found in entries(self.line, path[2:])]
        return [found.value for found in entries(self.entry.value, path)]

    def text(self, paths: Sequence[str]) -> str:
        """The first text that is not empty; several at one path stand under each other."""
        for path in paths:
            texts = [as_text(value) for value in self.values(path)[:100]]
            if joined := "\n".join(text for text in texts if text):
                return joined[:MAX_TEXT]
        return ""

    def number(self, paths: Sequence[str], most: float) -> float | None:
        """The first number from 0 to ``most``; several at one path are added up."""
        for path in paths:
            numbers = [as_number(value, most) for value in self.values(path)]
            known = [number for number in numbers if number is not None]
            if known and sum(known) <= most:
                return sum(known)
        return None

    def has(self, wanted: Mapping[str, Sequence[Any]]) -> bool:
        """Whether every path has one of its values."""
        return all(self.has_one(path, allowed) for path, allowed in wanted.items())

    def has_one(self, path: str, allowed: Sequence[Any]) -> bool:
        return any(_same(value, one) for value in self.values(path) for one in allowed)

    def has_part(self, path: str, parts: Sequence[str]) -> bool:
        """Whether a text at ``path`` has one of ``parts`` in it."""
        for value in self.values(path):
            text = as_text(value)[:MAX_TEXT].casefold()
            if any(part.casefold() in text for part in parts):
                return True
        return False


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    return bool(value == wanted)


def as_text(value: Any) -> str:
    """Text or a number as text; anything else is no text."""
    if isinstance(value, str):
        return safe_text(value[:MAX_TEXT])
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return str(value)[:100] if abs(value) < 1e300 else ""


def as_number(value: Any, most: float) -> float | None:
    """A number from 0 to ``most``, also one that is written as text such as 2.5k."""
    if isinstance(value, str):
        match = _NUMBER.fullmatch(value.strip()[:32])
        if match is None:
            return None
        value = float(match[1].replace(",", "")) * _SCALE[match[2].lower()]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and 0 <= number <= most else None
