"""The size of a session's screen, in cells and in pixels, within what there can be."""

from typing import Final, NamedTuple

from podium.core.protocol.frames import MAX_SIDE
from podium.core.protocol.requests import Resize
from podium.worker.program.pty import TerminalSize

_MAX_CELL: Final = 1000


class ScreenSize(NamedTuple):
    """``cell_width`` and ``cell_height`` are a cell's in pixels, 0 while they are not known."""

    columns: int
    lines: int
    cell_width: int = 0
    cell_height: int = 0

    def of_terminal(self) -> TerminalSize:
        """The size that the program is told."""
        return TerminalSize(
            self.columns, self.lines, self.columns * self.cell_width, self.lines * self.cell_height
        )


def possible_size(wanted: Resize) -> ScreenSize:
    """The nearest size that a screen can have."""
    return ScreenSize(
        max(2, min(wanted.columns, MAX_SIDE)),
        max(1, min(wanted.lines, MAX_SIDE)),
        max(0, min(wanted.cell_width, _MAX_CELL)),
        max(0, min(wanted.cell_height, _MAX_CELL)),
    )
