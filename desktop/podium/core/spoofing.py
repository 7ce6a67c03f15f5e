"""Characters that make text read differently from what it is: never copied, and shown by a mark."""

import re
from typing import Final

_BIDI_CONTROLS: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE: Final = "\u180e\u200b\u2060-\u2064\ufeff"
_SOFT_HYPHEN: Final = "\u00ad"
_JOINERS: Final = "\u200c\u200d"

_HIDDEN: Final = re.compile(f"[{_BIDI_CONTROLS}{_INVISIBLE}]+")
_HIDDEN_IN_NAME: Final = re.compile(f"[{_BIDI_CONTROLS}{_INVISIBLE}{_SOFT_HYPHEN}]")
_HIDDEN_OR_JOINER: Final = re.compile(f"[{_BIDI_CONTROLS}{_INVISIBLE}{_JOINERS}]+")


def without_spoofing(text: str) -> str:
    """Without bidi controls and invisible characters.

    Joiners stay beside a character that is not ASCII: emoji and several scripts are spelt with them. Between ASCII
    they join nothing, and two words that look the same would differ. Soft hyphens stay: a terminal shows them.
    """
    return text if text.isascii() else _HIDDEN_OR_JOINER.sub(_joiners_that_join, text)


def has_spoofing(text: str) -> bool:
    """Whether there are bidi controls or invisible characters, soft hyphens among them. Joiners are none: a name may
    hold them anywhere.
    """
    return not text.isascii() and _HIDDEN_IN_NAME.search(text) is not None


def without_soft_hyphens(text: str) -> str:
    """For text that is shown outside of a terminal, where they do not show."""
    return text.replace(_SOFT_HYPHEN, "")


def _joiners_that_join(found: re.Match[str]) -> str:
    text, start, end = found.string, found.start(), found.end()
    beside = text[max(0, start - 1) : start] + text[end : end + 1]
    return "" if beside.isascii() else _HIDDEN.sub("", found[0])
