"""Checks for single values of a file that a person writes: a check returns the value or raises what to write."""

import re
from collections.abc import Callable, Collection, Sequence
from enum import StrEnum
from typing import TypeVar

_Choice = TypeVar("_Choice", bound=StrEnum)


class WrongValue(Exception):
    """A value that can't be: why, and what to write instead."""

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix


def kind(value: object) -> str:
    """The kind of ``value``, for a person: ``text``, ``a number`` …"""
    kinds = {
        str: "text",
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "a table",
    }
    return kinds.get(type(value), "a date or time")


def text(value: object) -> str:
    if not isinstance(value, str):
        raise WrongValue(f"This is {kind(value)}, not text.", "Put it in quotes.")
    if "\0" in value:
        raise WrongValue("The text holds a NUL character.", "Take it out; no program could be given it.")
    return value


def matching(pattern: str, example: str) -> Callable[[object], str]:
    """A check for text of the form ``pattern``; ``example`` is told for any other, and the text is not: it may be an
    address that is a secret.
    """

    def check(value: object) -> str:
        checked = text(value)
        if re.fullmatch(pattern, checked) is None:
            raise WrongValue("This text has another form.", f'Write it like "{example}", or leave it empty.')
        return checked

    return check


def line(value: object) -> str:
    checked = text(value)
    if not checked.strip():
        raise WrongValue("The text is empty.", "Write at least one word.")
    if not checked.isprintable():
        raise WrongValue("The text holds a line break or a control character.", "Write it in one plain line.")
    return checked


def true_or_false(value: object) -> bool:
    if not isinstance(value, bool):
        raise WrongValue(f"This is {kind(value)}.", "Write true or false, without quotes.")
    return value


def one_of(words: Collection[str]) -> Callable[[object], str]:
    quoted = [f'"{word}"' for word in words]
    fix = f"Write {', '.join(quoted[:-1])} or {quoted[-1]}."

    def check(value: object) -> str:
        if not isinstance(value, str):
            raise WrongValue(f"This is {kind(value)}, not text.", fix)
        if value not in words:
            raise WrongValue(f"“{value[:80]}” is not one of the choices.", fix)
        return value

    return check


def whole_number(low: int, high: int) -> Callable[[object], int]:
    def check(value: object) -> int:
        fix = f"Write a whole number from {low} to {high}, without quotes."
        if not isinstance(value, int) or isinstance(value, bool):
            raise WrongValue(f"This is {_not_whole(value)}.", fix)
        if not low <= value <= high:
            raise WrongValue(f"{value} is out of range.", fix)
        return value

    return check


def number(low: float, high: float) -> Callable[[object], float]:
    def check(value: object) -> float:
        fix = f"Write a number from {low:.15g} to {high:.15g}, without quotes."
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise WrongValue(f"This is {kind(value)}, not a number.", fix)
        if not low <= value <= high:  # Not a number is in no range.
            raise WrongValue(f"{value} is out of range.", fix)
        return float(value)

    return check


def _not_whole(value: object) -> str:
    return "not a whole number" if isinstance(value, float) else f"{kind(value)}, not a number"


def text_item(number: int, item: object) -> str:
    """The text that is item ``number`` of a list."""
    if not isinstance(item, str):
        raise WrongValue(f"Item {number} is {kind(item)}, not text.", "Put every item in quotes.")
    return text(item)


def words(value: object) -> tuple[str, ...]:
    """Names, none of them empty; the list may be."""
    if not isinstance(value, list):
        raise WrongValue(
            f"This is {kind(value)}, not a list.", 'Write a list, such as ["claude", "codex"] or [].'
        )
    for number, item in enumerate(value):
        if not text_item(number, item).strip():
            raise WrongValue(f"Item {number} is empty.", "Write a name, or take it out.")
    return tuple(value)


def argv(value: object) -> tuple[str, ...]:
    """A program and its arguments."""
    fix = 'Write the program and its arguments as a list, such as ["make", "test"].'
    if not isinstance(value, list):
        raise WrongValue(f"This is {kind(value)}, not a list.", fix)
    if not value:
        raise WrongValue("The list is empty.", fix)
    for number, item in enumerate(value):
        text_item(number, item)
    if not value[0].strip():
        raise WrongValue("The first item, the program, is empty.", fix)
    return tuple(value)


def tables(name: str, at_least: int = 0) -> Callable[[object], Sequence[object]]:
    def check(value: object) -> Sequence[object]:
        fix = f"Begin each one with a line [[{name}]], in double brackets."
        if not isinstance(value, list):
            raise WrongValue(f"This is {kind(value)}, not a list of tables.", fix)
        if len(value) < at_least:
            raise WrongValue("The list is empty.", fix)
        return value

    return check


def choice(choices: type[_Choice]) -> Callable[[object], _Choice]:
    def check(value: object) -> _Choice:
        names = " or ".join(f"“{item.value}”" for item in choices)
        try:
            return choices(text(value))
        except ValueError:
            raise WrongValue(f"“{str(value)[:80]}” is not one of the choices.", f"Write {names}.") from None

    return check
