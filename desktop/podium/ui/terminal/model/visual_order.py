"""The order in which the columns of a row are shown: from right to left where a program or a setting says. Qt-free."""

from collections.abc import Sequence
from typing import NamedTuple

from podium.core.bidi.levels import line_levels, resolved_levels, visual_order


class VisualOrder(NamedTuple):
    """Where each column of a row is shown. Columns beyond ``places`` are shown where they are."""

    columns: tuple[int, ...]
    """The column that is shown at each place, from the left."""
    places: tuple[int, ...]
    """The place of each column."""
    runs_left: tuple[bool, ...]
    """By column: whether text runs from right to left there."""
    mirrors_boxes: bool = False
    """Whether box drawings face the other way there."""

    def place(self, column: int) -> int:
        """Where a column is shown."""
        return self.places[column] if 0 <= column < len(self.places) else column

    def column(self, place: int) -> int:
        """The column that is shown at a place."""
        return self.columns[place] if 0 <= place < len(self.columns) else place

    def is_left(self, column: int) -> bool:
        """Whether text runs from right to left in a column."""
        return 0 <= column < len(self.runs_left) and self.runs_left[column]

    def spans(self, start: int, end: int) -> list[tuple[int, int]]:
        """The places [first, end) from left to right at which columns ``start`` up to ``end`` are shown."""
        spans: list[tuple[int, int]] = []
        for place in sorted(self.place(column) for column in range(start, end)):
            if spans and spans[-1][1] == place:
                spans[-1] = (spans[-1][0], place + 1)
            else:
                spans.append((place, place + 1))
        return spans


def visual_spans(order: VisualOrder | None, start: int, end: int) -> list[tuple[int, int]]:
    """The places at which columns [start, end) of a row are shown; without an order they are where they are."""
    return [(start, end)] if order is None else order.spans(start, end)


def paragraph_orders(
    rows: Sequence[Sequence[str]], columns: int, base: int, implicit: bool, mirrors_boxes: bool = False
) -> list[VisualOrder | None]:
    """The order of each row of a paragraph; None for one that is shown as it is.

    ``rows`` has the cells of each, "" for what belongs to the cell before. ``base`` is 1 for a paragraph that runs from
    right to left. Unless ``implicit``, all its cells do what ``base`` says: the program has put them in order.
    """
    padded = [_padded(row, columns) if base else list(row) for row in rows]
    texts = [[cell for cell in row if cell] for row in padded]
    whole = [cell for text in texts for cell in text]
    levels = resolved_levels(whole, base) if implicit else [base] * len(whole)
    orders: list[VisualOrder | None] = []
    start = 0
    for row, text in zip(padded, texts, strict=True):
        found = levels[start : start + len(text)]
        start += len(text)
        if implicit:
            found = line_levels(text, found, base)
        orders.append(_order(row, found, mirrors_boxes) if any(found) else None)
    return orders


def _padded(row: Sequence[str], columns: int) -> list[str]:
    """What runs from right to left begins at the right edge, so all of the row belongs to it."""
    return [*row, *[" "] * (columns - len(row))]


def _order(row: Sequence[str], levels: Sequence[int], mirrors_boxes: bool) -> VisualOrder:
    """``levels`` are those of the cells that are not ""."""
    cells: list[list[int]] = []
    for column, cell in enumerate(row):
        if cell or not cells:
            cells.append([column])
        else:
            cells[-1].append(column)
    shown = [column for place in visual_order(levels) for column in cells[place]]
    places = [0] * len(shown)
    runs_left = [False] * len(shown)
    for place, column in enumerate(shown):
        places[column] = place
    for cell_columns, level in zip(cells, levels, strict=True):
        for column in cell_columns:
            runs_left[column] = bool(level & 1)
    return VisualOrder(tuple(shown), tuple(places), tuple(runs_left), mirrors_boxes)
