"""The text of a paste to read, with what does not show made visible."""

import re
from typing import Final

from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from podium.core.visible_text import hidden
from podium.ui.terminal.input.paste_guard import LINE_BREAK
from podium.ui.terminal.painting.fonts import terminal_font
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.palette import ThemeManager

MOST_SHOWN: Final = 20_000
"""Characters; nobody reads more, and laying out a megabyte takes a second."""
_MOST_MARKED: Final = 500
_JOINERS: Final = "\u200c\u200d\ufe0e\ufe0f"
"""Emoji and several scripts are spelt with them."""
_PICTURES: Final = 0x2400
_DELETE: Final = 0x7F
_DELETE_PICTURE: Final = "\u2421"
_MARKS: Final = re.compile("[\u2400-\u2421]|⟨U\\+[0-9A-F]{4,6}⟩")


class PastePreview(QPlainTextEdit):
    """Read-only, in the terminals' font. Marks are painted in the colour of warnings."""

    def __init__(self, themes: ThemeManager, text: str) -> None:
        super().__init__()
        self._themes = themes
        self.setPlainText(marked(text[:MOST_SHOWN]))
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName("Text to paste")
        self.setFont(terminal_font(font(Role.SMALL).pixelSize()))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._paint_marks()
        themes.changed.connect(self._paint_marks)

    def _paint_marks(self) -> None:
        warning = QTextCharFormat()
        warning.setForeground(self._themes.colors.chrome.danger_text)
        selections: list[QTextEdit.ExtraSelection] = []
        # Qt counts in UTF-16.
        shown = self.toPlainText()
        for mark in _MARKS.finditer(shown):
            if len(selections) == _MOST_MARKED:
                break
            start = _utf16(shown[: mark.start()])
            cursor = QTextCursor(self.document())
            cursor.setPosition(start)
            cursor.setPosition(start + _utf16(mark[0]), QTextCursor.MoveMode.KeepAnchor)
            selection = QTextEdit.ExtraSelection()
            selection.cursor, selection.format = cursor, warning
            selections.append(selection)
        self.setExtraSelections(selections)


def marked(text: str) -> str:
    """``text`` with control pictures for control characters, and ⟨U+202E⟩ for others that do not show."""
    text = LINE_BREAK.sub("\n", text)
    return "".join(_mark(char, text[at - 1] if at else "") for at, char in enumerate(text))


def _mark(char: str, before: str) -> str:
    code = ord(char)
    if char in "\n\t" or (char.isascii() and char.isprintable()):
        return char
    if code < 0x20:
        return chr(_PICTURES + code)
    if code == _DELETE:
        return _DELETE_PICTURE
    if char in _JOINERS and before and not before.isascii():
        return char
    return f"⟨U+{code:04X}⟩" if hidden(char) else char


def _utf16(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
