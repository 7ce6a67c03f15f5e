"""The lines the view shows: the live screen, or a place in the scrollback it stays at. Qt-free."""

from typing import Final

from podium.ui.terminal.model.screen_model import ScreenModel

PREFETCH_PAGES: Final = 1
"""Pages above and below the visible one that are asked for along with it."""
REQUEST_PATIENCE: Final = 2.0
"""Seconds after which an unanswered request for lines may be repeated."""


class Viewport:
    """The topmost line shown. While it is anchored, new output does not move it."""

    def __init__(self, model: ScreenModel) -> None:
        self._model = model
        self._anchor: int | None = None
        self._held = False

    @property
    def top(self) -> int:
        """Absolute number of the line in the view's first row."""
        if self._anchor is None:
            return self._model.first_line
        return min(max(self._anchor, self._model.oldest_line), self._model.first_line)

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
        self._anchor = max(top, self._model.oldest_line)
        if self._anchor >= self._model.first_line and not self._held:
            self._anchor = None
        return self.top != before

    def hold(self) -> None:
        """Until ``release``: new output does not move the newest lines either."""
        self._held = True
        self.move_to(self.top)

    def release(self) -> None:
        self._held = False
        self.move_to(self.top)

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
