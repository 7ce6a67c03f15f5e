"""The window's copy of a session's screen: frames applied to rows, and the scrollback seen so far. Qt-free."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from podium.core.protocol.frames import BLANK_LINE, Attributes, Cursor, Frame, ScreenMode
from podium.core.protocol.reports import LinesReport
from podium.ui.terminal.model.line_cache import LineCache, StyledLine


class FrameEffect(NamedTuple):
    """The outcome of applying a frame."""

    changed_lines: tuple[int, ...]
    """Absolute numbers of lines whose text is no longer what it was."""
    resized: bool
    lines_renumbered: bool
    """Absolute line numbers from before mean nothing any more."""
    new_session: bool
    """Another session draws: nothing from before is there any more."""
    colors_changed: bool
    modes_before: int


class ScreenModel:
    """The screen as the last complete frame left it.

    ``rows`` has ``lines`` entries, top first. Row y has the absolute line number ``first_line + y``.
    """

    def __init__(self) -> None:
        self._cache = LineCache()
        self._forget()

    def _forget(self) -> None:
        self._cache.clear()
        self._table: dict[int, Attributes] = {}
        self._parts: list[Frame] = []
        self._attribute_epoch = 0
        self.number = -1
        self.columns = 0
        self.lines = 0
        self.rows: list[StyledLine] = []
        self.cursor = Cursor()
        self.modes = 0
        self.line_epoch = 0
        self.first_line = 0
        self.oldest_line = 0
        self.marks = 0
        self.title = ""
        self.palette: dict[int, int] = {}

    @property
    def has_content(self) -> bool:
        """False until the first frame."""
        return self.number >= 0

    def has_mode(self, mode: ScreenMode) -> bool:
        return bool(self.modes & mode)

    def reset(self) -> None:
        """Forget everything: another session will send frames from now on."""
        self._forget()

    def apply(self, frame: Frame) -> FrameEffect | None:
        """Apply a frame or keep a part of one. None while parts are missing; the screen is then as before."""
        if self._parts and self._parts[0].number != frame.number:
            self._parts.clear()
        self._parts.append(frame)
        if frame.more:
            return None
        parts, self._parts = self._parts, []
        return self._apply_complete(frame if len(parts) == 1 else _joined(parts))

    def _apply_complete(self, frame: Frame) -> FrameEffect:
        # Numbers only grow within a session: one that was seen already comes from a new worker.
        new_session = frame.number <= self.number
        if new_session:
            self._forget()
        resized = (frame.columns, frame.lines) != (self.columns, self.lines)
        renumbered = new_session or frame.line_epoch != self.line_epoch
        old_rows, old_first, old_modes = self.rows, self.first_line, self.modes
        if renumbered:
            self._cache.clear()
        elif not (self.modes | frame.modes) & ScreenMode.ALTERNATE_SCREEN:
            self._keep_scrolled_off(frame)

        if resized or frame.attribute_epoch != self._attribute_epoch:
            # A new dict rather than clear(): cached lines still refer to the old table.
            self._table = {}
            rows = [StyledLine(BLANK_LINE, self._table)] * frame.lines
        else:
            rows = self.rows.copy()
        table = self._table
        for entry in frame.attributes:
            table[entry.number] = entry.attributes
        if len(rows) == len(old_rows):
            for moved in frame.moved:
                if 0 <= moved.y < len(rows) and 0 <= moved.source < len(rows):
                    rows[moved.y] = old_rows[moved.source]
        for changed in frame.changed:
            if 0 <= changed.y < frame.lines:
                rows[changed.y] = StyledLine(changed.line, table)

        colors_changed = (
            frame.palette != self.palette or (frame.modes ^ self.modes) & ScreenMode.REVERSE_SCREEN != 0
        )
        self._take_state(frame)
        self.rows = rows
        changed_lines: tuple[int, ...] = ()
        if not renumbered:
            changed_lines = tuple(self._lines_that_differ(old_rows, old_first))
        return FrameEffect(changed_lines, resized, renumbered, new_session, colors_changed, old_modes)

    def _take_state(self, frame: Frame) -> None:
        self.number = frame.number
        self.columns = frame.columns
        self.lines = frame.lines
        self.cursor = frame.cursor
        self.modes = frame.modes
        self.line_epoch = frame.line_epoch
        self.first_line = frame.first_line
        self.oldest_line = frame.oldest_line
        self.marks = frame.marks
        self.title = frame.title
        self.palette = frame.palette
        self._attribute_epoch = frame.attribute_epoch

    def _keep_scrolled_off(self, frame: Frame) -> None:
        for y in range(min(frame.first_line - self.first_line, len(self.rows))):
            self._cache.guess(self.first_line + y, self.rows[y])

    def _lines_that_differ(self, old_rows: list[StyledLine], old_first: int) -> Iterable[int]:
        for y, row in enumerate(self.rows):
            number = self.first_line + y
            old_y = number - old_first
            if 0 <= old_y < len(old_rows):
                old = old_rows[old_y]
                if row is not old and line_text(row) != line_text(old):
                    yield number

    def add_lines(self, report: LinesReport) -> bool:
        """Keep lines of the scrollback. False when they are of another numbering and so of no use."""
        if report.line_epoch != self.line_epoch:
            return False
        table = {entry.number: entry.attributes for entry in report.attributes}
        for offset, line in enumerate(report.lines):
            number = report.first + offset
            if number < self.first_line:
                self._cache.confirm(number, StyledLine(line, table))
        return True

    def line_at(self, number: int) -> StyledLine | None:
        """The line with this absolute number, or None where the window has no copy."""
        y = number - self.first_line
        if y >= 0:
            return self.rows[y] if y < len(self.rows) else None
        if number < self.oldest_line:
            return None
        return self._cache.get(number)

    def unconfirmed(self, first: int, end: int) -> list[int]:
        """Scrollback lines from ``first`` up to, not including, ``end`` that the session should be asked for."""
        return self._cache.unconfirmed(range(max(first, self.oldest_line), min(end, self.first_line)))


def line_text(styled: StyledLine) -> str:
    """The characters of a line without trailing blanks."""
    return "".join(run.text for run in styled.line.runs).rstrip(" ")


def _joined(parts: list[Frame]) -> Frame:
    """One frame out of its parts; what is not a list is taken from the last part."""
    return msgspec.structs.replace(
        parts[-1],
        attributes=tuple(entry for part in parts for entry in part.attributes),
        moved=tuple(row for part in parts for row in part.moved),
        changed=tuple(row for part in parts for row in part.changed),
    )
