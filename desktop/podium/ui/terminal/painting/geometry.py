"""Positions of cells: between the widget's logical pixels, device pixels, and rows and columns."""

from math import ceil, floor
from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, QRect

from podium.ui.terminal.painting.fonts import CellFont

PADDING_X: Final = 10
MARKED_PADDING_X: Final = 20
"""At the left where a shell marks its prompts: the marks have room, and nothing moves when the first one comes."""
PADDING_Y: Final = 8
MINIMUM_COLUMNS: Final = 2
MINIMUM_LINES: Final = 1


class PointedCell(NamedTuple):
    """The cell nearest to a point, and in which half of it the point lies."""

    row: int
    column: int
    right_half: bool


class Geometry:
    """The grid of a widget of ``width`` × ``height`` logical pixels, ``text_left`` from its left edge."""

    def __init__(self, font: CellFont, width: int, height: int, text_left: int = PADDING_X) -> None:
        self._font = font
        self.width = width
        ratio = font.ratio
        self.text_left = text_left
        self.left = round(text_left * ratio)
        self.top = round(PADDING_Y * ratio)
        right = round(PADDING_X * ratio)
        self.columns = max(MINIMUM_COLUMNS, (floor(width * ratio) - self.left - right) // font.width)
        self.lines = max(MINIMUM_LINES, (floor(height * ratio) - 2 * self.top) // font.height)

    @property
    def image_size(self) -> tuple[int, int]:
        """Size of the grid in device pixels."""
        return self.columns * self._font.width, self.lines * self._font.height

    @property
    def line_height(self) -> float:
        """In logical pixels."""
        return self._font.height / self._font.ratio

    def cell_rect(self, row: int, column: int, columns: int = 1) -> QRect:
        """Cells in device pixels from the widget's top left."""
        font = self._font
        return QRect(
            self.left + column * font.width, self.top + row * font.height, columns * font.width, font.height
        )

    def to_logical(self, device: QRect) -> QRect:
        """The smallest rectangle of logical pixels that covers ``device``."""
        ratio = self._font.ratio
        left, top = floor(device.x() / ratio), floor(device.y() / ratio)
        right = ceil((device.x() + device.width()) / ratio)
        bottom = ceil((device.y() + device.height()) / ratio)
        return QRect(left, top, right - left, bottom - top)

    def whole_row(self, row: int, width: int) -> QRect:
        """Logical pixels of a row and what is beside it, in a widget of ``width``."""
        area = self.to_logical(self.cell_rect(row, 0))
        return QRect(0, area.top(), width, area.height())

    def cell_at(self, position: QPointF, columns: int, rows: int) -> PointedCell:
        """The cell of a grid of ``columns`` × ``rows`` that is nearest to a logical position."""
        font = self._font
        x = (position.x() * font.ratio - self.left) / font.width
        y = floor((position.y() * font.ratio - self.top) / font.height)
        row = min(max(y, 0), max(rows, 1) - 1)
        if x < 0:
            return PointedCell(row, 0, False)
        if x >= columns:
            return PointedCell(row, max(columns, 1) - 1, True)
        column = int(x)
        return PointedCell(row, column, x - column >= 0.5)

    def pixel_at(self, position: QPointF, columns: int, rows: int) -> tuple[int, int]:
        """The device pixel of a grid of ``columns`` × ``rows`` that is nearest to a logical position."""
        font = self._font
        x = floor(position.x() * font.ratio) - self.left
        y = floor(position.y() * font.ratio) - self.top
        return (
            min(max(x, 0), max(columns, 1) * font.width - 1),
            min(max(y, 0), max(rows, 1) * font.height - 1),
        )

    def rows_outside(self, position: QPointF, rows: int) -> int:
        """The number of rows that a logical position is above (negative) or below the grid."""
        row = floor((position.y() * self._font.ratio - self.top) / self._font.height)
        return min(row, 0) if row < rows else row - rows + 1
