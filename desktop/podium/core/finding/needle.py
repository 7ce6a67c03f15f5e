"""Searching for plain words. The time is linear in the text, whatever the words are."""

import re
import unicodedata
from typing import Final

from podium.core.finding.query import SearchQuery
from podium.core.spoofing import without_spoofing

_COLOURS: Final = re.compile(rb"\x1b\[[0-9;:]*[mK]")
_SPLIT: Final = rb"(?:\x1b\[[0-9;:]*[mKk])*"
"""Colours in the middle of a word; folded output has their finals in lower case."""
_REPLACEMENT: Final = "\ufffd"


def searched_text(cell: str) -> str:
    """What a cell adds to the text that is searched: nothing invisible, and one character for a letter with its mark,
    as it is typed, also where the program wrote two.
    """
    return cell if cell.isascii() else unicodedata.normalize("NFC", without_spoofing(cell))


class Needle:
    """A query that is no pattern, ready to be looked for in many texts."""

    def __init__(self, query: SearchQuery) -> None:
        self._case = query.case
        self._word = query.word
        self._text = self._fold(unicodedata.normalize("NFC", query.text))
        self._ascii = self._text.isascii()
        self.ends_in_blank = self._text.endswith(" ")
        """Then the blanks at a line's end matter, which a terminal does not keep."""
        self._bytes = self._text.encode("utf-8", "replace")
        self._split = re.compile(_SPLIT.join(re.escape(bytes((byte,))) for byte in self._bytes))

    def _fold(self, text: str) -> str:
        """``text`` with as many characters, which are equal where the query takes them for equal."""
        if self._case:
            return text
        folded = text.lower()
        if folded.isascii():
            return folded
        if len(folded) != len(text):
            folded = "".join([low if len(low := char.lower()) == 1 else char for char in text])
        return folded.replace("ς", "σ")

    def may_be_in_output(self, data: bytes) -> bool:
        """Whether a log, text with colours between its characters, may hold a match. Never wrong about a no."""
        if b"\t" in data and " " in self._text:
            return True
        if not data.isascii():
            return self._may_be_in_letters(data)
        if not self._ascii:
            return False
        folded = data if self._case else data.lower()
        return self._bytes in folded or (b"\x1b" in data and self._split.search(folded) is not None)

    def count_in_output(self, data: bytes) -> int | None:
        """The number of matches in whole lines of a log; None where that takes parsing."""
        if b"\t" in data and " " in self._text:
            return None
        text = _letters(data)
        if text is None or not unicodedata.is_normalized("NFC", text):
            return None
        return self.count(text)

    def _may_be_in_letters(self, data: bytes) -> bool:
        text = _letters(data)
        if text is None or self._text in self._fold(text):
            return True
        return not unicodedata.is_normalized("NFC", text) and self._text in self._fold(
            unicodedata.normalize("NFC", text)
        )

    def may_be_in(self, text: str) -> bool:
        """Whether ``text`` may hold a match, without looking at the words around it."""
        return self._text in self._fold(text)

    def count(self, text: str) -> int:
        """The number of matches in ``text``, which may hold many lines."""
        if self._word:
            return len(self.spans(text))
        return self._fold(text).count(self._text)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where it is in a line: (start, end) from the left, none overlapping another."""
        folded = self._fold(text)
        found: list[tuple[int, int]] = []
        size = len(self._text)
        start = folded.find(self._text)
        while start >= 0:
            end = start + size
            if self._word and (_is_letter(text, start - 1) or _is_letter(text, end)):
                end = start + 1
            else:
                found.append((start, end))
            start = folded.find(self._text, end)
        return found


def _letters(data: bytes) -> str | None:
    """The text of a log; None where broken characters would join others than they do on a screen."""
    text = (_COLOURS.sub(b"", data) if b"\x1b" in data else data).decode("utf-8", "replace")
    return None if _REPLACEMENT in text else without_spoofing(text)


def _is_letter(text: str, at: int) -> bool:
    """Whether a word goes on at that place."""
    return 0 <= at < len(text) and (text[at].isalnum() or text[at] == "_")
