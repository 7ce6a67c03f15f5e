"""The content of a row of the view, compared with the row as it was painted last. Qt-free."""

from typing import NamedTuple

from podium.ui.terminal.model.line_cache import StyledLine
from podium.ui.terminal.model.visual_order import VisualOrder

Mark = tuple[int, int, bool]
"""Columns [start, end) of a row that belong to a match of a search, and whether that is the current one."""


class RowContent(NamedTuple):
    """A line, the selected columns [start, end) of it, its matches, and the order in which it is shown."""

    line: StyledLine | None
    selected: tuple[int, int] | None = None
    marks: tuple[Mark, ...] = ()
    order: VisualOrder | None = None

    def same_as(self, other: "RowContent | None") -> bool:
        # Lines by identity: comparing texts would cost as much as it saves.
        return (
            other is not None
            and self.line is other.line
            and self.selected == other.selected
            and self.marks == other.marks
            and self.order == other.order
        )
