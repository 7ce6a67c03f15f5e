"""The lines the view shows: the live screen, or a place in the scrollback it stays at. Qt-free."""

from typing import Final

from podium.core.protocol.frames import Place
from podium.ui.terminal.model.screen_model import ScreenModel

PREFETCH_PAGES: Final = 1
"""Pages above and below the visible one that are asked for along with it."""
REQUEST_PATIENCE: Final = 2.0
"""Seconds after which an unanswered request for lines may be repeated."""


class Viewport:
    """The topmost line shown. While it is anchored, new output does not move it, and a reflow leaves it on its text."""

    def __init__(self, model: ScreenModel) -> None:
        self._model = model
        self._anchor: Place | None = None
        """A line, and the column of the text that was at its left edge when the person scrolled there: another width
        may have that inside of a line, and the first width shows it at the edge again."""
        self._seen = 0
        """The line that was the screen's first one when the view left it."""
        self._held = False

    @property
    def new_lines(self) -> int:
        """The number of lines that were printed since the view left the live screen."""
        return max(0, self._model.first_line - self._seen) if self._anchor is not None else 0

    def renumbered(self) -> None:
        """Line numbers mean other lines now."""
        self._seen = self._model.first_line

    @property
    def top(self) -> int:
        """Absolute number of the line in the view's first row."""
        if self._anchor is None:
            return self._model.first_line
        return min(max(self._anchor[0], self._model.oldest_line), self._model.first_line)

    @property
    def anchor(self) -> Place | None:
        """The place that the view stays at; None at the bottom."""
        return self._anchor

    @property
    def at_bottom(self) -> bool:
        return self.top == self._model.first_line

    @property
    def scrollback(self) -> int:
        """The number of lines above the live screen."""
        return max(0, self._model.first_line - self._model.oldest_line)

    def move_to(self, top: int) -> bool:
        """Show ``top`` first, or the nearest line there is. True when the view moved."""
        before = self.top
        if self._anchor is None:
            self._seen = self._model.first_line
        top = max(top, self._model.oldest_line)
        if top >= self._model.first_line and not self._held:
            self._anchor = None
        elif top != before or self._anchor is None:
            self._anchor = (top, 0)
        return self.top != before

    def hold(self) -> None:
        """Until ``release``: new output does not move the newest lines either."""
        self._held = True
        self.move_to(self.top)

    def release(self) -> None:
        self._held = False
        self.move_to(self.top)

    def follow(self, before: Place, after: Place) -> None:
        """The lines flowed anew: the text at ``before`` is at ``after``. Lines scrolled since count from there."""
        if self._anchor is not None:
            lines = self._anchor[0] - before[0]
            self._anchor = (max(0, after[0] + lines), 0 if lines else after[1])

    def to_bottom(self) -> bool:
        before = self.top
        self._anchor = None
        return self.top != before


class LineRequests:
    """Decides which scrollback lines to ask for, without asking twice for what is on its way.

    An answer does not end the patience: lines it leaves out would be asked for again at once, for ever.
    """

    def __init__(self, model: ScreenModel, viewport: Viewport) -> None:
        self._model = model
        self._viewport = viewport
        self._pending: dict[int, tuple[int, int, float]] = {}

    def next_range(self, now: float) -> tuple[int, int] | None:
        """(first, count) of the lines to ask for, or None when all that the viewport shows are there."""
        top, page = self._viewport.top, max(1, self._model.lines)
        self._pending = {
            request: entry for request, entry in self._pending.items() if now - entry[2] < REQUEST_PATIENCE
        }
        if not self._wanted(top, top + page):
            return None
        wanted = self._wanted(top - PREFETCH_PAGES * page, top + (1 + PREFETCH_PAGES) * page)
        return wanted[0], wanted[-1] - wanted[0] + 1

    def _wanted(self, first: int, end: int) -> list[int]:
        return [
            number
            for number in self._model.unconfirmed(first, end)
            if not any(start <= number < start + count for start, count, _ in self._pending.values())
        ]

    def sent(self, request: int, first: int, count: int, now: float) -> None:
        self._pending[request] = (first, count, now)

    def clear(self) -> None:
        self._pending.clear()
