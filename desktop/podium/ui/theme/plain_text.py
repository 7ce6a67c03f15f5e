"""Names, paths and what programs say, shown as they are: left alone, Qt takes text with tags in it for HTML."""

import re
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as TextTools
from PySide6.QtWidgets import QLabel

_LONG_PIECE: Final = re.compile(r"\S{24}(?=\S)")


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
    """``text`` with places at which a line may end in words of more than 24 characters; they cannot be seen."""
    return _LONG_PIECE.sub("\\g<0>\u200b", text)


def plain_tip(text: str) -> str:
    """``text`` for setToolTip, which has no format of its own."""
    return TextTools.convertFromPlainText(text) if TextTools.mightBeRichText(text) else text
