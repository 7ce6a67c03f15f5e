"""One row of a screen: a list of characters beside a list of looks."""

from typing import Final

from podium.terminal.look import DEFAULT_LOOK, Look

RIGHT_HALF: Final = ""
"""What the column right of a wide character holds."""
BLANK: Final = " "


class Row:
    """``chars`` and ``looks`` have one item per column.

    ``wide`` is true when some column may hold a right half or more than one code point; plain rows skip all the
    repairs those need. ``version`` counts the changes, so that a frame can tell a row that only moved.
    """

    __slots__ = ("chars", "looks", "version", "wide", "wrapped")

    def __init__(
        self, chars: list[str], looks: list[Look], wrapped: bool = False, wide: bool = False
    ) -> None:
        self.chars = chars
        self.looks = looks
        self.wrapped = wrapped
        self.wide = wide
        self.version = 0

    def split_wide(self, x: int) -> None:
        """Blank a wide character that a cut in front of column ``x`` would halve."""
        chars = self.chars
        if 0 < x < len(chars) and chars[x] == RIGHT_HALF:
            chars[x] = BLANK
            chars[x - 1] = BLANK

    def fill(self, start: int, end: int, char: str, look: Look) -> None:
        """Set columns ``start`` to ``end`` (exclusive) to ``char`` in ``look``."""
        if start >= end:
            return
        if self.wide:
            self.split_wide(start)
            self.split_wide(end)
        count = end - start
        self.chars[start:end] = [char] * count
        self.looks[start:end] = [look] * count
        self.version += 1
        if end == len(self.chars):
            self.wrapped = False
            if start == 0:
                self.wide = False

    def resize(self, columns: int) -> None:
        """Cut or extend to ``columns`` without reflow."""
        have = len(self.chars)
        if have > columns:
            self.split_wide(columns)
            del self.chars[columns:]
            del self.looks[columns:]
            self.wrapped = False
        elif have < columns:
            self.chars.extend([BLANK] * (columns - have))
            self.looks.extend([DEFAULT_LOOK] * (columns - have))
            self.wrapped = False
        self.version += 1

    def used(self) -> int:
        """How many columns are in use: everything up to the last one that is not a default blank."""
        chars = self.chars
        looks = self.looks
        n = len(chars)
        while n and chars[n - 1] == BLANK and looks[n - 1].blank:
            n -= 1
        return n


def blank_row(columns: int, look: Look = DEFAULT_LOOK) -> Row:
    """A new row of blanks in ``look``."""
    return Row([BLANK] * columns, [look] * columns)
