"""The columns of the table: what they are called, and where they are at a width. No Qt in here."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from podium.history.run_list import RunOrder

SCROLL_BAR: Final = 8
"""The width that is left to the table's scroll bar, so that nothing moves when there is one."""
_SIDE: Final = 12
_GAP: Final = 12


class Column(NamedTuple):
    """``width`` 0 shares what the others leave; ``from_width`` is the least table width that shows it."""

    title: str
    width: int
    right: bool = False
    from_width: int = 0
    share: float = 0.0


COLUMNS: Final[Mapping[RunOrder, Column]] = {
    RunOrder.OUTCOME: Column("Result", 128),
    RunOrder.INSTANCE: Column("Instance", 0, share=1.0),
    RunOrder.FOLDER: Column("Folder", 0, from_width=760, share=0.9),
    RunOrder.STARTED: Column("Started", 92),
    RunOrder.ROUNDS: Column("Rounds", 62, right=True, from_width=860),
    RunOrder.LENGTH: Column("Length", 74, right=True),
    RunOrder.BLOCKED: Column("Blocked", 70, right=True, from_width=560),
    RunOrder.COST: Column("Cost", 116, right=True),
}


def placed(width: int) -> dict[RunOrder, tuple[int, int]]:
    """Column → its left edge and its width, in px of a table ``width`` px wide."""
    shown = {order: column for order, column in COLUMNS.items() if width >= column.from_width}
    fixed = sum(column.width for column in shown.values()) + _GAP * (len(shown) - 1) + 2 * _SIDE
    rest, shares = max(0, width - fixed), sum(column.share for column in shown.values())
    places: dict[RunOrder, tuple[int, int]] = {}
    left = _SIDE
    for order, column in shown.items():
        size = column.width or int(rest * column.share / shares)
        places[order] = (left, size)
        left += size + _GAP
    return places
