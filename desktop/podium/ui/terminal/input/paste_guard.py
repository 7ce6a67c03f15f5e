"""What a paste could do to a program that takes it for typed keys, and what of it a person does not see. Qt-free."""

import re
from enum import Enum, auto
from typing import Final

from podium.core.config.settings import ConfirmPaste
from podium.core.spoofing import has_spoofing

LINE_BREAK: Final = re.compile("\r\n|\r|\n")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""All but tabs and line breaks."""
_ELEVATING: Final = ("sudo", "doas", "pkexec", "run0")
_ELEVATION: Final = re.compile(rf"(?<![\w.-])(?:{'|'.join(_ELEVATING)})(?![\w.-])")


class PasteRisk(Enum):
    LINES = auto()
    """A line break is Enter: what is before it runs at once."""
    ELEVATION = auto()
    """It runs something with the rights of another account."""
    CONTROLS = auto()
    HIDDEN = auto()
    """Characters that do not show, or that change the order in which others do."""


def paste_risks(text: str, bracketed: bool) -> tuple[PasteRisk, ...]:
    """The risks of pasting ``text``. ``bracketed``: the program knows a paste when it sees one, and runs none of it."""
    risks = []
    if not bracketed and ("\n" in text or "\r" in text):
        risks.append(PasteRisk.LINES)
    # A plain search first: it is many times faster, and most texts hold none of the words.
    if not bracketed and any(word in text for word in _ELEVATING) and _ELEVATION.search(text):
        risks.append(PasteRisk.ELEVATION)
    if _CONTROL.search(text):
        risks.append(PasteRisk.CONTROLS)
    if has_spoofing(text):
        risks.append(PasteRisk.HIDDEN)
    return tuple(risks)


def is_doubtful(text: str, bracketed: bool, confirm: ConfirmPaste) -> bool:
    """Whether to ask before ``text`` is pasted."""
    if confirm is ConfirmPaste.UNSAFE:
        return bool(paste_risks(text, bracketed))
    return confirm is ConfirmPaste.ALWAYS


def line_count(text: str) -> int:
    """Lines of ``text``; a last line break begins none."""
    breaks = text.count("\n") + text.count("\r") - text.count("\r\n")
    return breaks if text.endswith(("\r", "\n")) else breaks + 1
