"""Names, paths and what programs say, shown as they are: left alone, Qt takes text with tags in it for HTML."""

from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as TextTools
from PySide6.QtWidgets import QLabel


def plain_label(text: str = "") -> QLabel:
    """A label that shows every character of its text."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def plain_tip(text: str) -> str:
    """``text`` for setToolTip, which knows no format of its own."""
    return TextTools.convertFromPlainText(text) if TextTools.mightBeRichText(text) else text
