"""Scrollback lines the window has seen, by absolute number. Qt-free."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from podium.core.protocol.frames import Attributes, Line

CAPACITY: Final = 4000


class StyledLine(msgspec.Struct, frozen=True, gc=False):
    """A line with the attribute table its runs' numbers belong to. Compared by identity when painting.

    Nothing in it leads back to it, so the garbage collector need not look at it: there are hundreds of thousands.
    """

    line: Line
    table: Mapping[int, Attributes]


class LineCache:
    """A bounded map from absolute line number to line; the longest unused number goes first.

    Lines the session sent on request are *confirmed*. Rows that scrolled off the screen are only *guesses*: the
    program may have changed them after the last frame, so they are shown at once but still asked for.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._lines: dict[int, StyledLine] = {}
        self._guesses: set[int] = set()

    def __len__(self) -> int:
        return len(self._lines)

    def get(self, number: int) -> StyledLine | None:
        return self._lines.get(number)

    def confirm(self, number: int, line: StyledLine) -> None:
        self._lines.pop(number, None)
        self._guesses.discard(number)
        self._store(number, line)

    def guess(self, number: int, line: StyledLine) -> None:
        if number in self._lines and number not in self._guesses:
            return
        self._lines.pop(number, None)
        self._guesses.add(number)
        self._store(number, line)

    def unconfirmed(self, numbers: Iterable[int]) -> list[int]:
        """Those of ``numbers`` that are unknown or only guessed."""
        return [number for number in numbers if number not in self._lines or number in self._guesses]

    def clear(self) -> None:
        self._lines.clear()
        self._guesses.clear()

    def _store(self, number: int, line: StyledLine) -> None:
        self._lines[number] = line
        if len(self._lines) > self._capacity:
            oldest = next(iter(self._lines))
            del self._lines[oldest]
            self._guesses.discard(oldest)
