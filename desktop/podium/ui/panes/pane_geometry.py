"""Positions of the panes of a page: pure arithmetic."""

from math import ceil, sqrt
from typing import Final

from PySide6.QtCore import QRect, QSize

LEAST_PANE: Final = QSize(240, 120)
MOST_PANES: Final = 16


def panes_that_fit(area: QSize, gap: int) -> int:
    """The most panes that have at least LEAST_PANE each; 4 to MOST_PANES."""
    columns, rows = _most_columns_and_rows(area, gap)
    return max(4, min(columns * rows, MOST_PANES))


def _most_columns_and_rows(area: QSize, gap: int) -> tuple[int, int]:
    columns = (area.width() + gap) // (LEAST_PANE.width() + gap)
    rows = (area.height() + gap) // (LEAST_PANE.height() + gap)
    return max(1, columns), max(1, rows)


def pane_rects(count: int, area: QRect, gap: int) -> list[QRect]:
    """Rectangles of ``count`` panes in ``area``: one; side by side; a tall one and two; 2×2; else rows of as many, the
    last one's wider.
    """
    if count == 0:
        return []
    if count > 4:
        most_columns, most_rows = _most_columns_and_rows(area.size(), gap)
        columns = min(max(ceil(sqrt(count)), ceil(count / most_rows)), most_columns)
        return _rows_of(columns, count, area, gap)
    left_width = area.width() if count == 1 else (area.width() - gap) // 2
    right_x = area.x() + left_width + gap
    right_width = area.right() + 1 - right_x
    top_height = (area.height() - gap) // 2
    low_y = area.y() + top_height + gap
    low_height = area.bottom() + 1 - low_y
    tall_left = QRect(area.x(), area.y(), left_width, area.height())
    if count == 1:
        return [tall_left]
    if count == 2:
        return [tall_left, QRect(right_x, area.y(), right_width, area.height())]
    top_right = QRect(right_x, area.y(), right_width, top_height)
    low_right = QRect(right_x, low_y, right_width, low_height)
    if count == 3:
        return [tall_left, top_right, low_right]
    top_left = QRect(area.x(), area.y(), left_width, top_height)
    low_left = QRect(area.x(), low_y, left_width, low_height)
    return [top_left, top_right, low_left, low_right]


def _rows_of(columns: int, count: int, area: QRect, gap: int) -> list[QRect]:
    rows = ceil(count / columns)
    rects = []
    for row in range(rows):
        top, height = _share(row, rows, area.height(), gap)
        panes = min(columns, count - row * columns)
        for column in range(panes):
            left, width = _share(column, panes, area.width(), gap)
            rects.append(QRect(area.x() + left, area.y() + top, width, height))
    return rects


def _share(number: int, parts: int, length: int, gap: int) -> tuple[int, int]:
    """Where the part begins, and how long it is: all together they fill ``length`` to the pixel."""
    room = length - gap * (parts - 1)
    begin, end = room * number // parts, room * (number + 1) // parts
    return begin + gap * number, end - begin
