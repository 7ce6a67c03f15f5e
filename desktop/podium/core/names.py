"""Names and words that people see, as one plain line whatever their source."""

import unicodedata
from typing import Final

from podium.core.visible_text import hidden

MAX_NAME: Final = 64
"""Characters of an instance's name."""

_JOINERS: Final = "\u200c\u200d\ufe0e\ufe0f"
"""They show nothing themselves, but scripts and emoji need them."""


def one_line(text: str) -> str:
    """``text`` in one line: runs of blanks and line breaks become one blank, and what does not print goes (controls,
    escape sequences' ESC, marks that turn the direction of text or have no width).
    """
    kept = (char if _shows(char) else " " if char.isspace() else "" for char in text)
    return " ".join("".join(kept).split())


def clean_prompt(text: str) -> str:
    """``text`` to type into an agent's tool: without control characters but tabs and new lines, and without blanks at
    its ends.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        char for char in text if char in "\t\n" or unicodedata.category(char) not in ("Cc", "Cs")
    ).strip()


def clean_name(name: str) -> str:
    """``name`` as an instance may have it; "" when nothing of it is left."""
    return one_line(name)[:MAX_NAME].rstrip()


def name_error(name: str) -> str:
    """The fault of a name that a program gives, for a person; "" when it has none."""
    if not clean_name(name).strip(_JOINERS):
        return "is empty."
    # Blanks of any width are made into plain ones; all else that does not print was hardly meant.
    if all(_shows(char) or unicodedata.category(char) == "Zs" for char in name):
        return ""
    return "holds a line break, a control character or an invisible mark; write it in one plain line."


def _shows(char: str) -> bool:
    return not hidden(char) or char in _JOINERS
