"""Characters that end an address or a path wherever they stand."""

from typing import Final

FOREIGN: Final = (
    "\x00-\x20\x7f-\xa0\xab\xbb"
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202f\u2060-\u206f\ufeff"  # Invisible, or they turn text around.
    "\u2018-\u201f\u2026"  # Typographic quotes, the ellipsis.
    "\u2190-\u21ff\u2500-\u259f\ue000-\uf8ff"  # Arrows, frames and prompts.
    "\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"  # Punctuation of East Asian texts.
)
"""For the inside of a class of a regular expression."""

_JOINERS: Final = str.maketrans("", "", "\u200c\u200d")
"""Several scripts spell names with them."""
OPENERS: Final = {"(": ")", "[": "]", "{": "}"}
CLOSERS: Final = frozenset(OPENERS.values())


def shows(text: str) -> bool:
    """Whether all characters of ``text`` can be seen, blanks and joiners apart."""
    return text.isprintable() or text.translate(_JOINERS).isprintable()


def first_unbalanced(text: str) -> int:
    """The place of the first closing bracket that nothing opened; the length of ``text`` when there is none."""
    expected: list[str] = []
    for place, character in enumerate(text):
        if character in OPENERS:
            expected.append(OPENERS[character])
        elif character in CLOSERS and (not expected or expected.pop() != character):
            return place
    return len(text)
