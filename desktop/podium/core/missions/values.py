"""Checks of single values in a mission file: each returns the value or says what to write."""

import math
import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final, TypeVar

from podium.core.config.toml_checks import WrongValue, kind, line, text

MAX_PROMPT_BYTES: Final = 100_000
"""The prompt travels as one argument or variable; Linux takes no longer one than 128 KiB."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_WEEK: Final = 7 * 24 * 3600.0

_Choice = TypeVar("_Choice", bound=StrEnum)


def identifier(value: object) -> str:
    checked = text(value)
    if not _ID.fullmatch(checked):
        raise WrongValue(
            f"“{checked[:80]}” can't be an id.",
            "Use 1 to 64 letters, digits, “_”, “.” or “-”, beginning with a letter or digit.",
        )
    return checked


def prompt(value: object) -> str:
    checked = text(value)
    size = len(checked.encode())
    if size > MAX_PROMPT_BYTES:
        raise WrongValue(
            f"The prompt is {size:,} bytes long; {MAX_PROMPT_BYTES:,} is the most.",
            "Put the long part into a file and let the prompt name it.",
        )
    return checked


def seconds(value: object) -> float:
    fix = "Write the seconds as a number above 0 and up to 604800 (a week), without quotes."
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongValue(f"This is {kind(value)}, not a number.", fix)
    if not math.isfinite(value) or not 0 < value <= _WEEK:
        raise WrongValue(f"{value} is out of range.", fix)
    return float(value)


def argv(value: object) -> tuple[str, ...]:
    fix = 'Write the program and its arguments as a list, such as ["make", "test"].'
    if not isinstance(value, list):
        raise WrongValue(f"This is {kind(value)}, not a list.", fix)
    if not value:
        raise WrongValue("The list is empty.", fix)
    for number, item in enumerate(value):
        _text_item(number, item)
    if not value[0].strip():
        raise WrongValue("The first item, the program, is empty.", fix)
    return tuple(value)


def _text_item(number: int, item: object) -> str:
    if not isinstance(item, str):
        raise WrongValue(f"Item {number} is {kind(item)}, not text.", "Put every item in quotes.")
    return text(item)


def shell_command(value: object) -> tuple[str, ...]:
    """A list as for agents, or a text for the shell."""
    if not isinstance(value, str):
        return argv(value)
    if not value.strip():
        raise WrongValue("The command is empty.", 'Write what the shell should run, such as "make test".')
    return ("/bin/sh", "-c", text(value))


def tables(name: str, at_least: int = 0) -> Callable[[object], Sequence[object]]:
    def check(value: object) -> Sequence[object]:
        fix = f"Begin each one with a line [[{name}]], in double brackets."
        if not isinstance(value, list):
            raise WrongValue(f"This is {kind(value)}, not a list of tables.", fix)
        if len(value) < at_least:
            raise WrongValue("The list is empty.", fix)
        return value

    return check


def money(value: object) -> float:
    fix = "Write US dollars as a number above 0 and up to 1000000, such as 5.0, without quotes."
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongValue(f"This is {kind(value)}, not a number.", fix)
    if not math.isfinite(value) or not 0 < value <= 1_000_000:
        raise WrongValue(f"{value} is out of range.", fix)
    return float(value)


def choice(choices: type[_Choice]) -> Callable[[object], _Choice]:
    def check(value: object) -> _Choice:
        names = " or ".join(f"“{item.value}”" for item in choices)
        try:
            return choices(text(value))
        except ValueError:
            raise WrongValue(f"“{str(value)[:80]}” is not one of the choices.", f"Write {names}.") from None

    return check


def identifiers(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise WrongValue(f"This is {kind(value)}, not a list.", 'Write a list of ids, such as ["planner"].')
    return tuple(identifier(item) for item in value)


def globs(value: object) -> tuple[str, ...]:
    """Patterns of paths below the folder; ``**`` crosses folders."""
    fix = 'Write a list of patterns, such as ["src/**", "*.md"].'
    if not isinstance(value, list):
        raise WrongValue(f"This is {kind(value)}, not a list.", fix)
    for number, item in enumerate(value):
        pattern = _text_item(number, item)
        if not pattern.strip():
            raise WrongValue(f"Item {number} is empty.", fix)
        if PurePosixPath(pattern).is_absolute() or ".." in PurePosixPath(pattern).parts:
            raise WrongValue(
                f"“{pattern[:80]}” leads out of the folder.",
                "Write it from the repository's top on, without “..”.",
            )
    return tuple(value)


def revision(value: object) -> str:
    """A name git can look up; never an option."""
    checked = line(value)
    if checked.startswith("-"):
        raise WrongValue(
            f"“{checked[:80]}” can't be a branch or commit.", "Write the name of a branch, tag or commit."
        )
    return checked


_PREFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}(/[A-Za-z0-9][A-Za-z0-9_-]{0,31}){0,3}")


def branch_prefix(value: object) -> str:
    """The first parts of branches' names."""
    checked = line(value)
    if not _PREFIX.fullmatch(checked):
        raise WrongValue(
            f"“{checked[:80]}” can't begin a branch's name.",
            "Write letters, digits, “_” or “-”, such as podium or team/podium.",
        )
    return checked


def table(name: str) -> Callable[[object], dict[str, object]]:
    def check(value: object) -> dict[str, object]:
        if not isinstance(value, dict):
            raise WrongValue(f"This is {kind(value)}, not a table.", f"Begin it with a line [{name}].")
        return value

    return check
