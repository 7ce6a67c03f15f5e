"""Text that leaves the screen for people, clipboards and other programs: no controls, no spoofing."""

import re
from typing import Final

_CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f]+")
_SPOOFING: Final = re.compile(
    "[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u200b\u2060-\u2064\ufeff\u180e\u00ad]+"
)
"""Bidi controls and invisible characters: they make a text read differently from what it is.

The joiners U+200C and U+200D stay, since scripts and emoji need them.
"""


def clean_text(text: str, limit: int) -> str:
    """At most ``limit`` characters, without C0, C1 and spoofing controls."""
    # Cut first, so that a huge input costs nothing; controls only make it shorter.
    return _SPOOFING.sub("", _CONTROLS.sub("", text[: limit * 4]))[:limit]


def strip_spoofing(text: str) -> str:
    """Copied text without bidi and invisible controls."""
    return text if text.isascii() else _SPOOFING.sub("", text)


def strip_controls(text: str) -> str:
    """Without C0 and C1 controls."""
    return _CONTROLS.sub("", text)
