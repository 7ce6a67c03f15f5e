"""Pictures in a terminal on their way from a session to a window.

A line names the parts of images that it shows (ImageStrip), by numbers of the session. A window asks for the data of
an image that it does not have (ImageWanted), and gets it piece by piece (ImageReport): each piece is asked for, so
nothing piles up. What a session sends is as little to be believed as what its program prints: windows decode within
bounds.
"""

from enum import IntEnum
from typing import Annotated, Final

import msgspec

MAX_PIECE_BYTES: Final = 192 * 1024
"""Bytes of one ImageReport."""
MAX_IMAGE_PIXELS: Final = 8 * 1024 * 1024
"""Pixels of one image."""
MAX_IMAGE_BYTES: Final = 33 * 1024 * 1024
"""Bytes of one image as it travels."""
MAX_LINE_STRIPS: Final = 64
"""Strips of one line; those of placeholder characters and of other images each as many as half of it."""
UNDER_BACKGROUNDS: Final = -(1 << 30)
"""Below this ``z`` a strip is under the backgrounds of cells, too."""

Coordinate = Annotated[int, msgspec.Meta(ge=-100_000, le=100_000)]
Pixels = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
Cells = Annotated[float, msgspec.Meta(ge=0.0, le=100_000.0)]
Fraction = Annotated[float, msgspec.Meta(ge=0.0, le=1000.0)]


class ImageEncoding(IntEnum):
    """How the pixels of an image travel."""

    PNG = 0
    """A PNG file."""
    RGB = 1
    RGBA = 2
    """Rows of pixels of 3 or 4 bytes each, deflated (zlib)."""


class ImageStrip(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The part of a picture that one line shows, in columns ``start`` to ``stop`` (exclusive).

    The pixels ``left``, ``top``, ``width``, ``height`` of image number ``image`` cover ``columns`` × ``rows`` cells,
    fractions of cells among them. They begin ``x`` and ``y`` (fractions of a cell) inside of the cell at ``column``,
    in the line that is ``row`` lines further up. Below 0 ``z`` is under the text.
    """

    image: Annotated[int, msgspec.Meta(ge=1)]
    row: Coordinate
    column: Coordinate
    start: Coordinate
    stop: Coordinate
    left: Pixels
    top: Pixels
    width: Pixels
    height: Pixels
    columns: Cells
    rows: Cells
    x: Fraction = 0.0
    y: Fraction = 0.0
    z: int = 0


Strips = Annotated[tuple[ImageStrip, ...], msgspec.Meta(max_length=MAX_LINE_STRIPS)]


class ImageWanted(msgspec.Struct, frozen=True, tag="image"):
    """Ask for the data of an image from byte ``offset`` on. Answered by an ImageReport."""

    request: int
    image: int
    offset: Annotated[int, msgspec.Meta(ge=0)] = 0


class ImageReport(msgspec.Struct, frozen=True, tag="imageReply"):
    """A piece of the ``size`` bytes of an image's data; ``size`` is 0 for an image that is gone."""

    request: int
    image: int
    offset: int = 0
    size: Annotated[int, msgspec.Meta(ge=0, le=MAX_IMAGE_BYTES)] = 0
    encoding: ImageEncoding = ImageEncoding.PNG
    width: Pixels = 0
    height: Pixels = 0
    data: Annotated[bytes, msgspec.Meta(max_length=MAX_PIECE_BYTES)] = b""


class AllowGraphics(msgspec.Struct, frozen=True, tag="graphics"):
    """Whether pictures (sixel, kitty) are shown; without it the terminal does not promise any, and swallows them."""

    allowed: bool
