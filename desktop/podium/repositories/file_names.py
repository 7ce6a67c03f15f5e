"""Names of files as git prints them, fit for a log and for the state file."""

import re
from collections.abc import Iterable
from typing import Final

from podium.core.visible_text import visible

_SHOWN: Final = 5
_BYTE: Final = re.compile("[\udc80-\udcff]")
"""A byte that is not UTF-8, as Python keeps it."""


def printable(name: str) -> str:
    """``name`` with everything escaped that does not print, such as bytes that aren’t text; blanks at its ends show."""
    parts, place = [], 0
    for byte in _BYTE.finditer(name):
        parts += [visible(name[place : byte.start()]), f"\\x{ord(byte[0]) - 0xDC00:02x}"]
        place = byte.end()
    shown = "".join((*parts, visible(name[place:])))
    return f"“{shown}”" if name != name.strip() else shown


def listed(names: Iterable[str]) -> str:
    """The first few of ``names`` and how many more there are."""
    shown = [printable(name) for name in names]
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return ", ".join(shown[:_SHOWN]) + more
