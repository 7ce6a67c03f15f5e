"""The painted rows, kept as pixels: only rows that show something else are painted again."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPixmap, QRegion

from podium.ui.terminal.model.row_content import RowContent
from podium.ui.terminal.painting.painter import LinePainter

MOVE_WORTH: Final = 3
"""Pixels are moved when that saves painting at least one row in this many."""


class ScreenImage:
    """A pixmap of rows in device pixels, top left at the first cell."""

    def __init__(self, line_painter: LinePainter, width: int, height: int) -> None:
        self.line_painter = line_painter
        self._pixmap = QPixmap(max(1, width), max(1, height))
        self._pixmap.fill(line_painter.palette.background)
        self._painted: list[RowContent | None] = []
        self.rows_painted = 0
        """The number of rows the last ``show`` had to paint, for tests and measurements."""

    @property
    def pixmap(self) -> QPixmap:
        return self._pixmap

    def changed_rows(self, rows: Sequence[RowContent]) -> list[int]:
        """Rows that look different from what was painted last."""
        painted = self._painted
        known = len(painted)
        changed = [y for y, row in enumerate(rows) if y >= known or not row.same_as(painted[y])]
        changed += range(len(rows), known)
        return changed

    def show(self, rows: Sequence[RowContent]) -> list[int]:
        """Bring the pixels up to date; returns the rows that changed."""
        changed = self.changed_rows(rows)
        to_paint = changed
        if (
            len(changed) >= MOVE_WORTH
            and len(rows) == len(self._painted)
            and self._move_pixels(rows, changed)
        ):
            to_paint = self.changed_rows(rows)
        self.rows_painted = len(to_paint)
        if to_paint:
            painter = QPainter(self._pixmap)
            font = self.line_painter.font
            for y in to_paint:
                row = rows[y] if y < len(rows) else RowContent(None)
                self.line_painter.paint_line(
                    painter,
                    y * font.height,
                    self._pixmap.width(),
                    row.line,
                    row.selected,
                    row.marks,
                    row.order,
                )
            painter.end()
        self._painted = list(rows)
        return changed

    def _move_pixels(self, rows: Sequence[RowContent], changed: list[int]) -> bool:
        """Move rows that are on the screen already to their new place, if that is worth it."""
        places = {id(row.line): y for y, row in enumerate(self._painted) if row is not None and row.line}
        offsets = Counter(
            places[id(rows[y].line)] - y for y in changed if y < len(rows) and id(rows[y].line) in places
        )
        if not offsets:
            return False
        offset, count = offsets.most_common(1)[0]
        if offset == 0 or count * MOVE_WORTH < len(changed):
            return False
        moved = [y for y in changed if 0 <= y + offset < len(rows)]
        first, last = min(moved), max(moved)
        height = self.line_painter.font.height
        area = QRect(
            0,
            min(first, first + offset) * height,
            self._pixmap.width(),
            (last - first + 1 + abs(offset)) * height,
        )
        self._pixmap.scroll(0, -offset * height, area, QRegion())
        before = self._painted.copy()
        top, bottom = area.y() // height, min(len(rows), (area.y() + area.height()) // height)
        for y in range(top, bottom):
            source = y + offset
            if top <= source < bottom:
                self._painted[y] = before[source]
            else:
                self._painted[y] = None
        return True
