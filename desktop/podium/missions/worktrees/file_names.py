"""Names of files as git tells them, fit for a log and for the state file."""

from collections.abc import Iterable
from typing import Final

_SHOWN: Final = 5


def printable(name: str) -> str:
    """``name`` with everything escaped that does not print: bytes that are not UTF-8, new lines, a blank at its end."""
    shown = "".join(
        character if character.isprintable() else _escaped(character)
        for character in name.replace("\\", "\\\\")
    )
    return f"“{shown}”" if shown != shown.strip() else shown


def _escaped(character: str) -> str:
    number = ord(character)
    if 0xDC80 <= number <= 0xDCFF:  # A byte that is not UTF-8, as Python keeps it.
        return f"\\x{number - 0xDC00:02x}"
    return {"\n": "\\n", "\t": "\\t"}.get(character, f"\\u{number:04x}")


def listed(names: Iterable[str]) -> str:
    """The first few of ``names`` and how many more there are."""
    shown = [printable(name) for name in names]
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return ", ".join(shown[:_SHOWN]) + more
