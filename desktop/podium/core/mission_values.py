"""How single values of a mission file are checked: a check returns the value or says what to write."""

import math
import re
from collections.abc import Callable, Sequence
from typing import Final

from podium.core.file_values import WrongValue, kind, text

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


def argv(value: object) -> tuple[str, ...]:
    fix = 'Write the program and its arguments as a list, such as ["make", "test"].'
    if not isinstance(value, list):
        raise WrongValue(f"This is {kind(value)}, not a list.", fix)
    if not value:
        raise WrongValue("The list is empty.", fix)
    for number, item in enumerate(value):
        if not isinstance(item, str):
            raise WrongValue(f"Item {number} is {kind(item)}, not text.", "Put every item in quotes.")
        text(item)
    if not value[0].strip():
        raise WrongValue("The first item, the program, is empty.", fix)
    return tuple(value)


def gate_command(value: object) -> tuple[str, ...]:
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
