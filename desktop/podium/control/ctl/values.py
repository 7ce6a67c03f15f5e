"""Values of arguments: each says in plain words what it takes."""

import argparse
import math
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from podium.core.ids import InvalidInstanceId, instance_id
from podium.core.workspace_files.paths import path_of


def an_id(text: str) -> str:
    try:
        return instance_id(text)
    except InvalidInstanceId as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def a_path(text: str) -> Path:
    """An absolute path, from a path or a ``file:`` URL."""
    try:
        return path_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def seconds(text: str) -> float:
    return _number(text, "seconds", 0.0)


def days(text: str) -> float:
    return _number(text, "days", 0.0, 36_500.0)


def a_day(text: str) -> date:
    """``2026-01-31``, ``today`` or ``yesterday``, of this machine's time."""
    names = {"today": date.today(), "yesterday": date.today() - timedelta(days=1)}
    try:
        found = names.get(text.lower()) or date.fromisoformat(text)
    except ValueError:
        found = date.min
    if not date(1971, 1, 1) <= found <= date(2999, 12, 31):
        raise argparse.ArgumentTypeError(f"“{text}” is no day; write it as 2026-01-31, today or yesterday.")
    return found


def dollars(text: str) -> float:
    found = _number(text, "dollars", 0.0, 1_000_000.0)
    if not found:
        raise argparse.ArgumentTypeError("a budget is above 0 dollars.")
    return found


def whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number in these bounds."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(f"“{text}” is no whole number from {least:,} to {most:,}.")
        return number

    return read


def command_number(text: str) -> str:
    """A number of the list of commands, or ``last``."""
    number = text.removeprefix("+")
    if text == "last" or (number.isascii() and number.isdigit() and 0 < int(number[:16]) < 10**15):
        return text if text == "last" else str(int(number))
    raise argparse.ArgumentTypeError(f"“{text}” is no command's number; podium ctl commands lists them.")


def variable(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError(f"“{text}” is no variable; write NAME=VALUE.")
    return name, value


def control_byte(notation: str) -> bytes | None:
    """``Ctrl+\\`` → the byte that a terminal sends for it; None for what is no such key."""
    prefix, _, key = notation.partition("+")
    if prefix.lower() != "ctrl" or len(key) != 1 or not "@" <= key.upper() <= "_":
        return None
    return bytes([ord(key.upper()) & 31])


def detach_key(text: str) -> bytes:
    found = control_byte(text)
    if found is None:
        raise argparse.ArgumentTypeError("it is Ctrl and one of A to Z, [, \\, ], ^, _.")
    return found


def _number(text: str, unit: str, least: float, most: float = math.inf) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (least <= number <= most and math.isfinite(number)):
        raise argparse.ArgumentTypeError(f"“{text}” is no number of {unit}; write one as 5 or 0.5.")
    return number
