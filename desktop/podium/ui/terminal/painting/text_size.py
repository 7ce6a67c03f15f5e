"""The size of a terminal's text: that of all terminals, and its own zoom."""

from podium.ui.terminal.painting.fonts import DEFAULT_SIZE, MAXIMUM_SIZE, MINIMUM_SIZE


class TextSize:
    """``pixels`` are logical ones, within what there can be."""

    def __init__(self) -> None:
        self.pixels = self._usual = DEFAULT_SIZE
        self._zoom = 0

    def set_usual(self, pixels: int) -> None:
        """Set the size of all terminals; this one's own zoom goes on from there."""
        self._usual = _possible(pixels)
        self.pixels = _possible(self._usual + self._zoom)

    def zoom(self, steps: int) -> None:
        """Make this terminal's text larger by so many pixels; 0 makes it as large as that of the others."""
        self.pixels = _possible(self.pixels + steps if steps else self._usual)
        self._zoom = self.pixels - self._usual


def _possible(pixels: int) -> int:
    return min(max(pixels, MINIMUM_SIZE), MAXIMUM_SIZE)
