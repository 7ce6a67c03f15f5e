"""The rows of a screen without what frames them, from the bottom up to where a question can begin."""

from collections.abc import Sequence
from typing import Final, NamedTuple

_MOST: Final = 40
"""Rows with text that are looked at, from the bottom."""
_LONGEST: Final = 500
_SIDES: Final = "│┃║▏▕╎┆┊╏┇┋▌▐ \t\xa0"
_RULES: Final = frozenset("─━═╌╍┄┅┈┉▀▄▔▁_-╭╮╰╯┌┐└┘├┤╹╻╺╸╷╵┏┓┗┛╔╗╚╝█ ")


class ScreenRow(NamedTuple):
    """A row with text."""

    text: str
    framed: bool
    """A frame stands at its side."""
    y: int = 0
    """The row on the screen, from the top."""
    x: int = 0
    """The column its text begins in."""
    ruled: bool = False
    """A line is right above it."""


class _Parsed(NamedTuple):
    """A row by itself. ``text`` is "" for one without, or that is only a line or a frame: ``rule`` says which."""

    text: str
    framed: bool
    x: int
    rule: bool


class RowReader:
    """Reads one screen after another. Most rows are as they were at the last look, and are not read again."""

    def __init__(self) -> None:
        self._known: dict[str, _Parsed] = {}
        """The rows of the last screen."""

    def read(self, screen: Sequence[str]) -> list[ScreenRow]:
        """The lowest rows with text, top down: without blank rows, and without those that are only a line or a
        frame.
        """
        rows: list[ScreenRow] = []
        known, self._known = self._known, {}
        for y in range(len(screen) - 1, -1, -1):
            row = screen[y]
            parsed = self._known[row] = known.get(row) or _parsed(row)
            if parsed.text:
                rows.append(ScreenRow(parsed.text, parsed.framed, y, parsed.x))
                if len(rows) == _MOST:
                    break
            elif parsed.rule and rows:
                rows[-1] = rows[-1]._replace(ruled=True)
        rows.reverse()
        return rows


def _parsed(row: str) -> _Parsed:
    row = row[:_LONGEST]
    text = row.strip(_SIDES)
    if not text:
        return _Parsed("", False, 0, False)
    if text[0] in _RULES and _RULES.issuperset(text):
        return _Parsed("", False, 0, True)
    return _Parsed(text, row.lstrip()[:1] in _SIDES, row.index(text), False)
