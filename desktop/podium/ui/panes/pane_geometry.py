"""Positions of the panes of a page: pure arithmetic."""

from PySide6.QtCore import QRect


def pane_rects(count: int, area: QRect, gap: int) -> list[QRect]:
    """Rectangles of ``count`` (0–4) panes in ``area``: one; side by side; a tall one and two; 2×2."""
    if count == 0:
        return []
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
