"""Names, paths and what programs say, shown as they are: left alone, Qt takes text with tags in it for HTML."""

import re
from functools import lru_cache
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo, QFontMetricsF, QGuiApplication
from PySide6.QtGui import Qt as TextTools
from PySide6.QtWidgets import QLabel

from podium.core.visible_text import is_mark

_MOST: Final = 24
"""Characters of a piece in which no line may end; one that is wider than an em counts for as many as it is wide."""
_BREAK: Final = "\u200b"
_LONG_PIECE: Final = re.compile(rf"\S{{{_MOST}}}(?=\S)")
_STRANGE_WORD: Final = re.compile(r"\S*[^\x00-\x7f\s]\S*")
_FROM_RIGHT: Final = r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
_RUN_FROM_RIGHT: Final = re.compile(rf"{_FROM_RIGHT}(?:[ {_BREAK}]*{_FROM_RIGHT}|[\u0300-\u036f])*")
_ISOLATED: Final = "\u2067\\g<0>\u2069"


def plain_label(text: str = "") -> QLabel:
    """A label that shows every character of its text."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def wrapped_label(text: str = "") -> QLabel:
    """The same in as many lines as it needs. A long word, such as a path, is broken: it must not widen a dialog."""
    label = plain_label(breakable(text))
    label.setWordWrap(True)
    return label


def breakable(text: str) -> str:
    """``text`` with places at which a line may end in words of more than 24 characters; they cannot be seen. Script
    from right to left stays between its neighbours: left alone, it would turn their order about.
    """
    if text.isascii():
        return _in_pieces(text)
    words = _STRANGE_WORD.sub(lambda found: _in_narrow_pieces(found[0]), _in_pieces(text))
    return _RUN_FROM_RIGHT.sub(_ISOLATED, words)


def _in_pieces(text: str) -> str:
    return _LONG_PIECE.sub(rf"\g<0>{_BREAK}", text)


def _in_narrow_pieces(word: str) -> str:
    """A word with signs that may be as wide as ten letters, with more places for the ends of lines."""
    parts: list[str] = []
    width = 0.0
    for character in word:
        own = 0.0 if is_mark(character) else _ems(character)
        width = 0.0 if character == _BREAK else width + own
        if width > _MOST:
            parts.append(_BREAK)
            width = own
        parts.append(character)
    return "".join(parts)


@lru_cache(maxsize=4096)
def _ems(character: str) -> float:
    """Its width in em, with whatever font has it; at least 1."""
    usual = QGuiApplication.font()
    return max(1.0, QFontMetricsF(usual).horizontalAdvance(character) / max(1, QFontInfo(usual).pixelSize()))


def plain_tip(text: str) -> str:
    """``text`` for setToolTip, which has no format of its own."""
    return TextTools.convertFromPlainText(text) if TextTools.mightBeRichText(text) else text
