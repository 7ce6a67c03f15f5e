"""Splits as they are saved: plain data, which may come from a file that somebody changed."""

import math
from typing import Any, Final

import msgspec

from podium.core.ids import InstanceId
from podium.core.layouts.tree import MOST_PANES, Axis, Line, Tree, in_line, panes

_MOST_DEPTH: Final = MOST_PANES
"""A tree of the most panes is no deeper."""


class SplitsError(ValueError):
    """Saved splits that are none; the message says why."""


def to_plain(tree: Tree) -> Any:
    """The tree as data for JSON."""
    return msgspec.to_builtins(tree)


def from_plain(data: object) -> Tree:
    """Read what ``to_plain`` wrote. Raises SplitsError."""
    tree = _tree(data, _MOST_DEPTH)
    found = panes(tree)
    if len(found) > MOST_PANES:
        raise SplitsError(f"{MOST_PANES} panes are the most; there are {len(found)}")
    if len(set(found)) < len(found):
        raise SplitsError("an instance has two panes")
    return tree


def _tree(data: object, depth: int) -> Tree:
    if isinstance(data, str):
        return InstanceId(data)
    if not isinstance(data, dict):
        raise SplitsError("a part is neither an instance nor a line")
    if not depth:
        raise SplitsError("lines lie too deep in one another")
    axis, parts, shares = data.get("axis"), data.get("parts"), data.get("shares")
    if axis not in list(Axis):
        raise SplitsError("“axis” must be “row” or “column”")
    if not isinstance(parts, list | tuple) or not 2 <= len(parts) <= MOST_PANES:
        raise SplitsError(f"“parts” must be a list of 2 to {MOST_PANES}")
    if not isinstance(shares, list | tuple) or len(shares) != len(parts) or not all(map(_is_share, shares)):
        raise SplitsError("“shares” must be as many positive numbers as there are parts")
    # Built anew: a line within a line of the same axis is one line.
    read = [_tree(part, depth - 1) for part in parts]
    if any(isinstance(part, Line) and part.axis == axis for part in read):
        return in_line(Axis(axis), read)
    total = math.fsum(shares)
    return Line(Axis(axis), tuple(read), tuple(share / total for share in shares))


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 1e-6 <= value <= 1e6
