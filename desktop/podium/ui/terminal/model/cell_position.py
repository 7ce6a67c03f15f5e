"""A place on the session's screen, as the mouse reports it. Qt-free."""

from typing import NamedTuple

from podium.core.protocol.requests import MouseInput


class CellPosition(NamedTuple):
    """A place on the screen: column and row, from 0; and the pixel, where the program asked for it."""

    x: int
    y: int
    pixel_x: int = -1
    pixel_y: int = -1

    def event(self, action: int, button: int, modifiers: int) -> MouseInput:
        """The request that reports an event here to the program."""
        return MouseInput(action, button, self.x, self.y, modifiers, self.pixel_x, self.pixel_y)
