"""What a row of the view shows: compared with what was painted there last. Qt-free."""

from typing import NamedTuple

from podium.ui.terminal.model.line_cache import StyledLine


class RowContent(NamedTuple):
    """What a row of the view shows."""

    line: StyledLine | None
    selected: tuple[int, int] | None = None

    def same_as(self, other: "RowContent | None") -> bool:
        # Lines by identity: comparing texts would cost as much as it saves.
        return other is not None and self.line is other.line and self.selected == other.selected
