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
from podium.core.protocol.line_flow import flowed
from podium.core.protocol.reports import LinesReport
from podium.core.protocol.requests import LinesWanted
from podium.core.protocol.saved_screen import KeptScreen

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
        self._lines = self._kept
        self._columns = screen.columns
        self._epoch = 0

    def reports(self, columns: int, lines: int) -> tuple[Frame, LinesReport]:
        """Reports for a terminal of this size, with all lines above: a pane can then copy any of them."""
        self._flow(columns)
        self._epoch += 1
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
        )
        return frame, LinesReport(0, self._epoch, 0, tuple(self._lines[:top]), self._attributes)

    def answer(self, wanted: LinesWanted) -> LinesReport:
        """The lines of the last frame that were asked for, as far as there are any."""
        first = max(0, wanted.first)
        lines = self._lines[first : max(first, wanted.first + wanted.count)]
        return LinesReport(wanted.request, self._epoch, first, tuple(lines), self._attributes)

    def _flow(self, columns: int) -> None:
        if columns != self._columns:
            self._columns = columns
            self._lines = list(flowed(self._kept, self._columns_before, columns))[-MAX_FLOWED_LINES:]


def scrollback_answer(screen: KeptScreen, wanted: LinesWanted) -> LinesReport:
    """Lines of the session that wrote ``screen``, under its own numbers and looking as they did."""
    end = len(screen.lines) - screen.picture
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
