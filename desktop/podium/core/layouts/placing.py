"""Where the panes of a tree lie in a window, in pixels: pure arithmetic."""

from itertools import accumulate, pairwise
from typing import Final

import msgspec

from podium.core.ids import InstanceId
from podium.core.layouts.tree import Axis, Line, Path, Side, Tree, line_at, with_line

LEAST_WIDTH: Final = 240
LEAST_HEIGHT: Final = 120


class Box(msgspec.Struct, frozen=True):
    """A rectangle in pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column beyond it; likewise ``bottom``."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height


class Border(msgspec.Struct, frozen=True):
    """The gap after a part of a line, by which both sides of it are resized."""

    path: Path
    number: int
    axis: Axis
    """Of its line: in a row it moves to the left and right."""
    box: Box
    room: int
    """Pixels that the line's parts share."""


class Placing(msgspec.Struct, frozen=True):
    boxes: dict[InstanceId, Box]
    borders: tuple[Border, ...]


def placed(tree: Tree, area: Box, gap: int) -> Placing:
    """All panes and borders in ``area``. Every pane has its least size as long as all of them fit."""
    boxes: dict[InstanceId, Box] = {}
    borders: list[Border] = []
    _place(tree, area, gap, (), boxes, borders)
    return Placing(boxes, tuple(borders))


def least_size(tree: Tree, gap: int) -> tuple[int, int]:
    """Width and height in which every pane has its least size."""
    if not isinstance(tree, Line):
        return LEAST_WIDTH, LEAST_HEIGHT
    sizes = [least_size(part, gap) for part in tree.parts]
    widths, heights = [width for width, _ in sizes], [height for _, height in sizes]
    gaps = gap * (len(sizes) - 1)
    if tree.axis is Axis.ROW:
        return sum(widths) + gaps, max(heights)
    return max(widths), sum(heights) + gaps


def with_border_moved(tree: Tree, gap: int, border: Border, by: int) -> Tree:
    """The tree with ``border``, one of those that ``placed`` gave for it, ``by`` pixels further to the right or below.

    It stops where a pane would be smaller than the least. Raises KeyError where the tree has no such border.
    """
    line = line_at(tree, border.path)
    if not 0 <= border.number < len(line.parts) - 1:
        raise KeyError(border.number)
    least = _least_lengths(line, gap)
    # From what is in sight: a part with the least size may have a smaller share than that.
    lengths = _lengths(border.room, line.shares, least)
    before, after = lengths[border.number], lengths[border.number + 1]
    lowest, highest = least[border.number] - before, after - least[border.number + 1]
    if lowest > highest:
        return tree
    by = min(max(by, lowest), highest)
    lengths[border.number], lengths[border.number + 1] = before + by, after - by
    if min(lengths) <= 0:
        return tree
    shares = tuple(length / sum(lengths) for length in lengths)
    return with_line(tree, border.path, lambda line: Line(line.axis, line.parts, shares))


def neighbour(boxes: dict[InstanceId, Box], pane: InstanceId, side: Side) -> InstanceId | None:
    """The pane that one comes to on this side of ``pane``: the nearest, of those the one it touches most."""
    own = boxes[pane]

    def rank(box: Box) -> tuple[int, int] | None:
        if side.axis is Axis.ROW:
            far = box.x - own.right if side.after else own.x - box.right
            touched = min(own.bottom, box.bottom) - max(own.y, box.y)
        else:
            far = box.y - own.bottom if side.after else own.y - box.bottom
            touched = min(own.right, box.right) - max(own.x, box.x)
        return (far, -touched) if far >= 0 and touched > 0 else None

    ranked = [(found, id) for id, box in boxes.items() if (found := rank(box)) is not None]
    return min(ranked, key=lambda one: one[0])[1] if ranked else None


def _place(
    tree: Tree, area: Box, gap: int, path: Path, boxes: dict[InstanceId, Box], borders: list[Border]
) -> None:
    if not isinstance(tree, Line):
        boxes[tree] = area
        return
    row = tree.axis is Axis.ROW
    room = max(0, (area.width if row else area.height) - gap * (len(tree.parts) - 1))
    lengths = _lengths(room, tree.shares, _least_lengths(tree, gap))
    start = area.x if row else area.y
    for number, (part, length) in enumerate(zip(tree.parts, lengths, strict=True)):
        across = Box(start, area.y, length, area.height) if row else Box(area.x, start, area.width, length)
        _place(part, across, gap, (*path, number), boxes, borders)
        start += length
        if number < len(lengths) - 1:
            box = Box(start, area.y, gap, area.height) if row else Box(area.x, start, area.width, gap)
            borders.append(Border(path, number, tree.axis, box, room))
        start += gap


def _least_lengths(line: Line, gap: int) -> list[int]:
    return [least_size(part, gap)[0 if line.axis is Axis.ROW else 1] for part in line.parts]


def _lengths(room: int, shares: tuple[float, ...], least: list[int]) -> list[int]:
    """Whole pixels by share; who would have less than the least gets that, as long as there is room for all."""
    if room <= sum(least):
        weights = [float(one) for one in least]
        return _whole(room, [weight / sum(weights) * room for weight in weights])
    exact = [0.0] * len(shares)
    open_ = set(range(len(shares)))
    while open_:
        left = room - sum(exact[at] for at in range(len(shares)) if at not in open_)
        total = sum(shares[at] for at in open_)
        short = [at for at in open_ if shares[at] / total * left < least[at]]
        for at in short or open_:
            exact[at] = float(least[at]) if short else shares[at] / total * left
        open_ -= set(short or open_)
    return _whole(room, exact)


def _whole(room: int, exact: list[float]) -> list[int]:
    ends = [0, *(round(end) for end in accumulate(exact))]
    ends[-1] = room
    return [end - start for start, end in pairwise(ends)]
