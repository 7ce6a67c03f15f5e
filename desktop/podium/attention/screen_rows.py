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


def rows_with_text(screen: Sequence[str]) -> list[ScreenRow]:
    """The lowest rows with text, top down: without blank rows, and without those that are only a line or a frame."""
    rows: list[ScreenRow] = []
    for y in range(len(screen) - 1, -1, -1):
        row = screen[y][:_LONGEST]
        text = row.strip(_SIDES)
        if text and not _RULES.issuperset(text):
            rows.append(ScreenRow(text, row.lstrip()[:1] in _SIDES, y, row.index(text)))
            if len(rows) == _MOST:
                break
        elif text and rows:
            rows[-1] = rows[-1]._replace(ruled=True)
    rows.reverse()
    return rows
