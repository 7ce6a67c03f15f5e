"""The content of a row of the view, compared with the row as it was painted last. Qt-free."""

from typing import NamedTuple

from podium.ui.terminal.model.line_cache import StyledLine


class RowContent(NamedTuple):
    """A line and the selected columns [start, end) of it."""

    line: StyledLine | None
    selected: tuple[int, int] | None = None

    def same_as(self, other: "RowContent | None") -> bool:
        # Lines by identity: comparing texts would cost as much as it saves.
        return other is not None and self.line is other.line and self.selected == other.selected
