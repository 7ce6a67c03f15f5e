"""Widths of tabs and the number that fit: pure arithmetic, apart from the widgets."""

from typing import NamedTuple

from podium.core.themes import load_tokens

GAP = 4
WIDEST_WANTED = 138
"""Tabs narrow down until names would be cut, long names from here on; then the rest goes behind "+2"."""


class TabPlan(NamedTuple):
    """``shown`` tabs of ``width`` px from index ``first`` on are in sight."""

    first: int
    shown: int
    width: int


def plan_tabs(
    total: int,
    current: int,
    available: int,
    wanted: int,
    overflow_width: int,
    before: TabPlan | None = None,
    *,
    held: bool = False,
) -> TabPlan:
    """Fit ``total`` tabs into ``available`` px with the one at ``current`` in sight.

    ``wanted`` px show the longest name whole. ``overflow_width`` px are kept free for "+2" when not all fit. What was
    in sight ``before`` stays there as far as it can. ``held``: the pointer is on the tabs, so they do not grow under
    it.
    """
    size = load_tokens().size
    if total == 0:
        return TabPlan(0, 0, 0)
    width = (available + GAP) // total - GAP
    least = max(size["tab_min"], min(wanted, WIDEST_WANTED))
    if width >= least:
        most = before.width if held and before is not None and before.width else size["tab_max"]
        return TabPlan(0, total, min(width, most))
    room = available - overflow_width
    count = max(1, min(total - 1, (room + GAP) // (least + GAP)))
    width = max(size["tab_min"], min((room + GAP) // count - GAP, size["tab_max"]))
    first = before.first if before is not None else 0
    first = min(max(first, current - count + 1), current, total - count)
    return TabPlan(first, count, width)
