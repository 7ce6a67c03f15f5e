"""Where an image is shown, and the part of it that a row shows. A row's parts move and go with it."""

from typing import Final

from podium.core.protocol.images import ImageStrip
from podium.terminal.images.limits import MAX_STRIPS

_REST: Final = 1 << 30
"""More columns than any row has."""


class Image:
    """Pixels as they travel: ``data`` is compressed as ``encoding`` says (an ImageEncoding)."""

    __slots__ = ("data", "encoding", "height", "identifier", "label", "number", "opaque", "placed", "width")

    def __init__(self, encoding: int, width: int, height: int, data: bytes, opaque: bool = False) -> None:
        self.number = 0
        """The terminal's own, from 1: no two images of a terminal ever have the same one."""
        self.encoding = encoding
        self.width = width
        self.height = height
        self.data = data
        """Empty once the image had to go."""
        self.opaque = opaque
        """Nothing shows through it."""
        self.identifier = 0
        self.label = 0
        """The program's own id and number for it; 0 for none."""
        self.placed = 0
        """The number of placements that commands can name."""


class Placement:
    """A rectangle of an image's pixels (``left``, ``top``, ``width``, ``height``) over ``columns`` × ``rows`` cells.

    Both may be fractions. It begins ``x`` and ``y``, fractions of a cell, inside of its first cell.
    """

    __slots__ = (
        "columns", "deleted", "height", "identifier", "image", "left", "rows", "sixel", "top", "width", "x", "y", "z",
    )  # fmt: skip

    def __init__(
        self, image: Image, area: tuple[int, int, int, int], columns: float, rows: float, sixel: bool = False
    ) -> None:
        self.image = image
        self.left, self.top, self.width, self.height = area
        self.columns = columns
        self.rows = rows
        self.x = 0.0
        self.y = 0.0
        self.z = 0
        """Below 0 it is under the text."""
        self.sixel = sixel
        """Text and erasing cut it. Others stay whole until they are deleted."""
        self.identifier = 0
        self.deleted = False

    def cell_columns(self) -> int:
        """The columns that it covers, partly or all."""
        return max(1, _ceiling(self.x + self.columns))

    def cell_rows(self) -> int:
        """The rows that it covers, partly or all."""
        return max(1, _ceiling(self.y + self.rows))

    @property
    def visible(self) -> bool:
        """Whether there still is something to show."""
        return not self.deleted and bool(self.image.data)


def _ceiling(value: float) -> int:
    # A size that was divided by a cell's and multiplied again is a little off.
    whole = int(value)
    return whole + 1 if value - whole > 1e-6 else whole


class Strip:
    """Row ``row`` of a placement, whose left edge is at ``column``, shown in columns ``start`` to ``stop`` (exclusive).

    Never changed: rows share it.
    """

    __slots__ = ("column", "placement", "row", "start", "stop")

    def __init__(self, placement: Placement, row: int, column: int, start: int, stop: int) -> None:
        self.placement = placement
        self.row = row
        self.column = column
        self.start = start
        self.stop = stop

    def moved(self, columns: int) -> "Strip":
        """The same that many columns further right."""
        return Strip(
            self.placement, self.row, self.column + columns, self.start + columns, self.stop + columns
        )

    def within(self, start: int, stop: int) -> "Strip":
        """The same in these columns alone."""
        return Strip(self.placement, self.row, self.column, start, stop)


Strips = tuple[Strip, ...]


def image_strip(strip: Strip) -> ImageStrip:
    """The same as it travels."""
    p = strip.placement
    return ImageStrip(
        p.image.number,
        strip.row,
        strip.column,
        strip.start,
        strip.stop,
        p.left,
        p.top,
        p.width,
        p.height,
        p.columns,
        p.rows,
        p.x,
        p.y,
        p.z,
    )


def with_strip(strips: Strips, new: Strip) -> Strips:
    """``new`` over the others. What an opaque image that text cuts hides goes, so that a film does not pile up."""
    kept = [strip for strip in strips if strip.placement.visible]
    if new.placement.image.opaque and new.placement.sixel and not _is_partial(new):
        kept = [
            strip
            for strip in kept
            if not (strip.placement.sixel and new.start <= strip.start and strip.stop <= new.stop)
        ]
    kept.append(new)
    return tuple(kept[-MAX_STRIPS:])


def _is_partial(strip: Strip) -> bool:
    """Whether it leaves a part of its cells free, as the last row or column of an image may."""
    placement = strip.placement
    return strip.row + 1 > placement.rows + 1e-6 or placement.cell_columns() > placement.columns + 1e-6


def without_columns(strips: Strips, start: int, stop: int = _REST) -> Strips:
    """What stays when columns ``start`` to ``stop`` (exclusive) are written or erased."""
    kept: list[Strip] = []
    for strip in strips:
        if not strip.placement.sixel or stop <= strip.start or start >= strip.stop:
            kept.append(strip)
            continue
        if strip.start < start:
            kept.append(strip.within(strip.start, start))
        if stop < strip.stop:
            kept.append(strip.within(stop, strip.stop))
    return tuple(kept[-MAX_STRIPS:])


def without_placement(strips: Strips, placement: Placement) -> Strips:
    """What stays when a placement is deleted."""
    return tuple([strip for strip in strips if strip.placement is not placement])
