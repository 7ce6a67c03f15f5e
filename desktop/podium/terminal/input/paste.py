"""Clipboard text on its way to a program."""

import re
from typing import Final

_NEWLINES: Final = re.compile("\r\n|\n")
_FORBIDDEN: Final = re.compile(
    # C0 but tab and carriage return, DEL, C1, and the bidi controls that make a text look like another one.
    "[\x00-\x08\x0a-\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]+"
)
_END_MARK: Final = "\x1b[201~"


def encode_paste(text: str, bracketed: bool) -> bytes:
    """The bytes for a paste: newlines as CR, no controls but TAB, in brackets when the program asked for them.

    The end mark goes before its ESC does, so that nothing of it stays behind.
    """
    while _END_MARK in text:
        text = text.replace(_END_MARK, "")
    text = _FORBIDDEN.sub("", _NEWLINES.sub("\r", text))
    data = text.encode("utf-8", "replace")
    return b"\x1b[200~" + data + b"\x1b[201~" if bracketed else data
