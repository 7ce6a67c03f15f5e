"""A kept screen as a session would report it: dimmed, at any size. No Qt in here."""

from typing import Final

import msgspec

from podium.core.protocol.frames import (
    AttributeEntry,
    Attributes,
    ChangedRow,
    Cursor,
    Frame,
    Line,
    Run,
    Style,
)
from podium.core.protocol.line_flow import flowed, moved_places
from podium.core.protocol.reports import LinesReport, ScreenReport
from podium.core.protocol.requests import Follow, LinesWanted, ScreenWanted
from podium.core.protocol.saved_screen import KeptScreen
from podium.workspace.kept_search import KeptLines

MAX_FLOWED_LINES: Final = 3000
"""A narrow terminal cuts lines in pieces; the oldest ones are left out then."""


class KeptPicture:
    """Answers for a session that is no more."""

    def __init__(self, screen: KeptScreen) -> None:
        """Goes through all lines: not for the window's thread."""
        self._columns_before = screen.columns
        # The default attributes have no entry that could be dimmed, so each number moves up by one.
        self._kept = [_renumbered(line) for line in screen.lines]
        self._attributes = (
            AttributeEntry(1, _dimmed(Attributes())),
            *(AttributeEntry(entry.number + 1, _dimmed(entry.attributes)) for entry in screen.attributes),
        )
        self._screen = screen
        self._lines = self._kept
        self._columns = screen.columns
        self._epoch = 0
        self._followed = Follow(0, 0)

    def follow(self, request: Follow) -> None:
        """Find places again at the next size."""
        if request.line_epoch == self._epoch:
            self._followed = request

    def reports(self, columns: int, lines: int) -> tuple[Frame, LinesReport]:
        """Reports for a terminal of this size, with all lines above: a pane can then copy any of them."""
        before, columns_before = self._lines, self._columns
        self._flow(columns)
        self._epoch += 1
        places = moved_places(before, columns_before, self._lines, columns, self._followed.places)
        self._followed = Follow(self._followed.number, self._epoch, places)
        top = max(0, len(self._lines) - lines)
        changed = tuple(ChangedRow(y, line) for y, line in enumerate(self._lines[top:]))
        frame = Frame(
            number=self._epoch,
            columns=columns,
            lines=lines,
            attribute_epoch=self._epoch,
            attributes=self._attributes,
            changed=changed,
            cursor=Cursor(visible=False),
            line_epoch=self._epoch,
            first_line=top,
            followed=self._followed.number,
            places=places,
        )
        return frame, LinesReport(0, self._epoch, 0, tuple(self._lines[:top]), self._attributes)

    def answer(self, wanted: LinesWanted) -> LinesReport:
        """The lines of the last frame that were asked for, as far as there are any."""
        first = max(0, wanted.first)
        lines = self._lines[first : max(first, wanted.first + wanted.count)]
        return LinesReport(wanted.request, self._epoch, first, tuple(lines), self._attributes)

    def whole(self, wanted: ScreenWanted) -> tuple[ScreenReport, LinesReport]:
        """All that is kept, as wide as it was last shown and as bright as it was."""
        if self._columns == self._screen.columns:
            return whole_terminal(self._screen, wanted)
        plain = tuple(flowed(self._screen.lines, self._screen.columns, self._columns))
        return whole_terminal(
            msgspec.structs.replace(self._screen, columns=self._columns, lines=plain), wanted
        )

    def lines(self) -> KeptLines:
        """The lines of the last frame, to be searched."""
        return KeptLines(self._lines, self._columns, 0, self._epoch)

    def _flow(self, columns: int) -> None:
        if columns != self._columns:
            self._columns = columns
            self._lines = list(flowed(self._kept, self._columns_before, columns))[-MAX_FLOWED_LINES:]


def scrollback(screen: KeptScreen) -> KeptLines:
    """The lines of the session that wrote ``screen``, under its own numbers."""
    end = len(screen.lines) - screen.picture
    return KeptLines(screen.lines[:end], screen.columns, screen.first, screen.line_epoch)


def whole_terminal(screen: KeptScreen, wanted: ScreenWanted) -> tuple[ScreenReport, LinesReport]:
    """All lines of ``screen`` as if they were one high screen with nothing above."""
    count = len(screen.lines)
    head = ScreenReport(
        wanted.request,
        screen.columns,
        count,
        Cursor(visible=False),
        0,
        screen.line_epoch,
        screen.first,
        screen.first,
    )
    return head, LinesReport(wanted.request, screen.line_epoch, screen.first, screen.lines, screen.attributes)


def scrollback_answer(screen: KeptScreen, wanted: LinesWanted) -> LinesReport:
    """Lines of the session that wrote ``screen``, under its own numbers and looking as they did."""
    end = len(scrollback(screen).lines)
    start = min(max(0, wanted.first - screen.first), end)
    stop = min(max(start, wanted.first + wanted.count - screen.first), end)
    return LinesReport(
        wanted.request, screen.line_epoch, screen.first + start, screen.lines[start:stop], screen.attributes
    )


def _renumbered(line: Line) -> Line:
    runs = tuple(Run(run.text, run.attribute + 1, run.width) for run in line.runs)
    return msgspec.structs.replace(line, runs=runs)


def _dimmed(attributes: Attributes) -> Attributes:
    return msgspec.structs.replace(attributes, style=attributes.style | Style.DIM)
