"""The lines of a terminal in pages: what to ask for next, and what came of it."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from podium.core.protocol.frames import DEFAULT_ATTRIBUTES, Attributes, Line
from podium.core.protocol.reports import MAX_REPORTED_LINES

PAGE_LINES: Final = min(1000, MAX_REPORTED_LINES)
"""Lines that are asked for at once."""


class LinesRenumbered(Exception):
    """The lines have other numbers now, so that it can't be told which are missing; the message is for a person."""

    def __init__(self) -> None:
        super().__init__("The size of its terminal changed meanwhile. Export it again.")


class LinePage(NamedTuple):
    """Neighbouring lines from absolute number ``first`` on. ``table`` says what their attribute numbers mean."""

    line_epoch: int
    first: int
    lines: tuple[Line, ...]
    table: Mapping[int, Attributes]

    def attributes(self, number: int) -> Attributes:
        return self.table.get(number, DEFAULT_ATTRIBUTES)


class TerminalLines(NamedTuple):
    """What a terminal holds at one moment: the screen itself, and which lines stand above it.

    Lines above a screen stay as they are until they are dropped, so they can be read later; the screen can't.
    """

    columns: int
    rows: int
    oldest_line: int
    screen: LinePage
    """Its first line is the screen's top row."""


class PageReader:
    """Reads the lines above a screen, the oldest first: ask for ``next_range``, ``take`` what comes, until None."""

    def __init__(self, lines: TerminalLines) -> None:
        self._epoch = lines.screen.line_epoch
        self._first = self._next = lines.oldest_line
        self._end = lines.screen.first
        self.dropped = 0
        """Lines that were gone before they could be read: newer ones took their room."""

    def next_range(self) -> tuple[int, int] | None:
        """First line and number of lines to ask for; None when all are read."""
        if self._next >= self._end:
            return None
        return self._next, min(PAGE_LINES, self._end - self._next)

    def take(self, page: LinePage) -> LinePage:
        """Take an answer, which may hold fewer lines than were asked for; returns those that belong to the document.

        Raises LinesRenumbered.
        """
        if page.line_epoch != self._epoch:
            raise LinesRenumbered
        lines = page.lines[: max(0, self._end - page.first)]
        if page.first < self._next or not lines:
            # None of what was asked for is kept any more.
            wanted = self.next_range()
            missing = wanted[1] if wanted is not None else 0
            self.dropped += missing
            self._next += missing
            return page._replace(first=self._next, lines=())
        self.dropped += page.first - self._next
        self._next = page.first + len(lines)
        return page._replace(lines=lines)

    @property
    def share(self) -> float:
        """How much is read, from 0 to 1."""
        every = self._end - self._first
        return (self._next - self._first) / every if every > 0 else 1.0
