"""The slim scrollbar at the view's right edge: where it is and what dragging it means. Qt-free but for QRect."""

from typing import Final

from PySide6.QtCore import QRect

WIDTH: Final = 4
HOVER_WIDTH: Final = 8
INSET: Final = 3
MINIMUM_THUMB: Final = 24
HOT_WIDTH: Final = 14
"""The distance from the right edge at which the pointer counts as over the scrollbar."""


_TICK_REACH: Final = 3
"""The distance in px at which a click still means a tick."""


class ScrollBar:
    """Geometry in the widget's logical pixels for a view of ``page`` lines over ``scrollback`` older ones."""

    def __init__(self) -> None:
        self.hovered = False
        self._grabbed_at: float | None = None

    @property
    def dragging(self) -> bool:
        return self._grabbed_at is not None

    def hot_area(self, width: int, height: int) -> QRect:
        return QRect(width - HOT_WIDTH, 0, HOT_WIDTH, height)

    def thumb(self, width: int, height: int, scrollback: int, page: int, above: int) -> QRect:
        """The thumb with ``above`` lines of the scrollback out of view above; empty when there is nothing to scroll."""
        if scrollback <= 0 or page <= 0:
            return QRect()
        track = height - 2 * INSET
        length = self._length(track, scrollback, page)
        offset = round((track - length) * above / scrollback)
        thickness = HOVER_WIDTH if self.hovered or self.dragging else WIDTH
        return QRect(width - INSET - thickness, INSET + offset, thickness, length)

    def tick_y(self, line: int, oldest: int, lines: int, height: int) -> int:
        """The middle of the tick for ``line``, of the ``lines`` from ``oldest`` on."""
        return INSET + round((height - 2 * INSET) * (line - oldest + 0.5) / max(1, lines))

    def line_at(self, y: float, oldest: int, lines: int, height: int) -> int:
        """The line whose tick would be at ``y``."""
        return oldest + round((y - INSET) * lines / max(1, height - 2 * INSET) - 0.5)

    def tick_reach(self, lines: int, height: int) -> int:
        """The number of lines beside a tick's that a click may miss it by."""
        return max(1, round(_TICK_REACH * lines / max(1, height - 2 * INSET)))

    def grab(self, y: float, thumb: QRect) -> None:
        """The button went down at ``y``; outside the thumb its middle jumps there."""
        inside = thumb.top() <= y <= thumb.bottom()
        self._grabbed_at = y - thumb.top() if inside else thumb.height() / 2

    def drag(self, y: float, height: int, scrollback: int, page: int) -> int:
        """The number of lines that should be out of view above when the pointer is at ``y``."""
        track = height - 2 * INSET
        room = max(1, track - self._length(track, scrollback, page))
        share = (y - INSET - (self._grabbed_at or 0)) / room
        return round(min(max(share, 0.0), 1.0) * scrollback)

    def release(self) -> None:
        self._grabbed_at = None

    def _length(self, track: int, scrollback: int, page: int) -> int:
        return min(track, max(MINIMUM_THUMB, round(track * page / (scrollback + page))))
