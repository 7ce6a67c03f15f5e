"""Checks of single values in a mission file: each returns the value or says what to write."""

import math
import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Final

from podium.core.config.toml_checks import WrongValue, argv, kind, line, text, text_item

MAX_PROMPT_BYTES: Final = 100_000
"""The prompt travels as one argument or variable; Linux takes no longer one than 128 KiB."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_WEEK: Final = 7 * 24 * 3600.0


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


def shell_command(value: object) -> tuple[str, ...]:
    """A list as for agents, or a text for the shell."""
    if not isinstance(value, str):
        return argv(value)
    if not value.strip():
        raise WrongValue("The command is empty.", 'Write what the shell should run, such as "make test".')
    return ("/bin/sh", "-c", text(value))


def money(value: object) -> float:
    fix = "Write US dollars as a number above 0 and up to 1000000, such as 5.0, without quotes."
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongValue(f"This is {kind(value)}, not a number.", fix)
    if not math.isfinite(value) or not 0 < value <= 1_000_000:
        raise WrongValue(f"{value} is out of range.", fix)
    return float(value)


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
        pattern = text_item(number, item)
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
