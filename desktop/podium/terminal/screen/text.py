"""Text that leaves the screen for people, clipboards and other programs: no controls, no spoofing."""

import re
from typing import Final

from podium.core.spoofing import has_spoofing, without_soft_hyphens, without_spoofing

_CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f]+")
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+")


def clean_text(text: str, limit: int) -> str:
    """At most ``limit`` characters, without C0, C1 and spoofing controls."""
    # Cut first, so that a huge input costs nothing; controls only make it shorter.
    return without_soft_hyphens(without_spoofing(_CONTROLS.sub("", text[: limit * 4])))[:limit]


def is_clean(text: str, limit: int) -> bool:
    """Whether it is what it looks like and not too long: an address is taken whole or not at all."""
    return len(text) <= limit and _CONTROLS.search(text) is None and not has_spoofing(text)


def strip_unprintable(text: str) -> str:
    """Without controls that are no white space."""
    return _UNPRINTABLE.sub("", text)


def strip_controls(text: str) -> str:
    """Without C0 and C1 controls."""
    return _CONTROLS.sub("", text)
