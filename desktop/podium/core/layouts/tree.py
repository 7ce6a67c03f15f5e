"""A tree of rows and columns of panes. All functions return a new tree; none changes one."""

import math
from collections.abc import Callable, Collection, Sequence
from enum import StrEnum
from typing import Final

import msgspec

from podium.core.ids import InstanceId

MOST_PANES: Final = 16


class Axis(StrEnum):
    ROW = "row"
    """Its parts lie side by side."""
    COLUMN = "column"
    """Its parts lie one below the other."""


class Side(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    ABOVE = "above"
    BELOW = "below"

    @property
    def axis(self) -> Axis:
        return Axis.ROW if self in (Side.LEFT, Side.RIGHT) else Axis.COLUMN

    @property
    def after(self) -> bool:
        """Whether what lies on this side comes later in reading order."""
        return self in (Side.RIGHT, Side.BELOW)


class Line(msgspec.Struct, frozen=True):
    """Two or more parts in a row or a column. No part is a line of the same axis."""

    axis: Axis
    parts: "tuple[InstanceId | Line, ...]"
    shares: tuple[float, ...]
    """Of each part, how much of the room it has; the sum is 1."""


Tree = InstanceId | Line
"""A pane, named by its instance, or a line of such."""
Path = tuple[int, ...]
"""The way from the root to a line: the number of the part at each step."""


def panes(tree: Tree | None) -> tuple[InstanceId, ...]:
    """The instances in the tree, in reading order."""
    if tree is None:
        return ()
    if isinstance(tree, Line):
        return tuple(pane for part in tree.parts for pane in panes(part))
    return (tree,)


def in_line(axis: Axis, parts: Collection[Tree]) -> Tree:
    """``parts``, one or more, with equal shares."""
    return _line(axis, [(part, 1.0) for part in parts])


def grid_of(instances: Sequence[InstanceId]) -> Tree:
    """One or more instances as the grid shows them: two side by side, a tall one and two, else rows."""
    if len(instances) < 3:
        return in_line(Axis.ROW, instances)
    if len(instances) == 3:
        return in_line(Axis.ROW, [instances[0], in_line(Axis.COLUMN, instances[1:])])
    columns = math.ceil(math.sqrt(len(instances)))
    rows = [instances[start : start + columns] for start in range(0, len(instances), columns)]
    return in_line(Axis.COLUMN, [in_line(Axis.ROW, row) for row in rows])


def split(tree: Tree, pane: InstanceId, new: InstanceId, side: Side) -> Tree:
    """Put ``new`` on one side of ``pane``, with half of its room. Raises KeyError where there is no such pane."""
    _require(tree, pane)

    def halve(part: Tree) -> Tree:
        if part == pane:
            return _line(side.axis, [(one, 1.0) for one in ((pane, new) if side.after else (new, pane))])
        return part

    return _mapped(tree, halve)


def to_edge(tree: Tree, pane: InstanceId, side: Side) -> Tree:
    """Put ``pane`` along a whole side of all others. Raises KeyError where there is no such pane."""
    _require(tree, pane)
    rest = close(tree, pane)
    if rest is None:
        return tree
    both: list[tuple[Tree, float]] = [(rest, 0.5), (pane, 0.5)]
    return _line(side.axis, both if side.after else both[::-1])


def close(tree: Tree, pane: InstanceId) -> Tree | None:
    """Take ``pane`` out; the others of its line share its room. None when nothing is left."""
    return kept(tree, set(panes(tree)) - {pane})


def kept(tree: Tree | None, instances: Collection[InstanceId]) -> Tree | None:
    """The tree with only those of ``instances``."""
    if not isinstance(tree, Line):
        return tree if tree in instances else None
    left = [
        (part, share)
        for old, share in zip(tree.parts, tree.shares, strict=True)
        if (part := kept(old, instances)) is not None
    ]
    return _line(tree.axis, left) if left else None


def replace(tree: Tree, old: InstanceId, new: InstanceId) -> Tree:
    """Show ``new`` in the place of ``old``. Raises KeyError without ``old``, ValueError when ``new`` is there."""
    _require(tree, old)
    if new in panes(tree):
        raise ValueError(f"{new} has a pane already")
    return _mapped(tree, lambda part: new if part == old else part)


def swap(tree: Tree, one: InstanceId, other: InstanceId) -> Tree:
    """Exchange two panes. Raises KeyError where one is not there."""
    _require(tree, one)
    _require(tree, other)
    names = {one: other, other: one}
    return _mapped(tree, lambda part: part if isinstance(part, Line) else names.get(part, part))


def equalise(tree: Tree) -> Tree:
    """Give all parts of each line the same room."""
    return _mapped(tree, lambda part: in_line(part.axis, part.parts) if isinstance(part, Line) else part)


def line_at(tree: Tree, path: Path) -> Line:
    """The line at ``path``. Raises KeyError where there is none."""
    for step in path:
        if not isinstance(tree, Line) or not 0 <= step < len(tree.parts):
            raise KeyError(path)
        tree = tree.parts[step]
    if not isinstance(tree, Line):
        raise KeyError(path)
    return tree


def with_line(tree: Tree, path: Path, change: Callable[[Line], Line]) -> Tree:
    """The tree with its line at ``path`` changed. Raises KeyError where there is none."""
    line = line_at(tree, ())
    if not path:
        return change(line)
    if not 0 <= path[0] < len(line.parts):
        raise KeyError(path)
    parts = list(line.parts)
    parts[path[0]] = with_line(parts[path[0]], path[1:], change)
    return Line(line.axis, tuple(parts), line.shares)


def even_line(tree: Tree, path: Path) -> Tree:
    """Give all parts of one line the same room. Raises KeyError where there is none."""
    return with_line(tree, path, lambda line: Line(line.axis, line.parts, _even(len(line.parts))))


def border_beside(tree: Tree, pane: InstanceId, axis: Axis) -> tuple[Path, int] | None:
    """The border nearest to ``pane`` that moves along ``axis``: the one after it, else the one before it."""
    found: tuple[Path, int] | None = None
    path: Path = ()
    while isinstance(tree, Line):
        at = next(number for number, part in enumerate(tree.parts) if pane in panes(part))
        if tree.axis is axis:
            found = path, min(at, len(tree.parts) - 2)
        path, tree = (*path, at), tree.parts[at]
    return found


def _require(tree: Tree, pane: InstanceId) -> None:
    if pane not in panes(tree):
        raise KeyError(pane)


def _mapped(tree: Tree, change: Callable[[Tree], Tree]) -> Tree:
    """``change`` applied to every part, the innermost first."""
    if isinstance(tree, Line):
        parts = [_mapped(part, change) for part in tree.parts]
        tree = _line(tree.axis, list(zip(parts, tree.shares, strict=True)))
    return change(tree)


def _line(axis: Axis, parts: Collection[tuple[Tree, float]]) -> Tree:
    """A line of ``parts`` with their shares; a part of the same axis is taken apart, a line of one is that one."""
    flat: list[tuple[Tree, float]] = []
    total = sum(share for _, share in parts)
    for part, share in parts:
        if isinstance(part, Line) and part.axis is axis:
            flat += [(inner, share / total * own) for inner, own in zip(part.parts, part.shares, strict=True)]
        else:
            flat.append((part, share / total))
    if len(flat) == 1:
        return flat[0][0]
    return Line(axis, tuple(part for part, _ in flat), tuple(share for _, share in flat))


def _even(count: int) -> tuple[float, ...]:
    return (1 / count,) * count
