"""Character sets a program can designate as G0–G3, as tables for ``str.translate``."""

from typing import Final

from pyte import charsets as pyte_charsets

CharacterMap = dict[int, str]

_GRAPHICS: Final[CharacterMap] = {code: pyte_charsets.VT100_MAP[code] for code in range(0x5F, 0x7F)}
_GRAPHICS[ord("_")] = " "  # a blank; pyte has one that does not break
_GRAPHICS[ord("h")] = "\u2424"  # NEWLINE; pyte has the Linux console's block there
_BRITISH: Final[CharacterMap] = {ord("#"): "£"}

ASCII: Final = "B"
GRAPHICS: Final = "0"

MAPS: Final[dict[str, CharacterMap]] = {GRAPHICS: _GRAPHICS, "A": _BRITISH}
"""Designating final → table; every other set shows as ASCII, since the stream is Unicode anyway."""
