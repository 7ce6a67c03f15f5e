"""The text of a paste to read, with what does not show made visible."""

import re
from itertools import islice
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
_CONTROL_NAMES: Final = (
    "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI "
    "DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US"
)
"""By their codes. The pictures of control characters that Unicode has are too small to be read."""
_CONTROLS: Final = _CONTROL_NAMES.split()
_DELETE: Final = 0x7F
_MARKS: Final = re.compile("⟨(?:U\\+[0-9A-F]{4,6}|[A-Z]{2,3}[1-4]?)⟩")


class PastePreview(QPlainTextEdit):
    """Read-only, in the terminals' font. Marks are painted in the colour of warnings."""

    def __init__(self, themes: ThemeManager, text: str) -> None:
        super().__init__()
        self._themes = themes
        shown = marked(text[:MOST_SHOWN])
        self.is_cut = max(len(text), len(shown)) > MOST_SHOWN
        """Only the beginning is shown."""
        self.setPlainText(shown[:MOST_SHOWN])
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
        shown = self.toPlainText()
        read, start = 0, 0
        for mark in islice(_MARKS.finditer(shown), _MOST_MARKED):
            # Qt counts in UTF-16.
            start += _utf16(shown[read : mark.start()])
            end = start + _utf16(mark[0])
            cursor = QTextCursor(self.document())
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            selection = QTextEdit.ExtraSelection()
            selection.cursor, selection.format = cursor, warning
            selections.append(selection)
            read, start = mark.end(), end
        self.setExtraSelections(selections)


def marked(text: str) -> str:
    """``text`` with ⟨ESC⟩ for control characters, and ⟨U+202E⟩ for others that do not show."""
    text = LINE_BREAK.sub("\n", text)
    return "".join(_mark(char, text[at - 1] if at else "") for at, char in enumerate(text))


def _mark(char: str, before: str) -> str:
    code = ord(char)
    if char in "\n\t" or (char.isascii() and char.isprintable()):
        return char
    if code < 0x20:
        return f"⟨{_CONTROLS[code]}⟩"
    if code == _DELETE:
        return "⟨DEL⟩"
    if char in _JOINERS and before and not before.isascii():
        return char
    return f"⟨U+{code:04X}⟩" if hidden(char) else char


def _utf16(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
